"""Making a workbook: registers row by row in constant memory, tables with native charts."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bot.office.child.charts import add_chart, height_of
from bot.office.child.guard import guarded
from bot.office.child.reasons import Reason, Unreadable
from bot.office.child.spec import Spec

FONT = {"font_name": "微软雅黑", "font_size": 11, "valign": "vcenter"}
HEAD = {"bold": True, "bg_color": "#E8EEF4", "border": 1, "text_wrap": True, "align": "center"}
CELL = {"border": 1, "border_color": "#B8C0C8"}
A4 = 9
NARROWEST, WIDEST = 6, 42
# More columns would be too small to read on one page across.
FIT_AT_MOST = 16
ROW_PIXELS, ROW_POINTS = 20, 18
# An upright A4 page between its margins at three quarters of the size, so that two tables with
# their charts fit; title, header and a blank line of a table.
PAGE_PIXELS, ABOVE_TABLE, SMALLER = 1300, 110, 75
BEFORE_SHEETS_BEGAN = 1900
KINDS: dict[str, dict[str, object]] = {
    # As text, so that a long number is not eaten when somebody types in the cell.
    "text": {"num_format": "@", "text_wrap": True},
    "number": {"num_format": "#,##0"},
    "decimal": {"num_format": "#,##0.0"},
    "percent": {"num_format": "0%"},
    "date": {"num_format": "yyyy-mm-dd", "align": "center"},
}


def make_workbook(spec: Spec, path: Path) -> None:
    """Write the workbook that the lines describe; raises Unreadable when they describe none."""
    options = {
        "constant_memory": True,
        "tmpdir": str(path.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_format_properties": FONT,
    }
    with xlsxwriter.Workbook(str(path), options) as workbook:
        workbook.set_properties({"title": spec.head.get("title", ""), "author": "集爱善行 Jiai"})
        writer = _Writer(workbook)
        for line in spec.lines:
            writer.take(line)
        writer.close()
        if not workbook.worksheets():
            raise Unreadable(Reason.BAD_SPEC)


class _Writer:
    """Takes one line after another; a sheet ends where the next begins."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        self._workbook = workbook
        self._head = workbook.add_format(FONT | HEAD)
        self._title = workbook.add_format(FONT | {"bold": True, "font_size": 16})
        self._note = workbook.add_format(FONT | {"font_color": "#555555", "text_wrap": False})
        self._formats: dict[str, Format] = {
            kind: workbook.add_format(FONT | CELL | look) for kind, look in KINDS.items()
        }
        self._sheet: Worksheet | None = None
        self._about: dict[str, Any] = {}
        self._columns: list[dict[str, Any]] = []
        self._widths: dict[int, int] = {}
        self._row = 0
        self._header_row = 0
        self._used = 0
        self._breaks: list[int] = []

    def take(self, line: dict[str, Any] | list[Any]) -> None:
        """Write one line."""
        if isinstance(line, list):
            self._write_row(line)
        elif "sheet" in line:
            self.close()
            self._open(line["sheet"])
        elif "table" in line:
            self._write_table(line["table"])
        elif "note" in line:
            self._there.write_string(self._row, 0, guarded(line["note"]), self._note)
            self._row += 1
        else:
            raise Unreadable(Reason.BAD_SPEC)

    @property
    def _there(self) -> Worksheet:
        if self._sheet is None:
            raise Unreadable(Reason.BAD_SPEC)
        return self._sheet

    def _open(self, about: dict[str, Any]) -> None:
        sheet = self._workbook.add_worksheet(about["name"][:31])
        self._sheet, self._about = sheet, about
        self._columns, self._widths, self._row = about.get("columns", []), {}, 0
        self._used, self._breaks = 0, []
        self._set_up_page(sheet, about)
        if title := about.get("title"):
            sheet.set_row(0, 28)
            sheet.write_string(0, 0, guarded(title), self._title)
            self._row = 1
        for note in about.get("notes", []):
            self.take({"note": note})
        if self._columns:
            self._header_row = self._row
            self._write_header(self._columns)
            sheet.freeze_panes(self._row, about.get("frozen_columns", 0))
            sheet.repeat_rows(self._header_row)

    @staticmethod
    def _set_up_page(sheet: Worksheet, about: dict[str, Any]) -> None:
        sheet.set_paper(A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.set_footer("&C&P / &N")
        columns, frozen = about.get("columns", []), about.get("frozen_columns", 0)
        if columns:
            sheet.set_landscape()
            sheet.set_default_row(ROW_POINTS)
        elif about.get("wide"):
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0)
        else:
            sheet.set_print_scale(SMALLER)
        if columns and len(columns) <= FIT_AT_MOST:
            sheet.fit_to_pages(1, 0)
        elif columns and frozen:
            # Too many for one page: the first columns come again on each page to the right.
            sheet.repeat_columns(0, frozen - 1)

    def _write_header(self, columns: Iterable[dict[str, Any]]) -> None:
        self._there.set_row(self._row, 34)
        for at, column in enumerate(columns):
            header = str(column["header"])
            self._there.write_string(self._row, at, guarded(header), self._head)
            # A header may take two lines: its cell is high enough.
            self._widen(at, -(-_width(header) // 2) + 2)
        self._row += 1

    def _write_row(self, cells: list[Any]) -> None:
        if self._sheet is None or len(cells) != len(self._columns):
            raise Unreadable(Reason.BAD_SPEC)
        for at, (column, value) in enumerate(zip(self._columns, cells, strict=True)):
            self._write(at, column.get("kind", "text"), value)
        self._row += 1

    def _write(self, at: int, kind: str, value: Any) -> None:
        sheet, look = self._there, self._formats.get(kind, self._formats["text"])
        if value is None or value == "":
            sheet.write_blank(self._row, at, None, look)
        elif isinstance(value, bool):
            sheet.write_boolean(self._row, at, value, look)
        elif isinstance(value, int | float):
            sheet.write_number(self._row, at, value, look)
            self._widen(at, len(f"{value:,}") + 2)
        elif kind == "date" and (day := _day(str(value))) is not None:
            sheet.write_datetime(self._row, at, day, look)
            self._widen(at, 12)
        else:
            text = guarded(str(value))
            sheet.write_string(self._row, at, text, look)
            self._widen(at, max((_width(line) for line in text.split("\n")), default=0) + 2)

    def _widen(self, at: int, width: int) -> None:
        self._widths[at] = max(self._widths.get(at, NARROWEST), min(width, WIDEST))

    def _write_table(self, table: dict[str, Any]) -> None:
        """A small table under the last one, its chart below it."""
        sheet, self._columns = self._there, table["columns"]
        self._turn_page(len(table["rows"]), table.get("chart"))
        sheet.set_row(self._row, 24)
        sheet.write_string(self._row, 0, guarded(table["title"]), self._title)
        self._row += 1
        first = self._row
        self._write_header(self._columns)
        for cells in table["rows"]:
            self._write_row(cells)
        if (chart := table.get("chart")) and table["rows"]:
            shown = len(table["rows"]) - int(table.get("totals", 0))
            add_chart(
                self._workbook,
                sheet,
                chart,
                rows=table["rows"][:shown],
                header=first,
                at=self._row + 1,
            )
            self._row += height_of(chart, shown) // ROW_PIXELS + 1
        self._row += 1

    def _turn_page(self, rows: int, chart: dict[str, Any] | None) -> None:
        """Let no table with its chart be cut in two by the end of a page."""
        height = ABOVE_TABLE + rows * ROW_PIXELS
        if chart:
            height += height_of(chart, rows) + ROW_PIXELS
        if self._used and self._used + height > PAGE_PIXELS:
            self._breaks.append(self._row)
            self._used = 0
        self._used += height

    def close(self) -> None:
        """Finish the sheet: widths, and a filter over its rows."""
        if self._sheet is None:
            return
        for at, width in self._widths.items():
            self._sheet.set_column(at, at, self._columns_width(at, width))
        if self._about.get("columns") and self._about.get("filter", True):
            last = max(self._row - 1, self._header_row)
            self._sheet.autofilter(self._header_row, 0, last, len(self._about["columns"]) - 1)
        if self._breaks:
            self._sheet.set_h_pagebreaks(self._breaks)
        self._sheet = None

    def _columns_width(self, at: int, width: int) -> float:
        columns = self._about.get("columns", [])
        return float(columns[at].get("width") or width) if at < len(columns) else float(width)


def _width(text: str) -> int:
    """A Chinese sign is as wide as two Latin ones."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


def _day(text: str) -> datetime | None:
    """A whole date that a sheet can hold; anything else stays as it was written."""
    try:
        day = datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
    return day if day.year > BEFORE_SHEETS_BEGAN and len(text) >= 10 else None
