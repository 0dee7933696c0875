"""What a free sentence says: which need, how urgent, and whether life is in danger."""

import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType

from storage.rules.alerts import find_danger
from storage.rules.areas import CATEGORIES, Area, Category, Urgency
from storage.rules.dangers import Danger, DangerKind
from storage.rules.likeness import nearest_area
from storage.rules.speech import standard


@dataclass(frozen=True, slots=True)
class Reading:
    """The bot's reading of a sentence, shown to the person before anything is sent."""

    area: Area
    category: Category
    urgency: Urgency
    danger: Danger
    danger_kind: DangerKind | None
    reasons: tuple[str, ...]


_STRONG, _WEAK = 3, 1

EMERGENCY_OF = MappingProxyType(
    {
        DangerKind.MEDICAL: Category.EMERGENCY_MEDICAL,
        DangerKind.FIRE_GAS: Category.EMERGENCY_FIRE_GAS,
        DangerKind.MISSING: Category.EMERGENCY_MISSING,
        DangerKind.SELF_HARM: Category.EMERGENCY_SELF_HARM,
        DangerKind.VIOLENCE: Category.EMERGENCY_VIOLENCE,
        DangerKind.LIFE_SUPPORT: Category.BASIC_LIFE_INTERRUPTION,
        DangerKind.UNKNOWN: Category.EMERGENCY_MEDICAL,
    }
)

_SOON = re.compile(
    r"马上|赶快|赶紧|立刻|尽快|紧急|加急|很急|好急|急需|急用|今晚|今天(?!天气)|现在就|等不(?:了|及)|"
    r"断药|没有药|药.{0,3}(?:吃完|没了|用完)|urgent|right away|as soon as|today|tonight|immediately"
)
_NO_HURRY = re.compile(
    r"不急|不着急|有空(?:的时候|再)|改天|下个月|以后再|慢慢来|no hurry|no rush|whenever"
)
_WORD_LISTS = tomllib.loads(
    files("storage.rules").joinpath("data", "needs.toml").read_text(encoding="utf-8")
)
_WORDS = tuple(
    (Category(key), re.compile("|".join(words["strong"])), re.compile("|".join(words["weak"])))
    for key, words in _WORD_LISTS.items()
)


def read_need(text: str) -> Reading:
    """Read one message. Words of danger go before everything else."""
    said = standard(text)
    alert = find_danger(said)
    if alert.danger is Danger.CERTAIN and alert.kind is not None:
        return Reading(
            area=Area.EMERGENCY,
            category=EMERGENCY_OF[alert.kind],
            urgency=Urgency.U0,
            danger=alert.danger,
            danger_kind=alert.kind,
            reasons=(alert.words,),
        )
    category, reasons = _category(said)
    urgency = _urgency(said, category)
    if alert.danger is Danger.UNCLEAR:
        # Counts as urgent until the safety question is answered.
        urgency = min(urgency, Urgency.U1)
        reasons = (alert.words, *reasons)
    # Without a word that names it only the area is guessed, and a coordinator finds the category.
    # A likeness to words of danger asks nothing: names and numbers in forms were asked so, and a
    # question that nobody answers becomes a siren.
    area = nearest_area(said) if category is Category.UNCLEAR else CATEGORIES[category].area
    return Reading(area, category, urgency, alert.danger, alert.kind, reasons)


def _category(said: str) -> tuple[Category, tuple[str, ...]]:
    """The category with the most points, and the words that gave them."""
    best, most, reasons = Category.UNCLEAR, 0, tuple[str, ...]()
    for category, strong, weak in _WORDS:
        named = {found.group() for found in strong.finditer(said)}
        hinted = {found.group() for found in weak.finditer(said)}
        points = _STRONG * len(named) + _WEAK * len(hinted)
        if points > most:
            best, most, reasons = category, points, tuple(sorted(named) or sorted(hinted))
    return best, reasons


def _urgency(said: str, category: Category) -> Urgency:
    usual = CATEGORIES[category].urgency
    if CATEGORIES[category].area is Area.OTHER:
        return usual
    if _NO_HURRY.search(said):
        return max(usual, Urgency.U3)
    return min(usual, Urgency.U1) if _SOON.search(said) else usual
