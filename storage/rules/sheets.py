"""Codes of printed sheets and of their lines, and a sheet typed back in one go.

"表 A17: 013好 021没接 037要帮忙 没米了": the letter checks the sheet's number, the third digit
the line's, so that a slip of the finger writes nothing down about somebody else. A line may also be
typed by its bare number.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from storage.rules.ladder import Outcome
from storage.rules.numerals import half_width
from storage.rules.outcomes import read_outcome

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXY"
LINES_AT_MOST = 60


class Fault(StrEnum):
    """Why something typed back is not kept."""

    NO_SHEET = "no_sheet"
    NO_LINE = "no_line"
    TWICE = "twice"
    UNCLEAR = "unclear"
    TYPED = "typed"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Ticked:
    """One line as it was typed; ``number`` None when its code is none of this sheet's."""

    code: str
    number: int | None
    outcome: Outcome | None
    words: str


_SHEET = re.compile(r"\s*(?:表|sheet)\s*([A-Za-z])\s*(\d{1,6})\s*[:：,，.、]?\s*", re.IGNORECASE)
_BEGINS = (
    r"都?好|一切|平安|正常|没|无人|未接|不接|不在|关机|停机|占线|空号|要|需|求助|说不|听不|讲不|不清|"
    r"接|通|见|看到|在家|打|本人|人|身体|fine|no answer|could|needs?"
)
_CODE = re.compile(rf"(?<!\d)(\d{{1,3}})[\s.:：、]*(?={_BEGINS})", re.IGNORECASE)


def sheet_code(number: int) -> str:
    """The sheet's number behind the letter that checks it."""
    return f"{LETTERS[(number * 7 + 5) % len(LETTERS)]}{number}"


def line_code(number: int) -> str:
    """A line's number in two digits, with the digit that checks it."""
    return f"{number:02d}{_check(number)}"


# H. M. Damm, 2004: notices every wrong digit and every swap of two neighbours.
_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)


def _check(number: int) -> int:
    interim = 0
    for digit in f"{number:02d}":
        interim = int(_DAMM[interim][int(digit)])
    return interim


def begins_sheet(text: str) -> bool:
    """Whether a message is a sheet typed back."""
    return _SHEET.match(half_width(text)) is not None


def read_sheet(text: str) -> tuple[int | None, list[Ticked]]:
    """The sheet's number, None when its letter does not fit, and what was typed of its lines."""
    plain = half_width(text)
    head = _SHEET.match(plain)
    if head is None:
        return None, []
    number = int(head.group(2))
    if sheet_code(number) != f"{head.group(1).upper()}{number}":
        return None, []
    return number, list(_lines(plain[head.end() :]))


def _lines(text: str) -> Iterator[Ticked]:
    found = list(_CODE.finditer(text))
    for at, one in enumerate(found):
        end = found[at + 1].start() if at + 1 < len(found) else len(text)
        outcome, words = read_outcome(text[one.end() : end].strip(" ,，;；、\n"))
        yield Ticked(one.group(1), _number(one.group(1)), outcome, words)


def _number(code: str) -> int | None:
    if len(code) < 3:
        return int(code)
    number = int(code[:2])
    return number if line_code(number) == code else None
