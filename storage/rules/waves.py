"""How offers widen when nobody takes a need, and who may be offered it.

Programme document 2020-116, part 3: "需求在哪里，志愿服务就跟进在哪里", and the nearest first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from storage.rules.areas import CATEGORIES, Category, Urgency, VolunteerMay
from storage.rules.skills import Skill, TimeSlot, has_skill_for, is_free, suits


class Reach(StrEnum):
    """How far a wave reaches; the last step is a person who must decide."""

    NEAR_WITH_SKILL = "near_with_skill"
    NEAR = "near"
    ANYWHERE = "anywhere"
    COORDINATOR = "coordinator"


@dataclass(frozen=True, slots=True)
class Wave:
    """One wave: how long after the one before, who, and how many people at most."""

    number: int
    after: timedelta
    reach: Reach
    at_most: int

    @property
    def is_last(self) -> bool:
        """Whether the coordinator has the need from here on."""
        return self.reach is Reach.COORDINATOR


def _waves(*steps: tuple[int, Reach, int]) -> tuple[Wave, ...]:
    return tuple(
        Wave(number=number, after=timedelta(minutes=minutes), reach=reach, at_most=at_most)
        for number, (minutes, reach, at_most) in enumerate(steps, start=1)
    )


_HOUR, _DAY = 60, 24 * 60

# Minutes after the previous wave (the first: after the need was sent), reach, people at most.
# Danger to life is not a volunteer's task to find: U0 goes to a person on duty at once.
WAVES = MappingProxyType(
    {
        Urgency.U0: _waves((0, Reach.COORDINATOR, 0)),
        Urgency.U1: _waves(
            (0, Reach.NEAR_WITH_SKILL, 10),
            (10, Reach.NEAR, 20),
            (20, Reach.ANYWHERE, 30),
            (30, Reach.COORDINATOR, 0),
        ),
        Urgency.U2: _waves(
            (0, Reach.NEAR_WITH_SKILL, 5),
            (4 * _HOUR, Reach.NEAR, 10),
            (20 * _HOUR, Reach.ANYWHERE, 20),
            (_DAY, Reach.COORDINATOR, 0),
        ),
        Urgency.U3: _waves(
            (0, Reach.NEAR_WITH_SKILL, 5),
            (_DAY, Reach.NEAR, 10),
            (2 * _DAY, Reach.ANYWHERE, 20),
            (4 * _DAY, Reach.COORDINATOR, 0),
        ),
    }
)


def next_wave(urgency: Urgency, wave: int, category: Category | None = None) -> Wave | None:
    """The wave after number `wave` (0: none yet); None after the coordinator has it.

    A category that no volunteer may take on goes to the coordinator at once.
    """
    steps = WAVES[urgency]
    if category is not None and CATEGORIES[category].volunteer_may is VolunteerMay.NO:
        steps = WAVES[Urgency.U0]
    return steps[wave] if 0 <= wave < len(steps) else None


class Reason(StrEnum):
    """Why somebody is offered a need, or is not."""

    SAME_COMMUNITY = "same_community"
    HAS_SKILL = "has_skill"
    FREE_THEN = "free_then"
    NOT_APPROVED = "not_approved"
    PAUSED = "paused"
    OWN_HOUSEHOLD = "own_household"
    ASKED_BEFORE = "asked_before"
    OVER_LIMIT = "over_limit"
    NO_SKILL = "no_skill"
    OTHER_COMMUNITY = "other_community"
    NOT_FREE_THEN = "not_free_then"
    COORDINATOR_HAS_IT = "coordinator_has_it"


@dataclass(frozen=True, slots=True)
class VolunteerFacts:
    """What matching knows of a volunteer."""

    person_id: int
    community_id: int
    skills: frozenset[Skill]
    slots: frozenset[TimeSlot]
    approved: bool = True
    paused: bool = False
    active_claims: int = 0
    claim_limit: int = 3
    asked_before: bool = False
    own_household: bool = False
    last_offered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NeedFacts:
    """What matching knows of a need; `wanted_local` is when it is wished for, if said."""

    category: Category
    community_id: int
    urgency: Urgency
    wanted_local: datetime | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """Whether somebody may be offered a need, with the reasons for it or against it."""

    fits: bool
    reasons: tuple[Reason, ...]

    def __bool__(self) -> bool:
        return self.fits


def may_be_offered(
    volunteer: VolunteerFacts, need: NeedFacts, wave: Wave, now_local: datetime
) -> Match:
    """Whether this wave may bring this need to this volunteer."""
    near = volunteer.community_id == need.community_id
    skilled = has_skill_for(volunteer.skills, need.category)
    free = _is_free(volunteer, need, now_local)
    first = wave.reach is Reach.NEAR_WITH_SKILL
    against = (
        (wave.is_last, Reason.COORDINATOR_HAS_IT),
        (not volunteer.approved, Reason.NOT_APPROVED),
        (volunteer.paused, Reason.PAUSED),
        (volunteer.own_household, Reason.OWN_HOUSEHOLD),
        (volunteer.asked_before, Reason.ASKED_BEFORE),
        (volunteer.active_claims >= volunteer.claim_limit, Reason.OVER_LIMIT),
        (not near and wave.reach is not Reach.ANYWHERE, Reason.OTHER_COMMUNITY),
        (not suits(volunteer.skills, need.category) or (first and not skilled), Reason.NO_SKILL),
        (first and not free, Reason.NOT_FREE_THEN),
    )
    failed = tuple(reason for holds, reason in against if holds)
    if failed:
        return Match(fits=False, reasons=failed)
    speaks_for = (
        (near, Reason.SAME_COMMUNITY),
        (skilled, Reason.HAS_SKILL),
        (free, Reason.FREE_THEN),
    )
    return Match(fits=True, reasons=tuple(reason for holds, reason in speaks_for if holds))


def _is_free(volunteer: VolunteerFacts, need: NeedFacts, now_local: datetime) -> bool:
    if need.wanted_local is not None:
        return is_free(volunteer.slots, need.wanted_local)
    # Without a wished time only an urgent need is about this very hour.
    return need.urgency not in (Urgency.U0, Urgency.U1) or is_free(volunteer.slots, now_local)


def choose(
    volunteers: Iterable[VolunteerFacts], need: NeedFacts, wave: Wave, now_local: datetime
) -> tuple[tuple[VolunteerFacts, Match], ...]:
    """Those whom the wave reaches: best match first, then who has least and waited longest."""
    matches = ((person, may_be_offered(person, need, wave, now_local)) for person in volunteers)
    fitting = [(person, match) for person, match in matches if match]
    fitting.sort(key=lambda pair: _order(*pair))
    return tuple(fitting[: wave.at_most])


def _order(volunteer: VolunteerFacts, match: Match) -> tuple[int, int, float, int]:
    offered = volunteer.last_offered_at
    last = offered.timestamp() if offered is not None else float("-inf")
    return (-len(match.reasons), volunteer.active_claims, last, volunteer.person_id)
