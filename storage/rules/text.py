"""Free text made safe to keep, to cut and to put into a sentence, without changing what it says.

Boundaries follow Unicode Standard Annex #29 where a cut would show: emoji, flags, combining marks.
"""

import re
import unicodedata

from storage.rules.numerals import half_width, read_out_digits
from storage.rules.phones import Phone, mask_digits, parse_phone

_ZWJ, _ZWNJ = "\u200d", "\u200c"
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
_RIGHT_TO_LEFT = frozenset({"R", "AL"})

# Letters by name that show nothing: Hangul fillers, the Braille blank, Khmer inherent vowels.
_BLANK_LOOK = frozenset("\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5\u034f")
# Format characters that do show, or that scripts and emoji need.
_KEPT_FORMAT = frozenset(f"{_ZWJ}{_ZWNJ}\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2")
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+\n*")
_LINE_EDGES = re.compile(r"[^\S\n]+$", re.MULTILINE)
# Tag characters spell the flags of regions behind a black flag, and are invisible elsewhere.
_STRAY_TAGS = re.compile("(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0020-\U000e007f]+")
_MARKS_IN_A_ROW = 8
_LONGEST_CLUSTER = 64


def clean(text: str, *, limit: int) -> str | None:
    """The text without invisible and steering characters, cut at `limit`; None if it looks empty.

    The limit counts code points, as Telegram's own does.
    """
    if text.isprintable():
        # One line without anything invisible, which nearly every cell and answer is: nothing to
        # take out. An import asks for each cell several times.
        return _cut_to(_thin_marks(text).strip(), limit)
    lines = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    kept = "".join(char for char in _STRAY_TAGS.sub("", lines) if _is_kept(char))
    tidy = _BLANK_LINES.sub("\n\n", _LINE_EDGES.sub("", _thin_marks(kept))).strip()
    return _cut_to(tidy, limit)


def _cut_to(tidy: str, limit: int) -> str | None:
    short = cut(tidy, limit)
    return None if looks_empty(short) else short


def _is_kept(char: str) -> bool:
    category = unicodedata.category(char)
    if category == "Cf":
        return char in _KEPT_FORMAT or "\U000e0020" <= char <= "\U000e007f"
    return char == "\n" or category not in ("Cc", "Cs", "Co", "Cn")


def _thin_marks(text: str) -> str:
    """Drop the combining marks beyond the eighth in a row, which only smear over other lines."""
    if len(text) <= _MARKS_IN_A_ROW or text.isascii():
        return text
    kept, marks = list[str](), 0
    for char in text:
        marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if marks <= _MARKS_IN_A_ROW:
            kept.append(char)
    return "".join(kept)


def looks_empty(text: str) -> bool:
    """Whether nothing in the text is a letter, a number, an emoji or another symbol to see."""
    return not any(_is_seen(char) for char in text)


def _is_seen(char: str) -> bool:
    category = unicodedata.category(char)
    return (category[0] in "LN" or category == "So") and char not in _BLANK_LOOK


def cut(text: str, limit: int) -> str:
    """At most `limit` code points, never half an emoji, a flag or an accented letter."""
    if len(text) <= limit:
        return text
    end = limit
    while end > max(0, limit - _LONGEST_CLUSTER) and not _is_boundary(text, end):
        end -= 1
    if not _is_boundary(text, end):  # one cluster without end: somebody is playing
        end = limit
    return text[:end].rstrip().rstrip(_ZWJ)


def _is_boundary(text: str, at: int) -> bool:
    if at <= 0 or at >= len(text):
        return True
    before, after = text[at - 1], text[at]
    if before == _ZWJ or _extends(after):
        return False
    return not (_is_flag_half(after) and _flag_halves_before(text, at) % 2)


def _extends(char: str) -> bool:
    if char in (_ZWJ, _ZWNJ) or "\U0001f3fb" <= char <= "\U0001f3ff":
        return True
    return "\U000e0020" <= char <= "\U000e007f" or unicodedata.category(char)[0] == "M"


def _is_flag_half(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _flag_halves_before(text: str, at: int) -> int:
    start = at
    while start and _is_flag_half(text[start - 1]):
        start -= 1
    return at - start


def isolate(text: str) -> str:
    """The value, wrapped so that a right-to-left name does not turn the sentence around it."""
    if any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in text):
        return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}"
    return text


# A run of digits that might be a phone or an identity number, also as 幺三八… read out.
_DIGITS = re.compile(r"\+?\d(?:[ \-‐‑–—.·()]{0,2}\d){6,}[xX]?")


def mask_phones(text: str) -> str:
    """The text with phone numbers, and other long runs of digits, hidden in their middle."""
    plain = read_out_digits(half_width(text))  # of the same length, so places agree
    pieces, done = list[str](), 0
    for found in _DIGITS.finditer(plain):
        pieces += [text[done : found.start()], _masked(found.group(), text[slice(*found.span())])]
        done = found.end()
    return "".join([*pieces, text[done:]])


def _masked(run: str, written: str) -> str:
    phone = parse_phone(run)
    if isinstance(phone, Phone):
        return mask_digits(phone.national)
    # Dates and times have separators; seven digits on end are a number of somebody.
    return (
        re.sub(r"\d{7,}", lambda found: mask_digits(found.group()), run)
        if re.search(r"\d{7,}", run)
        else written
    )


def normalise(text: str) -> str:
    """The text as typed labels are compared: no case, width, spaces, punctuation or emoji."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(char for char in folded if unicodedata.category(char)[0] in "LN")
