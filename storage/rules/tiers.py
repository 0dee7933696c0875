"""How closely somebody is looked after: the tier of a call plan and of the ladder behind it.

民政部等十部门 (2022) asks for visits by risk; a regional rule for weekly, monthly, quarterly ones.
The numbers are data (data/tiers.toml).
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from storage.rules.certificate import DisabilityCategory
from storage.rules.rhythm import Every


class Tier(StrEnum):
    """A: alone and severe, or a recent major change; B: other severe; C: everybody else."""

    A = "a"
    B = "b"
    C = "c"


class RoundKind(StrEnum):
    """Why more calls are made for a time."""

    HEAT = "heat"
    COLD = "cold"
    STORM = "storm"
    FESTIVAL = "festival"


class Channel(StrEnum):
    """How somebody is greeted."""

    PHONE = "phone"
    TEXT = "text"
    VIDEO = "video"
    VISIT = "visit"


@dataclass(frozen=True, slots=True)
class Change:
    """What a grave change asks for."""

    tier: Tier
    days: int
    visit_hours: int


@dataclass(frozen=True, slots=True)
class Known:
    """What the register knows of somebody's risk; what it does not know raises nobody."""

    severe: bool = False
    alone: bool = False
    spouse_severe: bool = False
    old: bool = False
    several: bool = False
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A tier with its reason, for staff who choose."""

    tier: Tier
    reason: str


_DATA: Mapping[str, Any] = tomllib.loads(
    files("storage.rules").joinpath("data", "tiers.toml").read_text(encoding="utf-8")
)
EVERY: Mapping[Tier, tuple[Every, ...]] = MappingProxyType(
    {tier: tuple(map(Every, _DATA["tier"][tier]["every"])) for tier in Tier}
)
LONGEST_GAP: Mapping[Tier, int] = MappingProxyType(
    {tier: int(_DATA["tier"][tier]["longest_gap"]) for tier in Tier}
)
CHANGES: Mapping[str, Change] = MappingProxyType(
    {
        key: Change(Tier(row["tier"]), int(row["days"]), int(row["visit_hours"]))
        for key, row in _DATA["change"].items()
    }
)
WEATHER = (RoundKind.HEAT, RoundKind.COLD, RoundKind.STORM)
# As a case keeps it: see rules/ladder.py.
VISIT_LADDER: str = json.dumps(_DATA["visit"])
# Whoever is asked to stand behind a caller and does not answer is not waited for any longer.
ANSWER_WITHIN = timedelta(days=_DATA["stand_in"]["answer_days"])
PROPOSED_BEFORE: int = _DATA["festival"]["proposed_before"]
FESTIVALS_BY_DATE: tuple[str, ...] = tuple(_DATA["festival"]["by_date"])
LUNAR: Mapping[str, tuple[date, ...]] = MappingProxyType(
    {key: tuple(map(date.fromisoformat, days)) for key, days in _DATA["festival"]["lunar"].items()}
)
# Whoever may not hear or speak is never phoned.
_NOT_PHONED = frozenset({DisabilityCategory.HEARING, DisabilityCategory.SPEECH})


def calls_a_week(kind: RoundKind, tier: Tier) -> int:
    """How many calls a week an extra round asks for."""
    return int(_DATA["round"][kind][tier])


def suggest_tier(known: Known) -> Suggestion:
    """The tier that what is known asks for, by its gravest reason."""
    reasons = (
        (Tier.A, "changed", known.changed),
        (Tier.A, "alone_severe", known.alone and known.severe),
        (Tier.A, "both_severe", known.severe and known.spouse_severe),
        (Tier.B, "severe", known.severe),
        (Tier.B, "old", known.old),
        (Tier.B, "several", known.several),
    )
    found = ((tier, reason) for tier, reason, holds in reasons if holds)
    return Suggestion(*next(found, (Tier.C, "other")))


def tier_on(day: date, *, tier: str, raised_to: str | None, raised_until: date | None) -> Tier:
    """The tier that counts on a day: the raised one until its end."""
    if raised_to is not None and raised_until is not None and day <= raised_until:
        return Tier(raised_to)
    return Tier(tier)


def may_be_phoned(categories: frozenset[DisabilityCategory]) -> bool:
    """Whether a phone call can reach somebody with these disabilities."""
    return not categories & _NOT_PHONED


def may_leave_out(tier: Tier, *, seen: date, following: date) -> bool:
    """Whether a routine call may be left out because somebody saw the person.

    Never beyond the tier's rule: the call after it comes no later than the longest gap allows.
    """
    return (following - seen).days <= LONGEST_GAP[tier]
