"""Imports of a register: a batch for each sheet, a row for each person in it; likely duplicates."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import Instant, due_index, one_of, table_of, unique_while


class ImportBatchTable(SQLModel, table=True):
    """One sheet on its way into a register, and back out again when it was a mistake.

    ``scope`` is the path of whoever sent it: one batch at a time is written into one scope.
    ``digest`` is the keyed hash of the rows: the same rows again are known by it.
    ``mapping`` holds titles and field keys, ``summary`` counts by reason.
    """

    __tablename__ = "import_batch"
    __table_args__ = (
        one_of("register_key", "resident", "volunteer"),
        one_of(
            "state",
            *("reading", "choosing", "staged", "applying", "applied"),
            *("undoing", "undone", "dropped", "refused"),
        ),
        CheckConstraint("(state = 'refused') = (refusal IS NOT NULL)", name="refusal"),
        CheckConstraint(
            "(state IN ('undone', 'dropped', 'refused', 'applied')) = (ended_at IS NOT NULL)",
            name="ended",
        ),
        unique_while(
            "uq_import_batch_running", "scope", condition="state IN ('applying', 'undoing')"
        ),
        unique_while(
            "uq_import_batch_digest",
            "scope",
            "digest",
            condition="state IN ('staged', 'applying', 'applied', 'undoing')"
            " AND digest IS NOT NULL",
        ),
        due_index(
            "ix_import_batch_open", "id", condition="state NOT IN ('undone', 'dropped', 'refused')"
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=32, unique=True)
    register_key: str = Field(default="resident", max_length=16)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    scope: str = Field(max_length=200)
    file_id: int | None = Field(default=None, foreign_key="file.id")
    name: str = Field(max_length=120)
    sheets: str = ""
    sheet: int | None = None
    community_id: int | None = Field(default=None, foreign_key="community.id")
    header_row: int | None = None
    mapping: str = ""
    summary: str = ""
    digest: bytes | None = None
    state: str = Field(default="reading", max_length=16)
    refusal: str | None = Field(default=None, max_length=32)
    consents_on_file: bool = False
    made_by: int = Field(foreign_key="person.id")
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)
    applied_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = 1


class ImportRowTable(SQLModel, table=True):
    """One row of the sheet: its cells and what was read in them, sealed together.

    ``new``, ``changed`` and ``duplicate`` wait to be written; ``undo`` says what was there before.
    """

    __tablename__ = "import_row"
    __table_args__ = (
        UniqueConstraint("batch_id", "number", name="uq_import_row_number"),
        one_of(
            "state",
            *("new", "changed", "duplicate", "same", "bad"),
            *("applied", "undone", "kept"),
        ),
        CheckConstraint("state <> 'applied' OR person_id IS NOT NULL", name="applied"),
        due_index(
            "ix_import_row_waiting",
            *("batch_id", "number"),
            condition="state IN ('new', 'changed', 'duplicate')",
        ),
        due_index("ix_import_row_applied", "batch_id", "number", condition="state = 'applied'"),
    )
    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=32)
    batch_id: int = Field(foreign_key="import_batch.id")
    number: int
    content: bytes | None = None
    undo: bytes | None = None
    state: str = Field(max_length=16)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)


class DuplicateTable(SQLModel, table=True):
    """Two entries that are likely one person, until somebody who knows has said."""

    __tablename__ = "duplicate"
    __table_args__ = (
        UniqueConstraint("low_id", "high_id", name="uq_duplicate_pair"),
        one_of("why", "certificate", "phone", "name"),
        one_of("state", "open", "merged", "different"),
        CheckConstraint("low_id < high_id", name="pair"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided"),
        due_index("ix_duplicate_open", "id", condition="state = 'open'"),
        due_index("ix_duplicate_high", "high_id", condition="state = 'open'"),
    )
    id: int | None = Field(default=None, primary_key=True)
    low_id: int = Field(foreign_key="person.id")
    high_id: int = Field(foreign_key="person.id")
    why: str = Field(max_length=16)
    state: str = Field(default="open", max_length=16)
    later_until: datetime | None = Field(default=None, sa_type=Instant)
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
    version: int = 1


import_batch = table_of(ImportBatchTable)
import_row = table_of(ImportRowTable)
duplicate = table_of(DuplicateTable)
