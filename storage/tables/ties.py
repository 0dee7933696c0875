"""Standing ties beside the neighbours: what both give, what was lifted and why, and the items."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import Instant, due_index, table_of


class TieTable(SQLModel, table=True):
    """What a pair of these kinds has beside the pair itself.

    ``gives_back`` is the recipient's side of it (相互依托，互助互利); ``bars`` are the keys of what
    spoke against the tie and was lifted, with the reason and by whom. ``leader_id`` is the adult
    who answers for a team's young helpers; ``organiser_id`` the association that brought the two
    together. ``next_on`` is when an institution is to come next.
    """

    __tablename__ = "tie"
    __table_args__ = (
        CheckConstraint(
            "(overridden_by IS NULL) = (overridden_at IS NULL)"
            " AND (overridden_by IS NULL) = (bars = '')"
            " AND (override IS NULL OR overridden_by IS NOT NULL)",
            name="override",
        ),
        due_index("ix_tie_overridden", "overridden_at", condition="overridden_at IS NOT NULL"),
        due_index("ix_tie_next", "next_on", condition="next_on IS NOT NULL"),
    )
    pair_id: int = Field(primary_key=True, foreign_key="pair.id")
    uid: str = Field(max_length=32)
    gives_back: bytes | None = None
    bars: str = Field(default="", max_length=120)
    override: bytes | None = None
    overridden_by: int | None = Field(default=None, foreign_key="person.id")
    overridden_at: datetime | None = Field(default=None, sa_type=Instant)
    leader_id: int | None = Field(default=None, foreign_key="person.id")
    organiser_id: int | None = Field(default=None, foreign_key="organisation.id", index=True)
    next_on: date | None = None


class TieItemTable(SQLModel, table=True):
    """An item that the office added ("=" and its name), or a shipped one that it switched off."""

    __tablename__ = "tie_item"
    __table_args__ = (CheckConstraint("(key LIKE '=%') = (kind IS NOT NULL)", name="named"),)
    key: str = Field(primary_key=True, max_length=24)
    kind: str | None = Field(default=None, max_length=16)
    active: bool = True
    changed_by: int = Field(foreign_key="person.id")
    changed_at: datetime = Field(sa_type=Instant)
    version: int = 1


tie = table_of(TieTable)
tie_item = table_of(TieItemTable)
