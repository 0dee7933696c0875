"""Deciding: the office sees each new or changed period once, with counts, and says yes."""

import contextlib
from datetime import date, datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.choices import Button
from storage.database import Session
from storage.duty import tell_duty
from storage.journal import note
from storage.outbox import MessageClass
from storage.people import Person, get_person
from storage.refusals import AlreadyDecided, NotAllowed, TooLate
from storage.retention.classes import KINDS
from storage.retention.counting import count_due
from storage.rules.retention import PERIODS
from storage.tables import retention


def take_up(session: Session) -> None:
    """Take up the periods of the table that are new or changed: they wait for the office."""
    known = {row.key: row.days for row in session.all(select(retention))}
    for key in KINDS:
        period = PERIODS[key]
        if known.get(key) == period.days:
            continue
        row: dict[str, object] = {
            "days": period.days,
            "state": "standing" if period.standing else "new",
            "showing": 0,
            "decided_by": None,
            "decided_at": None,
            "ran_on": None,
            "purged": 0,
        }
        if key in known:
            session.change(update(retention).where(retention.c.key == key).values(row))
            continue
        with contextlib.suppress(IntegrityError), session.savepoint():
            session.execute(insert(retention), row | {"key": key})


def show_new(session: Session, *, now: datetime, today: date) -> None:
    """Once a night: when a new period concerns anything, the office sees all new ones, counted."""
    new = retention.c.state == "new"
    uncounted = new & (retention.c.ran_on.is_(None) | (retention.c.ran_on < today))
    if not session.change(update(retention).where(uncounted).values(ran_on=today)):
        return
    keys = {row.key for row in session.all(select(retention.c.key).where(new))}
    fresh = [one for one in count_due(session, now=now) if one.key in keys]
    if not any(one.count for one in fresh):
        return
    showing = int(session.value(select(func.max(retention.c.showing))) or 0) + 1
    session.change(update(retention).where(new).values(state="shown", showing=showing))
    tell_duty(
        session,
        now=now,
        key=f"retention:{showing}",
        template="retention_ask",
        message_class=MessageClass.INFO,
        about=None,
        facts={
            "kinds": [one.key for one in fresh],
            "counts": [str(one.count) for one in fresh],
            "days": [str(one.days) for one in fresh],
        },
        buttons=[[Button("retention.allow", f"retention:allow:{showing}:0")]],
        card="retention",
    )


def allow(session: Session, *, now: datetime, actor: Person, showing: int) -> int:
    """The office's yes to what one message showed; returns how many classes it is."""
    if not actor.is_office:
        raise NotAllowed
    allowed = 0
    for row in session.all(select(retention).where(retention.c.showing == showing)):
        period = PERIODS.get(row.key)
        if period is None or period.days != row.days:
            continue  # changed since: it is shown anew
        allowed += session.change(
            update(retention)
            .where(retention.c.key == row.key, retention.c.showing == showing)
            .where(retention.c.state == "shown")
            .values(state="allowed", decided_by=actor.id, decided_at=now)
        )
    if not allowed:
        _explain(session, showing)
    note(
        session,
        now=now,
        what="retention_allowed",
        actor_id=actor.id,
        detail=f"showing {showing}, {allowed} classes",
    )
    return allowed


def _explain(session: Session, showing: int) -> None:
    by = session.value(
        select(retention.c.decided_by)
        .where(retention.c.showing == showing, retention.c.decided_by.is_not(None))
        .limit(1)
    )
    if by is None:
        raise TooLate
    raise AlreadyDecided(by=get_person(session, person_id=by).name, state="allowed")
