"""When a call plan falls due: by its rhythm and by what is asked for besides, without skipped days.

Asked by whoever makes, changes, pauses or starts calls; nobody else works out the next one.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, exists, or_, select, true, update

from storage.database import Session
from storage.people import EVERYWHERE, OFFICES
from storage.rules.rhythm import ROUTINE, Due, Every, Extra, Rhythm, extra_days, kind_on, next_due
from storage.rules.tiers import EVERY, RoundKind, Tier, calls_a_week, tier_on
from storage.tables import call_round, call_skip, check_in, check_in_plan, organisation, person

# The button "I am fine" goes out so long before the call that it may make needless.
BUTTON_BEFORE = timedelta(hours=1)
_DAY = timedelta(days=1)
_EVERY_DAY = Rhythm(Every.WEEK, frozenset(range(7)))


@dataclass(frozen=True, slots=True)
class Schedule:
    """What one plan is due by, on one day's knowledge."""

    clock: time
    rhythm: Rhythm
    tier: Tier
    extras: tuple[Extra, ...]
    without: frozenset[date]

    def after(self, local: datetime) -> Due:
        """The first call after a local moment."""
        return next_due(local, self.clock, self.rhythm, extras=self.extras, without=self.without)

    def kind_on(self, day: date) -> str:
        """Why the call of a day is made; one that nothing asks for any more is an ordinary one."""
        return kind_on(day, self.rhythm, self.extras) or ROUTINE


def rhythm_of(row: Row[Any]) -> Rhythm:
    """The rhythm that a plan's row keeps."""
    return Rhythm(
        every=Every(row.every),
        weekdays=days_of(row.weekdays),
        monthday=row.monthday,
        nth=row.nth,
        starts_on=row.starts_on,
    )


def days_of(bits: int) -> frozenset[int]:
    """The weekdays of a row; Monday is bit 0."""
    return frozenset(day for day in range(7) if bits & (1 << day))


def schedule_of(session: Session, row: Row[Any], *, now: datetime) -> Schedule:
    """Read what a plan is due by."""
    today = session.house.local(now).date()
    rhythm = rhythm_of(row)
    tier = tier_on(today, tier=row.tier, raised_to=row.raised_to, raised_until=row.raised_until)
    daily = row.own_button == "daily"
    extras = () if daily else (*_raised(row, rhythm, today), *_rounds(session, row, rhythm, today))
    return Schedule(
        clock=time.fromisoformat(row.local_time),
        # Whoever presses each day is phoned on the day on which they did not.
        rhythm=_EVERY_DAY if daily else rhythm,
        tier=tier,
        extras=extras,
        without=_skipped(session, row.id, today),
    )


def plan_anew(session: Session, *, now: datetime, plan_id: int, since: datetime) -> datetime | None:
    """Set an active plan's next call to the first one after a moment; returns when it is."""
    row = session.find(
        select(check_in_plan)
        .where(check_in_plan.c.id == plan_id, check_in_plan.c.state == "active")
        .with_for_update()
    )
    if row is None:
        return None
    due = schedule_of(session, row, now=now).after(session.house.local(since)).at
    session.change(
        update(check_in_plan)
        .where(check_in_plan.c.id == plan_id, check_in_plan.c.state == "active")
        .values(next_due_at=due, button_at=button_time(session, row, due))
    )
    return due


def kind_of_day(session: Session, *, plan_id: int, now: datetime, day: date) -> str | None:
    """Why a plan calls on a day; None when it does not."""
    row = session.find(select(check_in_plan).where(check_in_plan.c.id == plan_id))
    if row is None:
        return None
    schedule = schedule_of(session, row, now=now)
    return kind_on(day, schedule.rhythm, schedule.extras)


def open_check_in(session: Session, *, person_id: int) -> int | None:
    """Return the newest check-in of the person that is still open."""
    found: int | None = session.value(
        select(check_in.c.id)
        .where(check_in.c.resident_id == person_id, check_in.c.state == "open")
        .order_by(check_in.c.id.desc())
        .limit(1)
    )
    return found


