"""What the office's own work needs: the words of its last search."""

from datetime import datetime

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


search = table_of(SearchTable)
