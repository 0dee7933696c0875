"""Whom a need is brought to, and why: named parts with points, and what always stands against it.

Programme document 2020-116, part 3: "精准化、个性化志愿服务". Each match keeps its reasons; the
points order people for one need and are never shown, nor kept as a mark of a person.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

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
    found = set(helper.barred)
    if wanted.may is VolunteerMay.NO:
        found.add(Stop.NOT_FOR_VOLUNTEERS)
    if wanted.may is VolunteerMay.WITH_SKILL and not _skilled(helper.skills, wanted.category):
        found.add(Stop.NO_SKILL)
    if wanted.needs_paper and not helper.qualified:
        found.add(Stop.NOT_QUALIFIED)
    # Under 18 only what suits them, and never alone where the visit is marked risky.
    if minor and (wanted.risky or not wanted.minors):
        found.add(Stop.TOO_YOUNG)
    if minor and not helper.guardian_agrees:
        found.add(Stop.GUARDIAN_MUST_AGREE)
    if helper.active_claims >= helper.claim_limit:
        found.add(Stop.OVER_LIMIT)
    return tuple(stop for stop in Stop if stop in found) if found else ()


def find_stops_now(
    helper: Helper, wanted: Wanted, wave: Wave, now: datetime, weights: Weights = WEIGHTS
) -> tuple[Stop, ...]:
    """What stands against bringing the need to somebody with this wave."""
    stops = find_stops(helper, wanted)
    if wave.reach is not Reach.ANYWHERE:
        if wanted.community_id is None or helper.community_id != wanted.community_id:
            stops += (Stop.OTHER_COMMUNITY,)
        if helper.recent_offers >= weights.often_offers:
            stops += (Stop.ASKED_OFTEN,)
    if wave.reach is Reach.NEAR_WITH_SKILL:
        if not _skilled(helper.skills, wanted.category):
            stops += (Stop.SKILL_NOT_TICKED,)
        if not is_free_then(helper, wanted, now):
            stops += (Stop.NOT_FREE_THEN,)
    return (*stops, Stop.COORDINATOR_HAS_IT) if wave.is_last else stops


# Many people have the same skills and times: each combination is looked up once.
_skilled = lru_cache(maxsize=4096)(has_skill_for)


def is_free_then(helper: Helper, wanted: Wanted, now: datetime) -> bool:
    """Whether somebody is usually free at the wished time; ``now`` is local."""
    moment = wanted.wanted_local
    if moment is not None:
        hours = DAY_AND_EVENING if wanted.any_hour else (moment.hour,)
        return any(is_free(helper.slots, moment.replace(hour=one)) for one in hours)
    # Without a wished time only an urgent need is about this very hour.
    urgent = wanted.urgency in (Urgency.U0, Urgency.U1)
    return not urgent or is_free(helper.slots, now)


def weigh(helper: Helper, wanted: Wanted, now: datetime, weights: Weights = WEIGHTS) -> Parts:
    """The named parts, the weightiest first; ``now`` is local."""
    return tuple(sorted(_parts(helper, wanted, now, weights), key=_weight))


def _parts(
    helper: Helper, wanted: Wanted, now: datetime, weights: Weights
) -> Iterator[tuple[Part, int]]:
    points = weights.points
    for part in _who_they_are(helper, wanted):
        yield part, points[part]
    for part in _what_suits(helper, wanted, now):
        yield part, points[part]
    if helper.active_claims:
        yield Part.EACH_TASK, points[Part.EACH_TASK] * helper.active_claims
    else:
        yield Part.HANDS_FREE, points[Part.HANDS_FREE]
    turn = _turn(helper, now, most=points[Part.LONG_NOT_ASKED])
    if turn:
        yield Part.LONG_NOT_ASKED, turn
    visited = helper.last_visit_at
    if visited is not None and now - visited < weights.rest:
        yield Part.RESTS_AFTER_VISIT, points[Part.RESTS_AFTER_VISIT]
    if helper.recent_offers >= weights.often_offers:
        yield Part.ASKED_OFTEN, points[Part.ASKED_OFTEN]


def _weight(one: tuple[Part, int]) -> int:
    return -one[1]


def _who_they_are(helper: Helper, wanted: Wanted) -> Iterator[Part]:
    """How near they live, and how well they know each other."""
    home = helper.community_id
    if home is None or wanted.community_id is None:
        pass
    elif home == wanted.community_id:
        same = wanted.group != "" and helper.group == wanted.group
        yield Part.SAME_GROUP if same else Part.SAME_COMMUNITY
    elif home in wanted.neighbours:
        yield Part.NEXT_COMMUNITY
    elif home in wanted.siblings:
        yield Part.SAME_PARENT
    if helper.helped_before:
        yield Part.HELPED_BEFORE
        if wanted.wishes.same_helper:
            yield Part.WISHED_BACK
    if helper.phones_them:
        yield Part.PHONES_THEM
    if helper.same_organisation:
        yield Part.SAME_ORGANISATION


def _what_suits(helper: Helper, wanted: Wanted, now: datetime) -> Iterator[Part]:
    """What they can do, when, and what of it was wished for."""
    wishes = wanted.wishes
    if _skilled(helper.skills, wanted.category):
        yield Part.HAS_SKILL
    if helper.qualified:
        yield Part.QUALIFIED
    if is_free_then(helper, wanted, now):
        yield Part.FREE_THEN
    if wishes.languages and _speaks(helper, wishes):
        yield Part.SPEAKS
    if wishes.sex is not None and helper.sex == wishes.sex:
        yield Part.WISHED_SEX
    if wanted.small and helper.newcomer:
        yield Part.NEWCOMER


def _speaks(helper: Helper, wishes: Wishes) -> bool:
    known = helper.languages
    if Skill.SIGN_LANGUAGE in helper.skills:
        known |= {Skill.SIGN_LANGUAGE.value}
    return bool(wishes.languages & known)


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


_NEVER = float("-inf")


def rank(
    helpers: Iterable[Helper], wanted: Wanted, now: datetime, weights: Weights = WEIGHTS
) -> list[Helper]:
    """All of them, the best match first; of equals who has waited longest for a turn.

    Only the sum is kept of each: the parts are named for the few who are asked.
    """

    def order(one: Helper) -> tuple[int, float, int]:
        offered = one.last_offered_at
        last = offered.timestamp() if offered is not None else _NEVER
        points = sum(points for _, points in _parts(one, wanted, now, weights))
        return (-points, last, one.person_id)

    return sorted(helpers, key=order)


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
