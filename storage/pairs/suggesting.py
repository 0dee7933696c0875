"""Suggesting neighbours: by nearness and convenience, with the reasons, and nobody's mark.

"就近就利的原则" (2020-116, part 3 (二)). Staff choose; the points are never shown.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select

from storage.apart import apart_from, held_back
from storage.database import Session
from storage.neighbours import list_near
from storage.pairs.checking import list_at_home
from storage.partners import list_spots
from storage.pausing import list_away
from storage.people import Person
from storage.registers import check_staff, find_household, list_profiles, open_profile
from storage.rules.ages import is_minor, read_day
from storage.rules.fields import OPTIONS, Register
from storage.rules.nearness import Nearness, Spot, nearness, read_spot
from storage.rules.pairs import HOUSEHOLDS_AT_MOST, NOT_AGAIN, Kind
from storage.tables import (
    chat,
    claim,
    community,
    household,
    household_member,
    need,
    pair,
    person,
    role,
    volunteer,
    volunteer_profile,
)

SHOWN = 5
# So many of the nearest are looked at closely; ages and languages are sealed or slow to compare.
LOOKED_AT = 24


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A neighbour who could be asked, and why: "near=unit", "helped", "speaks=chongqing"."""

    person_id: int
    name: str
    community: str | None
    nearness: Nearness
    households: int
    by_chat: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    row: Row[Any]
    near: Nearness
    households: int


def suggest_neighbours(
    session: Session, *, now: datetime, actor: Person, resident_id: int
) -> tuple[Suggestion, ...]:
    """Return who could look in on a household, the nearest first; staff who see it may ask."""
    check_staff(session, actor=actor, person_id=resident_id)
    here = list_spots(session, person_ids=[resident_id])[resident_id]
    beside = list_near(session, community_id=here.community_id).neighbours
    barred = _barred(session, resident_id)
    counts = _households(session)
    found = []
    for row in session.all(_volunteers(here.community_id, beside)):
        has = counts.get(row.id, 0)
        if row.id in barred or has >= HOUSEHOLDS_AT_MOST or _is_paused(row, now):
            continue
        found.append(_Candidate(row, nearness(here, _spot(row), beside=beside), has))
    found.sort(key=lambda one: (one.near, one.households, one.row.id))
    return _look_closely(session, found[:LOOKED_AT], now=now, resident_id=resident_id)


def _look_closely(
    session: Session, found: list[_Candidate], *, now: datetime, resident_id: int
) -> tuple[Suggestion, ...]:
    ids = [one.row.id for one in found]
    away = list_away(session, person_ids=ids, now=now) if ids else set()
    born = _born(session, ids)
    today = session.house.local(now).date()
    helped = _helped(session, resident_id)
    speaks = _speaks(session, resident_id)
    suggestions = []
    for one in found:
        who = one.row.id
        day = read_day(born.get(who))
        # Under 18 nobody looks in on a household alone.
        if who in away or (day is not None and is_minor(day, today)):
            continue
        reasons = tuple(_reasons(one, helped=who in helped, speaks=speaks))
        suggestions.append(
            Suggestion(
                person_id=who,
                name=one.row.name,
                community=one.row.community,
                nearness=one.near,
                households=one.households,
                by_chat=one.row.telegram_id is not None and not one.row.closed,
                reasons=reasons,
            )
        )
    # Nearness comes first; whoever speaks alike or was there before comes before the others there.
    suggestions.sort(key=lambda one: (one.nearness, -len(one.reasons), one.households))
    return tuple(suggestions[:SHOWN])


def _reasons(one: _Candidate, *, helped: bool, speaks: frozenset[str]) -> Iterator[str]:
    yield f"near={one.near.name.lower()}"
    if helped:
        yield "helped"
    theirs = set((one.row.languages or "").split(","))
    yield from (f"speaks={language}" for language in sorted(speaks & theirs))
    if {"any_time", "weekday_day"} & set(one.row.times.split(",")):
        yield "daytime"
    if one.households == 0:
        yield "free"


