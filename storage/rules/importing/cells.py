"""Cells of a spreadsheet as plain values, and why one of them cannot be taken over."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from storage.rules.numerals import half_width
from storage.rules.text import clean

# What the child process hands over: text, number, truth, a day, or nothing. A formula comes as
# the value that was computed when the file was saved.
Cell = str | int | float | bool | date | None
Fact = str | int | bool | None | list[str]

LONGEST_CELL = 2000
# Words that say "nothing is known" in a column of dates, numbers or choices.
NOTHING = frozenset(
    ("", "-", "--", "—", "——", "/", "\\", "无", "没有", "不详", "未知", "空", "null", "none", "n/a")
)
# Signs that are an answer in a column of yes and no; other lone signs say nothing.
_MARKS = frozenset("√✓✔☑×✗✘☐")
_FAULT = re.compile(r"#(?:REF!|N/A|DIV/0!|VALUE!|NAME\?|NULL!|NUM!|SPILL!|CALC!|####*)", re.I)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a cell, or its row, cannot be taken over: a key to be worded, and its facts."""

    key: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    column: int | None = None

    def at(self, column: int) -> "Reason":
        """The same reason, with the column it is about."""
        return Reason(self.key, self.facts, column)


def column_letter(column: int) -> str:
    """The letter above a column, counted from 0: A … Z, AA …."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def is_fault(cell: Cell) -> bool:
    """Whether the cell shows an error of a formula instead of a value."""
    return isinstance(cell, str) and _FAULT.fullmatch(half_width(cell).strip()) is not None


def cell_text(cell: Cell) -> str:
    """The cell as one would read it: a whole number without its ".0", a day as 1958-11-12."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, int):
        return str(cell)
    return _tidy(cell)


def _tidy(text: str) -> str:
    # An apostrophe in front is how people make Excel keep a number as text.
    if text.strip() in _MARKS:
        return text.strip()
    bare = (clean(text, limit=LONGEST_CELL) or "").strip().lstrip("'‘’`").strip()
    return "" if is_fault(bare) else bare


def is_empty(cell: Cell) -> bool:
    """Whether there is nothing to see in the cell."""
    return cell_text(cell) == "" and not is_fault(cell)


def is_blank_row(row: Sequence[Cell]) -> bool:
    """Whether nothing stands in the whole row."""
    return all(is_empty(cell) for cell in row)


def says_nothing(cell: Cell) -> bool:
    """Whether the cell is empty or says that nothing is known."""
    return half_width(cell_text(cell)).strip().casefold() in NOTHING
