"""Calls that an outage swallowed: one honest message to those on duty, not a burst of prompts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

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
    theirs: dict[int, list[Row[Any]]] = {}
    for row in rows:
        for one in list_duty(session, now=now, about=row.resident_id):
            theirs.setdefault(one.id, []).append(row)
    for person_id, missed in theirs.items():
        _tell_one(session, now=now, to=person_id, rows=missed)


def _tell_one(session: Session, *, now: datetime, to: int, rows: Sequence[Row[Any]]) -> None:
    first = rows[0]
    say(
        session,
        now=now,
        to=to,
        key=f"missed:{first.id}:{first.version + 1}:{to}",
        template="check_in_missed",
        message_class=MessageClass.MUST,
        facts={
            "first": min(row.due_at for row in rows).isoformat(),
            "last": max(row.due_at for row in rows).isoformat(),
            "names": [row.name for row in rows],
            "again": any(row.repeat > 0 for row in rows),
        },
        buttons=[
            [
                Button(
                    "check_in.take_name",
                    f"check_in:take:{row.id}:{row.version + 1}",
                    {"name": row.name},
                )
            ]
            for row in rows
        ],
        card=f"missed:{first.id}",
        wanted=Wanted("check_in", first.id, first.version + 1),
    )
