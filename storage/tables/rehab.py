"""Institutions together: standing links, rehabilitation sites with guidance, and home visits."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import Instant, due_index, one_of, table_of, unique_while


class OrganisationLinkTable(SQLModel, table=True):
    """Two institutions that work together and for what, until one of them ends it."""

    __tablename__ = "organisation_link"
    __table_args__ = (
        one_of("kind", "referral", "guidance", "training", "visits", "other"),
        CheckConstraint("from_id <> to_id", name="two"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended"),
        unique_while(
            "uq_organisation_link", "from_id", "to_id", "kind", condition="ended_at IS NULL"
        ),
        Index("ix_organisation_link_to", "to_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=32)
    from_id: int = Field(foreign_key="organisation.id")
    to_id: int = Field(foreign_key="organisation.id")
    kind: str = Field(max_length=16)
    since: date
    note: bytes | None = None
    made_by: int = Field(foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_by: int | None = Field(default=None, foreign_key="person.id")


class RehabSiteTable(SQLModel, table=True):
    """A rehabilitation station or room: how often it is guided, and when next."""

    __tablename__ = "rehab_site"
    __table_args__ = (due_index("ix_rehab_site_due", "next_on", condition="next_on IS NOT NULL"),)
    organisation_id: int = Field(foreign_key="organisation.id", primary_key=True)
    guided_by: int | None = Field(default=None, foreign_key="organisation.id")
    pattern: str = Field(max_length=24)
    next_on: date | None = None
    created_at: datetime = Field(sa_type=Instant)
    version: int = 1


class GuidanceTable(SQLModel, table=True):
    """A guidance visit to a rehabilitation site, with notes."""

    __tablename__ = "guidance"
    __table_args__ = (UniqueConstraint("organisation_id", "visited_on", name="uq_guidance_once"),)
    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=32)
    organisation_id: int = Field(foreign_key="organisation.id")
    visited_on: date
    notes: bytes
    written_by: int = Field(foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)


class SiteRatingTable(SQLModel, table=True):
    """How content somebody is with a site in a quarter (2026Q4 is 20264), from 1 to 5."""

    __tablename__ = "site_rating"
    __table_args__ = (CheckConstraint("score IS NULL OR score BETWEEN 1 AND 5", name="score"),)
    organisation_id: int = Field(foreign_key="organisation.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    quarter: int = Field(primary_key=True)
    score: int | None = None
    asked_at: datetime = Field(sa_type=Instant)


class HomeVisitTable(SQLModel, table=True):
    """What an institution did at somebody's home; category, acts and advice are sealed together."""

    __tablename__ = "home_visit"
    __table_args__ = (
        one_of("channel", "chat", "paper"),
        Index("ix_home_visit_person", "person_id"),
        Index("ix_home_visit_organisation", "organisation_id", "visited_on"),
        due_index("ix_home_visit_due", "remind_at", condition="remind_at IS NOT NULL"),
    )
    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=32)
    person_id: int = Field(foreign_key="person.id")
    organisation_id: int = Field(foreign_key="organisation.id")
    visited_on: date
    record: bytes
    next_on: date | None = None
    remind_at: datetime | None = Field(default=None, sa_type=Instant)
    channel: str = Field(default="chat", max_length=8)
    written_by: int = Field(foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)


organisation_link = table_of(OrganisationLinkTable)
rehab_site = table_of(RehabSiteTable)
guidance = table_of(GuidanceTable)
site_rating = table_of(SiteRatingTable)
home_visit = table_of(HomeVisitTable)
