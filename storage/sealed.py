"""Sealed columns: the one list of everything that is encrypted at rest, and of its place.

A value opens only at its place (``vault.seal(text, place=…)``). Key rotation and forgetting walk
over this list, so a column that is missing here would be lost with the old key: a test names it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

from sqlalchemy import Column, Table
from sqlmodel import SQLModel

from storage import tables


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """One sealed column; ``place`` names in braces the columns of the row that make the place."""

    table: str
    column: str
    place: str
    # How many values are re-sealed in one transaction: few where a value is a whole file.
    batch: int = 100

    @property
    def of(self) -> Table:
        """The table."""
        return SQLModel.metadata.tables[self.table]

    @property
    def sealed(self) -> Column[bytes]:
        """The sealed column itself."""
        column: Column[bytes] = self.of.c[self.column]
        return column

    @property
    def named(self) -> tuple[str, ...]:
        """The columns whose values stand in the place."""
        return tuple(name for _, name, _, _ in Formatter().parse(self.place) if name)

    def place_of(self, row: Mapping[Any, object]) -> str:
        """Return the place of this column in one row."""
        return self.place.format_map(row)


def _by_uid(table: str, column: str, *, batch: int = 100) -> SealedColumn:
    """The usual place: table, column and the row's own random uid."""
    return SealedColumn(table, column, f"{table}.{column}:{{uid}}", batch)


# Add yours here, one line for each sealed column.
SEALED: tuple[SealedColumn, ...] = (
    _by_uid("person", "phone"),
    _by_uid("person", "address"),
    _by_uid("person", "door_words"),
    _by_uid("need", "words"),
    _by_uid("need_series", "words"),
    _by_uid("organisation_link", "note"),
    _by_uid("guidance", "notes"),
    _by_uid("home_visit", "record"),
    _by_uid("need_detail", "facts"),
    _by_uid("need_media", "transcript"),
    _by_uid("home_access", "facts"),
    _by_uid("claim", "note"),
    _by_uid("claim", "door_words"),
    _by_uid("visit_word", "words"),
    _by_uid("call_back", "words"),
    _by_uid("reopening", "words"),
    _by_uid("verification", "reason"),
    _by_uid("referral", "question"),
    _by_uid("referral", "answer"),
    _by_uid("referral", "words"),
    _by_uid("check_in_plan", "contact_phone"),
    _by_uid("mail", "address"),
    _by_uid("mail", "facts"),
    _by_uid("pair", "words"),
    _by_uid("pair_log", "words"),
    _by_uid("tie", "gives_back"),
    _by_uid("tie", "override"),
    _by_uid("alarm", "words"),
    _by_uid("complaint", "words"),
    _by_uid("question", "words"),
    _by_uid("question", "reply"),
    _by_uid("complaint", "note"),
    _by_uid("file", "body", batch=1),
    _by_uid("office_job", "facts"),
    _by_uid("search", "words"),
    _by_uid("resident", "profile"),
    _by_uid("volunteer_profile", "profile"),
    _by_uid("disability_certificate", "number"),
    _by_uid("qualification", "number"),
    _by_uid("statement", "words"),
    _by_uid("look", "reason"),
    _by_uid("call_record", "words"),
    _by_uid("call_note", "facts"),
    SealedColumn("to_tell", "facts", "to_tell:{key}"),
    _by_uid("import_row", "content"),
    _by_uid("import_row", "undo"),
    _by_uid("survey_answer", "draft"),
    _by_uid("survey_answer", "answers"),
    SealedColumn("inbox", "body", "inbox.body:{bot_id}:{update_id}"),
    SealedColumn("outbox", "facts", "outbox:{key}"),
    SealedColumn("outbox", "buttons", "outbox:{key}"),
    SealedColumn("dialogue", "answers", "dialogue:{chat_id}"),
)

# Keyed hashes by which a value is found again: bytes as well, but they cannot be opened.
HASHES: frozenset[tuple[str, str]] = frozenset(
    {
        (tables.person.name, "phone_key"),
        (tables.disability_certificate.name, "number_key"),
        (tables.invitation.name, "code_key"),
        (tables.import_batch.name, "digest"),
    }
)


def list_unlisted() -> list[str]:
    """List the columns of bytes that stand neither among the sealed ones nor the hashes."""
    known = {(one.table, one.column) for one in SEALED} | HASHES
    return sorted(
        f"{table.name}.{column.name}"
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
        if column.type.python_type is bytes and (table.name, column.name) not in known
    )
