"""What the office's own work needs: the words of its last search, and who had which digest."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from storage.tables.columns import Instant, due_index, table_of


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


search = table_of(SearchTable)
digest = table_of(DigestTable)
