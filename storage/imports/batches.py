"""Batches: begun with a file, looked at, decided on; each move conditional."""

import json
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.database import Session
from storage.imports.refusals import ImportDecided, ImportMoved, ImportRunning, NothingToImport
from storage.journal import note
from storage.people import EVERYWHERE, Person
from storage.refusals import NotAllowed
from storage.rules.fields import Register
from storage.rules.importing.catalogue import is_written
from storage.tables import import_batch, import_row, person

WAITING = ("new", "changed", "duplicate")
UNDECIDED = ("reading", "choosing", "staged")
SHOWN_REASONS = 8


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of the file: hidden ones are named, and read only when chosen."""

    name: str
    hidden: bool
    rows: int


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """A column of the sheet, its letter's place, its title, and the field that it is read as."""

    at: int
    title: str
    field: str | None


@dataclass(frozen=True, slots=True)
class Batch:
    """An import as it stands."""

    id: int
    uid: str
    register: Register
    scope: str
    file_id: int | None
    name: str
    sheets: list[Sheet]
    sheet: int | None
    community_id: int | None
    header_row: int | None
    columns: list[MappedColumn]
    summary: dict[str, Any]
    state: str
    refusal: str | None
    consents_on_file: bool
    made_by: int
    decided_by: int | None
    created_at: datetime
    applied_at: datetime | None
    version: int

    @property
    def mapping(self) -> dict[int, str]:
        """Place of a column to the field that is written from it."""
        return {
            column.at: column.field
            for column in self.columns
            if column.field and is_written(self.register, column.field)
        }


def begin_import(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    name: str,
    file_id: int | None = None,
    register: Register | None = None,
) -> int:
    """Begin with a file; nothing of it is in the register before somebody says so."""
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    batch_id = session.add(
        insert(import_batch).values(
            uid=secrets.token_hex(16),
            register_key=(register or Register.RESIDENT).value,
            organisation_id=actor.organisation_id,
            scope=actor.scope or EVERYWHERE,
            file_id=file_id,
            name=name[:120],
            summary=json.dumps({"given": register.value} if register else {}),
            state="reading",
            consents_on_file=False,
            made_by=actor.id,
            created_at=now,
            version=1,
        )
    )
    _note(session, now, actor.id, batch_id, "import_begun")
    return batch_id


def get_batch(session: Session, *, batch_id: int, actor: Person | None = None) -> Batch:
    """Return a batch; with ``actor`` only one of their own scope, else NotAllowed."""
    row = session.find(select(import_batch).where(import_batch.c.id == batch_id))
    if row is None or (actor is not None and not may_see(actor, row.scope)):
        raise NotAllowed
    return as_batch(row)


def may_see(actor: Person, scope: str) -> bool:
    """Whether an import of this scope is the actor's business."""
    return actor.scope is not None and scope.startswith(actor.scope)


def list_batches(session: Session, *, actor: Person, limit: int = 5) -> list[Batch]:
    """List the newest imports of the actor's scope."""
    if actor.scope is None:
        raise NotAllowed
    rows = session.all(
        select(import_batch)
        .where(import_batch.c.scope.startswith(actor.scope, autoescape=True))
        .where(import_batch.c.state.not_in(("dropped", "refused")))
        .order_by(import_batch.c.id.desc())
        .limit(limit)
    )
    return [as_batch(row) for row in rows]


def count_rows(session: Session, *, batch_id: int) -> Counter[str]:
    """How many rows stand in which state."""
    rows = session.all(
        select(import_row.c.state, func.count().label("many"))
        .where(import_row.c.batch_id == batch_id)
        .group_by(import_row.c.state)
    )
    return Counter({row.state: row.many for row in rows})


def drop_import(session: Session, *, now: datetime, actor: Person, batch_id: int) -> None:
    """Not this one: nothing was written, and what was read is forgotten."""
    batch = get_batch(session, batch_id=batch_id, actor=actor)
    dropped = session.change(
        update(import_batch)
        .where(import_batch.c.id == batch_id, import_batch.c.state.in_(UNDECIDED))
        .values(
            state="dropped",
            decided_by=actor.id,
            ended_at=now,
            digest=None,
            version=import_batch.c.version + 1,
        )
    )
    if dropped == 0:
        raise gone_on(session, batch)
    session.change(import_row.delete().where(import_row.c.batch_id == batch_id))
    _note(session, now, actor.id, batch_id, "import_dropped")


def start_applying(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    batch_id: int,
    version: int,
    consents_on_file: bool,
) -> Batch:
    """Say yes to the preview: from now on rows are written, chunk by chunk.

    ``consents_on_file``: whoever presses says that the signed consents are there, and only then
    are they written down. One batch of a scope at a time; of two who press together one begins.
    """
    batch = get_batch(session, batch_id=batch_id, actor=actor)
    if batch.state == "staged" and not any(
        count_rows(session, batch_id=batch_id)[state] for state in WAITING
    ):
        raise NothingToImport
    values = {"state": "applying", "applied_at": now, "consents_on_file": consents_on_file}
    _run(session, batch, version=version, actor=actor, state="staged", values=values)
    _note(session, now, actor.id, batch_id, "import_applying")
    return get_batch(session, batch_id=batch_id)


def start_undoing(
    session: Session, *, now: datetime, actor: Person, batch_id: int, version: int
) -> Batch:
    """Take a whole batch back, chunk by chunk."""
    batch = get_batch(session, batch_id=batch_id, actor=actor)
    values = {"state": "undoing", "ended_at": None}
    _run(session, batch, version=version, actor=actor, state="applied", values=values)
    _note(session, now, actor.id, batch_id, "import_undoing")
    return get_batch(session, batch_id=batch_id)


