"""What organisations provide, what was verified, and what was referred to an organisation."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import Instant, due_index, one_of, table_of, unique_while


class ServiceTable(SQLModel, table=True):
    """One kind of help that an organisation provides; ``capacity`` per week, none is open.

    A shipped entry is ``unconfirmed`` until the office has looked at it: it works all the same.
    """

    __tablename__ = "service"
    __table_args__ = (
        one_of("provider", "government", "society", "dpf"),
        one_of("state", "unconfirmed", "active", "paused", "ended"),
        CheckConstraint("capacity IS NULL OR capacity BETWEEN 1 AND 999", name="capacity"),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended"),
        unique_while(
            "uq_service_live", "organisation_id", "category", condition="ended_at IS NULL"
        ),
        Index("ix_service_category_state", "category", "state"),
    )
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    category: str = Field(max_length=32)
    provider: str = Field(max_length=16)
    # Nothing in service_area: the whole subdistrict.
    capacity: int | None = None
    hours: str = Field(default="", max_length=60)
    contact: str = Field(default="", max_length=60)
    text: str = Field(default="", max_length=300)
    state: str = Field(default="active", max_length=16)
    made_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = 1


class ServiceAreaTable(SQLModel, table=True):
    """A community that a service is for; a service with none is for the whole subdistrict."""

    __tablename__ = "service_area"
    __table_args__ = (UniqueConstraint("service_id", "community_id", name="uq_service_area_once"),)
    id: int | None = Field(default=None, primary_key=True)
    service_id: int = Field(foreign_key="service.id")
    community_id: int = Field(foreign_key="community.id", index=True)


class LicenceTable(SQLModel, table=True):
    """What an organisation is allowed to do: designated (定点), or qualified, until a day."""

    __tablename__ = "licence"
    __table_args__ = (
        one_of("kind", "designated", "medical", "care", "counselling", "legal", "other"),
        one_of("state", "live", "ended"),
        unique_while("uq_licence_live", "organisation_id", "kind", condition="state = 'live'"),
    )
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    kind: str = Field(max_length=16)
    expires_on: date | None = None
    state: str = Field(default="live", max_length=8)
    made_by: int = Field(foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)
    version: int = 1


class VerificationTable(SQLModel, table=True):
    """How a need was verified, by whom, and what came of it; against a no one may object once."""

    __tablename__ = "verification"
    __table_args__ = (
        one_of("way", "phone", "visit", "known"),
        one_of("outcome", "right", "changed", "not_a_need", "duplicate"),
        CheckConstraint(
            "objected_at IS NULL OR outcome IN ('not_a_need', 'duplicate')", name="objected"
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=32)
    need_id: int = Field(foreign_key="need.id", index=True)
    way: str = Field(max_length=8)
    outcome: str = Field(max_length=16)
    reason: bytes | None = None
    made_by: int = Field(foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)
    objected_at: datetime | None = Field(default=None, sa_type=Instant)


class ReferralTable(SQLModel, table=True):
    """A need laid before an organisation; live until ``ended_at``.

    ``done`` lives on until the resident has said whether it is solved. ``with_desk``: the
    coordinators have to do something, such as phone an organisation without anybody in the chat.
    """

    __tablename__ = "referral"
    __table_args__ = (
        one_of("state", "offered", "asked_back", "accepted", "declined", "withdrawn", "done"),
        one_of("asked", "resident", "desk"),
        CheckConstraint(
            "state NOT IN ('declined', 'withdrawn') OR ended_at IS NOT NULL", name="over"
        ),
        CheckConstraint(
            "state NOT IN ('offered', 'asked_back', 'accepted') OR ended_at IS NULL", name="live"
        ),
        CheckConstraint("(state = 'asked_back') = (asked IS NOT NULL)", name="asks"),
        CheckConstraint("solved IS NULL OR state = 'done'", name="solved"),
        unique_while("uq_referral_live", "need_id", condition="ended_at IS NULL"),
        Index("ix_referral_need", "need_id"),
        due_index("ix_referral_organisation_live", "organisation_id", condition="ended_at IS NULL"),
    )
    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=32)
    need_id: int = Field(foreign_key="need.id")
    organisation_id: int = Field(foreign_key="organisation.id")
    service_id: int | None = Field(default=None, foreign_key="service.id")
    state: str = Field(default="offered", max_length=16)
    reason: str = Field(default="", max_length=24)
    asked: str | None = Field(default=None, max_length=8)
    question: bytes | None = None
    answer: bytes | None = None
    words: bytes | None = None
    with_desk: bool = False
    by_phone: bool = False
    made_by: int | None = Field(default=None, foreign_key="person.id")
    accepted_by: int | None = Field(default=None, foreign_key="person.id")
    expected_at: datetime | None = Field(default=None, sa_type=Instant)
    due_at: datetime = Field(sa_type=Instant)
    solved: bool | None = None
    created_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = 1


service = table_of(ServiceTable)
service_area = table_of(ServiceAreaTable)
licence = table_of(LicenceTable)
verification = table_of(VerificationTable)
referral = table_of(ReferralTable)
