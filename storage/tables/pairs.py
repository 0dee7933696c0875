"""Pairs: a household and who looks in on it, what both report, and who is to be told first."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from storage.tables.columns import Instant, due_index, one_of, table_of, unique_while

KINDS = ("neighbour", "mutual", "study", "rehab", "home")
ENDINGS = (
    "resident_no",
    "helper_no",
    "no_answer",
    "withdrawn",
    "resident_ended",
    "helper_ended",
    "staff_ended",
    "resident_moved",
    "resident_died",
    "resident_left",
    "helper_moved",
    "helper_died",
    "helper_left",
    "kept_apart",
    "merged",
)


class PairTable(SQLModel, table=True):
    """A standing tie of a household to one person or one organisation.

    proposed → active ⇄ dormant → ended. It is active only with the yes of both sides, each with who
    said it, when and on what ground. ``resident_id`` is whom of the household it is about.
    ``due_at`` is when it moves by itself: asked again, given up, asked how it goes. ``sign_at`` is
    when either side was last heard. ``seeking_since``: the household waits for somebody else.
    """

    __tablename__ = "pair"
    __table_args__ = (
        one_of("kind", *KINDS),
        one_of("state", "proposed", "active", "dormant", "ended"),
        one_of("resident_ground", "self", "guardian", "witnessed"),
        one_of("helper_ground", "self", "guardian", "witnessed", "staff"),
        one_of("ended_reason", *ENDINGS),
        CheckConstraint("(helper_id IS NULL) <> (organisation_id IS NULL)", name="one_helper"),
        CheckConstraint("helper_id IS NULL OR helper_id <> resident_id", name="two_people"),
        CheckConstraint(
            "(resident_yes_at IS NULL) = (resident_yes_by IS NULL)"
            " AND (resident_yes_at IS NULL) = (resident_ground IS NULL)",
            name="resident_yes",
        ),
        CheckConstraint(
            "(helper_yes_at IS NULL) = (helper_yes_by IS NULL)"
            " AND (helper_yes_at IS NULL) = (helper_ground IS NULL)",
            name="helper_yes",
        ),
        CheckConstraint(
            "(COALESCE(resident_ground, '') = 'witnessed') = (resident_statement_id IS NOT NULL)",
            name="resident_witnessed",
        ),
        CheckConstraint(
            "(COALESCE(helper_ground, '') = 'witnessed') = (helper_statement_id IS NOT NULL)",
            name="helper_witnessed",
        ),
        CheckConstraint(
            "state NOT IN ('active', 'dormant')"
            " OR (resident_yes_at IS NOT NULL AND helper_yes_at IS NOT NULL"
            " AND agreed_at IS NOT NULL)",
            name="agreed",
        ),
        CheckConstraint(
            "state <> 'proposed' OR (agreed_at IS NULL"
            " AND (resident_yes_at IS NULL OR helper_yes_at IS NULL))",
            name="proposed",
        ),
        CheckConstraint(
            "(state = 'ended') = (ended_at IS NOT NULL)"
            " AND (state = 'ended') = (ended_reason IS NOT NULL)",
            name="ended",
        ),
        CheckConstraint("(state = 'ended') = (due_at IS NULL)", name="due"),
        CheckConstraint("seeking_since IS NULL OR state = 'ended'", name="seeking"),
        # 一帮一、一帮二: each of a helper's recipients has a slot of their own.
        CheckConstraint("(kind = 'mutual') = (slot IS NOT NULL)", name="slot"),
        unique_while("uq_pair_slot", "helper_id", "slot", condition="state <> 'ended'"),
        unique_while(
            "uq_pair_neighbour",
            "household_id",
            "helper_id",
            condition="kind = 'neighbour' AND state <> 'ended'",
        ),
        unique_while(
            "uq_pair_helper", "resident_id", "helper_id", "kind", condition="state <> 'ended'"
        ),
        unique_while(
            "uq_pair_organisation",
            "resident_id",
            "organisation_id",
            "kind",
            condition="state <> 'ended'",
        ),
        due_index("ix_pair_due", "due_at", condition="due_at IS NOT NULL"),
        due_index("ix_pair_seeking", "seeking_since", condition="seeking_since IS NOT NULL"),
        due_index("ix_pair_dormant", "sign_at", condition="state = 'dormant'"),
        Index("ix_pair_household", "household_id", "kind"),
        Index("ix_pair_helper", "helper_id", "kind"),
        Index("ix_pair_organisation", "organisation_id", "kind"),
    )
    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=32)
    kind: str = Field(max_length=16)
    household_id: int = Field(foreign_key="household.id")
    resident_id: int = Field(foreign_key="person.id")
    helper_id: int | None = Field(default=None, foreign_key="person.id")
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    slot: int | None = None
    state: str = Field(default="proposed", max_length=16)
    # Keys of what is done, joined by commas, and the two sides' own words for the rest.
    acts: str = Field(default="", max_length=200)
    words: bytes | None = None
    frequency: str = Field(default="weekly", max_length=16)
    resident_yes_at: datetime | None = Field(default=None, sa_type=Instant)
    resident_yes_by: int | None = Field(default=None, foreign_key="person.id")
    resident_ground: str | None = Field(default=None, max_length=16)
    resident_statement_id: int | None = Field(default=None, foreign_key="statement.id")
    helper_yes_at: datetime | None = Field(default=None, sa_type=Instant)
    helper_yes_by: int | None = Field(default=None, foreign_key="person.id")
    helper_ground: str | None = Field(default=None, max_length=16)
    helper_statement_id: int | None = Field(default=None, foreign_key="statement.id")
    agreed_at: datetime | None = Field(default=None, sa_type=Instant)
    file_id: int | None = Field(default=None, foreign_key="file.id")
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    # How often it was asked in vain since the last sign.
    asked: int = 0
    sign_at: datetime | None = Field(default=None, sa_type=Instant)
    # Who looks after the pair and keeps the agreement.
    keeper_id: int = Field(foreign_key="person.id", index=True)
    made_by: int = Field(foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_by: int | None = Field(default=None, foreign_key="person.id")
    ended_reason: str | None = Field(default=None, max_length=16)
    seeking_since: datetime | None = Field(default=None, sa_type=Instant)
    version: int = 1


class PairLogTable(SQLModel, table=True):
    """What one side said of a pair: what was done, or that something is wrong."""

    __tablename__ = "pair_log"
    __table_args__ = (
        one_of("side", "resident", "helper", "staff"),
        one_of("outcome", "done", "nothing", "problem"),
        one_of("channel", "chat", "phone", "visit", "paper"),
        Index("ix_pair_log_pair", "pair_id", "at"),
        due_index("ix_pair_log_problem", "at", condition="waits"),
    )
    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=32)
    pair_id: int = Field(foreign_key="pair.id")
    side: str = Field(max_length=8)
    outcome: str = Field(max_length=8)
    acts: str = Field(default="", max_length=200)
    words: bytes | None = None
    channel: str = Field(default="chat", max_length=8)
    # A problem that nobody has looked at yet.
    waits: bool = False
    written_by: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=Instant)
    version: int = 1


class PairTellingTable(SQLModel, table=True):
    """Somebody is to be told by a person that a pair ended, before anything is sent to them."""

    __tablename__ = "pair_telling"
    __table_args__ = (
        one_of("state", "open", "told", "sent"),
        CheckConstraint("(state = 'open') = (done_at IS NULL)", name="done"),
        unique_while("uq_pair_telling", "pair_id", "person_id", condition="state = 'open'"),
        due_index("ix_pair_telling_open", "created_at", condition="state = 'open'"),
        due_index("ix_pair_telling_due", "due_at", condition="due_at IS NOT NULL"),
    )
    id: int | None = Field(default=None, primary_key=True)
    pair_id: int = Field(foreign_key="pair.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    staff_id: int = Field(foreign_key="person.id")
    state: str = Field(default="open", max_length=8)
    # When it is asked again, or sent after all.
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    done_by: int | None = Field(default=None, foreign_key="person.id")
    done_at: datetime | None = Field(default=None, sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
    version: int = 1


pair = table_of(PairTable)
pair_log = table_of(PairLogTable)
pair_telling = table_of(PairTellingTable)
