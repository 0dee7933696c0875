"""Staging: a sheet is read and compared with the register, and nothing of it is written yet."""

import json
import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.communities import list_communities
from storage.database import Database, Session
from storage.imports.batches import Batch, MappedColumn, get_batch, write_columns
from storage.imports.contents import Content, seal_content
from storage.imports.judging import Verdict, judge, list_own_communities
from storage.people import Person, get_person
from storage.refusals import NotAllowed
from storage.rules.fields import Register
from storage.rules.importing.cells import Reason, column_letter
from storage.rules.importing.rows import Context, RowReading, read_row
from storage.rules.importing.sheets import DataRow, Table
from storage.tables import import_batch, import_row

# One transaction holds the writer for a few tens of milliseconds at this size.
CHUNK = 100
MOST_ROWS = 50_000


@dataclass
class _Seen:
    """What earlier rows of the same sheet held: no person twice, and the sum of it all."""

    people: dict[bytes, int]
    digests: list[bytes]
    reasons: Counter[tuple[str, int | None]]
    warnings: Counter[tuple[str, int | None]]


def find_context(session: Session, *, batch_id: int, now: datetime) -> tuple[Batch, Context]:
    """Return the batch and what is needed to read its rows."""
    batch = get_batch(session, batch_id=batch_id)
    names = {one.name: one.id for one in list_communities(session, hidden=True)}
    context = Context(
        register=batch.register, communities=names, today=session.house.local(now).date()
    )
    return batch, context


def note_table(session: Session, *, batch_id: int, table: Table) -> Batch:
    """Write down what the sheet was found to be; columns that were mapped by hand stay so."""
    batch = get_batch(session, batch_id=batch_id)
    own = list_own_communities(session, actor=get_person(session, person_id=batch.made_by))
    found = [MappedColumn(one.at, one.title, one.field) for one in table.header.columns]
    if [(one.at, one.title) for one in batch.columns] == [(one.at, one.title) for one in found]:
        found = batch.columns
    only = next(iter(own)) if len(own) == 1 else None
    session.change(
        update(import_batch)
        .where(import_batch.c.id == batch_id, import_batch.c.state == "reading")
        .values(
            register_key=table.register.value,
            header_row=table.header_number,
            mapping=write_columns(found),
            community_id=table.community or only,
        )
    )
    return get_batch(session, batch_id=batch_id)


def stage(
    database: Database, *, now: datetime, batch_id: int, table: Table, from_1904: bool = False
) -> Batch:
    """Read every row of the table in chunks; an earlier, interrupted reading is begun anew.

    The rows are read outside the transactions: only comparing and keeping them holds the writer.
    """
    while database.do(_clear, batch_id=batch_id):
        pass
    database.do(note_table, batch_id=batch_id, table=table)
    batch, context = database.do(find_context, batch_id=batch_id, now=now)
    context = Context(
        register=context.register,
        communities=context.communities,
        today=context.today,
        community=batch.community_id,
        from_1904=from_1904,
    )
    seen = _Seen({}, [], Counter(), Counter())
    for rows in _chunks(table.people()):
        readings = [read_row(row.cells, batch.mapping, context) for row in rows]
        database.do(_keep, batch=batch, rows=rows, readings=readings, seen=seen)
    return database.do(_finish, batch=batch, seen=seen, now=now)


def _chunks(people: Iterator[DataRow]) -> Iterator[list[DataRow]]:
    while chunk := list(islice(people, CHUNK)):
        yield chunk


def _clear(session: Session, *, batch_id: int) -> int:
    some = select(import_row.c.id).where(import_row.c.batch_id == batch_id).limit(1000)
    return session.change(delete(import_row).where(import_row.c.id.in_(some)))


def _keep(
    session: Session,
    *,
    batch: Batch,
    rows: Sequence[DataRow],
    readings: Sequence[RowReading],
    seen: _Seen,
) -> None:
    actor = get_person(session, person_id=batch.made_by)
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    good = [reading for reading in readings if not reading.reasons]
    verdicts = iter(
        judge(
            session,
            actor=actor,
            register=batch.register,
            own=list_own_communities(session, actor=actor),
            rows=[reading.values for reading in good],
        )
        if good
        else ()
    )
    kept: list[dict[str, Any]] = []
    for row, reading in zip(rows, readings, strict=True):
        verdict = Verdict("bad", reasons=reading.reasons) if reading.reasons else next(verdicts)
        verdict = _look_back(session, batch, row, reading, verdict, seen)
        kept.append(_row(session, batch, row, reading, verdict))
        seen.reasons.update((one.key, one.column) for one in verdict.reasons)
        seen.warnings.update((one.key, one.column) for one in reading.warnings)
        if verdict.state in ("new", "duplicate") and "community" not in reading.values:
            # Only the office's list may hold them; nobody in a community would see these people.
            seen.warnings[("community_unsaid", None)] += 1
    session.execute(insert(import_row), kept)


