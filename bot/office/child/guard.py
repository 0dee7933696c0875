"""Text that a spreadsheet would take for a formula, and signs that no file may hold."""

import re

# Also in full width: WPS takes them alike. A tab or a line's end before them is skipped by Excel.
FORMULA = re.compile("[=+\\-@\t\r＝＋－＠]")
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
CELL_LIMIT = 32_767


def guarded(text: str) -> str:
    """Text with the sign ' in front, so that it stays text when the sheet is saved as CSV too."""
    clean = UNWRITABLE.sub("", text)[: CELL_LIMIT - 1]
    return f"'{clean}" if FORMULA.match(clean) else clean


def writable(text: str) -> str:
    """Without the signs that break a document's XML."""
    return UNWRITABLE.sub("", text)
