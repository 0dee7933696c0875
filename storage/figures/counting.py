"""Counting the needs that were stated in a period: one pass over them in the database.

They are counted where they were stated, so that a past year's figures stay what they were. A
place more for a second helper is no need more.
"""

from collections import Counter
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Float, and_, case, cast, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from storage.database import Session
from storage.people import Person
from storage.rules.areas import LIFE_AT_HOME
from storage.rules.weeks import Span
from storage.scope import seen_communities
from storage.tables import claim, climb, need

# How a need stands, in the words of the figures.
STAND_OF = MappingProxyType(
    {
        "open": "waiting",
        "verifying": "waiting",
        "unclaimed": "waiting",
        "referred": "under_way",
        "claimed": "under_way",
        "done": "under_way",
        "closed": "closed",
        "cancelled": "cancelled",
    }
)
NOWHERE = 0


@dataclass(slots=True)
class Counts:
    """Needs by (community, category, action, stand), and what is measured of them together."""

    needs: Counter[tuple[int, str, str, str]] = field(default_factory=Counter)
    claimed: int = 0
    answer_seconds: int | None = None
    claim_seconds: int | None = None
    done_seconds: int | None = None
    # How many passed a limit in the period, and how many are late now.
    overdue: int = 0
    overdue_now: int = 0
    rated: int = 0
    rating: float | None = None
    outcomes: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """All that were stated."""
        return self.needs.total()

    def at_home(self, stand: str | None = None) -> int:
        """Of everyday life at home: all, or those that stand so."""
        return sum(
            number
            for (_, category, _, stands), number in self.needs.items()
            if category in LIFE_AT_HOME and stand in (None, stands)
        )


class _SecondsBetween(GenericFunction[int]):
    """Whole seconds from one moment to another."""

    inherit_cache = True
    name = "seconds_between"


@compiles(_SecondsBetween, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **how: Any) -> str:
    earlier, later = (compiler.process(one, **how) for one in element.clauses)
    return f"(strftime('%s', {later}) - strftime('%s', {earlier}))"


@compiles(_SecondsBetween, "postgresql")
def _on_postgres(element: Any, compiler: Any, **how: Any) -> str:
    earlier, later = (compiler.process(one, **how) for one in element.clauses)
    return f"CAST(EXTRACT(EPOCH FROM ({later} - {earlier})) AS BIGINT)"


def count_needs(session: Session, *, actor: Person, span: Span) -> Counts:
    """Count within the actor's sight; ``actor`` as storage.exports.readers_view gives them."""
    sight = seen_communities(actor, need.c.community_id)
    stated = and_(
        need.c.created_at >= span.start,
        need.c.created_at < span.end,
        need.c.parent_id.is_(None),
        sight,
    )
    found = Counts()
    _count_states(session, found, stated)
    found.answer_seconds = _median(session, need.c.answered_at, stated)
    found.claim_seconds = _median(session, need.c.claimed_at, stated)
    ended = and_(stated, need.c.state.in_(("done", "closed")))
    found.done_seconds = _median(session, func.coalesce(need.c.done_at, need.c.ended_at), ended)
    _count_late(session, found, sight, span)
    _count_visits(session, found, sight, span)
    return found


def _count_states(session: Session, found: Counts, stated: ColumnElement[bool]) -> None:
    by = (need.c.community_id, need.c.category, need.c.action, need.c.state)
    taken = func.sum(case((need.c.claimed_at.is_not(None), 1), else_=0))
    rows = session.all(
        select(*by, func.count().label("n"), taken.label("taken")).where(stated).group_by(*by)
    )
    for row in rows:
        stand = STAND_OF[row.state]
        found.needs[(row.community_id or NOWHERE, row.category, row.action, stand)] += row.n
        found.claimed += row.taken


def _median(session: Session, until: ColumnElement[Any], stated: ColumnElement[bool]) -> int | None:
    """The middle one: half took no longer than this; None of none."""
    where = and_(stated, until.is_not(None))
    many = int(session.value(select(func.count()).select_from(need).where(where)) or 0)
    if not many:
        return None
    took = func.seconds_between(need.c.created_at, until)
    middle = select(took).where(where).order_by(took).limit(2 - many % 2).offset((many - 1) // 2)
    rows = session.all(middle)
    return sum(int(row[0]) for row in rows) // len(rows)


def _count_late(session: Session, found: Counts, sight: ColumnElement[bool], span: Span) -> None:
    passed = (
        select(func.count(climb.c.need_id.distinct()))
        .join(need, need.c.id == climb.c.need_id)
        .where(climb.c.at >= span.start, climb.c.at < span.end, sight)
    )
    found.overdue = int(session.value(passed) or 0)
    now = select(func.count()).select_from(need).where(need.c.overdue_at.is_not(None), sight)
    found.overdue_now = int(session.value(now) or 0)


def _count_visits(session: Session, found: Counts, sight: ColumnElement[bool], span: Span) -> None:
    """What residents said of the visits of the period."""
    rows = session.all(
        select(
            claim.c.outcome,
            func.count().label("n"),
            func.count(claim.c.rating).label("rated"),
            func.sum(cast(claim.c.rating, Float)).label("stars"),
        )
        .join(need, need.c.id == claim.c.need_id)
        .where(claim.c.done_at >= span.start, claim.c.done_at < span.end, sight)
        .group_by(claim.c.outcome)
    )
    for row in rows:
        if row.outcome is not None:
            found.outcomes[row.outcome] += row.n
        found.rated += row.rated
    if found.rated:
        stars = sum(row.stars or 0 for row in rows)
        found.rating = round(stars / found.rated, 1)
