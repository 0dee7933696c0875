"""What may be written down of a home visit, by disability category; and quarters of a year."""

import tomllib
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from types import MappingProxyType

from storage.rules.certificate import DisabilityCategory


def _load() -> Mapping[DisabilityCategory, tuple[str, ...]]:
    shipped = files("storage.rules").joinpath("data", "home_visits.toml")
    known = tomllib.loads(shipped.read_text(encoding="utf-8"))
    return MappingProxyType({DisabilityCategory(key): tuple(acts) for key, acts in known.items()})


HOME_ACTS = _load()


def quarter_of(day: date) -> int:
    """The quarter as one number that sorts: 20264 is October to December 2026."""
    return day.year * 10 + (day.month + 2) // 3
