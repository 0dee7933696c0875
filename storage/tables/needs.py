"""Needs, the offers made for them, and the claims that carry them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, false, text
from sqlmodel import Field, SQLModel

from storage.tables.columns import Instant, due_index, one_of, table_of, unique_while


class NeedTable(SQLModel, table=True):
    """What somebody needs, in their own words, from stated to closed.

    ``next_step_at`` is when the need moves by itself: the next wave, the question "was it done?"
    again, the coordinator's reminder. Only an ended need has none.

    ``level`` is who answers for it (helper, coordinator, department, office), ``owner_id`` the
    organisation on that level, where there is one; ``due_at`` is when it climbs, ``overdue_at``
    since when it is late: both are written by ``storage.owners`` beside each new state.
    """

    __tablename__ = "need"
    __table_args__ = (
        one_of(
            "state",
            *("open", "verifying", "referred", "unclaimed", "claimed"),
            *("done", "closed", "cancelled"),
        ),
        one_of("urgency", "U0", "U1", "U2", "U3"),
        one_of("origin", "chat", "check_in", "staff", "phone", "paper", "visit"),
        CheckConstraint(
            "(state IN ('closed', 'cancelled')) = (ended_at IS NOT NULL)", name="ended"
        ),
        CheckConstraint(
            "(state IN ('closed', 'cancelled')) = (next_step_at IS NULL)", name="moves"
        ),
        CheckConstraint("(series_id IS NULL) = (visit_on IS NULL)", name="visit"),
        CheckConstraint("(served_organisation_id IS NULL) = (headcount IS NULL)", name="served"),
        # Each day of a service is made once, however often the programme woke up to make it.
        unique_while("uq_need_visit", "series_id", "visit_on", condition="visit_on IS NOT NULL"),
        CheckConstraint("(parent_id IS NULL) = (place_number IS NULL)", name="place"),
        # Two presses on "two people" together make one place more.
        unique_while(
            "uq_need_place", "parent_id", "place_number", condition="parent_id IS NOT NULL"
        ),
        CheckConstraint("(state IN ('closed', 'cancelled')) = (due_at IS NULL)", name="due"),
        one_of("level", "helper", "coordinator", "department", "office"),
        due_index("ix_need_due", "next_step_at", condition="next_step_at IS NOT NULL"),
        due_index("ix_need_limit", "due_at", condition="due_at IS NOT NULL"),
        due_index("ix_need_overdue", "overdue_at", condition="overdue_at IS NOT NULL"),
        Index("ix_need_resident_state", "resident_id", "state"),
        Index("ix_need_state", "state"),
        Index("ix_need_created", "created_at"),
        due_index("ix_need_ended", "ended_at", condition="ended_at IS NOT NULL"),
    )
    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=32)
    resident_id: int = Field(foreign_key="person.id")
    stated_by: int = Field(foreign_key="person.id")
    community_id: int | None = Field(default=None, foreign_key="community.id")
    area: str = Field(max_length=24)
    category: str = Field(max_length=32)
    action: str = Field(max_length=24)
    urgency: str = Field(max_length=2)
    words: bytes
    origin: str = Field(default="chat", max_length=16)
    check_in_id: int | None = Field(default=None, foreign_key="check_in.id")
    # One place more of a need that several help with: it belongs to the first one.
    parent_id: int | None = Field(default=None, foreign_key="need.id")
    place_number: int | None = None
    series_id: int | None = Field(default=None, foreign_key="need_series.id")
    visit_on: date | None = None
    # An institution is served: how many people there, and no names.
    served_organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    headcount: int | None = None
    # The entry of the catalogue that was asked for, if it was.
    service_id: int | None = Field(default=None, foreign_key="service.id")
    state: str = Field(default="open", max_length=16)
    round: int = 1
    wave: int = 0
    asked: int = 0
    # 微服务: up to half an hour, good for a first time.
    small: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    next_step_at: datetime | None = Field(default=None, sa_type=Instant)
    # When somebody is wanted, if they said so; other details are sealed (need_detail).
    wanted_at: datetime | None = Field(default=None, sa_type=Instant)
    level: str = Field(default="helper", max_length=16)
    owner_id: int | None = Field(default=None, foreign_key="organisation.id")
    # For figures: when somebody first answered, first claimed it, and last said that it is done.
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
    claimed_at: datetime | None = Field(default=None, sa_type=Instant)
    done_at: datetime | None = Field(default=None, sa_type=Instant)
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    overdue_at: datetime | None = Field(default=None, sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_by: int | None = Field(default=None, foreign_key="person.id")
    version: int = 1


class OfferTable(SQLModel, table=True):
    """One volunteer asked once for one round of a need; ``assigned`` when a coordinator chose.

    ``mode`` is what a yes means: the first has it, or they would like to and somebody chooses.
    ``reasons`` are the parts for which they were asked, "same_community:40,has_skill:30".
    """

    __tablename__ = "offer"
    __table_args__ = (
        one_of("state", "offered", "willing", "declined", "taken", "closed"),
        one_of("mode", "first_come", "chosen"),
        UniqueConstraint("need_id", "round", "volunteer_id", name="uq_offer_once"),
        Index("ix_offer_volunteer_state", "volunteer_id", "state"),
        Index("ix_offer_created", "created_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    need_id: int = Field(foreign_key="need.id")
    round: int
    wave: int
    volunteer_id: int = Field(foreign_key="person.id")
    assigned: bool = False
    mode: str = Field(
        default="first_come",
        max_length=16,
        sa_column_kwargs={"server_default": text("'first_come'")},
    )
    reasons: str = ""
    state: str = Field(default="offered", max_length=16)
    created_at: datetime = Field(sa_type=Instant)


class ClaimTable(SQLModel, table=True):
    """A volunteer has the need: when they come, that they went, how long it took.

    ``checked_at``: they said that they can do it. ``safe_due_at`` is when somebody who went where
    it may be risky has to say that they are out; it is empty when there is nothing to wait for.
    """

    __tablename__ = "claim"
    __table_args__ = (
        one_of("state", "active", "done", "confirmed", "released"),
        CheckConstraint("minutes IS NULL OR minutes BETWEEN 1 AND 1440", name="minutes"),
        one_of("outcome", "solved", "partly", "not"),
        CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", name="rating"),
        CheckConstraint(
            "(state IN ('confirmed', 'released')) = (ended_at IS NOT NULL)", name="ended"
        ),
        unique_while("uq_claim_live", "need_id", condition="state IN ('active', 'done')"),
        Index("ix_claim_volunteer_state", "volunteer_id", "state"),
        Index("ix_claim_created", "created_at"),
        due_index("ix_claim_done", "done_at", condition="done_at IS NOT NULL"),
        due_index("ix_claim_safe_due", "safe_due_at", condition="safe_due_at IS NOT NULL"),
    )
    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=32)
    need_id: int = Field(foreign_key="need.id", index=True)
    volunteer_id: int = Field(foreign_key="person.id")
    state: str = Field(default="active", max_length=16)
    checked_at: datetime | None = Field(default=None, sa_type=Instant)
    arrives_at: datetime | None = Field(default=None, sa_type=Instant)
    on_way_at: datetime | None = Field(default=None, sa_type=Instant)
    arrived_at: datetime | None = Field(default=None, sa_type=Instant)
    # The helper's word and the resident's answer, "桂花·晴天"; and how often a wrong one was tried.
    door_words: bytes | None = None
    door_tries: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    risky: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    safe_due_at: datetime | None = Field(default=None, sa_type=Instant)
    safe_asked: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    safe_at: datetime | None = Field(default=None, sa_type=Instant)
    done_at: datetime | None = Field(default=None, sa_type=Instant)
    minutes: int | None = None
    note: bytes | None = None
    outcome: str | None = Field(default=None, max_length=8)
    outcome_reason: str | None = Field(default=None, max_length=24)
    # Never shown to other people, only to coordinators and in sums.
    rating: int | None = None
    created_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = 1


class ClimbTable(SQLModel, table=True):
    """A need that was not settled in time went up one level, or was reminded of at the top."""

    __tablename__ = "climb"
    __table_args__ = (
        one_of("level", "coordinator", "department", "office"),
        due_index("ix_climb_untold", "at", condition="told_at IS NULL"),
        Index("ix_climb_at", "at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    need_id: int = Field(foreign_key="need.id", index=True)
    # In which state the limit was missed, and which level missed it.
    state: str = Field(max_length=16)
    missed_by: str = Field(max_length=16)
    level: str = Field(max_length=16)
    due_at: datetime = Field(sa_type=Instant)
    at: datetime = Field(sa_type=Instant)
    told_at: datetime | None = Field(default=None, sa_type=Instant)


need = table_of(NeedTable)
climb = table_of(ClimbTable)
offer = table_of(OfferTable)
claim = table_of(ClaimTable)
