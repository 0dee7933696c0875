"""The rota: which organisation keeps one, who is on in which slot, swaps, and its holes."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import Instant, due_index, one_of, table_of, unique_while


class RotaTable(SQLModel, table=True):
    """An organisation that keeps a rota: when it is looked over, and when the week is told."""

    __tablename__ = "rota"
    __table_args__ = (
        one_of("state", "kept", "stopped"),
        CheckConstraint("(state = 'kept') = (next_look_at IS NOT NULL)", name="looks"),
        CheckConstraint("(state = 'kept') = (next_week_at IS NOT NULL)", name="weeks"),
        due_index("ix_rota_look", "next_look_at", condition="next_look_at IS NOT NULL"),
        due_index("ix_rota_week", "next_week_at", condition="next_week_at IS NOT NULL"),
    )
    organisation_id: int = Field(primary_key=True, foreign_key="organisation.id")
    state: str = Field(default="kept", max_length=8)
    next_look_at: datetime | None = Field(default=None, sa_type=Instant)
    next_week_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = 1


class ShiftTable(SQLModel, table=True):
    """One slot of a rota: a week or a day, or a day's part; without a person it is empty again."""

    __tablename__ = "shift"
    __table_args__ = (
        UniqueConstraint("organisation_id", "first_day", "last_day", "part", name="uq_shift_once"),
        one_of("part", "all", "day", "night"),
        CheckConstraint("first_day <= last_day", name="days"),
        Index("ix_shift_when", "organisation_id", "last_day"),
    )
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    first_day: date
    last_day: date
    part: str = Field(default="all", max_length=8)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    made_by: int = Field(foreign_key="person.id")
    made_at: datetime = Field(sa_type=Instant)
    version: int = 1


class ShiftSwapTable(SQLModel, table=True):
    """Somebody asks for another in their slot: one colleague for one of theirs, or everybody."""

    __tablename__ = "shift_swap"
    __table_args__ = (
        one_of("state", "asked", "accepted", "declined", "withdrawn", "lapsed"),
        CheckConstraint("(state = 'accepted') = (accepted_by IS NOT NULL)", name="accepted"),
        CheckConstraint("(state = 'asked') = (ended_at IS NULL)", name="ended"),
        CheckConstraint("(other_id IS NULL) = (asked_to IS NULL)", name="other"),
        unique_while("uq_shift_swap_asked", "shift_id", condition="state = 'asked'"),
    )
    id: int | None = Field(default=None, primary_key=True)
    shift_id: int = Field(foreign_key="shift.id")
    shift_version: int
    asked_by: int = Field(foreign_key="person.id")
    asked_to: int | None = Field(default=None, foreign_key="person.id")
    other_id: int | None = Field(default=None, foreign_key="shift.id")
    other_version: int | None = None
    state: str = Field(default="asked", max_length=12)
    accepted_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = 1


class DutyHoleTable(SQLModel, table=True):
    """A slot with nobody on it, as it was last found, and how many days before it was said."""

    __tablename__ = "duty_hole"
    __table_args__ = (
        one_of("part", "all", "day", "night"),
        Index("ix_duty_hole_when", "day"),
    )
    organisation_id: int = Field(primary_key=True, foreign_key="organisation.id")
    day: date = Field(primary_key=True)
    part: str = Field(max_length=8)
    lead: int


rota = table_of(RotaTable)
shift = table_of(ShiftTable)
shift_swap = table_of(ShiftSwapTable)
duty_hole = table_of(DutyHoleTable)
