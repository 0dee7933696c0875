"""Whom a need is brought to, and why: named parts with points, and what always stands against it.

Programme document 2020-116, part 3: "精准化、个性化志愿服务". Each match keeps its reasons; the
points order people for one need and are never shown, nor kept as a mark of a person.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from storage.rules.areas import Category, Urgency, VolunteerMay
from storage.rules.skills import Skill, TimeSlot, has_skill_for, is_free
from storage.rules.waves import Reach, Wave
from storage.rules.weights import WEIGHTS, Part, Weights

# Either will do when only a day was said.
DAY_AND_EVENING = (10, 19)

Parts = tuple[tuple[Part, int], ...]


class Stop(StrEnum):
    """Why somebody is not asked; the order is that in which they are told."""

    NOT_APPROVED = "not_approved"
    OWN_HOUSEHOLD = "own_household"
    KEPT_APART = "kept_apart"
    HAS_A_PLACE = "has_a_place"
    SAID_NO = "said_no"
    ASKED_BEFORE = "asked_before"
    PAUSED = "paused"
    CHAT_CLOSED = "chat_closed"
    KIND_OFF = "kind_off"
    NOT_FOR_VOLUNTEERS = "not_for_volunteers"
    NO_SKILL = "no_skill"
    NOT_QUALIFIED = "not_qualified"
    TOO_YOUNG = "too_young"
    GUARDIAN_MUST_AGREE = "guardian_must_agree"
    OVER_LIMIT = "over_limit"
    # Not in this wave; perhaps in a later one.
    OTHER_COMMUNITY = "other_community"
    SKILL_NOT_TICKED = "skill_not_ticked"
    NOT_FREE_THEN = "not_free_then"
    ASKED_OFTEN = "asked_often"
    COORDINATOR_HAS_IT = "coordinator_has_it"


# Not a no for good: a later wave may bring the need to them.
LATER = frozenset(
    {
        Stop.OTHER_COMMUNITY,
        Stop.SKILL_NOT_TICKED,
        Stop.NOT_FREE_THEN,
        Stop.ASKED_OFTEN,
        Stop.COORDINATOR_HAS_IT,
    }
)


@dataclass(frozen=True, slots=True)
class Helper:
    """What matching knows of a volunteer; ``barred`` is what the register itself says."""

    person_id: int
    community_id: int | None
    skills: frozenset[Skill]
    slots: frozenset[TimeSlot]
    barred: frozenset[Stop] = frozenset()
    group: str = ""
    languages: frozenset[str] = frozenset()
    sex: str | None = None
    minor: bool = False
    guardian_agrees: bool = False
    qualified: bool = False
    helped_before: bool = False
    phones_them: bool = False
    same_organisation: bool = False
    newcomer: bool = False
    active_claims: int = 0
    claim_limit: int = 3
    recent_offers: int = 0
    last_offered_at: datetime | None = None
    last_visit_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the resident would like: no more than that, so it only weighs."""

    sex: str | None = None
    languages: frozenset[str] = frozenset()
    same_helper: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What matching knows of a need; ``wanted_local`` is when it is wished for, if said."""

    category: Category
    urgency: Urgency
    community_id: int | None
    group: str = ""
    neighbours: frozenset[int] = frozenset()
    # Communities below the same organisation, for want of a table of neighbours.
    siblings: frozenset[int] = frozenset()
    wanted_local: datetime | None = None
    # Only a day was said.
    any_hour: bool = False
    wishes: Wishes = Wishes()
    may: VolunteerMay = VolunteerMay.YES
    needs_paper: bool = False
    risky: bool = False
    minors: bool = True
    small: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """Somebody and a need: what stands against asking them now, or the parts that speak for it."""

    helper: Helper
    stops: tuple[Stop, ...]
    parts: Parts = ()

    @property
    def points(self) -> int:
        """What the parts come to."""
        return sum(points for _, points in self.parts)


def find_stops(helper: Helper, wanted: Wanted) -> tuple[Stop, ...]:
    """What rules somebody out of this need, whatever wave it is."""
    minor = helper.minor
    against = (
        (wanted.may is VolunteerMay.NO, Stop.NOT_FOR_VOLUNTEERS),
        (
            wanted.may is VolunteerMay.WITH_SKILL
            and not has_skill_for(helper.skills, wanted.category),
            Stop.NO_SKILL,
        ),
        (wanted.needs_paper and not helper.qualified, Stop.NOT_QUALIFIED),
        # Under 18 only what suits them, and never alone where the visit is marked risky.
        (minor and (wanted.risky or not wanted.minors), Stop.TOO_YOUNG),
        (minor and not helper.guardian_agrees, Stop.GUARDIAN_MUST_AGREE),
        (helper.active_claims >= helper.claim_limit, Stop.OVER_LIMIT),
    )
    found = helper.barred | {stop for holds, stop in against if holds}
    return tuple(stop for stop in Stop if stop in found)


def find_stops_now(
    helper: Helper, wanted: Wanted, wave: Wave, now: datetime, weights: Weights = WEIGHTS
) -> tuple[Stop, ...]:
    """What stands against bringing the need to somebody with this wave."""
    first = wave.reach is Reach.NEAR_WITH_SKILL
    far = wave.reach is not Reach.ANYWHERE
    near = wanted.community_id is not None and helper.community_id == wanted.community_id
    against = (
        (far and not near, Stop.OTHER_COMMUNITY),
        (first and not has_skill_for(helper.skills, wanted.category), Stop.SKILL_NOT_TICKED),
        (first and not is_free_then(helper, wanted, now), Stop.NOT_FREE_THEN),
        (far and helper.recent_offers >= weights.often_offers, Stop.ASKED_OFTEN),
        (wave.is_last, Stop.COORDINATOR_HAS_IT),
    )
    return (*find_stops(helper, wanted), *(stop for holds, stop in against if holds))


def is_free_then(helper: Helper, wanted: Wanted, now: datetime) -> bool:
    """Whether somebody is usually free at the wished time; ``now`` is local."""
    if wanted.wanted_local is not None:
        hours = DAY_AND_EVENING if wanted.any_hour else (wanted.wanted_local.hour,)
        return any(is_free(helper.slots, wanted.wanted_local.replace(hour=one)) for one in hours)
    # Without a wished time only an urgent need is about this very hour.
    urgent = wanted.urgency in (Urgency.U0, Urgency.U1)
    return not urgent or is_free(helper.slots, now)


def weigh(helper: Helper, wanted: Wanted, now: datetime, weights: Weights = WEIGHTS) -> Parts:
    """The named parts, the weightiest first; ``now`` is local."""
    wishes = wanted.wishes
    before = helper.helped_before
    near = _nearness(helper, wanted)
    speaks_for = (
        (near is not None, near),
        (before and wishes.same_helper, Part.WISHED_BACK),
        (before, Part.HELPED_BEFORE),
        (helper.phones_them, Part.PHONES_THEM),
        (helper.same_organisation, Part.SAME_ORGANISATION),
        (has_skill_for(helper.skills, wanted.category), Part.HAS_SKILL),
        (helper.qualified, Part.QUALIFIED),
        (is_free_then(helper, wanted, now), Part.FREE_THEN),
        (_speaks(helper, wishes), Part.SPEAKS),
        (wishes.sex is not None and helper.sex == wishes.sex, Part.WISHED_SEX),
        (wanted.small and helper.newcomer, Part.NEWCOMER),
        (helper.active_claims == 0, Part.HANDS_FREE),
        (_rests(helper, now, weights.rest), Part.RESTS_AFTER_VISIT),
        (helper.recent_offers >= weights.often_offers, Part.ASKED_OFTEN),
    )
    points = weights.points
    parts = [(part, points[part]) for holds, part in speaks_for if holds and part is not None]
    if helper.active_claims:
        parts.append((Part.EACH_TASK, points[Part.EACH_TASK] * helper.active_claims))
    turn = _turn(helper, now, most=points[Part.LONG_NOT_ASKED])
    if turn:
        parts.append((Part.LONG_NOT_ASKED, turn))
    parts.sort(key=lambda one: -one[1])
    return tuple(parts)


def _nearness(helper: Helper, wanted: Wanted) -> Part | None:
    home = helper.community_id
    if home is None or wanted.community_id is None:
        return None
    if home == wanted.community_id:
        same = wanted.group != "" and helper.group == wanted.group
        return Part.SAME_GROUP if same else Part.SAME_COMMUNITY
    if home in wanted.neighbours:
        return Part.NEXT_COMMUNITY
    return Part.SAME_PARENT if home in wanted.siblings else None


def _speaks(helper: Helper, wishes: Wishes) -> bool:
    known = helper.languages
    if Skill.SIGN_LANGUAGE in helper.skills:
        known |= {Skill.SIGN_LANGUAGE.value}
    return bool(wishes.languages & known)


def _rests(helper: Helper, now: datetime, rest: timedelta) -> bool:
    return helper.last_visit_at is not None and now - helper.last_visit_at < rest


def _turn(helper: Helper, now: datetime, *, most: int) -> int:
    """A point for each day since the last offer; whoever was never asked has waited longest."""
    if helper.last_offered_at is None:
        return most
    return max(0, min(most, (now - helper.last_offered_at).days))


def match(
    helper: Helper, wanted: Wanted, wave: Wave, now: datetime, weights: Weights = WEIGHTS
) -> Match:
    """Somebody and a need, with the reasons for asking them in this wave or against it."""
    stops = find_stops_now(helper, wanted, wave, now, weights)
    return Match(helper, stops, () if stops else weigh(helper, wanted, now, weights))


def rank(
    helpers: Iterable[Helper], wanted: Wanted, now: datetime, weights: Weights = WEIGHTS
) -> list[Match]:
    """All of them, the best match first; of equals who has waited longest for a turn."""
    found = [Match(one, (), weigh(one, wanted, now, weights)) for one in helpers]
    found.sort(key=_order)
    return found


def _order(one: Match) -> tuple[int, float, int]:
    offered = one.helper.last_offered_at
    last = offered.timestamp() if offered is not None else float("-inf")
    return (-one.points, last, one.helper.person_id)


def write_parts(parts: Parts) -> str:
    """The parts as the offer keeps them: "same_group:50,has_skill:30"."""
    return ",".join(f"{part.value}:{points}" for part, points in parts)


def read_parts(text: str) -> list[Part]:
    """The parts an offer was made for; also of old offers, which kept no points."""
    known = {part.value: part for part in Part}
    keys = (one.partition(":")[0] for one in text.split(","))
    return [known[key] for key in keys if key in known]


# What a volunteer is told: nothing from which they could guess who it is before they said yes.
TOLD = (
    Part.HAS_SKILL,
    Part.QUALIFIED,
    Part.SPEAKS,
    Part.SAME_GROUP,
    Part.SAME_COMMUNITY,
    Part.NEXT_COMMUNITY,
    Part.FREE_THEN,
    Part.NEWCOMER,
)
TOLD_AT_MOST = 2


def why_you(parts: Sequence[Part]) -> list[Part]:
    """The one or two reasons that a volunteer reads on the card."""
    return [part for part in TOLD if part in parts][:TOLD_AT_MOST]
