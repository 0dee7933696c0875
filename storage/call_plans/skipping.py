"""One call that is not made: the person is out that day, or has said that they are fine."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from storage.call_plans.plans import CallPlan, PlanOver, get_plan, get_plan_for
from storage.call_times import has_been_called, kind_of_day, open_check_in, plan_anew
from storage.database import Session
from storage.journal import note
from storage.outbox import MessageClass, say
from storage.people import has_own_chat
from storage.refusals import AlreadyDone, NotAllowed, Refusal
from storage.rules.access import Act
from storage.tables import call_skip


class NoCallThen(Refusal):
    """No call is planned for that day, or it is under way already."""

    key = "no_call_then"


@dataclass(frozen=True, slots=True)
class Fine:
    """What "I am fine" did: no call today, only noted, or there is a call to be ended by it."""

    plan: CallPlan
    is_enough: bool
    check_in_id: int | None = None


def skip_call(
    session: Session, *, now: datetime, actor_id: int, plan_id: int, day: date
) -> CallPlan:
    """The person is out on a day: that call is not made, and the caller knows."""
    plan = get_plan_for(session, plan_id=plan_id, actor_id=actor_id, act=Act.ARRANGE_CALLS)
    today = session.house.local(now).date()
    started = day == today and has_been_called(session, person_id=plan.resident_id, day=day)
    if day < today or started or kind_of_day(session, plan_id=plan_id, now=now, day=day) is None:
        raise NoCallThen(
            day=day.isoformat(), next_due=plan.next_due_at.isoformat() if plan.next_due_at else None
        )
    _skip(session, plan, now=now, actor_id=actor_id, day=day, reason="out")
    after = get_plan(session, plan_id=plan_id)
    _tell_caller(session, after, now=now, actor_id=actor_id, day=day, template="plan_skipped_told")
    return after


def call_after_all(
    session: Session, *, now: datetime, actor_id: int, plan_id: int, day: date
) -> CallPlan:
    """It was a slip, or the person is at home after all: the call is made."""
    plan = get_plan_for(session, plan_id=plan_id, actor_id=actor_id, act=Act.ARRANGE_CALLS)
    taken_back = session.change(
        delete(call_skip).where(call_skip.c.plan_id == plan_id, call_skip.c.day == day)
    )
    if taken_back != 1:
        raise AlreadyDone
    _plan_on(session, plan, now=now)
    _note(session, plan, now=now, what="call_unskipped", actor_id=actor_id, day=day)
    after = get_plan(session, plan_id=plan_id)
    _tell_caller(session, after, now=now, actor_id=actor_id, day=day, template="plan_call_on")
    return after


def say_fine(session: Session, *, now: datetime, person_id: int, plan_id: int) -> Fine:
    """The person's own button before the call: enough in a chat of their own, else only noted."""
    plan = get_plan(session, plan_id=plan_id)
    if plan.resident_id != person_id:
        raise NotAllowed
    if not plan.is_active:
        raise PlanOver(resident=plan.resident)
    day = session.house.local(now).date()
    case_id = open_check_in(session, person_id=person_id)
    if case_id is not None:
        return Fine(plan, is_enough=False, check_in_id=case_id)
    due = session.house.local(plan.next_due_at).date() if plan.next_due_at else None
    mine = has_own_chat(session, person_id=person_id)
    if not mine or due != day:
        _note(session, plan, now=now, what="fine_noted", actor_id=person_id, day=day)
        return Fine(plan, is_enough=mine)
    _skip(session, plan, now=now, actor_id=person_id, day=day, reason="fine")
    after = get_plan(session, plan_id=plan_id)
    _tell_caller(session, after, now=now, actor_id=person_id, day=day, template="plan_fine_told")
    return Fine(after, is_enough=True)


def list_skips(session: Session, *, plan_id: int, now: datetime) -> list[date]:
    """Return the coming days on which the person is out."""
    today = session.house.local(now).date()
    rows = session.all(
        select(call_skip.c.day)
        .where(call_skip.c.plan_id == plan_id, call_skip.c.day >= today)
        .where(call_skip.c.reason == "out")
        .order_by(call_skip.c.day)
    )
    return [row.day for row in rows]


def _skip(
    session: Session, plan: CallPlan, *, now: datetime, actor_id: int, day: date, reason: str
) -> None:
    row = {"plan_id": plan.id, "day": day, "reason": reason, "said_by": actor_id, "created_at": now}
    try:
        with session.savepoint():
            session.execute(insert(call_skip), row)
    except IntegrityError as error:
        raise AlreadyDone from error
    _plan_on(session, plan, now=now)
    what = "call_skipped" if reason == "out" else "fine_before_call"
    _note(session, plan, now=now, what=what, actor_id=actor_id, day=day)


def _plan_on(session: Session, plan: CallPlan, *, now: datetime) -> None:
    """Work out the next call; one that is due already is begun, or left out, by its own tick."""
    if plan.next_due_at is None or plan.next_due_at > now:
        plan_anew(session, now=now, plan_id=plan.id, since=now)


def _tell_caller(
    session: Session, plan: CallPlan, *, now: datetime, actor_id: int, day: date, template: str
) -> None:
    if plan.caller_id != actor_id:
        say(
            session,
            now=now,
            to=plan.caller_id,
            key=f"plan:{plan.id}:{day}:{template}:{now:%Y%m%d%H%M%S}",
            template=template,
            message_class=MessageClass.MUST,
            facts={"resident": plan.resident, "day": f"{day}T12:00:00", "time": plan.time},
        )


def _note(
    session: Session, plan: CallPlan, *, now: datetime, what: str, actor_id: int, day: date
) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=actor_id,
        subject_id=plan.resident_id,
        thing="check_in_plan",
        thing_id=plan.id,
        detail=day.isoformat(),
    )
