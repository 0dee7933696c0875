"""What the office changed of the shipped table of categories."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import Instant, one_of, table_of


class CategoryTable(SQLModel, table=True):
    """One category the office has touched: only what differs from data/categories.toml is set.

    ``undo_field`` and ``undo_value`` are what the last change replaced, so that it can be undone.
    """

    __tablename__ = "category"
    __table_args__ = (
        one_of("urgency", "U1", "U2", "U3"),
        one_of("volunteer_may", "yes", "with_skill", "no"),
        one_of("mode", "first_come", "chosen"),
        CheckConstraint("verify_hours BETWEEN 0 AND 720", name="verify_hours"),
    )
    key: str = Field(primary_key=True, max_length=32)
    active: bool | None = None
    urgency: str | None = Field(default=None, max_length=2)
    volunteer_may: str | None = Field(default=None, max_length=16)
    mode: str | None = Field(default=None, max_length=16)
    # Hours within which a coordinator makes sure of it; 0: nobody does.
    verify_hours: int | None = None
    # Kinds of organisations with commas between, the usual first.
    providers: str | None = Field(default=None, max_length=400)
    undo_field: str | None = Field(default=None, max_length=16)
    undo_value: str | None = Field(default=None, max_length=400)
    changed_by: int = Field(foreign_key="person.id")
    changed_at: datetime = Field(sa_type=Instant)
    version: int = 1


category = table_of(CategoryTable)
