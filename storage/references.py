"""Moving everything that points to one person over to another: every table, also those to come."""

from dataclasses import dataclass

from sqlalchemy import Column, Table, and_, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from storage.database import Session
from storage.tables import duplicate, person


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that names a person."""

    table: Table
    column: Column[int]


def list_references() -> list[Reference]:
    """Every foreign key to a person, but the pairs of likely duplicates, which have two ends."""
    return [
        Reference(table, key.parent)
        for table in SQLModel.metadata.sorted_tables
        if table is not duplicate
        for key in sorted(table.foreign_keys, key=lambda one: one.parent.name)
        if key.column is person.c.id
    ]


def move_references(session: Session, *, gone: int, kept: int) -> list[str]:
    """Let everything name ``kept`` that named ``gone``.

    What a constraint does not let go, because ``kept`` has the like already, stays behind; the
    names of those tables come back.
    """
    return [
        str(reference.table.name)
        for reference in list_references()
        if not _move(session, reference, gone=gone, kept=kept)
    ]


def _move(session: Session, reference: Reference, *, gone: int, kept: int) -> bool:
    table, column = reference.table, reference.column
    values = {column.name: kept}
    try:
        with session.savepoint():
            session.change(update(table).where(column == gone).values(values))
        return True
    except IntegrityError:
        pass
    rows = session.all(select(*table.primary_key.columns).where(column == gone))
    all_moved = True
    for row in rows:
        here = and_(*(one == row._mapping[one] for one in table.primary_key.columns))
        try:
            with session.savepoint():
                session.change(update(table).where(here).values(values))
        except IntegrityError:
            all_moved = False
    return all_moved


def count_references(session: Session, *, person_id: int, but: frozenset[str]) -> dict[str, int]:
    """How many rows of which table name the person, leaving out the tables ``but``."""
    counts: dict[str, int] = {}
    for reference in list_references():
        name = str(reference.table.name)
        if name in but:
            continue
        counted = select(func.count()).select_from(reference.table)
        found = int(session.value(counted.where(reference.column == person_id)))
        if found:
            counts[name] = counts.get(name, 0) + found
    return counts
