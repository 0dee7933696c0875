"""Applying: the rows of a batch are written chunk by chunk; a kill loses at most one chunk."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, literal_column, select, update

from storage.database import Database, Session
from storage.entries import note_likeness
from storage.imports.batches import WAITING, Batch, get_batch
from storage.imports.contents import Content, open_content, seal_content, seal_undo
from storage.imports.judging import Verdict, judge, list_own_communities
from storage.imports.writing import stand_in_register, write_change, write_new
from storage.journal import note
from storage.people import Person, get_person
from storage.refusals import Refusal
from storage.rules.importing.cells import Reason
from storage.tables import import_batch, import_row

# Each row takes some ten milliseconds of the only writer: nobody waits longer than a blink.
CHUNK = 10
# Spelled out as in the condition of the index. With bound words SQLite took another one, and read
# every row of the list before the next ten: of 30,000, 45 million.
_WAITS = import_row.c.state.in_([literal_column(f"'{state}'") for state in WAITING])

log = logging.getLogger(__name__)


def apply_rows(database: Database, *, now: datetime, batch_id: int, chunk: int = CHUNK) -> bool:
    """Write the next rows of a batch in one transaction; returns whether there may be more.

    Each row is judged again: since it was shown, the register may have moved.
    """
    with database.transaction() as session:
        batch = _hold(session, batch_id)
        if batch is None:
            return False
        rows = list_waiting(session, batch_id=batch_id, limit=chunk)
        if not rows:
            _finish(session, now=now, batch=batch)
            return False
        actor = get_person(session, person_id=batch.decided_by or batch.made_by)
        contents = [open_content(session, row.content, uid=row.uid) for row in rows]
        verdicts = _judge(session, actor, batch, contents)
        for row, content, verdict in zip(rows, contents, verdicts, strict=True):
            to: dict[str, Any] = {"row": row, "content": content, "verdict": verdict}
            _apply(session, now=now, actor=actor, batch=batch, **to)
        note_likeness(session, now=now, person_ids=_written(session, [row.id for row in rows]))
    return True


def list_waiting(session: Session, *, batch_id: int, limit: int) -> Sequence[Row[Any]]:
    """List the next rows that wait to be written; those before them are not looked at again."""
    return session.all(
        select(import_row)
        .where(import_row.c.batch_id == batch_id, _WAITS)
        .order_by(import_row.c.number)
        .limit(limit)
    )


def _written(session: Session, row_ids: list[int]) -> list[int]:
    rows = session.all(
        select(import_row.c.person_id).where(
            import_row.c.id.in_(row_ids), import_row.c.state == "applied"
        )
    )
    return [row.person_id for row in rows]


def _hold(session: Session, batch_id: int) -> Batch | None:
    """The batch while it is being written; another worker waits for our chunk."""
    held = session.find(
        select(import_batch.c.id)
        .where(import_batch.c.id == batch_id, import_batch.c.state == "applying")
        .with_for_update()
    )
    return get_batch(session, batch_id=batch_id) if held is not None else None


def _apply(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    batch: Batch,
    row: Row[Any],
    content: Content,
    verdict: Verdict,
) -> None:
    if verdict.state == "bad":
        _set_aside(session, row, content, verdict.reasons)
        return
    try:
        with session.savepoint():
            _write(session, now=now, actor=actor, batch=batch, row=row, content=content, to=verdict)
    except Refusal as refusal:
        _set_aside(session, row, content, [Reason(f"refused_{refusal.key}")])
    except Exception as error:
        # One row that cannot be written must not stop those behind it. Only the kind of error:
        # its text could hold somebody's words.
        log.error("import %s row %s: %s", batch.id, row.number, type(error).__name__)
        _set_aside(session, row, content, [Reason("row_failed")])


def _judge(session: Session, actor: Person, batch: Batch, contents: list[Content]) -> list[Verdict]:
    """Judge the rows of a chunk together; two of one person in it were told apart when staged."""
    if not actor.is_approved("coordinator"):
        return [Verdict("bad", reasons=[Reason("refused_not_allowed")]) for _ in contents]
    return judge(
        session,
        actor=actor,
        register=batch.register,
        own=list_own_communities(session, actor=actor),
        rows=[content.values for content in contents],
    )


def _write(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    batch: Batch,
    row: Row[Any],
    content: Content,
    to: Verdict,
) -> None:
    if to.person_id is None:
        person_id, undo = write_new(
            session,
            now=now,
            actor=actor,
            register=batch.register,
            values=content.values,
        )
    else:
        person_id = to.person_id
        undo = write_change(
            session,
            now=now,
            actor=actor,
            register=batch.register,
            person_id=person_id,
            changes=to.changes,
            old=to.old,
        )
    undo |= stand_in_register(
        session,
        is_new=to.person_id is None,
        now=now,
        actor=actor,
        register=batch.register,
        person_id=person_id,
        consents_on_file=batch.consents_on_file,
    )
    moved = session.change(
        update(import_row)
        .where(import_row.c.id == row.id, import_row.c.state.in_(WAITING))
        .values(state="applied", person_id=person_id, undo=seal_undo(session, undo, uid=row.uid))
    )
    if moved == 0:
        raise LookupError("the row was written by another hand")


def _set_aside(session: Session, row: Row[Any], content: Content, reasons: list[Reason]) -> None:
    kept = Content(content.cells, content.values, reasons, content.warnings)
    session.change(
        update(import_row)
        .where(import_row.c.id == row.id, import_row.c.state.in_(WAITING))
        .values(state="bad", content=seal_content(session, kept, uid=row.uid))
    )


def _finish(session: Session, *, now: datetime, batch: Batch) -> None:
    finished = session.change(
        update(import_batch)
        .where(import_batch.c.id == batch.id, import_batch.c.state == "applying")
        .values(state="applied", ended_at=now, version=batch.version + 1)
    )
    if finished:
        note(
            session,
            now=now,
            what="import_applied",
            actor_id=batch.decided_by,
            thing="import_batch",
            thing_id=batch.id,
        )
