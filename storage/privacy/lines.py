"""What a copy is made of: lines of a key and its value, under headings."""

from dataclasses import dataclass
from datetime import date, datetime

Value = str | int | bool | date | datetime | list[str] | None
# Columns of the register that name somebody else: that there is one is told, not who.
OTHERS = ("guardian_", "contact_", "contact2_")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its key and value, and the labels that word each of them."""

    key: str
    value: Value
    kind: str = ""
    named: str = "copy"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its lines."""

    key: str
    lines: tuple[Line, ...]
