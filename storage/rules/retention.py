"""Retention: how long each class of personal data is kept, as data, and when a purge is due."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from importlib.resources import files
from types import MappingProxyType

# While everybody sleeps; once each local day.
PURGED_AT = time(3)


class Act(StrEnum):
    """What happens when the period is over."""

    WIPE = "wipe"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Period:
    """One class: kept so many days after its matter ended."""

    key: str
    days: int
    act: Act
    why: str
    standing: bool

    def before(self, now: datetime) -> datetime:
        """What ended before this moment is not kept any longer."""
        return now - timedelta(days=self.days)


def read_periods(text: str) -> Mapping[str, Period]:
    """Read the table; raises ValueError for what cannot be meant."""
    periods = {
        key: Period(
            key=key,
            days=int(row["days"]),
            act=Act(row["act"]),
            why=str(row["why"]),
            standing=bool(row.get("standing", False)),
        )
        for key, row in tomllib.loads(text).items()
    }
    if any(period.days < 0 for period in periods.values()):
        raise ValueError("a period cannot end before its matter")
    return MappingProxyType(periods)


PERIODS = read_periods(
    files("storage.rules").joinpath("data", "retention.toml").read_text(encoding="utf-8")
)


def is_time(local: datetime) -> bool:
    """Whether the night's purge may run now."""
    return local.time() >= PURGED_AT
