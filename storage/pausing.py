"""Whether somebody is away now: what every sender and planner asks before it acts (law 13)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, exists, or_, select

from storage.database import Session
from storage.rules.pauses import Reason, Span
from storage.tables import household_member, pause, person


@dataclass(frozen=True, slots=True)
class Pause:
    """The live pauses of a person, their own and their household's, as one."""

    person_id: int
    is_for_good: bool
    spans: tuple[Span, ...]

    def holds(self, moment: datetime) -> bool:
        """Whether the person is away at a moment."""
        return any(span.holds(moment) for span in self.spans)

    @property
    def until(self) -> datetime | None:
        """When the last of them ends; None when one holds on until somebody ends it."""
        ends = [span.until for span in self.spans if span.until is not None]
        return max(ends) if len(ends) == len(self.spans) else None


_LIVE = pause.c.state == "live"
_FOR_GOOD = (Reason.MOVED.value, Reason.DIED.value)


def covers(moment: Any) -> ColumnElement[bool]:
    """The pause holds at a moment, also when its end has come and the tick has not run yet."""
    return and_(
        _LIVE,
        pause.c.starts_at <= moment,
        or_(pause.c.due_at.is_(None), pause.c.due_at > moment, pause.c.reason.in_(_FOR_GOOD)),
    )


def is_of(who: Any) -> ColumnElement[bool]:
    """The pause is this person's, or that of the household they live in."""
    home = select(household_member.c.household_id).where(household_member.c.person_id == who)
    return or_(
        pause.c.person_id == who,
        and_(pause.c.household_id.is_not(None), pause.c.household_id == home.scalar_subquery()),
    )


def is_away(who: Any, moment: Any) -> ColumnElement[bool]:
    """A condition for statements over people: somebody is away at a moment."""
    return exists().where(is_of(who), covers(moment))


# Written once: it is asked with every message and every step of a need.
_AWAY = select(pause.c.id).where(is_of(bindparam("who")), covers(bindparam("moment")))
_OF = select(pause).where(is_of(bindparam("who")), _LIVE)


def is_paused(session: Session, *, person_id: int, now: datetime) -> bool:
    """Whether the person is away now."""
    return session.execute(_AWAY, {"who": person_id, "moment": now}).first() is not None


def find_pause(session: Session, *, person_id: int) -> Pause | None:
    """Return the live pauses of a person, if there are any."""
    rows = session.execute(_OF, {"who": person_id}).all()
    if not rows:
        return None
    # Of somebody who moved or died nothing ends by itself.
    spans = [Span(row.starts_at, None if _is_for_good(row) else row.due_at) for row in rows]
    return Pause(person_id, any(_is_for_good(row) for row in rows), tuple(spans))


def list_away(session: Session, *, person_ids: Sequence[int], now: datetime) -> set[int]:
    """Return which of these people are away now."""
    rows = session.all(
        select(person.c.id).where(person.c.id.in_(person_ids), is_away(person.c.id, now))
    )
    return {row.id for row in rows}


def _is_for_good(row: Row[Any]) -> bool:
    return row.reason in _FOR_GOOD
