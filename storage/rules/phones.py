"""Phone numbers as people type them, checked, masked, and grouped for reading aloud.

Numbering: 电信网码号资源分类管理目录: mobiles are 1[3-9] with 11 digits, landlines have area codes.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from storage.rules.numerals import half_width, read_out_digits


class PhoneProblem(StrEnum):
    """Why a text is no phone number of a person here."""

    NOT_A_NUMBER = "not_a_number"
    SEVERAL_NUMBERS = "several_numbers"
    EMERGENCY_NUMBER = "emergency_number"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    FOREIGN = "foreign"
    NO_AREA_CODE = "no_area_code"
    NOT_IN_USE = "not_in_use"


class PhoneKind(StrEnum):
    """What a number reaches; no real phone has a practice number."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    PRACTICE = "practice"


@dataclass(frozen=True, slots=True)
class Phone:
    """A number in E.164 form, with the extension behind it."""

    e164: str
    kind: PhoneKind
    extension: str = ""

    @property
    def national(self) -> str:
        """The digits as dialled inside the country."""
        digits = self.e164.removeprefix("+86")
        return f"0{digits}" if self.kind is PhoneKind.LANDLINE else digits


_EXTENSION = re.compile(
    r"(?:转|分机|ext\.?|x|#)\s*:?\s*(\d{1,6})\s*$|(?<=\d{7})-(\d{1,6})\s*$", re.I
)
_SEPARATORS = re.compile(r"[\s\-‐‑–—−._·・()/]+")
_RUN = re.compile(
    r"\+?\d(?:[\d\s\-‐‑–—−.·()]*\d)?(?:\s*(?:转|分机|ext\.?|#)\s*:?\s*\d{1,6})?", re.I
)
_LETTER = re.compile(r"[^\W\d_]")
_AREA = r"0(?:10|2\d|[3-9]\d{2})"

# Tried in this order on the bare digits; what fits none is too short or too long.
# 100… is no mobile prefix: synthetic people have such numbers, and no one else.
_SHAPES: tuple[tuple[re.Pattern[str], PhoneKind | PhoneProblem], ...] = (
    (re.compile(r"1\d{2}|12110\d{3}|1\d{4}|9[56]\d{3,5}|911|999"), PhoneProblem.EMERGENCY_NUMBER),
    (re.compile(r"[48]00\d{7}"), PhoneProblem.EMERGENCY_NUMBER),
    (re.compile(r"1[3-9]\d{9}"), PhoneKind.MOBILE),
    (re.compile(r"100\d{8}"), PhoneKind.PRACTICE),
    (re.compile(r"1\d{10}"), PhoneProblem.NOT_IN_USE),
    (re.compile(_AREA + r"[2-9]\d{6,7}"), PhoneKind.LANDLINE),
    (re.compile(r"[2-9]\d{6,7}"), PhoneProblem.NO_AREA_CODE),
    (re.compile(r"00\d+"), PhoneProblem.FOREIGN),
    (re.compile(r"\d{1,10}"), PhoneProblem.TOO_SHORT),
    (re.compile(r"\d+"), PhoneProblem.TOO_LONG),
)


def parse_phone(text: str) -> Phone | PhoneProblem:
    """Read one phone number, alone or inside a few words ("我的电话是138…")."""
    plain = half_width(text).strip()
    spelled = read_out_digits(plain)
    if not _LETTER.search(spelled):
        plain = spelled
    if not _LETTER.search(_EXTENSION.sub("", plain)):
        return _parse_bare(plain)
    runs = [found.group() for found in _RUN.finditer(plain)]
    if len(runs) != 1:
        return PhoneProblem.SEVERAL_NUMBERS if runs else PhoneProblem.NOT_A_NUMBER
    return _parse_bare(runs[0])


def _parse_bare(plain: str) -> Phone | PhoneProblem:
    number, extension = _split_extension(plain)
    digits = _SEPARATORS.sub("", number)
    if not re.fullmatch(r"\+?[0-9]+", digits):
        return PhoneProblem.NOT_A_NUMBER
    digits = _without_country(digits)
    if digits.startswith("+"):
        return PhoneProblem.FOREIGN
    shape = next(meaning for pattern, meaning in _SHAPES if pattern.fullmatch(digits))
    if isinstance(shape, PhoneProblem):
        return shape
    return Phone(e164=f"+86{digits.removeprefix('0')}", kind=shape, extension=extension)


def _split_extension(plain: str) -> tuple[str, str]:
    found = _EXTENSION.search(plain)
    if found is None:
        return plain, ""
    head = plain[: found.start()]
    # "138-0013-8000" ends like an extension; a whole number without it is no extension.
    if found.group(2) and not _is_landline(head):
        return plain, ""
    return head, found.group(1) or found.group(2)


def _is_landline(text: str) -> bool:
    digits = _without_country(_SEPARATORS.sub("", text))
    return re.fullmatch(_AREA + r"[2-9]\d{6,7}", digits) is not None


def _without_country(digits: str) -> str:
    for prefix in ("+86", "0086"):
        if digits.startswith(prefix):
            return _with_zero(digits.removeprefix(prefix))
    # 86 without a plus is the country only in front of a whole mobile number.
    return digits[2:] if re.fullmatch(r"86(?:1[3-9]\d|100)\d{8}", digits) else digits


def _with_zero(digits: str) -> str:
    """Abroad the zero of an area code is left out: +86 23 … is 023 …."""
    local = f"0{digits}"
    return local if re.fullmatch(_AREA + r"[2-9]\d{6,7}", local) else digits


def mask(phone: Phone) -> str:
    """The number as those may see it who must not call it: 1380•••••00."""
    return mask_digits(phone.national)


def mask_digits(digits: str) -> str:
    """A run of digits with its middle hidden."""
    head = 4 if len(digits) >= 10 else 2
    return f"{digits[:head]}{'•' * (len(digits) - head - 2)}{digits[-2:]}"


def spoken(phone: Phone) -> str:
    """The number in groups that can be read out and typed: 138 0013 8000."""
    digits = phone.national
    head = 3
    if phone.kind is PhoneKind.LANDLINE and not re.match(r"010|02", digits):
        head = 4
    rest = digits[head:]
    middle = len(rest) - 4
    groups = f"{digits[:head]} {rest[:middle]} {rest[middle:]}"
    return f"{groups}-{phone.extension}" if phone.extension else groups
