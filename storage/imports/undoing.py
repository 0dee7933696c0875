"""Undoing: a batch is taken back row by row, newest first; what was changed since stays."""

import logging
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.exc import IntegrityError

from storage.consents import withdraw
from storage.database import Database, Session
from storage.imports.batches import Batch, get_batch
from storage.imports.contents import open_undo
from storage.imports.values import open_values
from storage.imports.writing import write_changes
from storage.journal import note
from storage.people import Person, get_person
from storage.references import find_referenced
from storage.refusals import Refusal
from storage.registers import find_certificate
from storage.roles import end_role
from storage.rules.importing.rows import Values
from storage.scope import sees
from storage.tables import (
    consent,
    disability_certificate,
    duplicate,
    household,
    household_member,
    import_batch,
    import_row,
    person,
    resident,
    role,
    volunteer,
    volunteer_profile,
)

# Each person who is removed makes the database look for their traces in every table.
CHUNK = 10
# What an import itself makes for a person; anything else that names them is somebody's work.
OWN_TABLES = (
    duplicate,
    role,
    consent,
    resident,
    volunteer_profile,
    volunteer,
    household_member,
    disability_certificate,
)
OWN_NAMES = frozenset(table.name for table in OWN_TABLES) | {"household", "import_row"}
# Not compared: the household's number in the list is not the one it has here.
UNCOMPARED = frozenset({"household"})

log = logging.getLogger(__name__)


def undo_rows(database: Database, *, now: datetime, batch_id: int, chunk: int = CHUNK) -> bool:
    """Take the next rows back in one transaction; returns whether there may be more."""
    with database.transaction() as session:
        held = session.find(
            select(import_batch.c.id)
            .where(import_batch.c.id == batch_id, import_batch.c.state == "undoing")
            .with_for_update()
        )
        if held is None:
            return False
        batch = get_batch(session, batch_id=batch_id)
        rows = session.all(
            select(import_row)
            .where(import_row.c.batch_id == batch_id, import_row.c.state == "applied")
            .order_by(import_row.c.number.desc())
            .limit(chunk)
        )
        if not rows:
            _finish(session, now=now, batch=batch)
            return False
        actor = get_person(session, person_id=batch.decided_by or batch.made_by)
        people = [row.person_id for row in rows]
        needed = find_referenced(session, person_ids=people, but=OWN_NAMES)
        for row in rows:
            _undo(session, now=now, actor=actor, batch=batch, row=row, needed=needed)
    return True


def _undo(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    batch: Batch,
    row: Row[Any],
    needed: set[int],
) -> None:
    undone = False
    try:
        with session.savepoint():
            undone = _take_back(session, now=now, actor=actor, batch=batch, row=row, needed=needed)
    except (Refusal, IntegrityError) as error:
        log.warning("import %s row %s stays: %s", batch.id, row.number, type(error).__name__)
    session.change(
        update(import_row)
        .where(import_row.c.id == row.id, import_row.c.state == "applied")
        .values(state="undone" if undone else "kept")
    )


def _take_back(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    batch: Batch,
    row: Row[Any],
    needed: set[int],
) -> bool:
    """Whether everything that the row changed is as it was before."""
    if row.undo is None or not sees(session, actor=actor, person_id=row.person_id):
        return False
    undo = open_undo(session, row.undo, uid=row.uid)
    present = open_values(session, register=batch.register, person_ids=[row.person_id])
    old = present.get(row.person_id)
    if old is None:
        return False
    changed_since = [
        key
        for key, value in undo["after"].items()
        if key not in UNCOMPARED and not _is(value, old.get(key))
    ]
    if undo["made"]:
        if changed_since or row.person_id in needed:
            return False
        return _remove(session, now=now, actor=actor, row=row, undo=undo)
    back = {key: value for key, value in undo["before"].items() if key not in changed_since}
    _restore(session, now=now, actor=actor, batch=batch, person_id=row.person_id, values=back)
    _take_role(session, now=now, actor=actor, person_id=row.person_id, undo=undo)
    return not changed_since


def _is(value: object, now: object) -> bool:
    if isinstance(value, list) and isinstance(now, list):
        return sorted(value) == sorted(now)
    return value == now


