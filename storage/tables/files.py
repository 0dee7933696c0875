"""Files: what came from the messenger or was made for it, sealed, and kept only for a while."""

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


file = table_of(FileTable)