def _volunteers(community_id: int | None, beside: frozenset[int]) -> Select[Any]:
    return (
        select(
            person.c.id,
            person.c.name,
            person.c.community_id,
            person.c.telegram_id,
            community.c.name.label("community"),
            household.c.group_code,
            household.c.community_id.label("home"),
            volunteer.c.times,
            volunteer.c.paused_until,
            volunteer_profile.c.languages,
            chat.c.closed,
        )
        .join(volunteer, volunteer.c.person_id == person.c.id)
        .join(role, role.c.person_id == person.c.id)
        .outerjoin(community, community.c.id == person.c.community_id)
        .outerjoin(volunteer_profile, volunteer_profile.c.person_id == person.c.id)
        .outerjoin(household_member, household_member.c.person_id == person.c.id)
        .outerjoin(household, household.c.id == household_member.c.household_id)
        .outerjoin(chat, chat.c.id == person.c.telegram_id)
        .where(role.c.kind == "volunteer", role.c.state == "approved")
        .where(person.c.merged_into.is_(None))
        .where(person.c.community_id.in_({community_id, *beside} - {None}))
    )


def _spot(row: Row[Any]) -> Spot:
    code = row.group_code or "" if row.home in (None, row.community_id) else ""
    return read_spot(code, row.community_id)


def _is_paused(row: Row[Any], now: datetime) -> bool:
    return row.paused_until is not None and row.paused_until > now


def _barred(session: Session, resident_id: int) -> set[int]:
    """Family, whoever is kept apart, and whoever is asked, paired, or said no already."""
    home = find_household(session, person_id=resident_id)
    theirs = pair.c.resident_id == resident_id
    if home is not None:
        theirs |= pair.c.household_id == home.id
    past = pair.c.ended_reason.in_([one.value for one in NOT_AGAIN])
    paired = select(pair.c.helper_id).where(
        theirs,
        pair.c.kind == Kind.NEIGHBOUR.value,
        pair.c.helper_id.is_not(None),
        (pair.c.state != "ended") | past,
    )
    return {
        resident_id,
        *list_at_home(session, resident_id=resident_id),
        *apart_from(session, resident_id),
        *held_back(session),
        *session.execute(paired).scalars(),
    }


def _households(session: Session) -> dict[int, int]:
    counted = (
        select(pair.c.helper_id, func.count(pair.c.household_id.distinct()).label("number"))
        .where(pair.c.kind == Kind.NEIGHBOUR.value, pair.c.state != "ended")
        .where(pair.c.helper_id.is_not(None))
        .group_by(pair.c.helper_id)
    )
    return {row.helper_id: int(row.number) for row in session.all(counted)}


def _born(session: Session, ids: list[int]) -> Mapping[int, object]:
    theirs = list_profiles(session, person_ids=ids)
    profiles = list_profiles(session, person_ids=ids, register=Register.VOLUNTEER)
    return {
        who: profiles.get(who, {}).get("born_on") or theirs.get(who, {}).get("born_on")
        for who in ids
    }


def _helped(session: Session, resident_id: int) -> set[int]:
    done = (
        select(claim.c.volunteer_id)
        .join(need, need.c.id == claim.c.need_id)
        .where(need.c.resident_id == resident_id, claim.c.state == "confirmed")
    )
    return set(session.execute(done).scalars())


def _speaks(session: Session, resident_id: int) -> frozenset[str]:
    """The languages in which the register says the resident is best spoken to."""
    profile = open_profile(session, person_id=resident_id)
    said = str(profile.get("dialect") or "").casefold()
    ways = profile.get("communication")
    found = {
        one.key
        for one in OPTIONS["languages"]
        if one.key != "other"
        and any(word.casefold() in said for word in (one.zh, one.en, *one.aliases))
    }
    if isinstance(ways, list) and "sign_language" in ways:
        found.add("sign_language")
    return frozenset(found)
