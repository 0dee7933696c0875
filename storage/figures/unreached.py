"""Who was not reached within the rule of their tier: the list for those who supervise."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from storage.database import Session
from storage.figures.counting import NOWHERE
from storage.pausing import is_away
from storage.people import Person
from storage.rules.ladder import POSITIVE, Outcome
from storage.rules.tiers import LONGEST_GAP, Tier, tier_on
from storage.scope import seen_communities
from storage.tables import check_in, check_in_plan, household_member, person

# Somebody spoke to or saw the person.
REACHED = tuple(sorted(one.value for one in (*POSITIVE, Outcome.NEEDS_HELP)))


@dataclass(frozen=True, slots=True)
class Unreached:
    """A household; ``last``: the day somebody last spoke to or saw the one who waits longest.

    Never yet: the day since which they have been called.
    """

    names: tuple[str, ...]
    community_id: int
    tier: Tier
    caller: str
    last: date
    was_reached: bool
    days_over: int


def list_unreached(
    session: Session, *, actor: Person, now: datetime
) -> tuple[int, Sequence[Unreached]]:
    """Return how many people are called at present, and the households beyond their tier's rule.

    The longest wait first. Whoever is away is not called, and not behind.
    """
    today = session.house.local(now).date()
    people = 0
    homes: dict[int, list[Unreached]] = {}
    for row in _rows(session, actor, now=now):
        people += 1
        late = _late(session, row, today=today)
        if late is not None:
            homes.setdefault(row.home, []).append(late)
    found = [_of_home(late) for late in homes.values()]
    return people, sorted(found, key=lambda one: (-one.days_over, one.names))


def _rows(session: Session, actor: Person, *, now: datetime) -> Sequence[Any]:
    last = func.max(check_in.c.closed_at).label("last")
    reached = (
        select(check_in.c.resident_id, last)
        .where(check_in.c.ending.in_(REACHED))
        .group_by(check_in.c.resident_id)
        .subquery()
    )
    caller = person.alias("caller")
    home = func.coalesce(household_member.c.household_id, -person.c.id).label("home")
    return session.all(
        select(
            check_in_plan.c.tier,
            check_in_plan.c.raised_to,
            check_in_plan.c.raised_until,
            check_in_plan.c.created_at,
            person.c.name,
            person.c.community_id,
            caller.c.name.label("caller"),
            reached.c.last,
            home,
        )
        .join(person, person.c.id == check_in_plan.c.resident_id)
        .join(caller, caller.c.id == check_in_plan.c.caller_id)
        .outerjoin(household_member, household_member.c.person_id == person.c.id)
        .outerjoin(reached, reached.c.resident_id == check_in_plan.c.resident_id)
        .where(check_in_plan.c.state == "active", ~is_away(person.c.id, now))
        .where(seen_communities(actor, person.c.community_id))
    )


def _late(session: Session, row: Any, *, today: date) -> Unreached | None:
    """The person, when they wait for longer than their tier allows."""
    tier = tier_on(today, tier=row.tier, raised_to=row.raised_to, raised_until=row.raised_until)
    last = session.house.local(row.last or row.created_at).date()
    over = (today - last).days - LONGEST_GAP[tier]
    if over <= 0:
        return None
    return Unreached(
        names=(row.name,),
        community_id=row.community_id or NOWHERE,
        tier=tier,
        caller=row.caller,
        last=last,
        was_reached=row.last is not None,
        days_over=over,
    )


def _of_home(late: Sequence[Unreached]) -> Unreached:
    """One line for a household: all who wait in it, and the longest wait."""
    longest = max(late, key=lambda one: one.days_over)
    names = tuple(dict.fromkeys(name for one in late for name in one.names))
    return replace(longest, names=names)
