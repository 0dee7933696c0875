"""What a free sentence says: which need, how urgent, and whether life is in danger.

Turns of phrase and words first (needs.toml), and under them the likeness to labelled sentences
(likeness.py); weights.toml says how much each counts. Each reading keeps the words it is made of.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from types import MappingProxyType

from storage.rules.alerts import Alert, find_danger
from storage.rules.areas import CATEGORIES, Area, Category, Urgency
from storage.rules.dangers import Danger, DangerKind
from storage.rules.likeness import count_known, liken, telling
from storage.rules.speech import standard

ALTERNATIVES = 2


class Asked(StrEnum):
    """What is asked before anything is done."""

    SAFETY = "safety"  # is anybody in danger?
    WHAT = "what"  # what is it that is needed?


@dataclass(frozen=True, slots=True)
class Reading:
    """The bot's reading of a sentence, shown to the person before anything is sent.

    ``reasons`` are the words that speak for the category, ``urgent_for`` those for the urgency.
    ``guessed``: no word names a danger, the sentence is only like such ones.
    """

    area: Area
    category: Category
    urgency: Urgency
    danger: Danger
    danger_kind: DangerKind | None
    reasons: tuple[str, ...]
    alternatives: tuple[Category, ...] = ()
    urgent_for: tuple[str, ...] = ()
    guessed: bool = False

    @property
    def asked(self) -> Asked | None:
        """The question to ask first, if any."""
        if self.danger is Danger.UNCLEAR:
            return Asked.SAFETY
        unsaid = self.category is Category.UNCLEAR and self.danger is Danger.NONE
        return Asked.WHAT if unsaid else None


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
# Labels of likeness.py that speak of danger to life.
_GRAVE = MappingProxyType(
    {
        "emergency_medical": DangerKind.MEDICAL,
        "emergency_fire_gas": DangerKind.FIRE_GAS,
        "emergency_missing": DangerKind.MISSING,
        "emergency_self_harm": DangerKind.SELF_HARM,
        "emergency_violence": DangerKind.VIOLENCE,
        "life_support": DangerKind.LIFE_SUPPORT,
    }
)
# Whoever speaks of their own death or of blows is never talked out of it by a likeness.
_ALWAYS_HEARD = frozenset({DangerKind.SELF_HARM, DangerKind.UNKNOWN})


def _data(name: str) -> Mapping[str, Mapping[str, object]]:
    text = files("storage.rules").joinpath("data", name).read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(text))


def _any_of(patterns: object) -> re.Pattern[str]:
    listed = patterns if isinstance(patterns, list) else []
    # Without a pattern nothing is found.
    return re.compile("|".join(listed) or r"(?!)")


@dataclass(frozen=True, slots=True)
class _Words:
    category: Category
    decides: re.Pattern[str]
    strong: re.Pattern[str]
    weak: re.Pattern[str]


_WEIGHTS = tomllib.loads(
    files("storage.rules").joinpath("data", "weights.toml").read_text(encoding="utf-8")
)
_POINTS, _DANGER, _URGENCY = _WEIGHTS["points"], _WEIGHTS["danger"], _WEIGHTS["urgency"]
_SOON, _LATER = _any_of(_URGENCY["soon"]), _any_of(_URGENCY["later"])
_SOON_IN = {Category(key): _any_of(patterns) for key, patterns in _URGENCY["in"].items()}
_ASKS_ABOUT = _any_of(_WEIGHTS["question"]["asks_about"])
_WORDS = tuple(
    _Words(
        Category(key),
        _any_of(words.get("decides")),
        _any_of(words.get("strong")),
        _any_of(words.get("weak")),
    )
    for key, words in _data("needs.toml").items()
)


@dataclass(frozen=True, slots=True)
class _Weighed:
    """The categories, the most likely first, with the words that speak for each."""

    order: tuple[Category, ...]
    reasons: Mapping[Category, tuple[str, ...]]
    # How much more like danger than like anything else; None where there was nothing to liken.
    grave_by: float | None
    grave: DangerKind | None


def read_need(text: str) -> Reading:
    """Read one message. Words of danger go before everything else."""
    said = standard(text)
    weighed = _weigh(said)
    named = _named(said)
    alert = _temper(named, weighed, said)
    if alert.danger is Danger.CERTAIN and alert.kind is not None:
        emergency = _emergency(alert.kind, weighed)
        return Reading(
            area=Area.EMERGENCY,
            category=emergency,
            urgency=Urgency.U0,
            danger=alert.danger,
            danger_kind=alert.kind,
            reasons=(alert.words,),
            alternatives=_others(weighed.order, emergency, said),
        )
    category, *others = weighed.order
    reasons = weighed.reasons.get(category, ())
    urgency, urgent_for = _urgency(said, category)
    if alert.danger is Danger.UNCLEAR and alert.kind is not None:
        # Counts as urgent until the safety question is answered.
        urgency = min(urgency, Urgency.U1)
        reasons = (alert.words, *reasons)
        if weighed.grave_by is None or weighed.grave_by > 0:
            others = [category, *others]
            category, urgency, reasons = EMERGENCY_OF[alert.kind], Urgency.U0, (alert.words,)
    return Reading(
        area=CATEGORIES[category].area,
        category=category,
        urgency=urgency,
        danger=alert.danger,
        danger_kind=alert.kind,
        reasons=reasons,
        alternatives=_others(others, category, said),
        urgent_for=urgent_for,
        guessed=alert.danger is not Danger.NONE and named.danger is Danger.NONE,
    )


def _named(said: str) -> Alert:
    """The danger that words name; beside a bare cry for help, what the other words name."""
    alert = find_danger(said)
    if alert.kind is not DangerKind.UNKNOWN or not alert.words:
        return alert
    other = find_danger(said.replace(alert.words, " "))
    return other if other.danger is Danger.CERTAIN else alert


def _emergency(kind: DangerKind, weighed: _Weighed) -> Category:
    """A cry for help that names no danger is what the rest of the sentence is most like."""
    if kind is DangerKind.UNKNOWN and weighed.grave is not None and (weighed.grave_by or 0) > 0:
        return EMERGENCY_OF[weighed.grave]
    return EMERGENCY_OF[kind]


def _others(order: Sequence[Category], chosen: Category, said: str) -> tuple[Category, ...]:
    """What else it may be; a question about the matter is offered beside the matter itself."""
    others = [one for one in order if one is not chosen]
    question = Category.INFO_QUERY
    if chosen is not question and _ASKS_ABOUT.search(said):
        others = [question, *(one for one in others if one is not question)]
    return tuple(others[:ALTERNATIVES])


def _weigh(said: str) -> _Weighed:
    likeness = liken(said)
    scores = {
        category: likeness.get(category.value, 0.0)
        for category in Category
        if category.value in likeness and category.value not in _GRAVE
    }
    reasons = dict[Category, tuple[str, ...]]()
    for words in _WORDS:
        points, found = _points(words, said)
        if found:
            scores[words.category] = scores.get(words.category, 0.0) + points
            reasons[words.category] = found
    if not scores:
        return _Weighed((Category.UNCLEAR,), {}, None, None)
    order = tuple(sorted(scores, key=lambda category: -scores[category]))
    if likeness and order[0] not in reasons:
        reasons[order[0]] = telling(said, order[0].value)
    grave = max(_GRAVE, key=lambda label: likeness.get(label, float("-inf")))
    by = likeness[grave] - scores[order[0]] if likeness else None
    return _Weighed(order, reasons, by, _GRAVE[grave])


def _points(words: _Words, said: str) -> tuple[float, tuple[str, ...]]:
    """What the words of a category weigh in a text, and which they are."""
    settled = words.decides.search(said)
    named = {found.group() for found in words.strong.finditer(said)} - {""}
    hinted = {found.group() for found in words.weak.finditer(said)} - {""}
    counted = min(_POINTS["strong"] * len(named) + _POINTS["weak"] * len(hinted), _POINTS["most"])
    points = _POINTS["word"] * counted
    if settled is not None:
        points += _POINTS["decides"]
        named.add(_short(settled.group()))
    return points, tuple(sorted(named) or sorted(hinted))


def _short(words: str) -> str:
    return words if len(words) <= 12 else f"{words[:12]}…"


def _temper(alert: Alert, weighed: _Weighed, said: str) -> Alert:
    """Weigh words of danger against what the whole sentence is like."""
    by = weighed.grave_by
    if by is None or alert.kind in _ALWAYS_HEARD:
        return alert
    if alert.danger is Danger.CERTAIN and by < _DANGER["siren_at_least"]:
        return Alert(Danger.UNCLEAR, alert.kind, alert.words)
    if alert.danger is Danger.UNCLEAR and by < _DANGER["question_at_least"]:
        return Alert(Danger.NONE)
    if alert.danger is Danger.NONE and by > _DANGER["likeness_asks"] and weighed.grave is not None:
        if count_known(said) < _DANGER["known_features"]:
            return alert
        label = next(label for label, kind in _GRAVE.items() if kind is weighed.grave)
        return Alert(Danger.UNCLEAR, weighed.grave, " ".join(telling(said, label)))
    return alert


def _urgency(said: str, category: Category) -> tuple[Urgency, tuple[str, ...]]:
    """How urgent, and the words that say so where it is not as usual."""
    usual = CATEGORIES[category].urgency
    if CATEGORIES[category].area is Area.OTHER:
        return usual, ()
    own = _SOON_IN.get(category)
    soon = (own.search(said) if own is not None else None) or _SOON.search(said)
    later = _LATER.search(said)
    if later is not None:
        return max(usual, Urgency.U3), (later.group(),)
    return (min(usual, Urgency.U1), (soon.group(),)) if soon is not None else (usual, ())
