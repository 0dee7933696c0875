"""The rows that were not taken over, with their cells as they came and every reason."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from storage.database import Database, Session
from storage.imports.batches import get_batch
from storage.imports.contents import Content, open_content
from storage.rules.importing.catalogue import IGNORED
from storage.rules.importing.cells import Reason
from storage.tables import import_row

BATCH = 500


@dataclass(frozen=True, slots=True)
class UnreadRow:
    """A row as it came, under the number it had, and why it was not taken over."""

    number: int
    cells: dict[int, str | int | float | bool | None]
    reasons: list[Reason]


def list_titles(session: Session, *, batch_id: int) -> dict[int, str]:
    """The columns of the file: place to title, without the reasons of an earlier round."""
    batch = get_batch(session, batch_id=batch_id)
    return {one.at: one.title for one in batch.columns if one.field != IGNORED}


def walk_unread(database: Database, *, batch_id: int) -> Iterator[UnreadRow]:
    """Go through the unread rows, some in each transaction."""
    last = -1
    while rows := database.do(_some, batch_id=batch_id, after=last):
        for row in rows:
            last = row.number
            yield row


def _some(session: Session, *, batch_id: int, after: int) -> list[UnreadRow]:
    rows = session.all(
        select(import_row)
        .where(import_row.c.batch_id == batch_id, import_row.c.state == "bad")
        .where(import_row.c.number > after, import_row.c.content.is_not(None))
        .order_by(import_row.c.number)
        .limit(BATCH)
    )
    return [_as_row(row.number, open_content(session, row.content, uid=row.uid)) for row in rows]


def _as_row(number: int, content: Content) -> UnreadRow:
    cells = {
        at: cell
        for at, cell in enumerate(content.cells)
        if cell is None or isinstance(cell, str | int | float | bool)
    }
    return UnreadRow(number, cells, content.reasons)
