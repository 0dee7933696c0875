"""Whether two needs are likely one: the same kind and near in time, or nearly the same words."""

import re
from datetime import timedelta

from storage.rules.areas import Category
from storage.rules.speech import standard

# Older ones are rather forgotten than stated twice.
RECENT = timedelta(days=14)
# Of the pairs of characters in the shorter text, so many stand in the longer one too.
ALIKE = 0.6
# Two kinds that say nothing of what is wanted.
_OPEN_KINDS = frozenset({Category.UNCLEAR, Category.NOT_A_NEED})
_KEPT = re.compile(r"[0-9a-z\u4e00-\u9fff]+")
# Asked for again each week: of these only the same words make the same need.
_REPEATED = 6


def is_like(
    category: Category, words: str, other_category: Category, other_words: str, age: timedelta
) -> bool:
    """Whether a need that is about to be stated is likely the open one of this age."""
    if age > RECENT:
        return False
    if category is other_category and category not in _OPEN_KINDS:
        return True
    return resemblance(words, other_words) >= ALIKE


def resemblance(one: str, other: str) -> float:
    """How much of the shorter text stands in the longer one, from 0 to 1."""
    pairs = sorted((_pairs(one), _pairs(other)), key=len)
    if len(pairs[0]) < _REPEATED:
        return 1.0 if pairs[0] and pairs[0] == pairs[1] else 0.0
    return len(pairs[0] & pairs[1]) / len(pairs[0])


def _pairs(text: str) -> frozenset[str]:
    said = "".join(_KEPT.findall(standard(text)[:400]))
    return frozenset(said[at : at + 2] for at in range(len(said) - 1))
