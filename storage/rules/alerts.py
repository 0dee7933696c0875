"""Words of danger to life in a free sentence: certain, unclear (one question first), or none.

Context decides, not bare words: what is past, feared, denied or told of others sounds no siren.
In doubt one safety question is asked; a siren for nothing teaches people to be silent.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

from storage.rules.dangers import Danger, DangerKind


@dataclass(frozen=True, slots=True)
class Alert:
    """What was found: how sure, of which kind, and the words that say so."""

    danger: Danger
    kind: DangerKind | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: DangerKind
    sure: re.Pattern[str]
    ask: re.Pattern[str]


_CALM = Alert(Danger.NONE)
_ORDER = (Danger.NONE, Danger.UNCLEAR, Danger.CERTAIN)
_CLAUSES = re.compile(r"[,.;!?:，。；！？：、~…\n]+")
# Fears and plans speak of others; whoever speaks of their own death or of blows is asked.
_ALWAYS_ASKED = frozenset({DangerKind.SELF_HARM, DangerKind.VIOLENCE})


def _any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


_DATA = tomllib.loads(
    files("storage.rules").joinpath("data", "danger.toml").read_text(encoding="utf-8")
)
_HARMLESS = _any_of(_DATA["harmless"])
_PAST, _LATELY, _PRESENT = (_any_of(_DATA[key]) for key in ("past", "lately", "present"))
_NEWS, _HEARSAY = _any_of(_DATA["news"]), _any_of(_DATA["hearsay"])
_SUPPOSED, _OVER, _DENIED = (_any_of(_DATA[key]) for key in ("supposed", "over", "denied"))
_RULES = tuple(
    _Rule(DangerKind(row["kind"]), _any_of(row["sure"]), _any_of(row["ask"]))
    for row in _DATA["rule"]
)


def find_danger(said: str) -> Alert:
    """The gravest danger in a text of standard words (speech.standard)."""
    calm_words = _HARMLESS.sub(" ", said)
    alerts = [*_in_clauses(calm_words), *_in_whole(calm_words)]
    return max(alerts, key=lambda alert: _ORDER.index(alert.danger), default=_CALM)


def _in_clauses(said: str) -> Iterator[Alert]:
    over = _OVER.search(said) is not None
    told = _NEWS.search(said) is not None
    for clause in _CLAUSES.split(said):
        for rule in _RULES:
            alert = _judge(rule, clause, told=told)
            if over and alert.danger is Danger.CERTAIN:
                alert = Alert(Danger.UNCLEAR, alert.kind, alert.words)
            if alert.danger is not Danger.NONE:
                yield alert


def _judge(rule: _Rule, clause: str, *, told: bool) -> Alert:
    found = rule.sure.search(clause)
    if found is None:
        asked = rule.ask.search(clause)
        if asked is None or told or _weight(rule, clause, asked) is Danger.NONE:
            return _CALM
        return Alert(Danger.UNCLEAR, rule.kind, asked.group())
    danger = _weight(rule, clause, found)
    if told and _PRESENT.search(clause) is None:
        danger = Danger.NONE
    return Alert(danger, rule.kind, found.group()) if danger is not Danger.NONE else _CALM


def _weight(rule: _Rule, clause: str, found: re.Match[str]) -> Danger:
    """How much words of danger weigh in their clause."""
    before = clause[: found.start()]
    present = _PRESENT.search(clause) is not None
    if _DENIED.search(before) is not None:
        return Danger.NONE
    away = (_PAST.search(clause) is not None and not present) or _SUPPOSED.search(before)
    if away:
        return Danger.UNCLEAR if rule.kind in _ALWAYS_ASKED else Danger.NONE
    if _HEARSAY.search(before) or (_LATELY.search(before) and not present):
        return Danger.UNCLEAR
    return Danger.CERTAIN


def _in_whole(said: str) -> Iterator[Alert]:
    """Danger that is told over a comma: "停电了，我妈靠呼吸机"; only where nothing softens it."""
    if any(soft.search(said) for soft in (_PAST, _LATELY, _NEWS, _HEARSAY, _SUPPOSED, _OVER)):
        return
    joined = _CLAUSES.sub(" ", said)
    for rule in _RULES:
        found = rule.sure.search(joined)
        if found is not None and _DENIED.search(joined[: found.start()]) is None:
            yield Alert(Danger.CERTAIN, rule.kind, found.group())
