"""What may have gone wrong between a resident and a helper: kinds, how grave, and by when."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from importlib.resources import files
from types import MappingProxyType


class Side(StrEnum):
    """Who says it: the resident or who speaks for them, or the helper."""

    RESIDENT = "resident"
    HELPER = "helper"


@dataclass(frozen=True, slots=True)
class Wrong:
    """One kind; ``serious`` ones show the numbers and the duty to report."""

    key: str
    serious: bool
    within: timedelta


_DATA = tomllib.loads(
    files("storage.rules").joinpath("data", "wrongs.toml").read_text(encoding="utf-8")
)
_PEOPLE = re.compile("|".join(_DATA["people"]), re.IGNORECASE)


def _load() -> Mapping[Side, Mapping[str, Wrong]]:
    return {
        side: MappingProxyType(
            {
                key: Wrong(key, bool(row.get("serious", False)), timedelta(hours=row["hours"]))
                for key, row in _DATA[side.value].items()
            }
        )
        for side in Side
    }


WRONGS = MappingProxyType(_load())


def is_between_people(words: str) -> bool:
    """Whether words of a complaint name whom it is about: a helper, who is helped, or staff."""
    return _PEOPLE.search(words) is not None


def graver(one: Wrong, other: Wrong) -> Wrong:
    """Of two, the one that must be dealt with first."""
    return min(one, other, key=lambda wrong: (not wrong.serious, wrong.within))
