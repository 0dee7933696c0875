"""Rows for the tests of the office: a need, a claim, a call, in one line each."""

from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import insert

from storage.database import Session
from storage.rules.ladder import LADDERS, freeze
from storage.rules.tiers import Tier
from storage.tables import check_in, check_in_plan, claim, need

NUMBERS = count(1)
ENDED = ("closed", "cancelled")


def add_need(
    session: Session,
    *,
    resident: int,
    at: datetime,
    state: str = "unclaimed",
    ended: datetime | None = None,
    area: str = "livelihood",
) -> int:
    """A need stated at a moment."""
    return session.add(
        insert(need).values(
            uid=f"{next(NUMBERS)}",
            resident_id=resident,
            stated_by=resident,
            area=area,
            category="errand",
            action="health",
            urgency="U2",
            words=b"-",
            state=state,
            next_step_at=None if state in ENDED else at,
            due_at=None if state in ENDED else at,
            ended_at=ended,
            created_at=at,
            version=1,
        )
    )


def add_claim(
    session: Session,
    *,
    need_id: int,
    volunteer: int,
    at: datetime,
    minutes: int | None = None,
) -> None:
    """A claim taken at a moment; with ``minutes`` it was done an hour later."""
    done = at + timedelta(hours=1) if minutes else None
    session.execute(
        insert(claim).values(
            uid=f"{next(NUMBERS)}",
            need_id=need_id,
            volunteer_id=volunteer,
            state="confirmed" if minutes else "active",
            done_at=done,
            ended_at=done,
            minutes=minutes,
            created_at=at,
            version=1,
        )
    )


def add_call(session: Session, *, resident: int, caller: int, at: datetime, rung: int = 0) -> None:
    """A call that fell due at a moment and climbed so far."""
    plan = session.add(
        insert(check_in_plan).values(
            uid=f"{next(NUMBERS)}",
            resident_id=resident,
            caller_id=caller,
            weekdays=127,
            local_time="10:00",
            next_due_at=at,
            created_by=caller,
            created_at=at,
            version=1,
        )
    )
    session.execute(
        insert(check_in).values(
            plan_id=plan,
            resident_id=resident,
            caller_id=caller,
            due_at=at,
            next_step_at=at,
            tier=Tier.C.value,
            ladder=freeze(LADDERS[Tier.C]),
            rung=rung,
            version=1,
        )
    )
