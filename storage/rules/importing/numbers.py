"""Numbers of people: phones, identity and certificate numbers, and what Excel did to them."""

import re
from dataclasses import dataclass

from storage.rules.importing.cells import Cell, Reason, cell_text
from storage.rules.numerals import half_width
from storage.rules.phones import Phone, PhoneProblem, parse_phone

# Excel keeps fifteen digits; what stood behind them is gone for ever.
_KEPT_DIGITS = 10**15
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d{1,3}")
_BETWEEN_PHONES = re.compile(r"[/／、,，;；\n|]|或者?|\s{2,}")
_CROSSES = str.maketrans({"×": "X", "х": "X", "Х": "X", "x": "X", "＊": "*"})


@dataclass(frozen=True, slots=True)
class Phones:
    """The first number of a cell, and how many more stood there."""

    first: str
    more: int = 0


def read_phones(cell: Cell) -> Phones | Reason:
    """Read the phone of a cell; of several that can be read, the first is kept."""
    text = cell_text(cell)
    if _is_eaten(cell, text):
        return Reason("number_eaten", {"value": text})
    text = re.sub(r"\.0$", "", half_width(text)) if re.fullmatch(r"\d+\.0", text) else text
    whole = parse_phone(text)
    if isinstance(whole, Phone):
        return Phones(whole.e164)
    for parts in (_BETWEEN_PHONES.split(text), re.split(r"[\s/／、,，;；|]+", text)):
        found = [parse_phone(part) for part in parts if part.strip()]
        phones = [one for one in found if isinstance(one, Phone)]
        if len(found) > 1 and len(phones) == len(found):
            return Phones(phones[0].e164, more=len({one.e164 for one in phones}) - 1)
    if whole is PhoneProblem.TOO_LONG and len(re.sub(r"\D", "", text)) == 22:
        digits = re.sub(r"\D", "", text)
        halves = (parse_phone(digits[:11]), parse_phone(digits[11:]))
        if all(isinstance(half, Phone) for half in halves):
            return Phones(f"+86{digits[:11]}", more=1)
    return Reason(f"phone_{whole.value}", {"value": text[:40]})


def read_id_text(cell: Cell) -> str | Reason:
    """The digits and letters of an identity or certificate number; never guessed when eaten."""
    text = cell_text(cell)
    if _is_eaten(cell, text):
        return Reason("number_eaten", {"value": text})
    plain = re.sub(r"[\s\-‐‑–—·.]+", "", half_width(text).translate(_CROSSES)).upper()
    if re.fullmatch(r"\d{16,22}", plain) and plain.endswith("0" * (len(plain) - 15)):
        # Eaten earlier and then saved as text: the tail is nothing but zeros.
        return Reason("number_eaten", {"value": text})
    if not re.fullmatch(r"[0-9A-Z()]{4,32}", plain):
        return Reason("number_unreadable", {"value": text[:40]})
    return plain


def _is_eaten(cell: Cell, text: str) -> bool:
    if isinstance(cell, bool):
        return False
    if isinstance(cell, int | float):
        return abs(cell) >= _KEPT_DIGITS
    return _SCIENTIFIC.fullmatch(half_width(text).strip()) is not None


def read_amount(cell: Cell) -> int | Reason:
    """A count or a sum of money, rounded down to whole units: "3人", "1,200元", 1200.0."""
    text = half_width(cell_text(cell)).replace(",", "").strip()
    found = re.fullmatch(r"(\d{1,9})(?:\.\d+)?\s*[人口户元个月岁年名次小时块]*", text)
    if found is None:
        return Reason("amount_unreadable", {"value": text[:40]})
    return int(found[1])
