"""Moving everything that points to one person over to another: every table, also those to come."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Column, Table, and_, select, update
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


def find_referenced(
    session: Session, *, person_ids: Collection[int], but: frozenset[str]
) -> set[int]:
    """Those of these people whom some row names, leaving out the tables ``but``."""
    found: set[int] = set()
    for reference in list_references():
        if reference.table.name not in but:
            named = select(reference.column).where(reference.column.in_(person_ids)).distinct()
            found.update(session.execute(named).scalars())
    return found
