"""Digits as people type them: full-width, and the Chinese words for them."""

import re

# Only full-width digits and signs become plain ones. NFKC would also turn ² into 2, ㈠ into (一)
# and Ⅷ into VIII, and nobody who types those has told us a number.
_FULL_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(0x5E)} | {0x3000: 0x20}
_UNITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "俩": 2, "三": 3, "四": 4, "五": 5}
_UNITS |= {"六": 6, "七": 7, "八": 8, "九": 9}
_TENS = re.compile(r"([一二三四五六七八九])?十([一二三四五六七八九])?")
_READ_OUT = str.maketrans("零〇幺一二两三四五六七八九", "0011223456789")


def half_width(text: str) -> str:
    """The same text, of the same length, with plain digits, letters and signs."""
    return text.translate(_FULL_WIDTH)


def chinese_number(text: str) -> int | None:
    """The number that Chinese words from 零 to 九十九 say, else None."""
    if text in _UNITS:
        return _UNITS[text]
    found = _TENS.fullmatch(text)
    if found is None:
        return None
    tens, units = found.groups()
    return 10 * (_UNITS[tens] if tens else 1) + (_UNITS[units] if units else 0)


def read_out_digits(text: str) -> str:
    """The same text, of the same length, with digits for 幺三八… as numbers are read out."""
    return text.translate(_READ_OUT)


def small_number(text: str) -> int | None:
    """A number of at most four digits, or in Chinese words; signs and fractions are none."""
    plain = half_width(text).strip()
    if re.fullmatch(r"[0-9]{1,4}", plain):
        return int(plain)
    return chinese_number(plain)
