"""Weighs what words speak for which kind of need: ``python -m bench.learn_needs``.

Counts first (naive Bayes), then an averaged perceptron over the same features, which corrects what
the counts still mistake. Both are sums over features, so one table of weights holds them.
"""

import math
import random
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from storage.rules.likeness import Weights, features_of, fingerprint, write_weights
from storage.rules.speech import standard

DATA = Path(__file__).parent.parent / "storage" / "rules" / "data"
SMOOTHING, PRIOR, CORRECTION, MARGIN, ROUNDS = 0.1, 0.3, 4.0, 0.5, 8
# Of the longest runs that were seen once, most are chance.
LONG = 3


@dataclass(frozen=True, slots=True)
class Labelled:
    """The features of one sentence, and what it is."""

    features: frozenset[str]
    label: str


def read_labelled(folder: Path = DATA) -> list[Labelled]:
    """Read the sentences and phrases that are learnt from."""
    found = []
    for line in (folder / "examples.tsv").read_text(encoding="utf-8").splitlines():
        words, category, danger = line.split("\t")
        grave = danger == "certain" and category == "basic_life_interruption"
        found.append(labelled(words, "life_support" if grave else category))
    phrases = tomllib.loads((folder / "phrases.toml").read_text(encoding="utf-8"))
    for label, told in phrases.items():
        found += [labelled(phrase, label) for phrase in told.strip().split("|")]
    return [one for one in found if one.features]


def labelled(words: str, label: str) -> Labelled:
    """A sentence with its label."""
    return Labelled(features_of(standard(words)), label)


def learn(sentences: Sequence[Labelled]) -> Weights:
    """Weigh every feature for every label."""
    labels = tuple(sorted({one.label for one in sentences}))
    place = {label: at for at, label in enumerate(labels)}
    often = Counter(feature for one in sentences for feature in one.features)
    rows = [
        ([f for f in one.features if len(f) < LONG or often[f] > 1], place[one.label])
        for one in sentences
    ]
    usual, unseen, weights = _count(rows, len(labels))
    for feature, corrections in _correct(rows, len(labels)).items():
        for at, correction in enumerate(corrections):
            if correction:
                known = weights[feature]
                known[at] = known.get(at, 0.0) + CORRECTION * correction
    return Weights(labels, usual, unseen, weights, fingerprint())


Rows = Sequence[tuple[Sequence[str], int]]


def _count(
    rows: Rows, many: int
) -> tuple[tuple[float, ...], tuple[float, ...], dict[str, dict[int, float]]]:
    sentences = Counter(at for _, at in rows)
    seen = [Counter[str]() for _ in range(many)]
    for features, at in rows:
        seen[at].update(features)
    vocabulary = len(set().union(*seen))
    totals = [counts.total() + SMOOTHING * vocabulary for counts in seen]
    usual = tuple(PRIOR * math.log(sentences[at] / len(rows)) for at in range(many))
    unseen = tuple(math.log(SMOOTHING / total) for total in totals)
    weights: dict[str, dict[int, float]] = defaultdict(dict)
    for at, counts in enumerate(seen):
        for feature, count in counts.items():
            weights[feature][at] = math.log((count + SMOOTHING) / totals[at]) - unseen[at]
    return usual, unseen, weights


def _correct(rows: Rows, many: int) -> dict[str, list[float]]:
    """Averaged perceptron with a margin, in an order that is the same each time."""
    weights: dict[str, list[float]] = defaultdict(lambda: [0.0] * many)
    summed: dict[str, list[float]] = defaultdict(lambda: [0.0] * many)
    order, steps, dice = list(rows), 1, random.Random(1)
    for _ in range(ROUNDS):
        dice.shuffle(order)
        for features, right in order:
            scores = _scores(weights, features, many)
            root = math.sqrt(max(1, len(features)))
            scores[right] -= MARGIN * root
            wrong = max(range(many), key=scores.__getitem__)
            if wrong != right:
                for feature in features:
                    for at, change in ((right, 1 / root), (wrong, -1 / root)):
                        weights[feature][at] += change
                        summed[feature][at] += steps * change
            steps += 1
    return {
        feature: [now - late / steps for now, late in zip(row, summed[feature], strict=True)]
        for feature, row in weights.items()
    }


def _scores(weights: dict[str, list[float]], features: Iterable[str], many: int) -> list[float]:
    scores = [0.0] * many
    for feature in features:
        row = weights.get(feature)
        if row is not None:
            scores = [score + weight for score, weight in zip(scores, row, strict=True)]
    return scores


def main() -> None:
    """Learn from what is shipped, and write the weights beside it."""
    sentences = read_labelled()
    weights = learn(sentences)
    text = write_weights(weights)
    (DATA / "likeness.tsv").write_text(text, encoding="utf-8")
    print(f"{len(sentences)} sentences and phrases, {len(weights.features)} features")
    print(f"{len(weights.labels)} labels, {len(text.encode()) // 1024} KiB")


if __name__ == "__main__":
    main()
