"""Calls that an outage swallowed: one honest message to those on duty, not a burst of prompts."""

from datetime import datetime

from sqlalchemy import select, update

from storage.check_ins.cases import MISSED
from storage.database import Session
from storage.duty import list_duty
from storage.journal import note
from storage.outbox import Button, MessageClass, Wanted, say
from storage.rules.ladder import REPEAT_EVERY
from storage.rules.sending import hold_until
from storage.tables import check_in, person

# More names than these in one message are no longer read; the rest follows in the next.
NAMES_AT_MOST = 20


def tell_missed(session: Session, *, now: datetime) -> None:
    """Tell everyone on duty which calls were not made; again until each is in a named hand."""
    rows = session.all(
        select(check_in.c.id, check_in.c.version, check_in.c.repeat, check_in.c.due_at)
        .add_columns(check_in.c.resident_id, person.c.name)
        .join(person, person.c.id == check_in.c.resident_id)
        .where(check_in.c.state == "open", check_in.c.last_outcome == MISSED)
        .where(check_in.c.holder_id.is_(None), check_in.c.next_step_at <= now)
        .order_by(check_in.c.due_at, check_in.c.id)
        .limit(NAMES_AT_MOST)
        .with_for_update(of=check_in)
    )
    # At night nobody is rung for a call that is hours old; the next time is in the morning.
    later = now + REPEAT_EVERY
    again = hold_until(MessageClass.MUST, session.house.local(later), session.house.quiet) or later
    for row in rows:
        session.change(
            update(check_in)
            .where(check_in.c.id == row.id, check_in.c.version == row.version)
            .values(repeat=row.repeat + 1, version=row.version + 1, next_step_at=again)
        )
        note(
            session,
            now=now,
            what="check_in_missed_told",
            actor_id=None,
            subject_id=row.resident_id,
            thing="check_in",
            thing_id=row.id,
            detail=str(row.repeat + 1),
        )
    buttons = [
        [
            Button(
                "check_in.take_name",
                f"check_in:take:{row.id}:{row.version + 1}",
                {"name": row.name},
            )
        ]
        for row in rows
    ]
    for one in list_duty(session):
        say(
            session,
            now=now,
            to=one.id,
            key=f"missed:{rows[0].id}:{rows[0].version + 1}:{one.id}",
            template="check_in_missed",
            message_class=MessageClass.MUST,
            facts={
                "first": min(row.due_at for row in rows).isoformat(),
                "last": max(row.due_at for row in rows).isoformat(),
                "names": [row.name for row in rows],
                "again": any(row.repeat > 0 for row in rows),
            },
            buttons=buttons,
            card=f"missed:{rows[0].id}",
            wanted=Wanted("check_in", rows[0].id, rows[0].version + 1),
        )
