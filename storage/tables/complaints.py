"""Who is kept apart from whom, and what people said went wrong."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import Instant, due_index, one_of, table_of, unique_while


class ApartTable(SQLModel, table=True):
    """Two people who are not brought together, on one ground, until it is lifted.

    The smaller number stands first, until a merge gives one of them another: reads look both ways.
    """

    __tablename__ = "apart"
    __table_args__ = (
        one_of("ground", "report", "resident", "helper"),
        CheckConstraint("one_id <> other_id", name="two"),
        unique_while(
            "uq_apart_once", "one_id", "other_id", "ground", condition="lifted_at IS NULL"
        ),
        due_index("ix_apart_one", "one_id", condition="lifted_at IS NULL"),
        due_index("ix_apart_other", "other_id", condition="lifted_at IS NULL"),
    )
    id: int | None = Field(default=None, primary_key=True)
    one_id: int = Field(foreign_key="person.id")
    other_id: int = Field(foreign_key="person.id")
    ground: str = Field(max_length=8)
    by_id: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)
    lifted_at: datetime | None = Field(default=None, sa_type=Instant)


apart = table_of(ApartTable)
