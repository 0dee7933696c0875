"""Starting: a due plan becomes a check-in; what an outage swallowed is told, not sent late."""

from datetime import datetime, time
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.check_ins.cases import MISSED
from storage.database import Database, Session
from storage.journal import note
from storage.outages import fell_into_outage, find_lasting
from storage.pausing import find_pause
from storage.rules.ladder import LADDERS, ORDER, Rung, freeze
from storage.rules.lateness import Lateness, limit
from storage.rules.sending import MessageClass, hold_until
from storage.rules.tiers import Tier
from storage.rules.times import next_occurrence
from storage.tables import check_in, check_in_plan, role


def start_check_ins(database: Database, *, now: datetime) -> bool:
    """Start the check-in of one due plan and plan its next; returns whether there may be more."""
    with database.transaction() as session:
        plan = session.find(
            select(check_in_plan)
            .where(check_in_plan.c.next_due_at <= now, check_in_plan.c.state == "active")
            .order_by(check_in_plan.c.next_due_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if plan is None:
            return False
        if _is_resident(session, plan.resident_id):
            _start(session, plan, now=now)
        else:
            _end_for_leaver(session, plan, now=now)
    return True


def next_call_at(session: Session) -> datetime | None:
    """Return when the next plan is due."""
    moment: datetime | None = session.value(
        select(check_in_plan.c.next_due_at)
        .where(check_in_plan.c.next_due_at.is_not(None))
        .order_by(check_in_plan.c.next_due_at)
        .limit(1)
    )
    return moment


def due_after(session: Session, moment: datetime, *, weekdays: int, clock: str) -> datetime:
    """Return when a plan falls due next after a moment, by the wall clock of the house."""
    days = frozenset(day for day in range(7) if weekdays & (1 << day))
    local = session.house.local(moment)
    return next_occurrence(local, days, time.fromisoformat(clock))


def _start(session: Session, plan: Row[Any], *, now: datetime) -> None:
    dues = [plan.next_due_at]
    while True:
        following = due_after(session, dues[-1], weekdays=plan.weekdays, clock=plan.local_time)
        if following > now:
            break
        dues.append(following)
    session.change(
        update(check_in_plan).where(check_in_plan.c.id == plan.id).values(next_due_at=following)
    )
    dues = _drop_those_away(session, plan, dues, now=now)
    for missed in dues[:-1]:
        _note(session, plan, now=now, what="check_in_missed", check_in_id=None, due=missed)
    if dues:
        _open(session, plan, now=now, due=dues[-1])


def _drop_those_away(
    session: Session, plan: Row[Any], dues: list[datetime], *, now: datetime
) -> list[datetime]:
    """Drop the calls that fall into a pause of the person: none is made, and none is missed."""
    away = find_pause(session, person_id=plan.resident_id)
    if away is None:
        return dues
    for dropped in (due for due in dues if away.holds(due)):
        _note(session, plan, now=now, what="check_in_dropped", check_in_id=None, due=dropped)
    return [due for due in dues if not away.holds(due)]


def _open(session: Session, plan: Row[Any], *, now: datetime, due: datetime) -> None:
    is_missed = _is_missed(session, due=due, now=now)
    what = "check_in_missed" if is_missed else "check_in_started"
    try:
        with session.savepoint():
            made = _insert(session, plan, now=now, due=due, is_missed=is_missed)
    except IntegrityError:
        # The clock was set back and the plan changed meanwhile: this call was made already.
        return
    _note(session, plan, now=now, what=what, check_in_id=made, due=due)


def _is_missed(session: Session, *, due: datetime, now: datetime) -> bool:
    """Whether asking now would be asking as if nothing had happened: duty is told instead."""
    late = now - due
    if late > limit(Lateness.CALL_UNASKED) or find_lasting(session) is not None:
        return True
    quiet = session.house.quiet.covers(session.house.local(now))
    return late > limit(Lateness.CALL) and (quiet or fell_into_outage(session, due=due))


def _insert(
    session: Session, plan: Row[Any], *, now: datetime, due: datetime, is_missed: bool
) -> int:
    held = hold_until(MessageClass.MUST, session.house.local(now), session.house.quiet)
    tier = Tier(plan.tier)
    made: int = session.value(
        insert(check_in)
        .values(
            plan_id=plan.id,
            resident_id=plan.resident_id,
            caller_id=plan.caller_id,
            due_at=due,
            tier=tier.value,
            ladder=freeze(LADDERS[tier]),
            rung=ORDER[Rung.NO_SUPPORT if is_missed else Rung.CALL],
            repeat=0,
            state="open",
            last_outcome=MISSED if is_missed else None,
            next_step_at=(held or now) if is_missed else now,
            version=1,
        )
        .returning(check_in.c.id)
    )
    return made


def _note(
    session: Session,
    plan: Row[Any],
    *,
    now: datetime,
    what: str,
    check_in_id: int | None,
    due: datetime,
) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=None,
        subject_id=plan.resident_id,
        thing="check_in" if check_in_id is not None else "check_in_plan",
        thing_id=check_in_id if check_in_id is not None else plan.id,
        detail=due.isoformat(),
    )


def _is_resident(session: Session, person_id: int) -> bool:
    held = select(role.c.id).where(
        role.c.person_id == person_id, role.c.kind == "resident", role.c.state == "approved"
    )
    return session.find(held) is not None


def _end_for_leaver(session: Session, plan: Row[Any], *, now: datetime) -> None:
    session.change(
        update(check_in_plan)
        .where(check_in_plan.c.id == plan.id)
        .values(state="ended", next_due_at=None, version=plan.version + 1)
    )
    note(
        session,
        now=now,
        what="plan_ended",
        actor_id=None,
        subject_id=plan.resident_id,
        thing="check_in_plan",
        thing_id=plan.id,
        ground="resident_left",
    )
