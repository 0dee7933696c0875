"""What people see of a service that recurs: when it is due, who comes, and what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Row, Select, or_, select

from storage.database import Session
from storage.needs.cards import wards
from storage.needs.standing import is_allowed
from storage.people import Person
from storage.refusals import Fact, NotAllowed, OutsideScope
from storage.rules.access import Act
from storage.rules.areas import Category
from storage.rules.lifecycle import NeedState
from storage.rules.recurring import Pattern, read_pattern
from storage.rules.times import local_moment
from storage.scope import seen_through
from storage.tables import caregiver, claim, missed_visit, need, need_series, person

PAGE = 8
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Series:
    """A service as it stands."""

    id: int
    version: int
    state: str
    resident_id: int
    resident: str
    made_by: int
    category: Category
    words: str
    pattern: Pattern
    clock: time
    starts_on: date
    ends_on: date | None
    visits_left: int | None
    skips_holidays: bool
    helper: str
    helper_id: int | None
    helper_name: str | None
    next_on: date

    def moment(self, session: Session, day: date) -> datetime:
        """When the visit of a day is to be."""
        return local_moment(day, self.clock, session.house.zone)

    @property
    def facts(self) -> dict[str, Fact]:
        """Plain facts for wording; of the pattern its kind, weekdays and number."""
        return {
            "series_id": self.id,
            "state": self.state,
            "resident": self.resident,
            "category": self.category.value,
            "words": self.words,
            "every": self.pattern.every.value,
            "weekdays": [str(one) for one in self.pattern.weekdays],
            "nth": self.pattern.number,
            "time": f"{self.clock:%H:%M}",
            "until": self.ends_on.isoformat() if self.ends_on else None,
            "left": self.visits_left,
            "holidays": self.skips_holidays,
            "helper": self.helper_name,
            "helper_mode": self.helper,
        }


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit that is made: when, where it stands, who comes."""

    need_id: int
    on: date
    at: datetime | None
    state: NeedState
    helper: str | None


@dataclass(frozen=True, slots=True)
class Missed:
    """A day without a visit, and why."""

    on: date
    reason: str


_resident, _helper = person.alias("resident"), person.alias("helper")


def _all() -> Select[Any]:
    return (
        select(need_series, _resident.c.name.label("resident"), _helper.c.name.label("helper_name"))
        .join(_resident, _resident.c.id == need_series.c.resident_id)
        .outerjoin(_helper, _helper.c.id == need_series.c.helper_id)
    )


def _series(session: Session, row: Row[Any]) -> Series:
    return Series(
        id=row.id,
        version=row.version,
        state=row.state,
        resident_id=row.resident_id,
        resident=row.resident,
        made_by=row.made_by,
        category=Category(row.category),
        words=session.vault.unseal(row.words, place=f"need_series.words:{row.uid}"),
        pattern=read_pattern(row.pattern),
        clock=time.fromisoformat(row.local_time),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        visits_left=row.visits_left,
        skips_holidays=row.skips_holidays,
        helper=row.helper,
        helper_id=row.helper_id,
        helper_name=row.helper_name,
        next_on=row.next_on,
    )


def find_series(session: Session, *, series_id: int) -> Series | None:
    """Return the service as it stands, or None."""
    row = session.find(_all().where(need_series.c.id == series_id))
    return _series(session, row) if row is not None else None


def get_series(session: Session, *, series_id: int) -> Series:
    """Return the service; one that does not exist is answered like one that is not theirs."""
    found = find_series(session, series_id=series_id)
    if found is None:
        raise NotAllowed
    return found


def get_series_for(session: Session, *, actor_id: int, series_id: int) -> Series:
    """Return the service to somebody who speaks for the resident, or to their staff."""
    one = get_series(session, series_id=series_id)
    resident_id = one.resident_id
    if not is_allowed(session, Act.STATE_NEED, actor_id=actor_id, resident_id=resident_id):
        raise OutsideScope(subject_id=resident_id)
    return one


def list_series_of(session: Session, *, person_id: int) -> Sequence[Series]:
    """Return the services that somebody has, or may speak for; the newest first."""
    cared_for = wards().with_only_columns(caregiver.c.resident_id)
    theirs = cared_for.where(caregiver.c.caregiver_id == person_id)
    rows = session.all(
        _all()
        .where(
            or_(need_series.c.resident_id == person_id, need_series.c.resident_id.in_(theirs)),
            need_series.c.state != "ended",
        )
        .order_by(need_series.c.id.desc())
        .limit(PAGE)
    )
    return [_series(session, row) for row in rows]


def list_series(session: Session, *, actor: Person, after: int = 0) -> Sequence[Series]:
    """Return the services of those whom a coordinator sees, one more than a page."""
    rows = session.all(
        _all()
        .where(need_series.c.state != "ended", need_series.c.id > after)
        .where(seen_through(actor, need_series.c.resident_id))
        .order_by(need_series.c.id)
        .limit(PAGE + 1)
    )
    return [_series(session, row) for row in rows]


def list_visits(session: Session, *, series_id: int, since: date) -> Sequence[Visit]:
    """Return the visits that are made and still ahead, the next first."""
    live = claim.alias("live")
    rows = session.all(
        select(need.c.id, need.c.visit_on, need.c.wanted_at, need.c.state, _helper.c.name)
        .outerjoin(live, (live.c.need_id == need.c.id) & live.c.state.in_(("active", "done")))
        .outerjoin(_helper, _helper.c.id == live.c.volunteer_id)
        .where(need.c.series_id == series_id, need.c.visit_on >= since)
        .order_by(need.c.visit_on)
        .limit(_SHOWN)
    )
    return [
        Visit(row.id, row.visit_on, row.wanted_at, NeedState(row.state), row.name) for row in rows
    ]


def list_missed(session: Session, *, series_id: int, since: date) -> Sequence[Missed]:
    """Return the days without a visit, the nearest first."""
    rows = session.all(
        select(missed_visit)
        .where(missed_visit.c.series_id == series_id, missed_visit.c.visit_on >= since)
        .order_by(missed_visit.c.visit_on)
        .limit(_SHOWN)
    )
    return [Missed(row.visit_on, row.reason) for row in rows]
