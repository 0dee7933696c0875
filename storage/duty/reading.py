"""The rota as it is shown: the weeks ahead, a week day by day, and which rotas have holes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select

from storage.database import Session
from storage.duty.filling import check_plans
from storage.duty.slots import (
    Shift,
    is_kept,
    list_colleagues,
    list_holes,
    list_shifts,
    office_id,
    version_of,
)
from storage.duty.telling import organisation_name
from storage.people import Person
from storage.refusals import NotAllowed
from storage.rules.duty import (
    DAY,
    WEEK,
    WEEKS_SHOWN,
    Hole,
    Part,
    Span,
    choose,
    is_holiday,
    on_at,
    week_of,
)
from storage.tables import duty_hole, organisation, rota, shift


@dataclass(frozen=True, slots=True)
class RotaWeek:
    """A week: whose it is, the days that are another's, the statutory days, and the holes."""

    span: Span
    shift: Shift | None
    version: int
    days: tuple[Shift, ...]
    holidays: tuple[date, ...]
    holes: tuple[Hole, ...]


@dataclass(frozen=True, slots=True)
class Rota:
    """An organisation's rota; ``now_on`` are those on duty at this moment."""

    organisation_id: int
    organisation: str
    kept: bool
    now_on: tuple[str, ...]
    weeks: tuple[RotaWeek, ...]


@dataclass(frozen=True, slots=True)
class RotaDay:
    """A day of a week: whose its day and its night are, and whether it is a statutory one."""

    day: date
    by_day: str | None
    by_night: str | None
    holiday: bool


def works_at(session: Session, *, actor: Person) -> int:
    """Return the organisation whose rota is a coordinator's own."""
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    found = actor.organisation_id or office_id(session)
    if found is None:
        raise NotAllowed
    return found


def open_rota(session: Session, *, now: datetime, actor: Person, organisation_id: int) -> Rota:
    """Return the weeks ahead of a rota; for those who work there or above."""
    check_plans(session, actor=actor, organisation_id=organisation_id)
    today, part = on_at(session.house.local(now))
    this = week_of(today)
    last = this.last + (WEEKS_SHOWN - 1) * WEEK
    shifts = list_shifts(session, organisation_id=organisation_id, first=this.first, last=last)
    holes = list_holes(
        session,
        now=now,
        organisation_id=organisation_id,
        days=(last - today).days,
        shifts=shifts,
    )
    by_span = {one.span: one for one in shifts}
    on = choose(by_span, today, part)
    kept = is_kept(session, organisation_id=organisation_id)
    hole_now = any(hole.day == today and hole.part in (Part.ALL, part) for hole in holes)
    here = list_colleagues(session, organisation_id=organisation_id)
    nobody = not kept or hole_now
    names = [one.name for one in here] if on is None or nobody else [by_span[on].name]
    return Rota(
        organisation_id=organisation_id,
        organisation=organisation_name(session, organisation_id),
        kept=kept,
        now_on=tuple(names),
        weeks=tuple(
            _week(session, organisation_id, this.first + at * WEEK, shifts, holes)
            for at in range(WEEKS_SHOWN)
        ),
    )


def open_week(
    session: Session, *, now: datetime, actor: Person, organisation_id: int, day: date
) -> tuple[RotaWeek, list[RotaDay]]:
    """Return a week, and who is on day by day."""
    check_plans(session, actor=actor, organisation_id=organisation_id)
    span = week_of(day)
    shifts = list_shifts(session, organisation_id=organisation_id, first=span.first, last=span.last)
    by_span = {one.span: one.name for one in shifts}

    def whose(day: date, part: Part) -> str | None:
        chosen = choose(by_span, day, part)
        return by_span[chosen] if chosen is not None else None

    days = [span.first + at * DAY for at in range(7)]
    return _week(session, organisation_id, span.first, shifts, ()), [
        RotaDay(day, whose(day, Part.DAY), whose(day, Part.NIGHT), is_holiday(day)) for day in days
    ]


