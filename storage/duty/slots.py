"""The slots of a rota as they stand: who is on now, who is able to be, and which are empty."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, or_, select

from storage.database import Session
from storage.pausing import find_pause
from storage.rules.duty import (
    CHANGES_AT,
    DAY,
    NIGHT_AT,
    Hole,
    Part,
    Span,
    choose,
    join_parts,
    on_at,
)
from storage.tables import chat, organisation, person, role, rota, shift

_OFFICE = "dpf_office"
# The middle of a day's duty, and of a night's: whoever is away then is not on.
_ASKED_AT = {Part.DAY: time(12), Part.NIGHT: time(23)}


@dataclass(frozen=True, slots=True)
class Shift:
    """A filled slot."""

    id: int
    span: Span
    person_id: int
    name: str
    version: int


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works at an organisation; ``reachable``: can be written to."""

    id: int
    name: str
    reachable: bool


def office_id(session: Session) -> int | None:
    """Return the organisation where whoever works for the office as such works."""
    found: int | None = session.value(
        select(organisation.c.id)
        .where(organisation.c.kind == _OFFICE)
        .order_by(organisation.c.id)
        .limit(1)
    )
    return found


def list_on(session: Session, *, now: datetime) -> dict[int | None, int]:
    """Return whom the rotas name at this moment, by organisation; only those that are kept."""
    day, part = on_at(session.house.local(now))
    rows = session.all(
        select(shift)
        .join(rota, rota.c.organisation_id == shift.c.organisation_id)
        .where(rota.c.state == "kept", shift.c.person_id.is_not(None))
        .where(shift.c.first_day <= day, shift.c.last_day >= day)
    )
    spans: dict[int, dict[Span, int]] = {}
    for row in rows:
        spans.setdefault(row.organisation_id, {})[_span(row)] = row.person_id
    chosen = {where: choose(slots, day, part) for where, slots in spans.items()}
    return {where: spans[where][one] for where, one in chosen.items() if one is not None}


def list_shifts(session: Session, *, organisation_id: int, first: date, last: date) -> list[Shift]:
    """List the filled slots of a stretch of days, the earliest first."""
    rows = session.all(
        select(shift, person.c.name)
        .join(person, person.c.id == shift.c.person_id)
        .where(shift.c.organisation_id == organisation_id)
        .where(shift.c.last_day >= first, shift.c.first_day <= last)
        .order_by(shift.c.first_day, shift.c.last_day.desc(), shift.c.id)
    )
    return [Shift(row.id, _span(row), row.person_id, row.name, row.version) for row in rows]


def version_of(session: Session, *, organisation_id: int, span: Span) -> int:
    """Return the version of a slot, 0 while it has none."""
    found = session.value(
        select(shift.c.version).where(
            shift.c.organisation_id == organisation_id,
            shift.c.first_day == span.first,
            shift.c.last_day == span.last,
            shift.c.part == span.part.value,
        )
    )
    return int(found or 0)


def list_colleagues(session: Session, *, organisation_id: int) -> list[Colleague]:
    """List who works at an organisation and may be on its rota."""
    here = role.c.organisation_id == organisation_id
    if organisation_id == office_id(session):
        here = or_(here, role.c.organisation_id.is_(None))
    reachable = person.c.telegram_id.is_not(None) & (
        chat.c.reachable.is_(None) | (chat.c.reachable & ~chat.c.closed)
    )
    rows = session.all(
        select(person.c.id, person.c.name, reachable.label("reachable"))
        .join(role, role.c.person_id == person.c.id)
        .outerjoin(chat, chat.c.id == person.c.telegram_id)
        .where(role.c.kind == "coordinator", role.c.state == "approved", here)
        .order_by(person.c.id)
    )
    return [Colleague(row.id, row.name, bool(row.reachable)) for row in rows]


def is_kept(session: Session, *, organisation_id: int) -> bool:
    """Whether an organisation keeps a rota."""
    state = select(rota.c.state).where(rota.c.organisation_id == organisation_id)
    return bool(session.value(state) == "kept")


class Ability:
    """Who can be on at an organisation on a day: works there, can be reached, and is not away."""

    def __init__(self, session: Session, *, organisation_id: int) -> None:
        here = list_colleagues(session, organisation_id=organisation_id)
        self._zone = session.house.zone
        self._reachable = {one.id for one in here if one.reachable}
        self._away = {one: find_pause(session, person_id=one) for one in self._reachable}

    def is_able(self, person_id: int, day: date, part: Part) -> bool:
        """Whether the slot is as good as filled with this person on it."""
        if person_id not in self._reachable:
            return False
        away = self._away[person_id]
        moment = datetime.combine(day, _ASKED_AT[part], tzinfo=self._zone)
        return away is None or not away.holds(moment)


def list_holes(
    session: Session,
    *,
    now: datetime,
    organisation_id: int,
    days: int,
    shifts: Sequence[Shift] | None = None,
) -> list[Hole]:
    """List the slots with nobody able on them, from now on and for so many days."""
    local = session.house.local(now)
    today, part = on_at(local)
    last = today + days * DAY
    if shifts is None:
        shifts = list_shifts(session, organisation_id=organisation_id, first=today, last=last)
    ability = Ability(session, organisation_id=organisation_id)
    by_span = {one.span: one.person_id for one in shifts}
    missing = set()
    for ahead in range(days + 1):
        day = today + ahead * DAY
        for one in (Part.DAY, Part.NIGHT):
            if day == today and part is Part.NIGHT and one is Part.DAY:
                continue  # over
            span = choose(by_span, day, one)
            if span is None or not ability.is_able(by_span[span], day, one):
                missing.add((day, one))
    return join_parts(missing)


def starts_at(session: Session, span: Span) -> datetime:
    """When a slot begins."""
    clock = NIGHT_AT if span.part is Part.NIGHT else CHANGES_AT
    return datetime.combine(span.first, clock, tzinfo=session.house.zone)


def ends_at(session: Session, span: Span) -> datetime:
    """When a slot is over."""
    if span.part is Part.DAY:
        return datetime.combine(span.last, NIGHT_AT, tzinfo=session.house.zone)
    following = span.last + timedelta(days=1)
    return datetime.combine(following, CHANGES_AT, tzinfo=session.house.zone)


def _span(row: Row[Any]) -> Span:
    return Span(row.first_day, row.last_day, Part(row.part))
