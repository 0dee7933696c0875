"""Standing ties: who may be on each side, how many at a time, how often, and what is done.

Obligations 23 to 27 (爱心助学), 33 (定期指导) and 45 to 49 (互助助残) of the programme. Grades are
looked at by the rule and named to nobody: a bar says only which side it is about.
"""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from storage.rules.areas import Category
from storage.rules.pairs import Kind
from storage.rules.severity import DEFAULT_SEVERITY, Severity, is_mild, is_severe

# Slots of one helper beyond what the rule allows, each with somebody's reason.
SLOTS_AT_MOST = 5
# How many days may lie between two times; "when needed" has none.
DAYS_BETWEEN = MappingProxyType(
    {"daily": 1, "twice_weekly": 4, "weekly": 7, "fortnightly": 14, "monthly": 31}
)
# What a log says beside the items: the one who is helped gave something too.
GAVE_BACK = "gave_back"


class Bar(StrEnum):
    """Why a tie cannot be made just so; the office may lift each of these with a reason."""

    HELPER_NOT_MILD = "helper_not_mild"
    HELPER_UNKNOWN = "helper_unknown"
    RECIPIENT_NOT_SEVERE = "recipient_not_severe"
    RECIPIENT_UNKNOWN = "recipient_unknown"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class TieRule:
    """The rule of one kind; no ``kinds`` of organisations means that a resident helps."""

    kind: Kind
    action: str
    frequency: str
    kinds: tuple[str, ...] = ()
    organisers: tuple[str, ...] = ()
    at_most: int = 0

    @property
    def by_person(self) -> bool:
        """Whether a resident is on the helping side, and not an organisation."""
        return not self.kinds


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is done; ``calls``: it can become a plan of phone greetings."""

    key: str
    ties: frozenset[Kind]
    category: Category | None = None
    calls: bool = False


def _load() -> tuple[Mapping[Kind, TieRule], tuple[Item, ...], Mapping[str, Any]]:
    shipped = files("storage.rules").joinpath("data", "ties.toml")
    known = tomllib.loads(shipped.read_text(encoding="utf-8"))
    rules = {Kind(key): _rule(Kind(key), values) for key, values in known["ties"].items()}
    items = tuple(
        Item(
            key=one["key"],
            ties=frozenset(Kind(kind) for kind in one["ties"]),
            category=Category(one["category"]) if "category" in one else None,
            calls=one.get("calls", False),
        )
        for one in known["items"]
    )
    return MappingProxyType(rules), items, known["money"]


def _rule(kind: Kind, values: Mapping[str, Any]) -> TieRule:
    return TieRule(
        kind=kind,
        action=values["action"],
        frequency=values["frequency"],
        kinds=tuple(values.get("kinds", ())),
        organisers=tuple(values.get("organisers", ())),
        at_most=values.get("at_most", 0),
    )


TIES, ITEMS, _MONEY = _load()
_SAID = re.compile(_MONEY["said"], re.IGNORECASE)
_HARMLESS = re.compile(_MONEY["harmless"], re.IGNORECASE)


def list_shipped(kind: Kind) -> tuple[Item, ...]:
    """The items that come with the program, in their order."""
    return tuple(one for one in ITEMS if kind in one.ties)


def find_bars(
    *,
    helper_grade: int | None,
    recipient_grade: int | None,
    held: int,
    at_most: int,
    policy: Severity = DEFAULT_SEVERITY,
) -> tuple[Bar, ...]:
    """What speaks against one resident helping another (由轻度残疾人为重度残疾人)."""
    bars = []
    if helper_grade is None:
        bars.append(Bar.HELPER_UNKNOWN)
    elif not is_mild(helper_grade, policy):
        bars.append(Bar.HELPER_NOT_MILD)
    if recipient_grade is None:
        bars.append(Bar.RECIPIENT_UNKNOWN)
    elif not is_severe(recipient_grade, policy):
        bars.append(Bar.RECIPIENT_NOT_SEVERE)
    if held >= at_most:
        bars.append(Bar.FULL)
    return tuple(bars)


def free_slot(taken: Collection[int], at_most: int) -> int | None:
    """The lowest slot that a helper still has; two who take the same one meet a constraint."""
    return next((slot for slot in range(1, at_most + 1) if slot not in taken), None)


def find_next_on(last: date, frequency: str) -> date | None:
    """When the next time is due after the last one; None when they come as it is needed."""
    days = DAYS_BETWEEN.get(frequency)
    return last + timedelta(days=days) if days is not None else None


def mentions_money(text: str) -> bool:
    """Whether a note speaks of money that changed hands; "didn't take any money" does not."""
    return _SAID.search(_HARMLESS.sub(" ", text)) is not None