def _run(
    session: Session,
    batch: Batch,
    *,
    version: int,
    actor: Person,
    state: str,
    values: Mapping[str, object],
) -> None:
    try:
        with session.savepoint():
            started = session.change(
                update(import_batch)
                .where(
                    import_batch.c.id == batch.id,
                    import_batch.c.state == state,
                    import_batch.c.version == version,
                )
                .values(**values, decided_by=actor.id, version=version + 1)
            )
    except IntegrityError as error:
        raise ImportRunning from error
    if started == 0:
        raise gone_on(session, batch)


def gone_on(session: Session, batch: Batch) -> Exception:
    """What became of a batch that is not as it was shown."""
    fresh = get_batch(session, batch_id=batch.id)
    if fresh.decided_by is not None:
        by = session.value(select(person.c.name).where(person.c.id == fresh.decided_by))
        return ImportDecided(by=by, state=fresh.state)
    return ImportMoved(state=fresh.state)


def refuse_batch(session: Session, *, now: datetime, batch_id: int, reason: str) -> None:
    """The file cannot be read as a register; ``reason`` is worded for whoever sent it."""
    session.change(import_row.delete().where(import_row.c.batch_id == batch_id))
    refused = session.change(
        update(import_batch)
        .where(import_batch.c.id == batch_id, import_batch.c.state.in_(UNDECIDED))
        .values(
            state="refused",
            refusal=reason[:32],
            ended_at=now,
            digest=None,
            version=import_batch.c.version + 1,
        )
    )
    if refused:
        _note(session, now, None, batch_id, "import_refused", detail=reason[:32])


def offer_sheets(session: Session, *, batch_id: int, sheets: Sequence[Sheet]) -> None:
    """Several sheets could be meant, or only hidden ones: somebody has to choose."""
    session.change(
        update(import_batch)
        .where(import_batch.c.id == batch_id, import_batch.c.state == "reading")
        .values(state="choosing", sheets=write_sheets(sheets), version=import_batch.c.version + 1)
    )


def set_sheet(session: Session, *, batch_id: int, sheets: Sequence[Sheet], sheet: int) -> None:
    """Write down which sheet is read, and which others there are."""
    session.change(
        update(import_batch)
        .where(import_batch.c.id == batch_id, import_batch.c.state == "reading")
        .values(sheets=write_sheets(sheets), sheet=sheet)
    )


def count_waiting_rows(session: Session, *, batch_id: int) -> int:
    """How many rows wait to be written."""
    counts = count_rows(session, batch_id=batch_id)
    return sum(counts[state] for state in WAITING)


def choose_sheet(
    session: Session, *, now: datetime, actor: Person, batch_id: int, version: int, sheet: int
) -> Batch:
    """Read this sheet, from the beginning."""
    batch = get_batch(session, batch_id=batch_id, actor=actor)
    if not 0 <= sheet < len(batch.sheets):
        raise NotAllowed
    _reread(session, batch, version=version, values={"sheet": sheet, "mapping": ""})
    return get_batch(session, batch_id=batch_id)


def map_column(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    batch_id: int,
    version: int,
    at: int,
    field: str | None,
) -> Batch:
    """Read a column as another field, or not at all; the rows are then read again."""
    batch = get_batch(session, batch_id=batch_id, actor=actor)
    if all(column.at != at for column in batch.columns):
        raise NotAllowed
    if field is not None and not is_written(batch.register, field):
        raise NotAllowed
    columns = [
        MappedColumn(
            one.at,
            one.title,
            field if one.at == at else (None if one.field == field and field else one.field),
        )
        for one in batch.columns
    ]
    _reread(session, batch, version=version, values={"mapping": write_columns(columns)})
    return get_batch(session, batch_id=batch_id)


def _reread(session: Session, batch: Batch, *, version: int, values: Mapping[str, object]) -> None:
    moved = session.change(
        update(import_batch)
        .where(
            import_batch.c.id == batch.id,
            import_batch.c.state.in_(("choosing", "staged")),
            import_batch.c.version == version,
        )
        .values(**values, state="reading", digest=None, version=version + 1)
    )
    if moved == 0:
        raise gone_on(session, batch)


def write_sheets(sheets: Sequence[Sheet]) -> str:
    """The sheets as they are kept."""
    return json.dumps([[one.name, one.hidden, one.rows] for one in sheets], ensure_ascii=False)


def write_columns(columns: Sequence[MappedColumn]) -> str:
    """The columns as they are kept."""
    return json.dumps([[one.at, one.title, one.field] for one in columns], ensure_ascii=False)


def as_batch(row: Row[Any]) -> Batch:
    """Return a row of the table as a batch."""
    columns = json.loads(row.mapping) if row.mapping else []
    return Batch(
        id=row.id,
        uid=row.uid,
        register=Register(row.register_key),
        scope=row.scope,
        file_id=row.file_id,
        name=row.name,
        sheets=[Sheet(*one) for one in json.loads(row.sheets)] if row.sheets else [],
        sheet=row.sheet,
        community_id=row.community_id,
        header_row=row.header_row,
        columns=[MappedColumn(*one) for one in columns],
        summary=json.loads(row.summary) if row.summary else {},
        state=row.state,
        refusal=row.refusal,
        consents_on_file=row.consents_on_file,
        made_by=row.made_by,
        decided_by=row.decided_by,
        created_at=row.created_at,
        applied_at=row.applied_at,
        version=row.version,
    )


def _note(
    session: Session,
    now: datetime,
    actor_id: int | None,
    batch_id: int,
    what: str,
    detail: str = "",
) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=actor_id,
        thing="import_batch",
        thing_id=batch_id,
        detail=detail,
    )
