"""What matching keeps: waves, neighbouring communities, kinds switched off, teams asked."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import Instant, one_of, table_of


class WaveTable(SQLModel, table=True):
    """One wave of a need's round: how far it reached, why it went out, and whom it passed over.

    ``passed_over`` counts the others by reason, "over_limit:3,paused:2": nobody's name.
    """

    __tablename__ = "wave"
    __table_args__ = (
        one_of("reach", "near_with_skill", "near", "anywhere", "coordinator"),
        one_of("why", "first", "nobody", "all_declined", "no_answer"),
    )
    id: int | None = Field(default=None, primary_key=True)
    need_id: int = Field(foreign_key="need.id", index=True)
    round: int
    number: int
    reach: str = Field(max_length=16)
    why: str = Field(max_length=16)
    asked: int
    passed_over: str = Field(default="", max_length=400)
    at: datetime = Field(sa_type=Instant)


class NeighbourTable(SQLModel, table=True):
    """Two communities that lie side by side, as the office says; the lower id comes first."""

    __tablename__ = "neighbour"
    __table_args__ = (CheckConstraint("community_id < other_id", name="order"),)
    community_id: int = Field(primary_key=True, foreign_key="community.id")
    other_id: int = Field(primary_key=True, foreign_key="community.id", index=True)


class KindOffTable(SQLModel, table=True):
    """A volunteer is not asked about needs of this kind, by their own word."""

    __tablename__ = "kind_off"
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    category: str = Field(primary_key=True, max_length=32, index=True)
    at: datetime = Field(sa_type=Instant)


class TeamOfferTable(SQLModel, table=True):
    """An organisation was asked whether its people can take a need; once for each round.

    ``put_forward``: it named one of its volunteers, who was then asked in person.
    """

    __tablename__ = "team_offer"
    __table_args__ = (
        one_of("state", "asked", "put_forward", "declined"),
        CheckConstraint("(state = 'put_forward') = (volunteer_id IS NOT NULL)", name="named"),
        CheckConstraint("(state = 'asked') = (answered_by IS NULL)", name="answered"),
        UniqueConstraint("need_id", "round", "organisation_id", name="uq_team_offer_once"),
        Index("ix_team_offer_organisation_at", "organisation_id", "created_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    need_id: int = Field(foreign_key="need.id")
    round: int
    organisation_id: int = Field(foreign_key="organisation.id")
    state: str = Field(default="asked", max_length=16)
    volunteer_id: int | None = Field(default=None, foreign_key="person.id")
    answered_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)
    version: int = 1


wave = table_of(WaveTable)
neighbour = table_of(NeighbourTable)
kind_off = table_of(KindOffTable)
team_offer = table_of(TeamOfferTable)
