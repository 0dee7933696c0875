"""The list of a caller's day: the fixed round, what was carried over, what nobody holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, select

from storage.apart import apart_from
from storage.check_ins.day.leases import is_nobodys
from storage.database import Session
from storage.pausing import is_away
from storage.people import Person
from storage.refusals import NotAllowed
from storage.scope import seen_through
from storage.tables import call_lease, check_in, check_in_plan, person

# More than this nobody phones in a day.
MOST_CALLS = 100
MOST_OPEN = 20
# Of the list of all callers; the rest is on the office's own list.
MOST_OF_ALL = 500


class State(StrEnum):
    """How a call of today stands."""

    DONE = "done"
    OPEN = "open"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Call:
    """One line: a check-in (``id``, ``version``), or 0 for one that comes later today."""

    id: int
    version: int
    state: State
    resident_id: int
    resident: str
    caller_id: int
    caller: str
    at: datetime
    outcome: str | None
    # Who is on the phone with them now, and since when.
    busy: str | None
    busy_since: datetime | None


@dataclass(frozen=True, slots=True)
class Day:
    """A caller's day, each part in order of time."""

    round: tuple[Call, ...]
    carried: tuple[Call, ...]
    nobodys: tuple[Call, ...]

    @property
    def all(self) -> tuple[Call, ...]:
        """Every line, in the order in which it is shown."""
        return (*self.round, *self.carried, *self.nobodys)


@dataclass(frozen=True, slots=True)
class CallerDay:
    """One caller as the coordinator sees their day; who is not done, and nobody's score."""

    caller_id: int
    caller: str
    calls: tuple[Call, ...]

    def names(self, state: State) -> list[str]:
        """Of whom it stands so."""
        return [one.resident for one in self.calls if one.state is state]


def list_calls(session: Session, *, now: datetime, actor: Person) -> Day:
    """Return the day of a volunteer or coordinator who phones."""
    if not (actor.is_approved("volunteer") or actor.is_approved("coordinator")):
        raise NotAllowed
    begins, ends = _day(session, now)
    mine = check_in.c.caller_id == actor.id
    today = and_(mine, check_in.c.due_at >= begins, check_in.c.due_at < ends)
    before = and_(mine, check_in.c.due_at < begins, check_in.c.next_step_at.is_not(None))
    round_ = [
        *_cases(session, today, now=now, limit=MOST_CALLS),
        *_later(session, check_in_plan.c.caller_id == actor.id, now=now, ends=ends),
    ]
    nobodys = and_(
        is_nobodys(actor),
        check_in.c.caller_id != actor.id,
        check_in.c.resident_id.not_in(apart_from(session, actor.id)),
    )
    return Day(
        round=tuple(sorted(round_, key=_when)),
        carried=tuple(_cases(session, before, now=now, limit=MOST_CALLS)),
        nobodys=tuple(_cases(session, nobodys, now=now, limit=MOST_OPEN)),
    )


def list_callers(session: Session, *, now: datetime, actor: Person) -> list[CallerDay]:
    """Return everybody who phones today in a coordinator's scope, in order of names."""
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    begins, ends = _day(session, now)
    today = and_(
        check_in.c.due_at >= begins,
        check_in.c.due_at < ends,
        seen_through(actor, check_in.c.resident_id),
    )
    seen = seen_through(actor, check_in_plan.c.resident_id)
    calls = [
        *_cases(session, today, now=now, limit=MOST_OF_ALL),
        *_later(session, seen, now=now, ends=ends, limit=MOST_OF_ALL),
    ]
    theirs: dict[int, list[Call]] = {}
    for one in sorted(calls, key=_when):
        theirs.setdefault(one.caller_id, []).append(one)
    days = [CallerDay(key, mine[0].caller, tuple(mine)) for key, mine in theirs.items()]
    return sorted(days, key=lambda day: (day.caller, day.caller_id))


def _when(one: Call) -> tuple[datetime, int]:
    return one.at, one.resident_id


def _day(session: Session, now: datetime) -> tuple[datetime, datetime]:
    local = session.house.local(now)
    begins = datetime.combine(local.date(), time(0), tzinfo=local.tzinfo)
    return begins, begins + timedelta(days=1)


_caller = person.alias("caller")
_busy = person.alias("busy")


def _cases(
    session: Session, condition: ColumnElement[bool], *, now: datetime, limit: int
) -> list[Call]:
    statement: Select[Any] = (
        select(
            check_in.c.id,
            check_in.c.version,
            check_in.c.state,
            check_in.c.resident_id,
            check_in.c.due_at,
            check_in.c.last_outcome,
            check_in.c.caller_id,
            person.c.name,
            _caller.c.name.label("caller"),
            call_lease.c.since,
            _busy.c.name.label("busy"),
        )
        .join(person, person.c.id == check_in.c.resident_id)
        .join(_caller, _caller.c.id == check_in.c.caller_id)
        .outerjoin(
            call_lease,
            and_(call_lease.c.resident_id == check_in.c.resident_id, call_lease.c.until > now),
        )
        .outerjoin(_busy, _busy.c.id == call_lease.c.holder_id)
        .where(condition)
        .order_by(check_in.c.due_at, check_in.c.id)
        .limit(limit)
    )
    return [_call(row) for row in session.all(statement)]


def _call(row: Row[Any]) -> Call:
    is_open = row.state == "open"
    return Call(
        id=row.id,
        version=row.version,
        state=State.OPEN if is_open else State.DONE,
        resident_id=row.resident_id,
        resident=row.name,
        caller_id=row.caller_id,
        caller=row.caller,
        at=row.due_at,
        outcome=row.last_outcome,
        busy=row.busy if is_open else None,
        busy_since=row.since if is_open else None,
    )


def _later(
    session: Session,
    condition: ColumnElement[bool],
    *,
    now: datetime,
    ends: datetime,
    limit: int = MOST_CALLS,
) -> Sequence[Call]:
    """The calls that fall due later today; of somebody who is away then there is none."""
    rows = session.all(
        select(
            check_in_plan.c.resident_id,
            check_in_plan.c.caller_id,
            check_in_plan.c.next_due_at,
            person.c.name,
            _caller.c.name.label("caller"),
        )
        .join(person, person.c.id == check_in_plan.c.resident_id)
        .join(_caller, _caller.c.id == check_in_plan.c.caller_id)
        .where(condition, check_in_plan.c.state == "active", check_in_plan.c.next_due_at < ends)
        .where(~is_away(person.c.id, now))
        .order_by(check_in_plan.c.next_due_at, check_in_plan.c.id)
        .limit(limit)
    )
    return [
        Call(
            id=0,
            version=0,
            state=State.LATER,
            resident_id=row.resident_id,
            resident=row.name,
            caller_id=row.caller_id,
            caller=row.caller,
            at=row.next_due_at,
            outcome=None,
            busy=None,
            busy_since=None,
        )
        for row in rows
    ]
