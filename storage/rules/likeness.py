"""The area that a sentence is most like, among labelled examples: a net under the word lists.

Naive Bayes over words, characters and pairs of characters, learnt at start from data/examples.tsv.
Its guess only names an area to begin with, which the person can change.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from storage.rules.areas import SIX_AREAS, Area
from storage.rules.speech import standard

_SMOOTHING = 0.2
_PRIOR_WEIGHT = 0.5
# Longer texts tell several things, and their pairs of characters drown each other.
_LONGEST = 400
_RUNS = re.compile(r"[a-z]{4,}|[\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled sentence."""

    words: str
    area: Area
    danger: bool


@dataclass(frozen=True, slots=True)
class _Learnt:
    """What was learnt of one area: its weight, and that of each feature seen with it."""

    prior: float
    unseen: float
    weights: dict[str, float]


def _features(said: str) -> set[str]:
    found = set[str]()
    for run in _RUNS.findall(said[:_LONGEST]):
        if run[0].isascii():
            found.add(run)
        else:
            found.update(run)
            found.update(run[start : start + 2] for start in range(len(run) - 1))
    return found


def read_examples(text: str) -> tuple[Example, ...]:
    """The sentences of an example file: words, area, and "certain" or "none", with tabs between."""
    rows = (line.split("\t") for line in text.splitlines() if line)
    return tuple(Example(words, Area(area), danger == "certain") for words, area, danger in rows)


def _learn(examples: Sequence[Example]) -> dict[Area, _Learnt]:
    sentences = Counter(example.area for example in examples)
    features = {area: Counter[str]() for area in sentences}
    for example in examples:
        features[example.area].update(_features(standard(example.words)))
    vocabulary = len(set().union(*features.values()))
    learnt = {}
    for area, counts in features.items():
        total = counts.total() + _SMOOTHING * vocabulary
        learnt[area] = _Learnt(
            prior=_PRIOR_WEIGHT * math.log(sentences[area] / len(examples)),
            unseen=math.log(_SMOOTHING / total),
            weights={f: math.log((n + _SMOOTHING) / total) for f, n in counts.items()},
        )
    return learnt


EXAMPLES = read_examples(
    files("storage.rules").joinpath("data", "examples.tsv").read_text(encoding="utf-8")
)
# Danger is told by the word lists alone, so no guess may name it.
_GUESSED = (*SIX_AREAS, Area.OTHER)
_AREAS = _learn([e for e in EXAMPLES if e.area in _GUESSED and not e.danger])


def nearest_area(said: str) -> Area:
    """The area that a text of standard words (speech.standard) is most like."""
    features = _features(said)
    if not features:
        return Area.OTHER
    return max(_AREAS, key=lambda area: _score(_AREAS[area], features))


def _score(learnt: _Learnt, features: set[str]) -> float:
    return learnt.prior + sum(learnt.weights.get(feature, learnt.unseen) for feature in features)
