"""People, their roles, ties and the invitations that let staff in."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, String, false, text, true
from sqlmodel import Field, SQLModel

from storage.tables.columns import Instant, due_index, one_of, table_of, unique_while

# Compared by code points on both databases, so that one index finds and orders names by prefix.
Name = String(64).with_variant(String(64, collation="C"), "postgresql")


class CommunityTable(SQLModel, table=True):
    """村/社区: where people live and by which offers are made."""

    __tablename__ = "community"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True, max_length=40)
    position: int = 0
    active: bool = True


class ChatTable(SQLModel, table=True):
    """A private chat, also of somebody who has not joined: its language, and whether it is open."""

    __tablename__ = "chat"
    id: int = Field(primary_key=True, sa_type=BigInteger)
    language: str = Field(max_length=8)
    reachable: bool = True
    shared: bool = False
    # Said no to messages through servers abroad: only answers and alarms still go.
    closed: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class PersonTable(SQLModel, table=True):
    """Anybody the programme knows. Telegram's id is null for those who do not use the chat."""

    __tablename__ = "person"
    __table_args__ = (
        Index("ix_person_name", "name", "id"),
        Index("ix_person_home", "community_id", "name", "id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=32, unique=True)
    telegram_id: int | None = Field(default=None, sa_type=BigInteger, unique=True)
    name: str = Field(sa_type=Name)
    community_id: int | None = Field(default=None, foreign_key="community.id")
    phone: bytes | None = None
    phone_key: bytes | None = Field(default=None, index=True)
    address: bytes | None = None
    door_words: bytes | None = None
    day_reminders: bool = True
    # Two entries of one person became one: this one only points to it.
    merged_into: int | None = Field(default=None, foreign_key="person.id", index=True)
    created_at: datetime = Field(sa_type=Instant)
    version: int = 1


class ErasureTable(SQLModel, table=True):
    """Who was erased, when, by whom and on what ground: a person at most once."""

    __tablename__ = "erasure"
    __table_args__ = (one_of("ground", "self", "guardian", "signed"),)
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    erased_by: int = Field(foreign_key="person.id")
    ground: str = Field(max_length=16)
    erased_at: datetime = Field(sa_type=Instant)


class RoleTable(SQLModel, table=True):
    """What a person may be; one person may hold several."""

    __tablename__ = "role"
    __table_args__ = (
        one_of("kind", "resident", "caregiver", "volunteer", "coordinator", "leading_group"),
        one_of("state", "waiting", "approved", "declined", "ended"),
        unique_while(
            "uq_role_live", "person_id", "kind", condition="state IN ('waiting', 'approved')"
        ),
        Index("ix_role_kind_state", "kind", "state"),
        Index("ix_role_decided", "kind", "decided_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    kind: str = Field(max_length=16)
    # Where a coordinator works; null is the programme's own office, which sees everything.
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", index=True)
    state: str = Field(max_length=16)
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
    version: int = 1


class VolunteerTable(SQLModel, table=True):
    """What a volunteer can do and when, and the pledge taken. Service is unpaid: no money here."""

    __tablename__ = "volunteer"
    __table_args__ = (CheckConstraint("open_limit BETWEEN 0 AND 20", name="open_limit"),)
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    skills: str = ""
    times: str = ""
    open_limit: int = 2
    paused_until: datetime | None = Field(default=None, sa_type=Instant)
    pledge_version: str = Field(max_length=16)
    pledged_at: datetime = Field(sa_type=Instant)
    last_offer_at: datetime | None = Field(default=None, sa_type=Instant)


class CaregiverTable(SQLModel, table=True):
    """A tie: somebody asks and speaks for a resident, once the resident or staff said yes.

    A guardian (监护人) also says yes and no in the resident's place. ``copies``: whether this one
    gets a copy of the news to the resident, who may not wish it.
    """

    __tablename__ = "caregiver"
    __table_args__ = (
        one_of("state", "asked", "confirmed", "declined", "ended"),
        one_of("kind", "caregiver", "guardian"),
        CheckConstraint("resident_id <> caregiver_id", name="two_people"),
        unique_while(
            "uq_caregiver_live",
            "resident_id",
            "caregiver_id",
            condition="state IN ('asked', 'confirmed')",
        ),
        due_index("ix_caregiver_asked", "created_at", condition="state = 'asked'"),
    )
    id: int | None = Field(default=None, primary_key=True)
    resident_id: int = Field(foreign_key="person.id", index=True)
    caregiver_id: int = Field(foreign_key="person.id", index=True)
    kind: str = Field(
        default="caregiver", max_length=16, sa_column_kwargs={"server_default": text("'caregiver'")}
    )
    copies: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    state: str = Field(max_length=16)
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
    version: int = 1


class InvitationTable(SQLModel, table=True):
    """A one-use code for a role; only its hash is kept."""

    __tablename__ = "invitation"
    __table_args__ = (
        one_of("role", "coordinator", "leading_group"),
        CheckConstraint("(used_by IS NULL) = (used_at IS NULL)", name="used"),
    )
    id: int | None = Field(default=None, primary_key=True)
    code_key: bytes = Field(unique=True)
    role: str = Field(max_length=16)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    made_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    used_by: int | None = Field(default=None, sa_type=BigInteger)
    used_at: datetime | None = Field(default=None, sa_type=Instant)


class WrongCodeTable(SQLModel, table=True):
    """Wrong codes tried from one chat; too many close the door for an hour."""

    __tablename__ = "wrong_code"
    chat_id: int = Field(primary_key=True, sa_type=BigInteger)
    tries: int = 0
    since: datetime = Field(sa_type=Instant)
    closed_until: datetime | None = Field(default=None, sa_type=Instant)


community = table_of(CommunityTable)
chat = table_of(ChatTable)
person = table_of(PersonTable)
erasure = table_of(ErasureTable)
role = table_of(RoleTable)
volunteer = table_of(VolunteerTable)
caregiver = table_of(CaregiverTable)
invitation = table_of(InvitationTable)
wrong_code = table_of(WrongCodeTable)
