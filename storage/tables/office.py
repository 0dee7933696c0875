"""What the office's own work needs: searches, digests, and what could not be done."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import Instant, due_index, one_of, table_of, unique_while


class SearchTable(SQLModel, table=True):
    """Whom a member of staff looked for last, so that a button can show the next page of it."""

    __tablename__ = "search"
    __table_args__ = (due_index("ix_search_wipe", "at", condition="words IS NOT NULL"),)
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    uid: str = Field(max_length=32)
    words: bytes | None = None
    at: datetime = Field(sa_type=Instant)
    version: int = 1


class DigestTable(SQLModel, table=True):
    """Somebody was sent the digest of a week: once."""

    __tablename__ = "digest"
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    week: date = Field(primary_key=True)
    queued_at: datetime = Field(sa_type=Instant)


class IncidentTable(SQLModel, table=True):
    """A message that did not arrive, or an update set aside, until somebody says it is done."""

    __tablename__ = "incident"
    __table_args__ = (
        one_of("kind", "undelivered", "set_aside"),
        CheckConstraint("(done_by IS NULL) = (done_at IS NULL)", name="done"),
        unique_while("uq_incident_open", "kind", "chat_id", condition="done_at IS NULL"),
    )
    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=16)
    chat_id: int = Field(sa_type=BigInteger)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    thing_id: int = Field(sa_type=BigInteger)
    at: datetime = Field(sa_type=Instant)
    done_by: int | None = Field(default=None, foreign_key="person.id")
    done_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = 1


search = table_of(SearchTable)
digest = table_of(DigestTable)
incident = table_of(IncidentTable)
