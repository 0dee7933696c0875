"""Codes of printed sheets and of their lines, and a sheet typed back in one go.

"表 A17: 013好 021没接 037要帮忙 没米了": the letter checks the sheet's number, the third digit
the line's, so that a slip of the finger writes nothing down about somebody else. A line may also be
typed by its bare number.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
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
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Ticked:
    """One line as it was typed; ``number`` None when its code is none of this sheet's."""

    code: str
    number: int | None
    outcome: Outcome | None
    words: str
    # What was ticked as not well, by the questions of the form.
    heard: tuple[str, ...] = ()


_SHEET = re.compile(r"\s*(?:表|sheet)\s*([A-Za-z])\s*(\d{1,6})\s*[:：,，.、]?\s*", re.IGNORECASE)
# The day of the calls, where it is another than today: 11-24, 11月24日.
_DAY = re.compile(r"\s*(?:\d{4}[-年/.])?(\d{1,2})[-月/.](\d{1,2})[日号]?\s*[:：,，、]\s*")
_HEARD = {
    "body": "身体|health",
    "meals": "吃睡|吃饭|睡觉|meals",
    "medicine": "药|drugs|medicine",
    "mood": "心情|mood",
    "home": "家里|home",
    "device": "辅具|device",
}
_NOT_WELL = re.compile(
    r"[\s,，、;；]*(?P<what>{})\s*(?:不太?好用?|差|不够|不安全|bad)".format(
        "|".join(_HEARD.values())
    ),
    re.IGNORECASE,
)
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
    rest = plain[head.end() :]
    day = _DAY.match(rest)
    return number, list(_lines(rest[day.end() :] if day is not None else rest))


def read_day(text: str) -> tuple[int, int] | None:
    """Month and day of the calls, where they are written behind the sheet's number."""
    plain = half_width(text)
    head = _SHEET.match(plain)
    day = _DAY.match(plain[head.end() :]) if head is not None else None
    return (int(day.group(1)), int(day.group(2))) if day is not None else None


def day_of(
    first_day: date, *, today: date, due_days: Sequence[int], said: tuple[int, int] | None
) -> date | None:
    """The day on which a line's call was made; None when the day said is none of that week.

    Unsaid it is the last day on which the call was due, and today where there was none.
    """
    week = [first_day + timedelta(days=at) for at in range(7)]
    if said is not None:
        fits = [day for day in week if (day.month, day.day) == said and day <= today]
        return fits[0] if fits else None
    due = [week[at] for at in due_days if week[at] <= today]
    return due[-1] if due else today


def _lines(text: str) -> Iterator[Ticked]:
    found = list(_CODE.finditer(text))
    for at, one in enumerate(found):
        end = found[at + 1].start() if at + 1 < len(found) else len(text)
        said = text[one.end() : end]
        heard = tuple(_which(found.group("what")) for found in _NOT_WELL.finditer(said))
        outcome, words = read_outcome(_NOT_WELL.sub("", said).strip(" ,，;；、\n"))
        yield Ticked(one.group(1), _number(one.group(1)), outcome, words, heard)


def _which(words: str) -> str:
    """The question that these words stand for."""
    return next(key for key, said in _HEARD.items() if words.casefold() in said.split("|"))


def _number(code: str) -> int | None:
    if len(code) < 3:
        return int(code)
    number = int(code[:2])
    return number if line_code(number) == code else None
