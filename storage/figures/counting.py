"""Counting the needs that were stated in a period: one pass over them in the database.

They are counted where they were stated, so that a past year's figures stay what they were. A
place more for a second helper is no need more.
"""

from collections import Counter
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Float, and_, cast, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from storage.database import Session
from storage.people import EVERYWHERE, Person
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
ENDED = ("done", "closed")
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
    """Count within the actor's sight; ``actor`` as ``readers_view`` gives them."""
    sight, stated = seen_communities(actor, need.c.community_id), _stated(actor, span)
    found = Counts()
    timed = _count_states(session, found, stated)
    found.answer_seconds = _median(session, need.c.answered_at, stated, many=timed["answered"])
    found.claim_seconds = _median(session, need.c.claimed_at, stated, many=found.claimed)
    ended = and_(stated, need.c.state.in_(ENDED))
    over = func.coalesce(need.c.done_at, need.c.ended_at)
    found.done_seconds = _median(session, over, ended, many=timed["ended"])
    _count_late(session, found, sight, span)
    _count_visits(session, found, actor, span)
    return found


def count_stated(session: Session, *, actor: Person, span: Span) -> int:
    """Count how many were stated in a period, and nothing else: what another is compared with."""
    counting = select(func.count()).select_from(need)
    return int(session.value(counting.where(_stated(actor, span))) or 0)


def _stated(actor: Person, span: Span) -> ColumnElement[bool]:
    return and_(
        need.c.created_at >= span.start,
        need.c.created_at < span.end,
        need.c.parent_id.is_(None),
        seen_communities(actor, need.c.community_id),
    )


def _count_states(session: Session, found: Counts, stated: ColumnElement[bool]) -> Counter[str]:
    """Count the needs; returns how many were answered, and how many are over, with a time."""
    by = (need.c.community_id, need.c.category, need.c.action, need.c.state)
    counting = select(
        *by,
        func.count().label("n"),
        func.count(need.c.claimed_at).label("taken"),
        func.count(need.c.answered_at).label("answered"),
        func.count(func.coalesce(need.c.done_at, need.c.ended_at)).label("timed"),
    )
    timed: Counter[str] = Counter()
    for row in session.all(counting.where(stated).group_by(*by)):
        stand = STAND_OF[row.state]
        found.needs[(row.community_id or NOWHERE, row.category, row.action, stand)] += row.n
        found.claimed += row.taken
        timed["answered"] += row.answered
        timed["ended"] += row.timed if row.state in ENDED else 0
    return timed


def _median(
    session: Session, until: ColumnElement[Any], stated: ColumnElement[bool], *, many: int
) -> int | None:
    """The middle one of ``many``: half took no longer than this; None of none."""
    if not many:
        return None
    took = func.seconds_between(need.c.created_at, until)
    middle = select(took).where(stated, until.is_not(None)).order_by(took)
    rows = session.all(middle.limit(2 - many % 2).offset((many - 1) // 2))
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


def _count_visits(session: Session, found: Counts, actor: Person, span: Span) -> None:
    """What residents said of the visits of the period."""
    visits = select(
        claim.c.outcome,
        func.count().label("n"),
        func.count(claim.c.rating).label("rated"),
        func.sum(cast(claim.c.rating, Float)).label("stars"),
    ).where(claim.c.done_at >= span.start, claim.c.done_at < span.end)
    if actor.scope != EVERYWHERE:
        # Whoever sees everything need not look at each need.
        sight = seen_communities(actor, need.c.community_id)
        visits = visits.join(need, need.c.id == claim.c.need_id).where(sight)
    rows = session.all(visits.group_by(claim.c.outcome))
    for row in rows:
        if row.outcome is not None:
            found.outcomes[row.outcome] += row.n
        found.rated += row.rated
    if found.rated:
        stars = sum(row.stars or 0 for row in rows)
        found.rating = round(stars / found.rated, 1)
