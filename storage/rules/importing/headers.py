"""Finding the header of a sheet below its titles, and which field each column is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from storage.rules.importing.cells import Cell, cell_text, is_blank_row
from storage.rules.numerals import half_width

# Titles, notes and a date stand above the header; further down than this there is none.
LOOKED_AT = 30
# With fewer known columns a row of data could pass for a header.
FEWEST = 2
# Over a group of columns these say that they are about somebody else than the person of the row.
_OTHERS = re.compile(
    r"监护|联系人|家长|家属|照护|负责人|帮扶|结对|登记|填表|户主|介绍|担保|配偶|子女|邻居"
)
_BRACKETS = re.compile(r"[(\[【〔{<《].*?[)\]】〕}>》]")

Merge = tuple[int, int, int, int]  # first row, first column, last row, last column


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the sheet: its place, the words above it, and the field it was found to be."""

    at: int
    title: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands (``last`` when it has two rows) and what its columns are."""

    row: int
    last: int
    columns: tuple[Column, ...]

    @property
    def known(self) -> tuple[Column, ...]:
        """The columns whose field was found."""
        return tuple(column for column in self.columns if column.field)

    @property
    def unknown(self) -> tuple[Column, ...]:
        """The columns that will not be read."""
        return tuple(column for column in self.columns if column.field is None)


def plain_title(text: str) -> str:
    """A header as it is compared: no spaces, line breaks, signs, width or case."""
    return re.sub(r"[^\w]|_", "", half_width(text).casefold())


class Names:
    """Every name that a field's column may have, made once for many sheets."""

    def __init__(self, fields: Mapping[str, Sequence[str]]) -> None:
        self._fields: dict[str, str] = {}
        for key, names in fields.items():
            for name in names:
                self._fields.setdefault(plain_title(name), key)

    def find(self, title: str) -> str | None:
        """Return the field of a header; units and hints in brackets may stand behind it."""
        whole = plain_title(title)
        bare = plain_title(_BRACKETS.sub("", half_width(title)))
        numbered = re.sub(r"^\d+", "", bare)
        for words in (whole, bare, numbered):
            if words and words in self._fields:
                return self._fields[words]
        return None


def find_header(rows: Sequence[Sequence[Cell]], names: Names) -> Header | None:
    """Find the row, or the two rows, in which most columns are known; None when there is none.

    ``rows`` are unmerged, so a title over the whole width says the same in each cell.
    """
    best: Header | None = None
    in_pair = -1
    for at in range(min(LOOKED_AT, len(rows))):
        if is_blank_row(rows[at]):
            continue
        pair = _read_header(rows, at, at + 1, names) if at + 1 < len(rows) else None
        # A row of a pair by itself would lose what stands above or below it.
        alone = _read_header(rows, at, at, names) if at > in_pair else None
        header = pair or alone
        if pair is not None:
            in_pair = at + 1
        if header is not None and (best is None or len(header.known) > len(best.known)):
            best = header
    return best


def _read_header(
    rows: Sequence[Sequence[Cell]], first: int, last: int, names: Names
) -> Header | None:
    width = max(len(rows[first]), len(rows[last]))
    tops = _texts(rows[first], width)
    if last > first:
        below = _texts(rows[last], width)
        if not _is_second_row(tops, below, names):
            return None
        titles = [_two_rows(top, under, names) for top, under in zip(tops, below, strict=True)]
    else:
        titles = [(top, names.find(top)) for top in tops]
    columns: list[Column] = []
    taken: set[str] = set()
    for at, (title, field) in enumerate(titles):
        if not title:
            continue
        title = " ".join(title.split())
        columns.append(Column(at, title, field if field not in taken else None))
        if field:
            taken.add(field)
    if len(taken) < FEWEST or "name" not in taken:
        return None
    return Header(first, last, tuple(columns))


def _texts(row: Sequence[Cell], width: int) -> list[str]:
    return [cell_text(cell) for cell in row] + [""] * (width - len(row))


def _is_second_row(tops: Sequence[str], below: Sequence[str], names: Names) -> bool:
    """Whether the row below names parts of what stands above: groups, or cells merged downward."""
    if _is_title(tops):
        return False
    parts = [(top, under) for top, under in zip(tops, below, strict=True) if under and under != top]
    grouped = {top for top, _ in parts if top and tops.count(top) > 1}
    known = [under for top, under in parts if names.find(under) or names.find(top + under)]
    merged_down = [top for top, under in zip(tops, below, strict=True) if top and under == top]
    return bool(known) and (bool(grouped) or bool(merged_down) or not any(t for t, _ in parts))


def _is_title(texts: Sequence[str]) -> bool:
    """Whether a row is no group of columns: one text over all of them, or "填报单位：" and such."""
    filled = {text for text in texts if text}
    over_all = len(filled) == 1 and bool(texts[0])
    return over_all or all(":" in half_width(text) for text in filled)


def _two_rows(top: str, under: str, names: Names) -> tuple[str, str | None]:
    if not under or under == top:
        return top, names.find(top)
    if not top:
        return under, names.find(under)
    together = names.find(top + under)
    if together is not None or _OTHERS.search(top):
        return top + under, together
    return under, names.find(under)


def is_repeated_header(row: Sequence[Cell], header: Header) -> bool:
    """Whether a row of data is the header again, as on each printed page, or 1 2 3 … below it."""
    texts = {
        column.at: cell_text(row[column.at]) for column in header.columns if column.at < len(row)
    }
    filled = {at: text for at, text in texts.items() if text}
    if not filled:
        return False
    titles = {column.at: column.title for column in header.columns}
    same = sum(1 for at, text in filled.items() if titles[at].endswith(text) and len(text) > 1)
    if same >= max(2, len(filled) // 2):
        return True
    counted = [str(number) for number in range(1, len(filled) + 1)]
    return len(filled) > 2 and list(filled.values()) == counted


_TAIL = re.compile(
    r"^(合计|总计|小计|填表|填报|制表|审核|负责人|注[:：]|备注[:：]|说明[:：]|联系人|单位)"
)


def is_tail(row: Sequence[Cell], header: Header) -> bool:
    """Whether a row is no person but a sum, a signature or a note below the table."""
    texts = [text for text in (cell_text(cell) for cell in row) if text]
    name = next((column.at for column in header.columns if column.field == "name"), None)
    named = name is not None and name < len(row) and cell_text(row[name])
    if texts and _TAIL.match(re.sub(r"\s+", "", texts[0])) and len(set(texts)) <= 6:
        return True
    return not named and len(set(texts)) <= 1