def _restore(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    batch: Batch,
    person_id: int,
    values: Values,
) -> None:
    """Write what was there before, also that there was nothing."""
    if "certificate_number" in values and values["certificate_number"] is None:
        _forget_certificate(session, person_id)
        values = {key: one for key, one in values.items() if not key.startswith("certificate_")}
    emptied = {
        key: [] if key in ("skills", "times") and one is None else one
        for key, one in values.items()
        if key not in UNCOMPARED
    }
    write_changes(
        session,
        now=now,
        actor=actor,
        register=batch.register,
        person_id=person_id,
        changes=emptied,
    )


def _forget_certificate(session: Session, person_id: int) -> None:
    found = find_certificate(session, person_id=person_id)
    if found is not None:
        session.change(
            delete(disability_certificate).where(disability_certificate.c.id == found.id)
        )


def _take_role(
    session: Session, *, now: datetime, actor: Person, person_id: int, undo: dict[str, Any]
) -> None:
    if undo.get("role"):
        end_role(
            session,
            now=now,
            person_id=person_id,
            kind=undo["role"],
            actor_id=actor.id,
            ground="import_undone",
        )
    for purpose in undo.get("consents", ()):
        withdraw(session, now=now, person_id=person_id, purpose=purpose, actor_id=actor.id)


def _remove(
    session: Session, *, now: datetime, actor: Person, row: Row[Any], undo: dict[str, Any]
) -> bool:
    """Remove a person whom the batch made, if nothing else has come to depend on them."""
    person_id = row.person_id
    if _is_needed(session, person_id, undo):
        return False
    lived = session.value(
        select(household_member.c.household_id).where(household_member.c.person_id == person_id)
    )
    session.change(
        update(import_row).where(import_row.c.id == row.id).values(state="undone", person_id=None)
    )
    session.change(
        delete(duplicate).where(
            (duplicate.c.low_id == person_id) | (duplicate.c.high_id == person_id)
        )
    )
    for table in OWN_TABLES[1:]:
        session.change(delete(table).where(table.c.person_id == person_id))
    if lived is not None:
        _close_household(session, lived, person_id)
    session.change(delete(person).where(person.c.id == person_id))
    note(
        session,
        now=now,
        what="person_removed",
        actor_id=actor.id,
        subject_id=person_id,
        ground="import_undone",
    )
    return True


def _is_needed(session: Session, person_id: int, undo: dict[str, Any]) -> bool:
    chat = session.value(select(person.c.telegram_id).where(person.c.id == person_id))
    roles = session.all(select(role.c.kind).where(role.c.person_id == person_id))
    yeses = session.all(select(consent.c.ground).where(consent.c.person_id == person_id))
    rows = session.all(select(import_row.c.id).where(import_row.c.person_id == person_id))
    pointed = session.find(select(person.c.id).where(person.c.merged_into == person_id))
    return (
        chat is not None
        or pointed is not None
        or [one.kind for one in roles] != [undo.get("role")]
        or any(one.ground != "staff" for one in yeses)
        or len(rows) > 1
    )


def _close_household(session: Session, household_id: int, person_id: int) -> None:
    """The next is the head; an empty household that the import made goes too."""
    heir = session.value(
        select(household_member.c.person_id)
        .where(household_member.c.household_id == household_id)
        .order_by(household_member.c.since, household_member.c.person_id)
        .limit(1)
    )
    if heir is None:
        session.change(delete(household).where(household.c.id == household_id))
        return
    session.change(
        update(household)
        .where(household.c.id == household_id, household.c.head_id == person_id)
        .values(head_id=heir, version=household.c.version + 1)
    )


def _finish(session: Session, *, now: datetime, batch: Batch) -> None:
    finished = session.change(
        update(import_batch)
        .where(import_batch.c.id == batch.id, import_batch.c.state == "undoing")
        .values(state="undone", ended_at=now, digest=None, version=batch.version + 1)
    )
    if finished:
        note(
            session,
            now=now,
            what="import_undone",
            actor_id=batch.decided_by,
            thing="import_batch",
            thing_id=batch.id,
        )
