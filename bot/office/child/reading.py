"""Reading a spreadsheet: any of its kinds becomes lines of JSON, as values and within bounds."""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from bot.office.child.archive import OLE, ZIP, has_password, look_into_zip
from bot.office.child.delimited import read_delimited
from bot.office.child.reasons import Reason, Unreadable

# Data rows of the whole file, and some room for titles and headers.
MOST_ROWS = 50_000 + 50
MOST_COLUMNS = 200
# Below it every whole number is exact, and the sheet had not begun to write 1.23E+17.
EXACT = 10**15

Cell = str | int | float | bool | dict[str, str] | None


def read_spreadsheet(body: bytes) -> Iterator[bytes]:
    """Yield the lines: a sheet's head, its rows as [number, cells], and at last an end.

    Raises Unreadable. Formulas come as the values they last had; nothing is ever run.
    """
    if not body:
        raise Unreadable(Reason.EMPTY)
    if body.startswith(ZIP):
        macros = look_into_zip(body)
        yield from _read_workbook(body)
    elif body.startswith(OLE):
        macros = "_VBA_PROJECT".encode("utf-16-le") in body
        if has_password(body):
            raise Unreadable(Reason.PASSWORD)
        yield from _read_workbook(body)
    else:
        macros = False
        yield _line({"sheet": {"name": "", "hidden": False, "merged": []}})
        yield from _rows(read_delimited(body), first=0, before=Count())
    yield _line({"end": {"macros": macros}})


class Count:
    """How many rows were read so far, over all sheets."""

    rows = 0

    def add(self) -> None:
        self.rows += 1
        if self.rows > MOST_ROWS:
            raise Unreadable(Reason.TOO_MANY_ROWS)


def _read_workbook(body: bytes) -> Iterator[bytes]:
    try:
        with load_workbook(BytesIO(body)) as workbook:
            yield from _read_sheets(workbook)
    except PasswordError as error:
        raise Unreadable(Reason.PASSWORD) from error
    except CalamineError as error:
        raise Unreadable(Reason.DAMAGED) from error


def _read_sheets(workbook: CalamineWorkbook) -> Iterator[bytes]:
    count = Count()
    for about in workbook.sheets_metadata:
        if about.typ is not SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_name(about.name)
        hidden = about.visible is not SheetVisibleEnum.Visible
        merged = [[*start, *end] for start, end in sheet.merged_cell_ranges or []]
        yield _line({"sheet": {"name": about.name, "hidden": hidden, "merged": merged}})
        yield from _rows(_cells_of(sheet), first=sheet.start[1] if sheet.start else 0, before=count)


def _cells_of(sheet: CalamineSheet) -> Iterable[list[Any]]:
    return sheet.iter_rows() if sheet.start is not None else ()


def _rows(rows: Iterable[list[Any]], *, first: int, before: Count) -> Iterator[bytes]:
    """The rows that hold anything; ``first`` columns were left out in front of each."""
    for number, row in enumerate(rows):
        cells = [None] * first + [_cell(value) for value in row]
        while cells and cells[-1] is None:
            cells.pop()
        if not cells:
            continue
        if len(cells) > MOST_COLUMNS:
            raise Unreadable(Reason.TOO_MANY_COLUMNS)
        before.add()
        yield _line([number, cells])


def _cell(value: Any) -> Cell:
    """A value as JSON has it; a day or an hour is {"d": …} or {"t": …}."""
    if value is None or value == "" or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool | str):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT:
        return int(value)
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime | date):
        return {"d": value.isoformat()}
    if isinstance(value, time):
        return {"t": value.isoformat()}
    if isinstance(value, timedelta):
        return {"t": str(value)}
    return str(value)


def _line(value: object) -> bytes:
    # Half a letter in somebody's file is no reason to fail: JSON writes it as an escape.
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"