def find_slot(
    session: Session, *, actor: Person, organisation_id: int, span: Span
) -> tuple[int, int | None]:
    """Return a slot's version (0 for none yet) and who is on it."""
    check_plans(session, actor=actor, organisation_id=organisation_id)
    row = session.find(
        select(shift.c.version, shift.c.person_id).where(
            shift.c.organisation_id == organisation_id,
            shift.c.first_day == span.first,
            shift.c.last_day == span.last,
            shift.c.part == span.part.value,
        )
    )
    return (row.version, row.person_id) if row is not None else (0, None)


def find_shift(session: Session, *, actor: Person, shift_id: int) -> tuple[int, Shift]:
    """Return the organisation of a filled slot, and the slot."""
    row = session.find(select(shift.c.organisation_id).where(shift.c.id == shift_id))
    if row is None:
        raise NotAllowed
    check_plans(session, actor=actor, organisation_id=row.organisation_id)
    found = session.find(select(shift).where(shift.c.id == shift_id))
    if found is None or found.person_id is None:
        raise NotAllowed
    span = Span(found.first_day, found.last_day, Part(found.part))
    mine = list_shifts(
        session, organisation_id=row.organisation_id, first=span.first, last=span.last
    )
    return row.organisation_id, next(one for one in mine if one.id == shift_id)


def list_holed(session: Session, *, actor: Person) -> list[tuple[int, str, date, int]]:
    """List the rotas with holes that this person may fill: id, name, first day, how many days."""
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    rows = session.all(
        select(
            organisation.c.id,
            organisation.c.name,
            func.min(duty_hole.c.day).label("first"),
            func.count().label("days"),
        )
        .join(duty_hole, duty_hole.c.organisation_id == organisation.c.id)
        .where(organisation.c.path.startswith(actor.scope or "-", autoescape=True))
        .group_by(organisation.c.id, organisation.c.name)
        .order_by(func.min(duty_hole.c.day), organisation.c.id)
    )
    return [(row.id, row.name, row.first, row.days) for row in rows]


def count_duty_holes(actor: Person, now: datetime) -> Select[int, Any]:
    """Count the days with nobody on, from the actor's own organisation down, and the first."""
    return (
        select(func.count(), func.min(duty_hole.c.day))
        .join_from(duty_hole, organisation, organisation.c.id == duty_hole.c.organisation_id)
        # None lies farther ahead: it lets the index of their days be used.
        .where(duty_hole.c.day <= now.date() + WEEKS_SHOWN * WEEK)
        .where(organisation.c.path.startswith(actor.scope or "-", autoescape=True))
    )


def list_rotas(session: Session, *, actor: Person) -> list[tuple[int, str]]:
    """List the organisations below the actor's own that keep a rota."""
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    rows = session.all(
        select(organisation.c.id, organisation.c.name)
        .join(rota, rota.c.organisation_id == organisation.c.id)
        .where(rota.c.state == "kept")
        .where(organisation.c.path.startswith(actor.scope or "-", autoescape=True))
        .order_by(organisation.c.id)
    )
    return [(row.id, row.name) for row in rows]


def _week(
    session: Session,
    organisation_id: int,
    monday: date,
    shifts: list[Shift],
    holes: tuple[Hole, ...] | list[Hole],
) -> RotaWeek:
    span = week_of(monday)
    inside = [one for one in shifts if span.first <= one.span.first <= span.last]
    whole = next((one for one in inside if one.span == span), None)
    version = (
        whole.version if whole else version_of(session, organisation_id=organisation_id, span=span)
    )
    days = tuple(span.first + at * DAY for at in range(7))
    return RotaWeek(
        span=span,
        shift=whole,
        version=version,
        days=tuple(one for one in inside if not one.span.is_week),
        holidays=tuple(day for day in days if is_holiday(day)),
        holes=tuple(hole for hole in holes if span.first <= hole.day <= span.last),
    )
