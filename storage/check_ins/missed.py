"""Calls that an outage swallowed: one honest message to those on duty, not a burst of prompts."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, insert, select, update

from storage.check_ins.cases import MISSED
from storage.database import Session
from storage.duty import list_duty
from storage.journal import note
from storage.outbox import Button, MessageClass, say
from storage.refusals import Fact
from storage.rules.ladder import ORDER, REPEAT_EVERY, Rung
from storage.rules.sending import hold_until
from storage.tables import check_in, check_in_asked, person

# More names than these in one message are no longer read; a button shows the next.
NAMES_AT_MOST = 20
# Nobody reads on after so many; whoever is left is named again half an hour later.
AT_ONCE = 1000


def morning_after(session: Session, now: datetime) -> datetime | None:
    """The end of the quiet hours, at night: nobody is rung for a call that is hours old."""
    return hold_until(MessageClass.MUST, session.house.local(now), session.house.quiet)


def missed_calls() -> Select[Any]:
    """Calls that were not made in time and are in nobody's hand."""
    return (
        select(check_in.c.id, check_in.c.version, check_in.c.repeat, check_in.c.due_at)
        .add_columns(check_in.c.resident_id, person.c.name)
        .join(person, person.c.id == check_in.c.resident_id)
        .where(check_in.c.next_step_at.is_not(None), check_in.c.last_outcome == MISSED)
        .where(check_in.c.holder_id.is_(None))
        .order_by(check_in.c.due_at, check_in.c.id)
        .with_for_update(of=check_in)
    )


def tell_missed(session: Session, *, now: datetime) -> None:
    """Tell everyone on duty which calls were not made; again until each is in a named hand."""
    rows = session.all(missed_calls().where(check_in.c.next_step_at <= now).limit(AT_ONCE))
    morning = morning_after(session, now)
    if morning is not None:
        ids = [row.id for row in rows]
        session.change(update(check_in).where(check_in.c.id.in_(ids)).values(next_step_at=morning))
        return
    tell_each(session, rows, now=now, facts={}, outage_id=0)


def tell_each(
    session: Session,
    rows: Sequence[Row[Any]],
    *,
    now: datetime,
    facts: dict[str, Fact],
    outage_id: int,
) -> None:
    """Tell each of those on duty, in one message, which calls are theirs to look after."""
    # At night nobody is rung for a call that is hours old; the next time is in the morning.
    again = morning_after(session, now + REPEAT_EVERY) or now + REPEAT_EVERY
    theirs: dict[int, list[Row[Any]]] = {}
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
        # What whoever is on the rota left lying is everybody's.
        left = row.repeat > 0
        duty = list_duty(session, now=now, about=row.resident_id, everyone=left)
        told = {"check_in_id": row.id, "rung": ORDER[Rung.OFFICE], "version": row.version + 1}
        for one in duty:
            # Rung for want of others, from farther away or though kept apart: they may take it.
            session.execute(insert(check_in_asked), told | {"person_id": one.id, "asked_at": now})
            theirs.setdefault(one.id, []).append(row)
    for person_id, missed in theirs.items():
        say_missed(session, now=now, to=person_id, rows=missed, facts=facts, outage_id=outage_id)


def say_missed(
    session: Session,
    *,
    now: datetime,
    to: int,
    rows: Sequence[Row[Any]],
    facts: dict[str, Fact],
    outage_id: int,
) -> None:
    """Say to one of those on duty what was missed: calls, and with an outage what else."""
    first = f"{rows[0].id}:{rows[0].version + 1}" if rows else "none"
    shown = rows[:NAMES_AT_MOST]
    say(
        session,
        now=now,
        to=to,
        key=f"missed:{outage_id}:{first}:{to}",
        template="outage_told" if facts else "check_in_missed",
        message_class=MessageClass.MUST,
        facts={**facts_of(rows), **facts},
        buttons=list_buttons(shown, bumped=1, more=len(rows) > len(shown)),
        card="missed",
    )


def facts_of(rows: Sequence[Row[Any]]) -> dict[str, Fact]:
    """What is said of these calls."""
    if not rows:
        return {"names": [], "count": 0, "first": "", "last": "", "again": False}
    return {
        "first": min(row.due_at for row in rows).isoformat(),
        "last": max(row.due_at for row in rows).isoformat(),
        "names": [row.name for row in rows[:NAMES_AT_MOST]],
        "count": len(rows),
        "again": any(row.repeat > 0 for row in rows),
    }


def list_buttons(rows: Iterable[Row[Any]], *, bumped: int, more: bool) -> list[list[Button]]:
    """One "I take it" for each, the next names, and everything back to those who usually call."""
    listed = list(rows)
    if not listed:
        return []
    buttons = [
        [
            Button(
                "check_in.take_name",
                f"missed_call:take:{row.id}:{row.version + bumped}",
                {"name": row.name},
            )
        ]
        for row in listed
    ]
    if more:
        buttons.append([Button("missed_call.more", f"missed_call:more:{listed[-1].id}:1")])
    buttons.append([Button("missed_call.callers", f"missed_call:callers:{listed[0].id}:1")])
    return buttons