def _look_back(
    session: Session,
    batch: Batch,
    row: DataRow,
    reading: RowReading,
    verdict: Verdict,
    seen: _Seen,
) -> Verdict:
    """Compare with the rows above: the same person again is either nothing new or a question."""
    whole = json.dumps(reading.values, ensure_ascii=False, sort_keys=True)
    if reading.reasons:
        whole = json.dumps([str(cell) for cell in row.cells], ensure_ascii=False)
    digest = session.vault.fingerprint(whole, field="import_row")
    seen.digests.append(digest)
    if verdict.state == "bad":
        return verdict
    mark = session.vault.fingerprint(_mark(reading), field="import_person")
    earlier = seen.people.setdefault(digest, row.number)
    if earlier != row.number:
        return Verdict("same")
    earlier = seen.people.setdefault(mark, row.number)
    if earlier != row.number:
        return Verdict("bad", reasons=[Reason("repeated_in_file", {"row": earlier})])
    return verdict


def _mark(reading: RowReading) -> str:
    """What makes two rows of one sheet the same person: the number, else name, home and birth."""
    values = reading.values
    number = values.get("certificate_number") or values.get("id_number")
    parts = (values["name"], values.get("community"), values.get("born_on"), values.get("phone"))
    return str(number) if number else "|".join(str(part) for part in parts)


def _row(
    session: Session, batch: Batch, row: DataRow, reading: RowReading, verdict: Verdict
) -> dict[str, Any]:
    uid = secrets.token_hex(16)
    content = Content(row.cells, reading.values, verdict.reasons, reading.warnings)
    return {
        "uid": uid,
        "batch_id": batch.id,
        "number": row.number,
        "content": seal_content(session, content, uid=uid),
        "state": verdict.state,
        "person_id": verdict.person_id,
    }


def _finish(session: Session, *, batch: Batch, seen: _Seen, now: datetime) -> Batch:
    """Ready to be looked at, unless the very same rows are here already."""
    whole = b"".join(sorted(seen.digests)).hex()
    digest = session.vault.fingerprint(f"{batch.register.value}|{whole}", field="import")
    earlier = session.find(
        select(import_batch.c.id).where(
            import_batch.c.digest == digest,
            import_batch.c.scope == batch.scope,
            import_batch.c.id != batch.id,
            import_batch.c.state.in_(("staged", "applying", "applied", "undoing")),
        )
    )
    summary = {
        **batch.summary,
        "reasons": _counted(batch, seen.reasons),
        "warnings": _counted(batch, seen.warnings),
        "rows": len(seen.digests),
    }
    values: dict[str, Any] = {"state": "staged", "digest": digest}
    if earlier is not None:
        summary["same_as"] = earlier.id
        values = {"state": "dropped", "digest": None, "ended_at": now}
    staged = _write(session, batch, values | {"summary": json.dumps(summary, ensure_ascii=False)})
    if not staged:  # the same file, twice at this moment: the other one was quicker
        return _finish(session, batch=batch, seen=seen, now=now)
    if earlier is not None:
        session.change(delete(import_row).where(import_row.c.batch_id == batch.id))
    return get_batch(session, batch_id=batch.id)


def _write(session: Session, batch: Batch, values: dict[str, Any]) -> bool:
    try:
        with session.savepoint():
            session.change(
                update(import_batch)
                .where(import_batch.c.id == batch.id, import_batch.c.state == "reading")
                .values(**values, version=import_batch.c.version + 1)
            )
    except IntegrityError:
        return False
    return True


def _counted(batch: Batch, counter: Counter[tuple[str, int | None]]) -> list[list[Any]]:
    """The most frequent first: key, column letter, its title, how often; no value of anybody."""
    titles = {column.at: column.title for column in batch.columns}
    return [
        [key, "" if at is None else column_letter(at), titles.get(-1 if at is None else at, ""), n]
        for (key, at), n in counter.most_common(20)
    ]


def guess_register(batch: Batch) -> Register | None:
    """The register that was named when the import was begun, if any."""
    given = batch.summary.get("given")
    return Register(given) if given else None


def find_maker(session: Session, *, batch_id: int) -> Person:
    """Whoever sent the file."""
    return get_person(session, person_id=get_batch(session, batch_id=batch_id).made_by)
