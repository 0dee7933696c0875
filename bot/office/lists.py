"""Lists: the lines of a spreadsheet become a table of people, for the chat and the command line."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from storage.database import Database
from storage.imports.batches import Batch, Sheet, get_batch, offer_sheets, set_sheet
from storage.imports.staging import find_context, stage
from storage.rules.fields import Register
from storage.rules.importing.cells import Cell
from storage.rules.importing.headers import LOOKED_AT, Merge
from storage.rules.importing.sheets import NumberedRow, Table, read_table

# Reads the file once from its beginning.
Reader = Callable[[], Iterator[Any]]


class NoHeader(Exception):
    """In none of the sheets a header was found."""


@dataclass
class _Seen:
    """A sheet as it passed by."""

    name: str
    hidden: bool
    merges: list[Merge]
    top: list[NumberedRow] = field(default_factory=list)
    rows: int = 0


def read_list(
    database: Database,
    *,
    now: Callable[[], datetime],
    batch_id: int,
    reader: Reader,
    like: Register | None = None,
    told: Callable[[int, int], None] | None = None,
) -> Batch:
    """Look through the file, choose its sheet or have it chosen, and stage its rows.

    The file is read twice, so that no more than a few rows of it are ever held. Raises NoHeader.
    """
    batch, context = database.do(find_context, batch_id=batch_id, now=now())
    sheets = list(_look_through(reader()))
    names = [Sheet(one.name, one.hidden, one.rows) for one in sheets]
    at = batch.sheet
    if at is None or at >= len(sheets):
        fitting = [
            number
            for number, one in enumerate(sheets)
            if _table(iter(one.top), one, context.communities, batch, like) is not None
        ]
        shown = [number for number in fitting if not sheets[number].hidden]
        if not fitting:
            raise NoHeader
        if len(shown) != 1:
            database.do(offer_sheets, batch_id=batch_id, sheets=names)
            return database.do(get_batch, batch_id=batch_id)
        at = shown[0]
    database.do(set_sheet, batch_id=batch_id, sheets=names, sheet=at)
    rows = _counted(_rows_of(reader(), at), sheets[at].rows, told)
    table = _table(rows, sheets[at], context.communities, batch, like)
    if table is None:
        raise NoHeader
    return stage(database, now=now(), batch_id=batch_id, table=table)


def _look_through(lines: Iterable[Any]) -> Iterator[_Seen]:
    here: _Seen | None = None
    for line in lines:
        if isinstance(line, list):
            if here is not None:
                here.rows += 1
                if len(here.top) < LOOKED_AT + 2:
                    here.top.append(_row(line))
        elif "sheet" in line:
            if here is not None:
                yield here
            about = line["sheet"]
            merges = [(one[0], one[1], one[2], one[3]) for one in about["merged"]]
            here = _Seen(about["name"], about["hidden"], merges)
    if here is not None:
        yield here


def _rows_of(lines: Iterable[Any], at: int) -> Iterator[NumberedRow]:
    number = -1
    for line in lines:
        if isinstance(line, dict) and "sheet" in line:
            number += 1
        elif isinstance(line, list) and number == at:
            yield _row(line)


def _counted(
    rows: Iterator[NumberedRow], total: int, told: Callable[[int, int], None] | None
) -> Iterator[NumberedRow]:
    for count, row in enumerate(rows, 1):
        if told is not None and count % 100 == 0:
            told(count, total)
        yield row


def _row(line: list[Any]) -> NumberedRow:
    return line[0], [_cell(value) for value in line[1]]


def _cell(value: Any) -> Cell:
    """A value of the child: a day is {"d": …}, an hour {"t": …}."""
    if isinstance(value, dict):
        if "d" in value:
            return date.fromisoformat(str(value["d"])[:10])
        return str(value.get("t", ""))
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def _table(
    rows: Iterator[NumberedRow],
    sheet: _Seen,
    communities: Mapping[str, int],
    batch: Batch,
    like: Register | None,
) -> Table | None:
    name = sheet.name if len(sheet.name) > 1 else batch.name
    given = batch.summary.get("given")
    wanted = like or (Register(given) if given else None)
    return read_table(rows, sheet.merges, communities=communities, name=name, like=wanted)
