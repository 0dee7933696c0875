"""The parts of a workbook or document, as lines for the child that makes it.

A maker yields them one after another: ``workbook``, then sheets, each with its rows (plain lists)
or its tables; or ``document``, then headings, paragraphs and grids;
or ``picture``, then blocks of bars.
"""

from collections.abc import Sequence
from dataclasses import dataclass

Value = str | int | float | bool | None
Line = dict[str, object] | list[Value]


@dataclass(frozen=True, slots=True)
class Column:
    """A column; ``kind`` is text, number, decimal, percent or date ("2026-11-25" in its cells)."""

    header: str
    kind: str = "text"
    width: float | None = None

    def as_line(self) -> dict[str, object]:
        return {"header": self.header, "kind": self.kind, "width": self.width}


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of a table: ``kind`` bar, stacked, rows or pie; ``values`` are its columns."""

    title: str
    kind: str = "bar"
    values: Sequence[int] = (1,)
    labels: int = 0


@dataclass(frozen=True, slots=True)
class Boxes:
    """A cell of a grid with boxes to tick, one for each word."""

    words: Sequence[str]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a picture: the word before it, the lengths of its parts, what stands behind."""

    word: str
    parts: Sequence[int]
    shown: str


def workbook(title: str) -> Line:
    """Begin a workbook."""
    return {"make": "workbook", "title": title}


def sheet(
    name: str,
    columns: Sequence[Column] = (),
    *,
    title: str = "",
    notes: Sequence[str] = (),
    frozen_columns: int = 0,
    wide: bool = False,
) -> Line:
    """Begin a sheet: with columns a register, whose rows follow as lists, on landscape pages;
    without them its tables follow, on upright pages, or shrunk to the width of one when ``wide``.
    """
    about = {
        "name": name,
        "columns": [column.as_line() for column in columns],
        "title": title,
        "notes": list(notes),
        "frozen_columns": frozen_columns,
        "wide": wide,
    }
    return {"sheet": about}


def table(
    title: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Value]],
    *,
    chart: Chart | None = None,
    totals: int = 0,
) -> Line:
    """A small table of a sheet, with its chart below; the last ``totals`` rows stay out of it."""
    about: dict[str, object] = {
        "title": title,
        "columns": [column.as_line() for column in columns],
        "rows": [list(row) for row in rows],
        "totals": totals,
    }
    if chart is not None:
        about["chart"] = {
            "title": chart.title,
            "kind": chart.kind,
            "values": list(chart.values),
            "labels": chart.labels,
        }
    return {"table": about}


def note(text: str) -> Line:
    """A line of text on a sheet."""
    return {"note": text}


def document(title: str, *, landscape: bool = False, font_size: float = 12) -> Line:
    """Begin a document on A4."""
    return {"make": "document", "title": title, "landscape": landscape, "font_size": font_size}


def heading(text: str, level: int = 1, *, align: str = "left") -> Line:
    """A heading of level 1 to 3."""
    return {"heading": text, "level": level, "align": align}


def paragraph(
    text: str,
    *,
    bold: bool = False,
    size: float | None = None,
    align: str = "left",
    keep_with_next: bool = False,
) -> Line:
    """A paragraph."""
    return {
        "paragraph": text,
        "bold": bold,
        "size": size,
        "align": align,
        "keep_with_next": keep_with_next,
    }


def grid(
    headers: Sequence[str],
    rows: Sequence[Sequence[Value | Boxes]],
    *,
    widths: Sequence[float | None] = (),
    size: float | None = None,
    row_height: float | None = None,
) -> Line:
    """A table on paper; its header comes again on each page. ``widths`` and height in mm."""
    given = list(widths) or [None] * len(headers)
    about: dict[str, object] = {
        "columns": [
            {"header": header, "width": width} for header, width in zip(headers, given, strict=True)
        ],
        "rows": [[_cell(value) for value in row] for row in rows],
        "size": size,
        "row_height": row_height,
    }
    return {"table": about}


def picture(title: str, *, note: str = "") -> Line:
    """Begin a picture; ``note`` is small, below its title."""
    return {"make": "picture", "title": title, "note": note}


def bars(title: str, series: Sequence[str], rows: Sequence[Bar]) -> Line:
    """Lying bars under a heading, each of as many parts as there are ``series``."""
    drawn = [{"word": row.word, "parts": list(row.parts), "shown": row.shown} for row in rows]
    return {"bars": {"title": title, "series": list(series), "rows": drawn}}


def page_break() -> Line:
    """What follows stands on a new page."""
    return {"page_break": True}


def _cell(value: Value | Boxes) -> object:
    return {"boxes": list(value.words)} if isinstance(value, Boxes) else value
