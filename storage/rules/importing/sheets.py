"""A sheet as a table of people, row by row: its register, its columns, and who is somebody."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from storage.rules.fields import Register
from storage.rules.importing.catalogue import is_written, recognise
from storage.rules.importing.cells import Cell, cell_text, is_blank_row
from storage.rules.importing.headers import (
    LOOKED_AT,
    Header,
    Merge,
    is_repeated_header,
    is_tail,
)
from storage.rules.importing.words import find_community

NumberedRow = tuple[int, Sequence[Cell]]  # counted from 0; blank rows may be left out


@dataclass(frozen=True, slots=True)
class DataRow:
    """A row with somebody in it, under the number that the sheet shows."""

    number: int
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """What a sheet holds. ``community`` is named by its title, for want of a column."""

    register: Register
    header: Header
    header_number: int
    community: int | None
    rows: Iterator[NumberedRow]

    @property
    def mapping(self) -> dict[int, str]:
        """Place of each column to the key of its field, for those that are written."""
        return {
            column.at: column.field
            for column in self.header.columns
            if column.field and is_written(self.register, column.field)
        }

    def people(self) -> Iterator[DataRow]:
        """The rows below the header that are somebody; they can be walked through once."""
        for number, row in self.rows:
            if is_blank_row(row) or is_repeated_header(row, self.header):
                continue
            if not is_tail(row, self.header):
                yield DataRow(number + 1, list(row))


def unmerge(rows: Iterable[NumberedRow], merges: Sequence[Merge]) -> Iterator[NumberedRow]:
    """The rows with the value of each merged cell in all the places that it covers."""
    waiting = sorted(merges, reverse=True)
    open_merges: list[tuple[Merge, Cell]] = []
    for number, cells in rows:
        row = list(cells)
        while waiting and waiting[-1][0] <= number:
            merge = waiting.pop()
            # Merged cells whose first row holds nothing at all hold nothing.
            filled = merge[0] == number and merge[1] < len(row)
            open_merges.append((merge, row[merge[1]] if filled else None))
        open_merges = [one for one in open_merges if one[0][2] >= number]
        for (_, left, _, right), value in open_merges:
            if value is not None:
                row.extend([None] * (right + 1 - len(row)))
                row[left : right + 1] = [value] * (right + 1 - left)
        yield number, row


def read_table(
    rows: Iterable[NumberedRow],
    merges: Sequence[Merge],
    *,
    communities: Mapping[str, int],
    name: str = "",
    like: Register | None = None,
) -> Table | None:
    """Make a table of a sheet's rows; None when no header can be found in it.

    Only the rows in which a header may stand are read now, the others as they are asked for.
    ``name`` is that of the sheet or the file, where the community may stand too.
    """
    spread = unmerge(rows, merges)
    top = list(islice(spread, LOOKED_AT + 2))
    found = recognise([cells for _, cells in top], like=like)
    if found is None:
        return None
    register, header = found
    titles = [cells for _, cells in top[: header.row]]
    return Table(
        register=register,
        header=header,
        header_number=top[header.row][0] + 1,
        community=_titled(titles, name, communities),
        rows=_chain(top[header.last + 1 :], spread),
    )


def _chain(first: list[NumberedRow], rest: Iterator[NumberedRow]) -> Iterator[NumberedRow]:
    yield from first
    yield from rest


def _titled(
    titles: Sequence[Sequence[Cell]], name: str, communities: Mapping[str, int]
) -> int | None:
    """The one community that the titles, or else the name of the sheet, speak of."""
    texts = {cell_text(cell) for row in titles for cell in row}
    meant = {find_community(text, communities) for text in texts if len(text) > 1} - {None}
    if not meant and name:
        meant = {find_community(name, communities)} - {None}
    return meant.pop() if len(meant) == 1 else None
