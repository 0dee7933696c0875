"""The tree of organisations, their kinds, the owners of the seven actions, and attachments."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import Instant, one_of, table_of, unique_while


class OrganisationKindTable(SQLModel, table=True):
    """A kind of organisation, as the office names it.

    ``attaches`` is how a person is tied to one of this kind (pupil, patient, member), or null;
    ``fields`` are the keys of what such an organisation is shown of them, and nothing more.
    """

    __tablename__ = "organisation_kind"
    __table_args__ = (
        CheckConstraint(
            "attaches IS NULL OR attaches IN ('pupil', 'patient', 'member')", name="attaches"
        ),
    )
    key: str = Field(primary_key=True, max_length=24)
    name: str = Field(max_length=40, unique=True)
    attaches: str | None = Field(default=None, max_length=16)
    fields: str = Field(default="", max_length=400)
    position: int = 0


class OrganisationTable(SQLModel, table=True):
    """An office, association, school, station …; ``path`` is the ids from the root down."""

    __tablename__ = "organisation"
    __table_args__ = (UniqueConstraint("parent_id", "name", name="uq_organisation_name"),)
    id: int | None = Field(default=None, primary_key=True)
    parent_id: int | None = Field(default=None, foreign_key="organisation.id", index=True)
    kind: str = Field(foreign_key="organisation_kind.key", max_length=24)
    name: str = Field(max_length=60)
    path: str = Field(max_length=200, index=True)
    # The 村(社区)残协 of a community: its residents belong to it.
    community_id: int | None = Field(default=None, foreign_key="community.id", unique=True)
    # Whom residents and the office may turn to (coverage: obligation 16).
    contact_id: int | None = Field(default=None, foreign_key="person.id")
    active: bool = True
    created_at: datetime = Field(sa_type=Instant)
    version: int = 1


class ActionTable(SQLModel, table=True):
    """One of the programme's seven actions; owned by one organisation, or by each of a kind."""

    __tablename__ = "action"
    __table_args__ = (
        CheckConstraint("(owner_id IS NULL) <> (owner_kind IS NULL)", name="one_owner"),
    )
    key: str = Field(primary_key=True, max_length=24)
    name: str = Field(max_length=40)
    owner_id: int | None = Field(default=None, foreign_key="organisation.id")
    owner_kind: str | None = Field(default=None, foreign_key="organisation_kind.key", max_length=24)
    position: int = 0
    version: int = 1


class AttachmentTable(SQLModel, table=True):
    """A person tied to an organisation beside their community: pupil of, patient of, member of."""

    __tablename__ = "attachment"
    __table_args__ = (
        one_of("kind", "pupil", "patient", "member"),
        one_of("state", "active", "ended"),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended"),
        unique_while(
            "uq_attachment_live", "person_id", "organisation_id", condition="state = 'active'"
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    kind: str = Field(max_length=16)
    state: str = Field(default="active", max_length=16)
    made_by: int = Field(foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


organisation_kind = table_of(OrganisationKindTable)
organisation = table_of(OrganisationTable)
action = table_of(ActionTable)
attachment = table_of(AttachmentTable)
