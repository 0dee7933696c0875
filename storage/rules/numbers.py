"""Counts as people type them."""

import re

from storage.rules.numerals import half_width, small_number

_MEASURE = re.compile(
    r"(?:个人|[个位人名户次天周张件份]|people|persons?|times|days)$", re.IGNORECASE
)


def parse_count(text: str, low: int, high: int) -> int | None:
    """A whole number from `low` to `high`, in digits or Chinese words, else None.

    ², ㈠ and Ⅷ are refused: `str.isdigit` says yes to the first, and `int` then fails.
    """
    bare = _MEASURE.sub("", half_width(text).strip()).strip()
    number = small_number(bare)
    return number if number is not None and low <= number <= high else None
