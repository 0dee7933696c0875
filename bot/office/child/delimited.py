"""Text tables: which alphabet, which sign between the cells."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from bot.office.child.reasons import Reason, Unreadable

SIGNS = ("\t", ",", ";", "|", "，")
LOOKED_AT = 30
# No text has these; a picture or a program does.
BINARY = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
PAGE = re.compile(r"\s*<(!doctype|html|\?xml|table)", re.IGNORECASE)
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# In this order: what is valid UTF-8 is hardly ever anything else.
ALPHABETS = ("utf-8", "gb18030")


def read_delimited(body: bytes) -> Iterator[list[str]]:
    """Yield the rows of a text table; raises Unreadable."""
    text = _decode(body)
    if PAGE.match(text):
        raise Unreadable(Reason.WEB_PAGE)
    if BINARY.search(text):
        raise Unreadable(Reason.NOT_A_SPREADSHEET)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=_sign_of(text))
    except csv.Error as error:
        raise Unreadable(Reason.DAMAGED) from error


def _decode(body: bytes) -> str:
    for mark, alphabet in MARKS:
        if body.startswith(mark):
            return _try(body, alphabet) or ""
    for alphabet in ALPHABETS:
        text = _try(body, alphabet)
        if text is not None:
            return text
    raise Unreadable(Reason.NOT_A_SPREADSHEET)


def _try(body: bytes, alphabet: str) -> str | None:
    try:
        return body.decode(alphabet)
    except UnicodeDecodeError:
        return None


def _sign_of(text: str) -> str:
    """The sign by which most lines fall into the same number of cells, the most cells first."""
    head = text.splitlines(keepends=True)[:LOOKED_AT]
    best, best_score = ",", (0, 0)
    for sign in SIGNS:
        try:
            widths = Counter(len(row) for row in csv.reader(head, delimiter=sign) if len(row) > 1)
        except csv.Error:
            continue
        if not widths:
            continue
        width, lines = widths.most_common(1)[0]
        if (lines, width) > best_score:
            best, best_score = sign, (lines, width)
    return best
