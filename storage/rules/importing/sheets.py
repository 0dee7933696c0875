"""A sheet as a table of people: its register, its columns, and the rows that are somebody."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from storage.rules.fields import Register
from storage.rules.importing.catalogue import is_written, recognise
from storage.rules.importing.cells import Cell, cell_text, is_blank_row
from storage.rules.importing.headers import Header, Merge, is_repeated_header, is_tail, unmerge
from storage.rules.importing.words import find_community


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
    community: int | None
    rows: Sequence[Sequence[Cell]]

    @property
    def mapping(self) -> dict[int, str]:
        """Place of each column to the key of its field, for those that are written."""
        return {
            column.at: column.field
            for column in self.header.columns
            if column.field and is_written(self.register, column.field)
        }

    def people(self) -> Iterator[DataRow]:
        """The rows below the header that are somebody."""
        for at in range(self.header.last + 1, len(self.rows)):
            row = self.rows[at]
            if is_blank_row(row) or is_repeated_header(row, self.header):
                continue
            if not is_tail(row, self.header):
                yield DataRow(at + 1, list(row))


def read_table(
    rows: Sequence[Sequence[Cell]],
    merges: Sequence[Merge],
    *,
    communities: Mapping[str, int],
    name: str = "",
    like: Register | None = None,
) -> Table | None:
    """Make a table of a sheet's rows; None when no header can be found in it.

    ``name`` is that of the sheet or the file, where the community may stand too.
    """
    spread = unmerge(rows, merges)
    found = recognise(spread, like=like)
    if found is None:
        return None
    register, header = found
    community = _titled(spread[: header.row], name, communities)
    return Table(register, header, community, spread)


def _titled(
    titles: Sequence[Sequence[Cell]], name: str, communities: Mapping[str, int]
) -> int | None:
    """The one community that the titles, or else the name of the sheet, speak of."""
    texts = {cell_text(cell) for row in titles for cell in row}
    meant = {find_community(text, communities) for text in texts if len(text) > 1} - {None}
    if not meant and name:
        meant = {find_community(name, communities)} - {None}
    return meant.pop() if len(meant) == 1 else None
