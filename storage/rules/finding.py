"""Finding: what somebody of the office types of a person, sorted into what it can be found by."""

import re
import unicodedata
from dataclasses import dataclass

from storage.rules.certificate import tidy
from storage.rules.numerals import half_width, small_number
from storage.rules.phones import Phone, parse_phone
from storage.rules.text import clean

WORDS_LIMIT = 60
# Sorts behind every name that begins with the same letters, by code points.
LAST = "\U0010ffff"

# An identity number, and with two digits more, and a count of re-issues, a certificate's.
_NUMBER = re.compile(r"[1-9][0-9]{16}[0-9X](?:[0-9]{2}(?:B[1-9][0-9]?)?)?")
_IDENTITY_SIGNS = 18
_REISSUES = ("", "B1", "B2", "B3", "B4")
_GROUP = re.compile(r"第?([0-9]{1,2}|[一二三四五六七八九十]{1,3})([组社])")
_DIGITS = ("", *"一二三四五六七八九")
_BETWEEN = re.compile(r"[\s,，、;；]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: one number, or words, of which some may name a place.

    ``numbers`` are the certificates meant; ``groups`` the ways in which a group may be written.
    """

    phone: str | None = None
    numbers: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


def read_asked(text: str) -> Asked | None:
    """Sort what was typed; None when there is nothing to find anybody by."""
    plain = " ".join((clean(text, limit=WORDS_LIMIT * 4) or "").split())[:WORDS_LIMIT]
    number = tidy(plain)
    if _NUMBER.fullmatch(number):
        return Asked(numbers=_certificates(number))
    if not re.search(r"[^\W\d_]", plain):
        phone = parse_phone(plain)
        return Asked(phone=phone.e164) if isinstance(phone, Phone) else None
    words = [word for word in _BETWEEN.split(plain) if word]
    groups = [found for word in words if (found := _GROUP.fullmatch(half_width(word)))]
    names = tuple(word for word in words if not _GROUP.fullmatch(half_width(word)))
    written = _ways(groups[0]) if groups else ()
    return Asked(words=names, groups=written) if words else None


def _certificates(number: str) -> tuple[str, ...]:
    """The certificate numbers meant: also re-issued, and every one that an identity number begins.

    Seven categories, four grades: so few that no identity number has to be kept for searching.
    """
    if "B" in number:
        return (number,)
    tails = [""]
    if len(number) == _IDENTITY_SIGNS:
        tails = [f"{category}{grade}" for category in range(1, 8) for grade in range(1, 5)]
    return tuple(f"{number}{tail}{again}" for tail in tails for again in _REISSUES)


def _ways(group: re.Match[str]) -> tuple[str, ...]:
    """三组, 3组, 第3组 and a bare 3 are one group."""
    count = small_number(group[1])
    if not count:
        return (group[0],)
    tens, units = divmod(count, 10)
    words = f"{_DIGITS[tens] if tens > 1 else ''}{'十' if tens else ''}{_DIGITS[units]}"
    numbers = (str(count), f"{count:02d}", words)
    whole = [f"{head}{one}{group[2]}" for one in numbers for head in ("", "第")]
    return (*numbers, *whole)


def name_of(words: tuple[str, ...]) -> str:
    """The words as a name is written: Chinese without gaps, others with one space."""
    wide = all(unicodedata.east_asian_width(word[0]) == "W" for word in words)
    return ("" if wide else " ").join(words)
