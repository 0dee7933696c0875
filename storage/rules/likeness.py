"""What a sentence is most like, among labelled ones: the net under the lists of words.

A linear score over characters and runs of two and three of them: how much more often each was seen
with a kind of need than with others, corrected where the labelled sentences were still mistaken.
Weighed by `python -m bench.learn_needs` from examples.tsv and phrases.toml into likeness.tsv.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from itertools import pairwise
from math import sqrt

# Longer texts tell several things, and their pairs of characters drown each other.
_LONGEST = 400
_RUNS = re.compile(r"[a-z']{2,}|[\u4e00-\u9fff]+")
# Characters that stand in any sentence and say nothing by themselves.
_EVERYWHERE = frozenset("的了吗呢吧啊呀哦嘛个是在也都就还很又我你您他她它们")
_STEM = 6
# Weights are kept as hundredths.
SCALE = 100
SOURCES = ("examples.tsv", "phrases.toml", "speech.toml")
_DATA = files("storage.rules").joinpath("data")


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learnt: for each label how usual it is, and what each feature speaks for."""

    labels: tuple[str, ...]
    usual: tuple[float, ...]
    unseen: tuple[float, ...]
    features: Mapping[str, Mapping[int, float]]
    made_from: str


def features_of(said: str) -> frozenset[str]:
    """The features of a text of standard words (speech.standard)."""
    found, words = set[str](), list[str]()
    for run in _RUNS.findall(said[:_LONGEST]):
        if run[0].isascii():
            words.append(run[:_STEM])
        else:
            found.update(char for char in run if char not in _EVERYWHERE)
            found.update(run[at : at + 2] for at in range(len(run) - 1))
            found.update(run[at : at + 3] for at in range(len(run) - 2))
    found.update(words)
    found.update(f"{one} {two}" for one, two in pairwise(words))
    return frozenset(found)


def fingerprint() -> str:
    """What the sources of the weights are now; another one than the weights', learn again."""
    read = (_DATA.joinpath(name).read_bytes() for name in SOURCES)
    return sha256(b"\0".join(read)).hexdigest()[:16]


def write_weights(weights: Weights) -> str:
    """The weights as the lines of likeness.tsv."""
    lines = [f"# made from {weights.made_from} by bench.learn_needs; not to be written by hand"]
    rows = zip(weights.labels, weights.usual, weights.unseen, strict=True)
    lines += [f"={label}\t{_whole(usual)}\t{_whole(unseen)}" for label, usual, unseen in rows]
    for feature in sorted(weights.features):
        kept = {at: _whole(weight) for at, weight in weights.features[feature].items()}
        told = " ".join(f"{at}:{weight}" for at, weight in sorted(kept.items()) if weight)
        if told:
            lines.append(f"{feature}\t{told}")
    return "\n".join(lines) + "\n"


def _whole(weight: float) -> int:
    return round(weight * SCALE)


def read_weights(text: str) -> Weights:
    """Read the lines of likeness.tsv."""
    first, *lines = text.splitlines()
    heads = [line[1:].split("\t") for line in lines if line[0] == "="]
    rows = (line.split("\t") for line in lines[len(heads) :])
    return Weights(
        labels=tuple(label for label, _, _ in heads),
        usual=tuple(int(usual) / SCALE for _, usual, _ in heads),
        unseen=tuple(int(unseen) / SCALE for _, _, unseen in heads),
        features={feature: _weights(told.split()) for feature, told in rows},
        made_from=first.split()[3],
    )


def _weights(told: Iterable[str]) -> dict[int, float]:
    pairs = (one.split(":") for one in told)
    return {int(at): int(weight) / SCALE for at, weight in pairs}


@cache
def shipped() -> Weights:
    """The weights that come with the program."""
    return read_weights(_DATA.joinpath("likeness.tsv").read_text(encoding="utf-8"))


def liken(said: str, weights: Weights | None = None) -> dict[str, float]:
    """How like each label the text is: the higher the more; nothing for a text without words."""
    weights = weights or shipped()
    features = features_of(said)
    if not features:
        return {}
    many = len(features)
    scores = [
        usual + many * unseen for usual, unseen in zip(weights.usual, weights.unseen, strict=True)
    ]
    for feature in features:
        for at, weight in weights.features.get(feature, {}).items():
            scores[at] += weight
    return {label: score / sqrt(many) for label, score in zip(weights.labels, scores, strict=True)}


def count_known(said: str) -> int:
    """How many features of the text were seen before: of a stranger's words no guess is made."""
    known = shipped().features
    return sum(feature in known for feature in features_of(said))


def telling(said: str, label: str, *, at_most: int = 2) -> tuple[str, ...]:
    """The runs of characters that speak most for the label, longest first where they overlap."""
    weights = shipped()
    place = weights.labels.index(label)
    found = features_of(said)
    spoken = {
        one: weights.features[one].get(place, 0.0) for one in found if one in weights.features
    }
    best = sorted((one for one in spoken if len(one) > 1), key=lambda one: (-spoken[one], one))
    chosen = list[str]()
    for one in best:
        if spoken[one] > 0 and not any(one in other or other in one for other in chosen):
            chosen.append(one)
    return tuple(chosen[:at_most])
