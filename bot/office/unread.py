"""The file of unread rows: their own columns as they came, and behind them why."""

from collections.abc import Iterator
from typing import Protocol

from bot.office.lines import Column, Line, Value, sheet, workbook
from messages.render import Wording
from storage.database import Database
from storage.imports.unread import UnreadRow, list_titles, walk_unread
from storage.refusals import Fact
from storage.rules.importing.catalogue import REASONS_TITLE
from storage.rules.importing.cells import Reason, cell_text, column_letter


class Words(Protocol):
    """Labels in the language of whoever reads the file."""

    @property
    def wording(self) -> Wording: ...

    def label(self, key: str, **facts: Fact) -> str: ...


class Counted:
    """How many rows went into a file."""

    rows = 0


def unread_lines(
    database: Database, words: Words, *, batch_id: int, counted: Counted
) -> Iterator[Line]:
    """The lines of the file. Every cell is text, so that nothing is eaten a second time."""
    titles = database.do(list_titles, batch_id=batch_id)
    yield workbook(words.label("import_detail.sheet"))
    columns = [Column(title, "text") for title in titles.values()]
    reasons = Column(REASONS_TITLE, "text", 60)
    yield sheet(words.label("import_detail.sheet"), [*columns, reasons])
    for row in walk_unread(database, batch_id=batch_id):
        counted.rows += 1
        cells: list[Value] = [cell_text(row.cells.get(at)) or _raw(row, at) for at in titles]
        yield [*cells, explain(words, row.reasons, titles)]


def _raw(row: UnreadRow, at: int) -> str:
    """What stands in a cell that says nothing readable, "#REF!" for one."""
    cell = row.cells.get(at)
    return cell if isinstance(cell, str) else ""


def explain(words: Words, reasons: list[Reason], titles: dict[int, str]) -> str:
    """Every reason of a row in one line of words."""
    between = words.label("import_detail.between")
    return between.join(_explain(words, reason, titles) for reason in reasons)


def _explain(words: Words, reason: Reason, titles: dict[int, str]) -> str:
    key = f"import_problem.{reason.key}"
    facts = reason.facts
    where = ""
    if reason.column is not None:
        letter, title = column_letter(reason.column), titles.get(reason.column, "")
        where = words.label("import_detail.column", letter=letter, title=title)
    more = ""
    for name in ("near", "offered"):
        several = facts.get(name)
        if isinstance(several, list) and several:
            more += words.label(f"import_detail.{name}", **{name: "、".join(several)})
    for name in ("row", "name"):
        if facts.get(name):
            more += words.label(f"import_detail.{name}", **{name: facts[name]})
    value = facts.get("value")
    return words.label(
        "import_detail.line",
        where=where,
        problem=words.label(key if words.wording.has_label(key) else "import_problem.other"),
        value=words.label("import_detail.value", value=value) if value else "",
        more=more,
    )
