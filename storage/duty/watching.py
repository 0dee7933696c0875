"""The rota looked over by itself: empty slots are said days before, never only on the day."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from storage.database import Database, Session
from storage.due_rows import find_soonest, move_oldest
from storage.duty.slots import list_colleagues, list_holes, office_id
from storage.duty.swapping import lapse_swap
from storage.duty.telling import organisation_name
from storage.journal import note
from storage.outbox import Button, MessageClass, say
from storage.rules.duty import (
    DAY,
    OFFICE_FROM,
    Hole,
    Part,
    in_runs,
    next_look,
    on_at,
    warn_of,
    watched_days,
)
from storage.tables import duty_hole, rota, shift, shift_swap


def look_over_rotas(database: Database, *, now: datetime) -> bool:
    """Look one rota over that is due; returns whether there may be more."""
    return move_oldest(database, _move, now=now, due=rota.c.next_look_at)


def _move(session: Session, due: Row[Any], *, now: datetime) -> None:
    moved = session.change(
        update(rota)
        .where(rota.c.organisation_id == due.organisation_id, rota.c.version == due.version)
        .values(next_look_at=next_look(session.house.local(now)), version=due.version + 1)
    )
    if moved:
        _look(session, now=now, organisation_id=due.organisation_id)


def next_look_at(session: Session) -> datetime | None:
    """Return when the next rota is looked over."""
    return find_soonest(session, due=rota.c.next_look_at)


def _look(session: Session, *, now: datetime, organisation_id: int) -> None:
    today, _ = on_at(session.house.local(now))
    _lapse(session, now=now, organisation_id=organisation_id, today=today)
    holes = list_holes(session, now=now, organisation_id=organisation_id, days=watched_days(today))
    due = warn_of(holes, today)
    mine = duty_hole.c.organisation_id == organisation_id
    known = {row.day: row for row in session.all(select(duty_hole).where(mine))}
    fresh = [(hole, lead) for hole, lead in due if _is_fresh(hole, lead, known.get(hole.day))]
    session.change(delete(duty_hole).where(mine))
    if due:
        of = {"organisation_id": organisation_id}
        rows = [of | {"day": hole.day, "part": hole.part.value, "lead": lead} for hole, lead in due]
        session.execute(insert(duty_hole), rows)
    if fresh:
        near = min(lead for _, lead in fresh) <= OFFICE_FROM
        told = [hole for hole, _ in fresh]
        _warn(session, now=now, organisation_id=organisation_id, holes=told, near=near)


def _is_fresh(hole: Hole, lead: int, known: Row[Any] | None) -> bool:
    """Whether this hole was not said yet, or not so near before it, or is wider than it was."""
    if known is None:
        return True
    wider = known.part != hole.part.value and hole.part is Part.ALL
    return wider or lead < known.lead


def _warn(
    session: Session, *, now: datetime, organisation_id: int, holes: Sequence[Hole], near: bool
) -> None:
    """To those who work there, and to the office when it is near, or nobody there can be told."""
    own = [
        one.id for one in list_colleagues(session, organisation_id=organisation_id) if one.reachable
    ]
    office = office_id(session)
    above = (
        [one.id for one in list_colleagues(session, organisation_id=office) if one.reachable]
        if office is not None and office != organisation_id and (near or not own)
        else []
    )
    moment = f"{now:%Y%m%d%H%M}"
    for to in dict.fromkeys((*own, *above)):
        say(
            session,
            now=now,
            to=to,
            key=f"duty_holes:{organisation_id}:{moment}:{to}",
            template="duty_holes",
            message_class=MessageClass.MUST,
            facts={
                "organisation": organisation_name(session, organisation_id),
                "firsts": [run.first.isoformat() for run in in_runs(holes)],
                "lasts": [run.last.isoformat() for run in in_runs(holes)],
                "parts": [run.part.value for run in in_runs(holes)],
            },
            buttons=[[Button("duty.open", f"duty:show:{organisation_id}:0")]],
            card=f"duty_holes:{organisation_id}",
        )
    note(
        session,
        now=now,
        what="duty_holes_told" if own or above else "nobody_on_duty",
        actor_id=None,
        thing="organisation",
        thing_id=organisation_id,
        detail=f"{len(holes)} from {holes[0].day}",
    )


def _lapse(session: Session, *, now: datetime, organisation_id: int, today: date) -> None:
    """Swaps to which nobody said yes by the day before: whoever asked is still on."""
    rows = session.all(
        select(shift_swap.c.id)
        .join(shift, shift.c.id == shift_swap.c.shift_id)
        .where(shift_swap.c.state == "asked", shift.c.organisation_id == organisation_id)
        .where(shift.c.first_day <= today + DAY)
        .order_by(shift_swap.c.id)
    )
    for row in rows:
        lapse_swap(session, now=now, swap_id=row.id)
