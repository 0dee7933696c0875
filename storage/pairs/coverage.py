"""Coverage: households with a neighbour among all with a disabled resident, and those without.

"每个残疾人家庭寻找至少1户邻居结对" (2020-116, part 3 (二)). The unit is the household; a resident
who is written down in none is one of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, func, or_, select

from storage.database import Session
from storage.papers import ask_for_paper
from storage.people import Person
from storage.refusals import NotAllowed
from storage.rules.pairs import Ending, Kind, PairState
from storage.scope import seen_communities
from storage.tables import community, household, household_member, pair, person, role

PAGE = 8


class Why(StrEnum):
    """Why a household has no neighbour."""

    NEVER_ASKED = "never_asked"
    WAITS = "waits"
    ASLEEP = "asleep"
    NO_ANSWER = "no_answer"
    HOUSEHOLD_NO = "household_no"
    NEIGHBOUR_NO = "neighbour_no"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Covered:
    """One community; no name: those who live in none."""

    community_id: int | None
    name: str | None
    households: int
    paired: int


@dataclass(frozen=True, slots=True)
class Unpaired:
    """A household without an active neighbour, by the resident who has been there longest."""

    unit: int
    resident_id: int
    name: str
    community: str | None
    why: Why
    ending: Ending | None


def count_coverage(session: Session, *, actor: Person) -> list[Covered]:
    """Count by community what is the actor's to see; who leads sees figures alone."""
    units = _units(actor).subquery()
    rows = session.all(
        select(
            units.c.community_id,
            community.c.name,
            func.count().label("households"),
            func.sum(case((_is_paired(units.c.unit, units.c.resident_id), 1), else_=0)).label(
                "paired"
            ),
        )
        .outerjoin(community, community.c.id == units.c.community_id)
        .group_by(units.c.community_id, community.c.name, community.c.position)
        .order_by(community.c.position, units.c.community_id)
    )
    return [Covered(row.community_id, row.name, row.households, int(row.paired)) for row in rows]


def list_unpaired(
    session: Session,
    *,
    actor: Person,
    community_id: int | None = None,
    after: int | None = None,
    limit: int = PAGE,
) -> list[Unpaired]:
    """List households without an active neighbour and why; one more than a page shows another."""
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    units = _units(actor).subquery()
    wanted = (
        select(units, person.c.name, community.c.name.label("community"))
        .join(person, person.c.id == units.c.resident_id)
        .outerjoin(community, community.c.id == units.c.community_id)
        .where(~_is_paired(units.c.unit, units.c.resident_id))
        .order_by(units.c.resident_id)
        .limit(limit + 1)
    )
    if community_id is not None:
        wanted = wanted.where(units.c.community_id == community_id)
    if after is not None:
        wanted = wanted.where(units.c.resident_id > after)
    rows = session.all(wanted)
    pairs = session.all(
        select(pair.c.household_id, pair.c.resident_id, pair.c.state, pair.c.ended_reason)
        .where(pair.c.kind == Kind.NEIGHBOUR.value)
        .where(
            or_(
                pair.c.household_id.in_([row.unit for row in rows if row.unit > 0]),
                pair.c.resident_id.in_([row.resident_id for row in rows if row.unit < 0]),
            )
        )
        # What lives says more than what is over, and the newest more than what was before.
        .order_by((pair.c.state == PairState.ENDED.value), pair.c.id.desc())
    )
    return [_unpaired(row, pairs) for row in rows]


def _unpaired(row: Row[Any], pairs: Sequence[Row[Any]]) -> Unpaired:
    last = next(
        (
            one
            for one in pairs
            if one.household_id == row.unit or (row.unit < 0 and one.resident_id == row.resident_id)
        ),
        None,
    )
    ending = Ending(last.ended_reason) if last is not None and last.ended_reason else None
    return Unpaired(
        unit=row.unit,
        resident_id=row.resident_id,
        name=row.name,
        community=row.community,
        why=_why(PairState(last.state) if last is not None else None, ending),
        ending=ending,
    )


def _why(state: PairState | None, ending: Ending | None) -> Why:
    if state is None or ending is Ending.WITHDRAWN:
        return Why.NEVER_ASKED
    if state is PairState.PROPOSED:
        return Why.WAITS
    if state is PairState.DORMANT:
        return Why.ASLEEP
    plain = {
        Ending.NO_ANSWER: Why.NO_ANSWER,
        Ending.RESIDENT_NO: Why.HOUSEHOLD_NO,
        Ending.HELPER_NO: Why.NEIGHBOUR_NO,
    }
    return plain.get(ending, Why.ENDED) if ending is not None else Why.ENDED


def _units(actor: Person) -> Select[Any]:
    """Each household with a registered resident once; the unit of one without is minus their id."""
    unit = func.coalesce(household_member.c.household_id, -person.c.id)
    lives = func.coalesce(func.min(household.c.community_id), func.min(person.c.community_id))
    return (
        select(
            unit.label("unit"),
            lives.label("community_id"),
            func.min(person.c.id).label("resident_id"),
        )
        .join(role, and_(role.c.person_id == person.c.id, role.c.kind == "resident"))
        .outerjoin(household_member, household_member.c.person_id == person.c.id)
        .outerjoin(household, household.c.id == household_member.c.household_id)
        .where(role.c.state == "approved", person.c.merged_into.is_(None))
        .where(seen_communities(actor, person.c.community_id))
        .group_by(unit)
    )


def _is_of(unit: Any, resident_id: Any) -> ColumnElement[bool]:
    return and_(
        pair.c.kind == Kind.NEIGHBOUR.value,
        or_(pair.c.household_id == unit, and_(unit < 0, pair.c.resident_id == resident_id)),
    )


def _is_paired(unit: Any, resident_id: Any) -> ColumnElement[bool]:
    return exists().where(_is_of(unit, resident_id), pair.c.state == PairState.ACTIVE.value)


def ask_for_list(session: Session, *, now: datetime, actor: Person) -> None:
    """Have coverage and the households without a neighbour made into a sheet, for staff."""
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    ask_for_paper(session, now=now, actor=actor, kind="pair_coverage", facts={})


def total_of(found: Sequence[Covered]) -> Covered:
    """All communities together."""
    return Covered(
        None, None, sum(one.households for one in found), sum(one.paired for one in found)
    )
