"""The two registers: profiles, households, disability certificates and qualifications."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import Instant, due_index, one_of, table_of, unique_while


class ResidentTable(SQLModel, table=True):
    """The register's columns of one person, sealed together; also of the family's children."""

    __tablename__ = "resident"
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    uid: str = Field(max_length=32)
    profile: bytes
    updated_at: datetime = Field(sa_type=Instant)
    version: int = 1


class VolunteerProfileTable(SQLModel, table=True):
    """The volunteers' register; the languages stand open, because people are sought by them."""

    __tablename__ = "volunteer_profile"
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    uid: str = Field(max_length=32)
    profile: bytes
    languages: str = ""
    updated_at: datetime = Field(sa_type=Instant)
    version: int = 1


class HouseholdTable(SQLModel, table=True):
    """A household: where it stands in the community, the office's own number for it, its head."""

    __tablename__ = "household"
    __table_args__ = (
        unique_while("uq_household_code", "community_id", "code", condition="code IS NOT NULL"),
    )
    id: int | None = Field(default=None, primary_key=True)
    code: str | None = Field(default=None, max_length=40)
    community_id: int | None = Field(default=None, foreign_key="community.id", index=True)
    group_code: str = Field(default="", max_length=40)
    head_id: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)
    version: int = 1


class HouseholdMemberTable(SQLModel, table=True):
    """Who lives in which household: in one at a time."""

    __tablename__ = "household_member"
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    household_id: int = Field(foreign_key="household.id", index=True)
    relation: str = Field(default="other", max_length=16)
    since: datetime = Field(sa_type=Instant)


class DisabilityCertificateTable(SQLModel, table=True):
    """A certificate; its number changes on re-assessment, so the older ones are kept.

    Category and grade are in the number and nowhere else. ``number_key`` finds it; two people may
    have one number: then they are likely one, and shown for merging.
    """

    __tablename__ = "disability_certificate"
    __table_args__ = (
        one_of("state", "valid", "frozen", "cancelled", "expired", "renewal_due"),
        unique_while("uq_disability_certificate_latest", "person_id", condition="latest"),
        CheckConstraint("due_at IS NULL OR latest", name="due"),
        due_index("ix_disability_certificate_due", "due_at", condition="due_at IS NOT NULL"),
        due_index(
            "ix_disability_certificate_ending",
            "expires_on",
            condition="state = 'renewal_due'",
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=32)
    person_id: int = Field(foreign_key="person.id", index=True)
    number: bytes
    number_key: bytes = Field(index=True)
    state: str = Field(default="valid", max_length=16)
    issued_on: date | None = None
    expires_on: date | None = None
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    confirmed_by: int | None = Field(default=None, foreign_key="person.id")
    latest: bool = True
    recorded_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)
    version: int = 1


class QualificationTable(SQLModel, table=True):
    """What a volunteer is trained for, until when, and who saw the paper."""

    __tablename__ = "qualification"
    __table_args__ = (
        one_of("state", "waiting", "confirmed", "ending", "declined", "expired", "ended"),
        CheckConstraint(
            "state NOT IN ('confirmed', 'ending') OR confirmed_by IS NOT NULL", name="confirmed"
        ),
        CheckConstraint("due_at IS NULL OR state IN ('confirmed', 'ending')", name="due"),
        unique_while(
            "uq_qualification_live",
            "person_id",
            "kind",
            condition="state IN ('waiting', 'confirmed', 'ending')",
        ),
        due_index("ix_qualification_due", "due_at", condition="due_at IS NOT NULL"),
        due_index("ix_qualification_ending", "expires_on", condition="state = 'ending'"),
        due_index("ix_qualification_waiting", "id", condition="state = 'waiting'"),
    )
    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=32)
    person_id: int = Field(foreign_key="person.id", index=True)
    kind: str = Field(max_length=24)
    number: bytes | None = None
    state: str = Field(default="waiting", max_length=16)
    issued_on: date | None = None
    expires_on: date | None = None
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    confirmed_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)
    version: int = 1


resident = table_of(ResidentTable)
volunteer_profile = table_of(VolunteerProfileTable)
household = table_of(HouseholdTable)
household_member = table_of(HouseholdMemberTable)
disability_certificate = table_of(DisabilityCertificateTable)
qualification = table_of(QualificationTable)
