"""Recurring services: what is to happen again and again, and when the next visit is made."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import Instant, due_index, one_of, table_of


class NeedSeriesTable(SQLModel, table=True):
    """A service that recurs; its visits are ordinary needs, made some days ahead.

    ``pattern`` is read by storage/rules/recurring.py ("weekly:6", "day:31", "nth:1:6").
    ``next_on`` is the first day of which no visit was made yet, ``due_at`` when that is to happen.
    """

    __tablename__ = "need_series"
    __table_args__ = (
        one_of("state", "active", "paused", "ended"),
        one_of("helper", "any", "same", "fixed"),
        CheckConstraint("helper <> 'fixed' OR helper_id IS NOT NULL", name="fixed"),
        CheckConstraint("(state = 'active') = (due_at IS NOT NULL)", name="moves"),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended"),
        CheckConstraint("visits_left IS NULL OR visits_left >= 0", name="visits_left"),
        due_index("ix_need_series_due", "due_at", condition="due_at IS NOT NULL"),
    )
    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=32)
    resident_id: int = Field(foreign_key="person.id", index=True)
    made_by: int = Field(foreign_key="person.id")
    category: str = Field(max_length=32)
    words: bytes
    pattern: str = Field(max_length=24)
    local_time: str = Field(max_length=5)
    starts_on: date
    ends_on: date | None = None
    visits_left: int | None = None
    skips_holidays: bool = False
    helper: str = Field(default="any", max_length=8)
    helper_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    state: str = Field(default="active", max_length=8)
    next_on: date
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = 1


class MissedVisitTable(SQLModel, table=True):
    """A day on which the service was due and no visit was made, and why."""

    __tablename__ = "missed_visit"
    __table_args__ = (one_of("reason", "holiday", "away", "skipped", "asleep"),)
    series_id: int = Field(foreign_key="need_series.id", primary_key=True)
    visit_on: date = Field(primary_key=True)
    reason: str = Field(max_length=8)
    created_at: datetime = Field(sa_type=Instant)


need_series = table_of(NeedSeriesTable)
missed_visit = table_of(MissedVisitTable)
