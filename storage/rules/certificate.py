"""The disability certificate: its number read and checked, its states, its ten years.

残疾人证管理办法 (2017) art. 5: the 18 digits of the identity number, a digit for the category and
one for the grade (GB/T 26341-2010); a reissue adds B1, B2 … The check digit is that of
GB 11643-1999, ISO 7064 MOD 11-2. A wrong one only warns: cards with such numbers exist.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from storage.rules.ages import years_after
from storage.rules.numerals import half_width

YEARS_VALID = 10
OLDEST = 130


class DisabilityCategory(StrEnum):
    """GB/T 26341, in the order of the certificate's digit 1 to 7."""

    VISUAL = "visual"
    HEARING = "hearing"
    SPEECH = "speech"
    PHYSICAL = "physical"
    INTELLECTUAL = "intellectual"
    PSYCHIATRIC = "psychiatric"
    MULTIPLE = "multiple"


class Sex(StrEnum):
    """As the identity number says it."""

    MALE = "male"
    FEMALE = "female"


class NumberProblem(StrEnum):
    """Why a text is no certificate number."""

    ROUNDED = "rounded"  # a spreadsheet made 5.00E+19 of it
    NOT_A_NUMBER = "not_a_number"
    LENGTH = "length"
    NO_SUCH_DAY = "no_such_day"
    NOT_BORN_YET = "not_born_yet"
    TOO_LONG_AGO = "too_long_ago"
    CATEGORY = "category"
    GRADE = "grade"


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """公民身份号码: what its 18 signs say."""

    number: str
    born_on: date
    sex: Sex
    check_right: bool


@dataclass(frozen=True, slots=True)
class CertificateNumber:
    """残疾人证号: what its 20 to 22 signs say."""

    number: str
    identity: IdentityNumber
    category: DisabilityCategory
    grade: int
    reissue: int

    @property
    def check_right(self) -> bool:
        """Whether the identity number's check digit fits."""
        return self.identity.check_right


_CATEGORIES = tuple(DisabilityCategory)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SIGNS = "10X98765432"
# What people and sheets put between the digits, or before a number that shall stay text.
_BETWEEN = re.compile(r"[\s\-‐‑–—_.·・'’`\u200b\ufeff]+")
_ROUNDED = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)
_IDENTITY = re.compile(r"[1-9]\d{16}[\dX]", re.ASCII)
_TAIL = re.compile(r"(\d)(\d)(?:B([1-9]\d?))?", re.ASCII)


def tidy(text: str, *, letters_o: bool = False) -> str:
    """The number as it is kept: plain digits, X and B. With ``letters_o`` an O is a zero."""
    plain = _BETWEEN.sub("", half_width(text)).upper().replace("×", "X").replace("Х", "X")
    return plain.replace("O", "0") if letters_o else plain


def check_sign(first: str) -> str:
    """The check digit for the first 17 digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first, _WEIGHTS, strict=True))
    return _SIGNS[total % 11]


def read_identity(text: str, *, today: date) -> IdentityNumber | NumberProblem:
    """Read an identity number of 18 signs."""
    if _is_rounded(text):
        return NumberProblem.ROUNDED
    number = tidy(text)
    if not re.fullmatch(r"[\dX]+", number, re.ASCII):
        return NumberProblem.NOT_A_NUMBER
    return _read_identity(number, today)


def read_certificate(text: str, *, today: date) -> CertificateNumber | NumberProblem:
    """Read a certificate number; what it says of the person is told by the result."""
    if _is_rounded(text):
        return NumberProblem.ROUNDED
    number = tidy(text)
    if not re.fullmatch(r"[\dXB]+", number, re.ASCII):
        return NumberProblem.NOT_A_NUMBER
    tail = _TAIL.fullmatch(number[18:])
    if tail is None:
        return NumberProblem.LENGTH
    identity = _read_identity(number[:18], today)
    if isinstance(identity, NumberProblem):
        return identity
    category, grade = int(tail[1]), int(tail[2])
    if not 1 <= category <= len(_CATEGORIES):
        return NumberProblem.CATEGORY
    if not 1 <= grade <= 4:
        return NumberProblem.GRADE
    return CertificateNumber(
        number=number,
        identity=identity,
        category=_CATEGORIES[category - 1],
        grade=grade,
        reissue=int(tail[3] or 0),
    )


def _is_rounded(text: str) -> bool:
    return _ROUNDED.fullmatch(half_width(text).strip()) is not None


def _read_identity(number: str, today: date) -> IdentityNumber | NumberProblem:
    if len(number) != 18:
        return NumberProblem.LENGTH
    if not _IDENTITY.fullmatch(number):
        return NumberProblem.NOT_A_NUMBER
    try:
        born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return NumberProblem.NO_SUCH_DAY
    if born_on > today:
        return NumberProblem.NOT_BORN_YET
    if born_on.year < today.year - OLDEST:
        return NumberProblem.TOO_LONG_AGO
    return IdentityNumber(
        number=number,
        born_on=born_on,
        sex=Sex.MALE if int(number[16]) % 2 else Sex.FEMALE,
        check_right=check_sign(number[:17]) == number[17],
    )


def make_number(
    *, area: str, born_on: date, sequence: int, category: DisabilityCategory, grade: int
) -> str:
    """Put a number together whose check digit is right: for practice and tests."""
    first = f"{area}{born_on:%Y%m%d}{sequence:03d}"
    return f"{first}{check_sign(first)}{_CATEGORIES.index(category) + 1}{grade}"


class CertificateState(StrEnum):
    """有效, 冻结, 注销, 过期, 待换证."""

    VALID = "valid"
    FROZEN = "frozen"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    RENEWAL_DUE = "renewal_due"


_VALID, _FROZEN = CertificateState.VALID, CertificateState.FROZEN
_CANCELLED, _EXPIRED = CertificateState.CANCELLED, CertificateState.EXPIRED
_DUE = CertificateState.RENEWAL_DUE

# No move of the hukou for half a year freezes, for a year cancels; a renewal makes valid again.
# A cancelled one stays so: a new assessment makes a new certificate.
MOVES: Mapping[CertificateState, frozenset[CertificateState]] = MappingProxyType(
    {
        _VALID: frozenset({_FROZEN, _CANCELLED, _EXPIRED, _DUE}),
        _DUE: frozenset({_VALID, _FROZEN, _CANCELLED, _EXPIRED}),
        _FROZEN: frozenset({_VALID, _CANCELLED, _EXPIRED}),
        _EXPIRED: frozenset({_VALID, _CANCELLED}),
        _CANCELLED: frozenset(),
    }
)


def may_become(state: CertificateState, new: CertificateState) -> bool:
    """Whether a certificate in this state may pass into the other."""
    return new in MOVES[state]


def ends_on(issued_on: date) -> date:
    """The last day of the ten years."""
    return years_after(issued_on, YEARS_VALID)