def button_time(session: Session, row: Row[Any], due: datetime) -> datetime | None:
    """When the own button goes out for a call: before it, and not in the quiet hours."""
    if row.own_button == "none":
        return None
    local = session.house.local(due)
    early = local - BUTTON_BEFORE
    while session.house.quiet.covers(early) and early < local:
        early += timedelta(minutes=5)
    return early


def has_been_called(session: Session, *, person_id: int, day: date) -> bool:
    """Whether a check-in of this person was due on a day already, by any plan."""
    start = datetime.combine(day, time(), tzinfo=session.house.zone)
    found = select(check_in.c.id).where(
        check_in.c.resident_id == person_id,
        check_in.c.due_at >= start,
        check_in.c.due_at < start + _DAY,
    )
    return session.find(found.limit(1)) is not None


def lives_in(path: str, community_id: int | None) -> ColumnElement[bool]:
    """Condition over ``tables.person``: those below an organisation, or in one community."""
    if community_id is not None:
        return person.c.community_id == community_id
    if path == EVERYWHERE:
        return true()
    below = select(organisation.c.community_id).where(
        organisation.c.community_id.is_not(None),
        organisation.c.path.startswith(path, autoescape=True),
    )
    is_office = exists().where(organisation.c.path == path, organisation.c.kind.in_(OFFICES))
    return or_(person.c.community_id.in_(below), person.c.community_id.is_(None) & is_office)


def _raised(row: Row[Any], rhythm: Rhythm, today: date) -> tuple[Extra, ...]:
    """The weekly calls of a tier that was raised for a time, where the plan calls less often."""
    if row.raised_until is None or row.raised_until < today or rhythm.every is Every.WEEK:
        return ()
    if Every.WEEK not in EVERY[Tier(row.raised_to)][:1]:
        return ()
    own = rhythm.weekdays if rhythm.monthday is None else frozenset({row.raised_until.weekday()})
    return (Extra("change", own, today, row.raised_until),)


def _rounds(session: Session, row: Row[Any], rhythm: Rhythm, today: date) -> tuple[Extra, ...]:
    running = session.all(
        select(call_round)
        .where(call_round.c.state == "running")
        .where(call_round.c.ends_on.is_(None) | (call_round.c.ends_on >= today))
        .order_by(call_round.c.id)
    )
    if not running:
        return ()
    others = _other_rhythms(session, row)
    if others is None:
        return ()
    # Whoever was phoned today is not phoned once more for the round.
    called = has_been_called(session, person_id=row.resident_id, day=today)
    first = today + _DAY if called else today
    extras = []
    for one in running:
        day = one.ends_on or today
        tier = tier_on(day, tier=row.tier, raised_to=row.raised_to, raised_until=row.raised_until)
        if tier in one.tiers.split(",") and _is_there(session, row.resident_id, one):
            days = _days_of_round(one, rhythm, tier)
            extras.append(Extra("round", days, max(first, one.starts_on), one.ends_on, others))
    return tuple(extras)


def _days_of_round(one: Row[Any], rhythm: Rhythm, tier: Tier) -> frozenset[int]:
    kind = RoundKind(one.kind)
    if kind is RoundKind.FESTIVAL:
        return frozenset({one.starts_on.weekday()})
    return extra_days(rhythm, a_week=calls_a_week(kind, tier), first=one.starts_on)


def _is_there(session: Session, person_id: int, one: Row[Any]) -> bool:
    found = select(person.c.id).where(
        person.c.id == person_id, lives_in(one.path, one.community_id)
    )
    return session.find(found) is not None


def _other_rhythms(session: Session, row: Row[Any]) -> tuple[Rhythm, ...] | None:
    """The rhythms of the person's other plans; None when the first of them has the round."""
    plans = session.all(
        select(check_in_plan)
        .where(check_in_plan.c.resident_id == row.resident_id, check_in_plan.c.state == "active")
        .order_by(check_in_plan.c.id)
    )
    if plans and plans[0].id < row.id:
        return None
    return tuple(rhythm_of(one) for one in plans if one.id != row.id)


def _skipped(session: Session, plan_id: int, today: date) -> frozenset[date]:
    rows = session.all(
        select(call_skip.c.day).where(call_skip.c.plan_id == plan_id, call_skip.c.day >= today)
    )
    return frozenset(row.day for row in rows)
