"""Column kinds that the tables share: instants in UTC, and the naming of constraints."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Dialect, Index, Table, text
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

# Batch migrations on SQLite can only rebuild constraints that have names.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """A moment: an aware datetime in Python, UTC in the database; naive ones are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store as UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give back as UTC."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def table_of(model: type[SQLModel]) -> Table:
    """Return the Core table behind a SQLModel class."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


def one_of(column: str, *states: str) -> CheckConstraint:
    """Only these words may stand in the column."""
    words = ", ".join(f"'{state}'" for state in states)
    return CheckConstraint(f"{column} IN ({words})", name=column)


def unique_while(name: str, *columns: str, condition: str) -> Index:
    """At most one row with these columns while the condition holds."""
    where = text(condition)
    return Index(name, *columns, unique=True, sqlite_where=where, postgresql_where=where)


def due_index(name: str, *columns: str, condition: str) -> Index:
    """Find due rows without reading what is not due."""
    where = text(condition)
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)
