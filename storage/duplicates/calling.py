"""Calls and duty of two entries of one person: nobody is asked twice, or their own stand-in."""

from datetime import datetime

from sqlalchemy import ColumnElement, Table, and_, delete, exists, or_, select, true, update

from storage.database import Session
from storage.tables import (
    call_concern,
    call_day,
    call_lease,
    call_stand_in,
    check_in_asked,
    check_in_plan,
    door_showing,
    life_change,
    shift_swap,
)


def join_calls(session: Session, *, now: datetime, gone: int, kept: int) -> None:
    """What both have of the calls stands once, and what one has of the other falls away."""
    _join_plans(session, gone=gone, kept=kept)
    _close_asks(session, now=now, gone=gone, kept=kept)
    _join_changes(session, gone=gone, kept=kept)
    for table, mine, same in (
        (check_in_asked, "person_id", ("check_in_id", "version")),
        (call_day, "caller_id", ("day",)),
        (call_lease, "resident_id", ()),
    ):
        twice = _twice(table, mine, same, kept)
        session.execute(delete(table).where(table.c[mine] == gone, twice))
    open_one = call_concern.c.state == "open"
    session.change(
        update(call_concern)
        .where(call_concern.c.resident_id == gone, open_one)
        .where(_twice(call_concern, "resident_id", ("kind", "state"), kept))
        .values(state="done", done_at=now, version=call_concern.c.version + 1)
    )
    shown = _twice(door_showing, "shown_to", ("ground", "thing_id"), kept, hidden_at=None)
    session.change(
        update(door_showing)
        .where(door_showing.c.shown_to == gone, door_showing.c.hidden_at.is_(None), shown)
        .values(hidden_at=now)
    )
    _withdraw_swaps(session, now=now, gone=gone, kept=kept)


def _twice(
    table: Table, mine: str, same: tuple[str, ...], kept: int, **empty: None
) -> ColumnElement[bool]:
    """Whether ``kept`` has a row that says the same."""
    other = table.alias()
    return exists().where(
        other.c[mine] == kept,
        *(other.c[name] == table.c[name] for name in same),
        *(other.c[name].is_(None) for name in empty),
    )


def _join_plans(session: Session, *, gone: int, kept: int) -> None:
    """Nobody is their own stand-in, nor the contact of themselves."""
    of, both = check_in_plan.c, (gone, kept)
    session.change(
        update(check_in_plan)
        .where(of.caller_id.in_(both), of.stand_in_id.in_(both))
        .values(stand_in_id=None, version=of.version + 1)
    )
    session.change(
        update(check_in_plan)
        .where(of.resident_id.in_(both), of.contact_id.in_(both))
        .values(
            contact_id=None,
            contact_name=None,
            contact_phone=None,
            contact_answer="withdrawn",
            contact_agreed_at=None,
            contact_agreed_by=None,
            contact_agreed_as=None,
            version=of.version + 1,
        )
    )


def _close_asks(session: Session, *, now: datetime, gone: int, kept: int) -> None:
    """Asked twice for one plan, or for a plan in which they are already, they need not answer."""
    of, both = call_stand_in.c, (gone, kept)
    other = call_stand_in.alias()
    twice = and_(
        of.asked_id == gone,
        exists().where(
            other.c.plan_id == of.plan_id, other.c.asked_id == kept, other.c.state == "asked"
        ),
    )
    in_it = select(check_in_plan.c.id).where(
        or_(
            check_in_plan.c.resident_id.in_(both),
            check_in_plan.c.caller_id.in_(both),
            check_in_plan.c.stand_in_id.in_(both),
        )
    )
    session.change(
        update(call_stand_in)
        .where(of.asked_id.in_(both), of.state == "asked")
        .where(or_(twice, of.plan_id.in_(in_it)))
        .values(state="closed", answered_at=now, version=of.version + 1)
    )


def _join_changes(session: Session, *, gone: int, kept: int) -> None:
    """Told of both on one day it is one: the one that still holds."""
    other = life_change.alias()
    same = (other.c.kind == life_change.c.kind, other.c.told_on == life_change.c.told_on)
    for mine, theirs, condition in (
        (kept, gone, and_(life_change.c.state == "withdrawn", other.c.state == "live")),
        (gone, kept, true()),
    ):
        twice = exists().where(other.c.resident_id == theirs, *same, condition)
        session.execute(delete(life_change).where(life_change.c.resident_id == mine, twice))


def _withdraw_swaps(session: Session, *, now: datetime, gone: int, kept: int) -> None:
    """Nobody swaps a slot with themselves."""
    of, both = shift_swap.c, (gone, kept)
    session.change(
        update(shift_swap)
        .where(of.state == "asked", of.asked_by.in_(both), of.asked_to.in_(both))
        .values(state="withdrawn", ended_at=now, version=of.version + 1)
    )
