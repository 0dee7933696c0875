"""``jiai import``: a list of any size from a file on this machine, as the chat imports it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from bot.office.child_process import Office, OfficeFailed
from bot.office.lists import NoHeader, read_list
from bot.office.unread import Counted, unread_lines
from messages.render import Wording
from storage.database import Database, Session
from storage.imports.applying import apply_rows
from storage.imports.batches import (
    Batch,
    begin_import,
    count_rows,
    count_waiting_rows,
    drop_import,
    get_batch,
    refuse_batch,
    start_applying,
)
from storage.imports.showing import preview_facts
from storage.organisations import find_by_name
from storage.people import Person, get_person, list_role_holders
from storage.refusals import Fact, Refusal
from storage.rules.fields import Register
from storage.tables import import_batch, office_job

# Between two steps the bot gets the database: writers of two processes have no line to wait in.
PAUSE_SECONDS = 0.02


class NotImported(Exception):
    """Why nothing was imported, in one line."""


@dataclass(frozen=True, slots=True)
class Words:
    """Labels in the house's language."""

    wording: Wording
    language: str

    def label(self, key: str, **facts: Fact) -> str:
        """A word."""
        return self.wording.label(key, language=self.language, facts=facts)


def import_list(
    database: Database,
    *,
    now: Callable[[], datetime],
    path: Path,
    out: Console,
    register: Register | None = None,
    organisation: str | None = None,
    yes: bool = False,
) -> bool:
    """Read, show, and with ``yes`` write; returns whether it was written. Raises NotImported."""
    words = Words(Wording(zone=str(database.house.zone)), database.house.language)
    body = path.read_bytes()
    actor = database.do(_find_actor, organisation=organisation)
    _go_on(database, now=now, actor=actor, out=out)
    batch_id = database.do(begin_import, now=now(), actor=actor, name=path.name, register=register)
    office = Office()
    batch = _read(database, office, words, now=now, batch_id=batch_id, body=body)
    _show(database, batch, words, out=out)
    if batch.state != "staged":
        return False
    waiting = database.do(count_waiting_rows, batch_id=batch_id)
    if yes and waiting:
        _write(database, batch, actor, now=now, out=out)
    if yes:
        _keep_unread(database, office, words, batch_id=batch_id, path=path, out=out)
    if not yes or not waiting:
        database.do(drop_import, now=now(), actor=actor, batch_id=batch_id)
        if waiting:
            out.print("Nothing is written yet: run it again with --yes.", markup=False)
        return False
    return True


def _find_actor(session: Session, *, organisation: str | None) -> Person:
    """The first coordinator of the organisation, in whose name it is imported."""
    place = None
    if organisation is not None:
        place = find_by_name(session, name=organisation)
        if place is None:
            raise NotImported(f"no organisation is called {organisation}; see /organisations")
    staff = [
        get_person(session, person_id=one) for one in list_role_holders(session, kind="coordinator")
    ]
    for one in staff:
        if one.is_office if place is None else one.organisation_id == place.id:
            return one
    raise NotImported("nobody works there yet who could answer for the list; see: jiai invite")


def _go_on(database: Database, *, now: Callable[[], datetime], actor: Person, out: Console) -> None:
    """Finish what an earlier command left half written, unless the bot carries it."""
    left = database.do(_find_left, scope=actor.scope or "/")
    if left is None:
        return
    out.print("An earlier import was interrupted; finishing it first.", markup=False)
    while apply_rows(database, now=now(), batch_id=left):
        _rest()


def _find_left(session: Session, *, scope: str) -> int | None:
    carried = select(office_job.c.id).where(
        office_job.c.kind == "import_apply", office_job.c.state.in_(("waiting", "working"))
    )
    if session.find(carried) is not None:
        return None
    found: int | None = session.value(
        select(import_batch.c.id).where(
            import_batch.c.scope == scope, import_batch.c.state == "applying"
        )
    )
    return found


def _read(
    database: Database,
    office: Office,
    words: Words,
    *,
    now: Callable[[], datetime],
    batch_id: int,
    body: bytes,
) -> Batch:
    try:
        batch = read_list(
            database,
            now=now,
            batch_id=batch_id,
            reader=lambda: office.read(body),
            told=lambda *_: _rest(),
        )
    except (OfficeFailed, NoHeader) as error:
        reason = "no_header" if isinstance(error, NoHeader) else error.reason
        database.do(refuse_batch, now=now(), batch_id=batch_id, reason=reason)
        raise NotImported(words.label(f"paper_reason.{reason}")) from error
    if batch.state == "choosing":
        names = "、".join(one.name for one in batch.sheets)
        database.do(refuse_batch, now=now(), batch_id=batch_id, reason="no_header")
        raise NotImported(f"several sheets could be meant ({names}); keep one of them in the file")
    return batch


def _rest() -> None:
    Event().wait(PAUSE_SECONDS)


def _show(database: Database, batch: Batch, words: Words, *, out: Console) -> None:
    if batch.state == "dropped":
        out.print("The same rows were imported before: nothing to do.", markup=False)
        return
    facts: dict[str, Any] = dict(database.do(preview_facts, batch=batch))
    table = Table(title=f"{batch.name}: {words.label(f'import_register.{batch.register.value}')}")
    table.add_column("rows")
    table.add_column("", justify="right")
    for name in ("rows", "new", "changed", "likely", "same", "bad"):
        table.add_row(name, str(facts[name]))
    out.print(table)
    known = facts["known"]
    unknown = ", ".join(facts["unknown"]) or "none"
    line = f"header in row {facts['header_row']}, {known} columns recognised, not: {unknown}"
    out.print(line, markup=False)
    for key, letter, title, count in zip(
        facts["problems"], facts["letters"], facts["titles"], facts["counts"], strict=True
    ):
        where = f"{letter} {title}: " if letter else ""
        out.print(f"  {where}{words.label(f'import_problem.{key}')}: {count}", markup=False)


def _write(
    database: Database,
    batch: Batch,
    actor: Person,
    *,
    now: Callable[[], datetime],
    out: Console,
) -> None:
    try:
        database.do(
            start_applying,
            now=now(),
            actor=actor,
            batch_id=batch.id,
            version=batch.version,
            consents_on_file=True,
        )
    except Refusal as refusal:
        raise NotImported(
            f"another import is running ({refusal.key}); try again later"
        ) from refusal
    while apply_rows(database, now=now(), batch_id=batch.id):
        _rest()
    written = database.do(count_rows, batch_id=batch.id)["applied"]
    out.print(f"Written: {written} people. Undo: /import in the chat.", markup=False)


def _keep_unread(
    database: Database, office: Office, words: Words, *, batch_id: int, path: Path, out: Console
) -> None:
    """The rows that were not taken over lie beside the file."""
    bad = database.do(count_rows, batch_id=batch_id)["bad"]
    if not bad or database.do(get_batch, batch_id=batch_id).state == "dropped":
        return
    lines = unread_lines(database, words, batch_id=batch_id, counted=Counted())
    beside = path.with_name(f"{words.label('import_detail.file', name=path.stem)}.xlsx")
    beside.write_bytes(office.make(lines))
    out.print(f"{bad} rows were not read; they are in {beside}", markup=False)
