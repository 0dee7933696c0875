"""Counting the calls of a period, the ladders behind them, and who was not reached in time.

Calls are counted where their resident lives, by the day they were due; one that was dropped because
its resident was away is none.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, null, select

from storage.database import Session
from storage.figures.counting import NOWHERE
from storage.figures.unreached import REACHED, Unreached, list_unreached
from storage.people import Person
from storage.rules.ladder import CALLER_RUNGS, ORDER, RUNGS
from storage.rules.tiers import Tier
from storage.rules.weeks import Span
from storage.scope import seen_communities
from storage.tables import check_in, journal, person

# A call is done in time when the person was reached within so long of its hour: the ladder of the
# first tier takes two hours in all. That of the others takes most of a day: a call in time may have
# gone on to others, so those are counted apart.
IN_TIME = {Tier.A: timedelta(hours=2), Tier.B: timedelta(days=1), Tier.C: timedelta(days=1)}
AWAY = "away"
BY_CALLER, BY_OTHERS = "caller", "others"
CALL_STANDS = ("on_time", "late", "otherwise", "open")
DONE = CALL_STANDS[:2]
_WITH_CALLER = frozenset(ORDER[one] for one in CALLER_RUNGS)
# What the journal says first of a call that did not go through at once.
CAUSES = ("check_in_climbed", "check_in_passed_over", "check_in_prompt_unsent", "check_in_missed")
CLIMBED = CAUSES[0]
UNKNOWN = "unknown"


@dataclass(slots=True)
class CallCounts:
    """Calls by (tier, community, stand), ladders by (rung, cause); who waits, of how many.

    ``reached``: before the ladder left the caller, or only after it had gone on to others.
    """

    calls: Counter[tuple[str, int, str]] = field(default_factory=Counter)
    dropped: int = 0
    reached: Counter[str] = field(default_factory=Counter)
    ladders: Counter[tuple[str, str]] = field(default_factory=Counter)
    unreached: Sequence[Unreached] = ()
    people: int = 0


def count_calls(session: Session, *, actor: Person, span: Span, now: datetime) -> CallCounts:
    """Count within the actor's sight; ``actor`` as ``readers_view`` gives them."""
    found = CallCounts()
    _count_ends(session, found, actor, span)
    found.people, found.unreached = list_unreached(session, actor=actor, now=now)
    return found


def _count_ends(session: Session, found: CallCounts, actor: Person, span: Span) -> None:
    columns = (
        check_in.c.tier.label("tier"),
        person.c.community_id.label("place"),
        _stand().label("stand"),
        check_in.c.rung.label("rung"),
        _cause().label("cause"),
    )
    rows = session.all(
        select(*columns, func.count().label("n"))
        .join(person, person.c.id == check_in.c.resident_id)
        .where(check_in.c.due_at >= span.start, check_in.c.due_at < span.end)
        .where(seen_communities(actor, person.c.community_id))
        .group_by(*columns)
    )
    for row in rows:
        if row.stand == AWAY:
            found.dropped += row.n
            continue
        found.calls[(row.tier, row.place or NOWHERE, row.stand)] += row.n
        if row.stand in DONE:
            found.reached[BY_CALLER if row.rung in _WITH_CALLER else BY_OTHERS] += row.n
        if row.rung:
            found.ladders[(RUNGS[row.rung].value, row.cause or UNKNOWN)] += row.n


def _stand() -> ColumnElement[str]:
    took = func.seconds_between(check_in.c.due_at, check_in.c.closed_at)
    limits = {tier.value: limit.total_seconds() for tier, limit in IN_TIME.items()}
    limit = case(limits, value=check_in.c.tier)
    reached = check_in.c.ending.in_(REACHED)
    return case(
        (check_in.c.ending.is_(None), "open"),
        (reached & (took <= limit), "on_time"),
        (reached, "late"),
        (check_in.c.ending == AWAY, AWAY),
        else_="otherwise",
    )


def _cause() -> ColumnElement[str | None]:
    """Why the call did not go through at once; asked of the few that climbed at all."""
    why = case((journal.c.what == CLIMBED, journal.c.detail), else_=journal.c.what)
    first = (
        select(why)
        .where(journal.c.subject_id == check_in.c.resident_id, journal.c.thing == "check_in")
        .where(journal.c.thing_id == check_in.c.id, journal.c.what.in_(CAUSES))
        .order_by(journal.c.id)
        .limit(1)
        .scalar_subquery()
    )
    return case((check_in.c.rung > 0, first), else_=null())
