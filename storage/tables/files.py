"""Files, sealed and kept only for a while, and the long work of reading and making them."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import Instant, due_index, one_of, table_of


class FileTable(SQLModel, table=True):
    """A file. ``awaited``: being fetched; ``lost``: could not be; ``wiped``: its time is over."""

    __tablename__ = "file"
    __table_args__ = (
        one_of("state", "awaited", "kept", "lost", "wiped"),
        CheckConstraint("(state = 'kept') = (body IS NOT NULL)", name="body"),
        CheckConstraint("(state = 'lost') = (reason IS NOT NULL)", name="reason"),
        due_index("ix_file_expires", "expires_at", condition="state <> 'wiped'"),
        due_index("ix_file_digest", "digest", condition="digest IS NOT NULL"),
    )
    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=32)
    owner_id: int | None = Field(default=None, foreign_key="person.id")
    purpose: str = Field(max_length=24)
    name: str = Field(max_length=120)
    media_type: str = Field(max_length=100)
    size: int
    body: bytes | None = None
    digest: str | None = Field(default=None, max_length=64)
    state: str = Field(max_length=8)
    reason: str | None = Field(default=None, max_length=24)
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)


class OfficeJobTable(SQLModel, table=True):
    """Long work that somebody asked for, done beside everything else; the file it is about."""

    __tablename__ = "office_job"
    __table_args__ = (
        one_of("state", "waiting", "working", "done", "failed"),
        CheckConstraint("(state = 'working') = (owner IS NOT NULL)", name="owner"),
        CheckConstraint("(state = 'failed') = (reason IS NOT NULL)", name="reason"),
        CheckConstraint("(state IN ('done', 'failed')) = (ended_at IS NOT NULL)", name="ended"),
        due_index("ix_office_job_open", "id", condition="state IN ('waiting', 'working')"),
    )
    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=32)
    kind: str = Field(max_length=32)
    asker_id: int = Field(foreign_key="person.id", index=True)
    facts: bytes
    file_id: int | None = Field(default=None, foreign_key="file.id")
    state: str = Field(default="waiting", max_length=8)
    reason: str | None = Field(default=None, max_length=32)
    reports: int = 0
    attempts: int = 0
    owner: str | None = Field(default=None, max_length=32)
    lease_until: float | None = None
    created_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


file = table_of(FileTable)
office_job = table_of(OfficeJobTable)
