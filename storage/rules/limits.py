"""Who answers for a need in each state, for how long, and to whom it climbs: one table.

Programme document 2020-116, part 3: "需求在哪里，志愿服务就跟进在哪里". No need is
without an owner. The table is data (limits.toml). Nothing is closed by a timer alone.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from storage.rules.areas import Urgency
from storage.rules.sending import QuietHours, working_moment
from storage.rules.times import local_moment


class Level(StrEnum):
    """Who answers for a need, from the nearest up."""

    HELPER = "helper"  # who was asked, or has it
    COORDINATOR = "coordinator"  # 村（社区）残协
    DEPARTMENT = "department"  # who owns the action, or has it by referral
    OFFICE = "office"  # 街道残联


LADDER = tuple(Level)


@dataclass(frozen=True, slots=True)
class Limit:
    """Who answers, and how long before it climbs."""

    owner: Level
    within: timedelta


_LENGTH = re.compile(r"(\d+)([mhd])")
_UNITS = MappingProxyType(
    {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
)


def _length(text: str) -> timedelta:
    found = _LENGTH.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no length of time such as 15m, 2h or 3d")
    return int(found.group(1)) * _UNITS[found.group(2)]


def _row(owner: str, lengths: Sequence[str]) -> Mapping[Urgency, Limit]:
    by_urgency = zip(Urgency, lengths, strict=True)
    return MappingProxyType(
        {urgency: Limit(Level(owner), _length(length)) for urgency, length in by_urgency}
    )


def _load() -> dict[str, Any]:
    shipped = files("storage") / "rules" / "data" / "limits.toml"
    return tomllib.loads(shipped.read_text(encoding="utf-8"))


_TABLE = _load()
LIMITS: Mapping[str, Mapping[Urgency, Limit]] = MappingProxyType(
    {state: _row(row["owner"], row["within"]) for state, row in _TABLE["states"].items()}
)
CLIMBED: Mapping[Level, Mapping[Urgency, Limit]] = MappingProxyType(
    {Level(level): _row(level, lengths) for level, lengths in _TABLE["climbed"].items()}
)
NON_URGENT_AT = tuple(sorted(time.fromisoformat(clock) for clock in _TABLE["non_urgent_at"]))


def limit_of(state: str, urgency: Urgency) -> Limit:
    """Who answers first for a need in this state, and how long."""
    return LIMITS[state][urgency]


def limit_at(level: Level, urgency: Urgency) -> Limit:
    """How long a level has that a need has climbed to."""
    return CLIMBED[level][urgency]


def levels_above(level: Level) -> tuple[Level, ...]:
    """The levels a need may still climb to, the nearest first."""
    return LADDER[LADDER.index(level) + 1 :]


def falls_due(limit: Limit, urgency: Urgency, start_local: datetime, quiet: QuietHours) -> datetime:
    """When a limit that starts at a local moment is over.

    Danger waits for nothing; what is for today for the end of the quiet hours; what is not
    urgent for the next moment at which such things are looked at.
    """
    over = start_local + limit.within
    if urgency is Urgency.U0:
        return over
    if urgency is Urgency.U1:
        return quiet.end_after(over) if quiet.covers(over) else over
    return _next_look(over)


def _next_look(moment_local: datetime) -> datetime:
    zone = moment_local.tzinfo
    if zone is None:
        raise ValueError("a local moment has a zone")
    day = working_moment(moment_local).date()
    looks = [
        local_moment(day + timedelta(days=ahead), clock, zone)
        for ahead in (0, 1)
        for clock in NON_URGENT_AT
    ]
    return next(look for look in looks if look >= moment_local)
