"""What each reason weighs when volunteers are ranked: read from a data file the office can read."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from storage.rules.areas import Urgency


class Part(StrEnum):
    """One named thing that speaks for somebody, or for asking others first."""

    SAME_GROUP = "same_group"
    SAME_COMMUNITY = "same_community"
    NEXT_COMMUNITY = "next_community"
    SAME_PARENT = "same_parent"
    WISHED_BACK = "wished_back"
    HELPED_BEFORE = "helped_before"
    PHONES_THEM = "phones_them"
    SAME_ORGANISATION = "same_organisation"
    HAS_SKILL = "has_skill"
    QUALIFIED = "qualified"
    FREE_THEN = "free_then"
    SPEAKS = "speaks"
    WISHED_SEX = "wished_sex"
    NEWCOMER = "newcomer"
    HANDS_FREE = "hands_free"
    EACH_TASK = "each_task"
    LONG_NOT_ASKED = "long_not_asked"
    RESTS_AFTER_VISIT = "rests_after_visit"
    ASKED_OFTEN = "asked_often"


@dataclass(frozen=True, slots=True)
class Weights:
    """The points of each part, and the limits of asking."""

    points: Mapping[Part, int]
    often_offers: int
    often_within: timedelta
    rest: timedelta
    # How long willing people are gathered; an urgency that is absent is always first come.
    gather: Mapping[Urgency, timedelta]


def read_weights(text: str) -> Weights:
    """Read the data file; raises when a part is missing or unknown."""
    data: dict[str, Any] = tomllib.loads(text)
    points = {Part(key): int(value) for key, value in data["points"].items()}
    missing = set(Part) - set(points)
    if missing:
        raise ValueError(f"no points for {sorted(missing)}")
    limits = data["limits"]
    return Weights(
        points=MappingProxyType(points),
        often_offers=int(limits["often_offers"]),
        often_within=timedelta(days=limits["often_days"]),
        rest=timedelta(hours=limits["rest_hours"]),
        gather=MappingProxyType(
            {Urgency(key): timedelta(hours=value) for key, value in data["choosing"].items()}
        ),
    )


WEIGHTS = read_weights(
    (files("storage") / "rules" / "data" / "matching.toml").read_text(encoding="utf-8")
)
