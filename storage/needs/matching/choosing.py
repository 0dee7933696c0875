"""Whom a need is brought to, and why them: the rules asked about the volunteers as they are now."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from storage.categories import rule_of
from storage.database import Session
from storage.needs.cards import NeedCard
from storage.needs.matching.candidates import count_stops, list_helpers, with_profiles
from storage.needs.matching.wishes import read_wishes
from storage.neighbours import list_near
from storage.rules.areas import VolunteerMay
from storage.rules.matching import (
    Helper,
    Match,
    Parts,
    Stop,
    Wanted,
    find_stops,
    find_stops_now,
    rank,
    weigh,
)
from storage.rules.skills import suits
from storage.rules.waves import Reach, Wave
from storage.tables import community, household, household_member, person

ASSIGNABLE_AT_MOST = 20
# How many profiles are opened at once; most needs are served by the first lot.
LOT = 40

_GROUP_OF = (
    select(household.c.group_code)
    .join(household_member, household_member.c.household_id == household.c.id)
    .where(household_member.c.person_id == bindparam("who"))
)

# What a coordinator's own judgement may set aside: they know the people.
MAY_BE_JUDGED = frozenset({Stop.NO_SKILL, Stop.NOT_FOR_VOLUNTEERS, Stop.ASKED_BEFORE, Stop.SAID_NO})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A volunteer whom a coordinator may ask in person, with what speaks for them."""

    person_id: int
    name: str
    community: str | None
    tasks: int
    suits: bool
    parts: Parts = ()


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whom a wave reaches, the best match first, and how many it passes over for which reason."""

    matches: Sequence[Match]
    passed_over: Counter[Stop]


@dataclass(frozen=True, slots=True)
class Sought:
    """What a need asks of whoever comes, and the paper they must hold, if any."""

    wanted: Wanted
    paper: str | None


def what_is_sought(session: Session, card: NeedCard, *, now: datetime) -> Sought:
    """Put together what matching has to know of a need."""
    rule = rule_of(session, card.category)
    wishes = read_wishes(session, card)
    near = list_near(session, community_id=card.community_id)
    group = wishes.group or session.execute(_GROUP_OF, {"who": card.resident_id}).scalar() or ""
    house = session.house
    wanted = Wanted(
        category=card.category,
        urgency=card.urgency,
        community_id=card.community_id,
        group=group,
        neighbours=near.neighbours,
        siblings=near.siblings,
        wanted_local=house.local(wishes.wanted_at) if wishes.wanted_at else None,
        any_hour=not wishes.hours,
        wishes=wishes.wishes,
        may=rule.volunteer_may,
        # Where anybody may go, a paper only speaks for somebody; it is no condition.
        needs_paper=rule.qualification is not None and rule.volunteer_may is not VolunteerMay.YES,
        risky=rule.risky,
        minors=rule.minors,
        small=card.small,
    )
    return Sought(wanted, rule.qualification)


def choose_volunteers(
    session: Session, card: NeedCard, *, wave: Wave, sought: Sought, moment: datetime, now: datetime
) -> Chosen:
    """Return whom the wave reaches. ``moment``: when its offers may go out."""
    near = None if wave.reach is Reach.ANYWHERE else card.community_id
    if near is None and wave.reach is not Reach.ANYWHERE:
        return Chosen((), Counter())
    wanted, local = sought.wanted, session.house.local(moment)
    helpers = list_helpers(session, card, wanted=wanted, paper=sought.paper, now=now, near=near)
    if wanted.wishes.sex is not None:
        helpers = list(with_profiles(session, helpers, now=now).values())
    stops = {one.person_id: find_stops_now(one, wanted, wave, local) for one in helpers}
    passed_over = count_stops(stops.values())
    ranked = rank([one for one in helpers if not stops[one.person_id]], wanted, local)
    chosen: list[Match] = []
    for first in range(0, len(ranked), LOT):
        lot = ranked[first : first + LOT]
        for one in with_profiles(session, lot, now=now).values():
            young = find_stops(one, wanted)
            if young:
                passed_over[young[0]] += 1
            elif len(chosen) < wave.at_most:
                chosen.append(Match(one, (), weigh(one, wanted, local)))
        if len(chosen) == wave.at_most:
            break
    return Chosen(chosen, passed_over)


def list_candidates(session: Session, card: NeedCard, *, now: datetime) -> Sequence[Candidate]:
    """Return whom a coordinator may ask: the coordinator judges, so a missing skill is shown,
    not refused, and so is an earlier no to this need.
    """
    sought = what_is_sought(session, card, now=now)
    local = session.house.local(now)
    helpers = list_helpers(session, card, wanted=sought.wanted, paper=sought.paper, now=now)
    fit = [one for one in helpers if not stops_for_good(one, sought.wanted)]
    ranked = rank(fit, sought.wanted, local)
    ranked.sort(key=_lately_no)
    found: list[Helper] = []
    for first in range(0, len(ranked), LOT):
        lot = ranked[first : first + LOT]
        opened = with_profiles(session, lot, now=now).values()
        found += [one for one in opened if not stops_for_good(one, sought.wanted)]
        if len(found) >= ASSIGNABLE_AT_MOST:
            break
    return with_names(session, found[:ASSIGNABLE_AT_MOST], card, sought=sought, now=now)


def stops_for_good(helper: Helper, wanted: Wanted) -> list[Stop]:
    """What no coordinator's judgement sets aside."""
    return [stop for stop in find_stops(helper, wanted) if stop not in MAY_BE_JUDGED]


def _lately_no(helper: Helper) -> bool:
    return bool(helper.barred & MAY_BE_JUDGED)


def with_names(
    session: Session, found: Sequence[Helper], card: NeedCard, *, sought: Sought, now: datetime
) -> list[Candidate]:
    """The same people with what a coordinator sees of them, in the same order."""
    rows = session.all(
        select(person.c.id, person.c.name, community.c.name.label("community"))
        .outerjoin(community, community.c.id == person.c.community_id)
        .where(person.c.id.in_([one.person_id for one in found]))
    )
    names = {row.id: row for row in rows}
    local = session.house.local(now)
    return [
        Candidate(
            person_id=one.person_id,
            name=names[one.person_id].name,
            community=names[one.person_id].community,
            tasks=one.active_claims,
            suits=suits(one.skills, card.category, sought.wanted.may),
            parts=weigh(one, sought.wanted, local),
        )
        for one in found
    ]


def find_match(session: Session, card: NeedCard, *, volunteer_id: int, now: datetime) -> Match:
    """One named volunteer and this need: what stands against asking them, or for it."""
    sought = what_is_sought(session, card, now=now)
    local = session.house.local(now)
    helpers = list_helpers(
        session, card, wanted=sought.wanted, paper=sought.paper, now=now, among=[volunteer_id]
    )
    if not helpers:
        stranger = Helper(volunteer_id, None, frozenset(), frozenset())
        return Match(stranger, (Stop.NOT_APPROVED,))
    helper = with_profiles(session, helpers, now=now)[volunteer_id]
    return Match(helper, find_stops(helper, sought.wanted), weigh(helper, sought.wanted, local))


def is_willing(session: Session, card: NeedCard, *, volunteer_id: int, now: datetime) -> bool:
    """Whether a coordinator may ask this volunteer now."""
    stops = find_match(session, card, volunteer_id=volunteer_id, now=now).stops
    return all(stop in MAY_BE_JUDGED for stop in stops)
