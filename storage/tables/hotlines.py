"""Public numbers as the office has changed or confirmed them."""

from datetime import date

from sqlmodel import Field, SQLModel

from storage.tables.columns import table_of


class HotlineTable(SQLModel, table=True):
    """One number, in place of the shipped one; an empty one is shown to nobody."""

    __tablename__ = "hotline"
    key: str = Field(primary_key=True, max_length=24)
    number: str = Field(max_length=16)
    tested: bool = False
    checked_on: date
    checked_by: int | None = Field(default=None, foreign_key="person.id")
    version: int = 1


hotline = table_of(HotlineTable)
