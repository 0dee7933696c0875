"""Finding: what somebody of the office types of a person, sorted into what it can be found by."""

import re
import unicodedata
from dataclasses import dataclass

from storage.rules.numerals import half_width
from storage.rules.phones import Phone, parse_phone
from storage.rules.text import clean

WORDS_LIMIT = 60
# Sorts behind every name that begins with the same letters, by code points.
LAST = "\U0010ffff"

# Identity numbers have 18 signs, disability certificates two digits more.
_NUMBER = re.compile(r"[0-9]{17}[0-9Xx](?:[0-9Xx]{2})?")
_BETWEEN = re.compile(r"[\s,，、;；]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: one number, or words, of which some may name a place."""

    phone: str | None = None
    number: str | None = None
    words: tuple[str, ...] = ()


def read_asked(text: str) -> Asked | None:
    """Sort what was typed; None when there is nothing to find anybody by."""
    plain = " ".join((clean(text, limit=WORDS_LIMIT * 4) or "").split())[:WORDS_LIMIT]
    digits = re.sub(r"[\s-]", "", half_width(plain))
    if _NUMBER.fullmatch(digits):
        return Asked(number=digits.upper())
    if not re.search(r"[^\W\d_]", plain):
        phone = parse_phone(plain)
        return Asked(phone=phone.e164) if isinstance(phone, Phone) else None
    words = tuple(word for word in _BETWEEN.split(plain) if word)
    return Asked(words=words) if words else None


def name_of(words: tuple[str, ...]) -> str:
    """The words as a name is written: Chinese without gaps, others with one space."""
    wide = all(unicodedata.east_asian_width(word[0]) == "W" for word in words)
    return ("" if wide else " ").join(words)
