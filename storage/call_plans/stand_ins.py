"""Stand-ins behind a caller are asked; the first yes has it, and the others are told kindly."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.apart import may_they_meet
from storage.call_plans.choosing import CALLER_ROLES
from storage.call_plans.plans import CallPlan, PlanUnfit, get_plan, get_plan_for
from storage.database import Session
from storage.journal import note
from storage.outbox import Button, MessageClass, Wanted, say
from storage.people import find_person
from storage.refusals import NotAllowed, TooLate
from storage.rules.access import Act
from storage.tables import call_stand_in, check_in_plan


class StandInTaken(TooLate):
    """Somebody else said yes first, or the plan has changed: nothing more is asked of them."""

    key = "stand_in_taken"


def ask_stand_ins(
    session: Session, *, now: datetime, actor_id: int, plan_id: int, people: Sequence[int]
) -> int:
    """Ask one or several to stand behind the caller; returns how many were newly asked."""
    plan = get_plan_for(session, plan_id=plan_id, actor_id=actor_id, act=Act.MAKE_CALL_PLAN)
    asked = 0
    for person_id in dict.fromkeys(people):
        who = find_person(session, person_id=person_id)
        fits = (
            who is not None
            and who.telegram_id is not None
            and any(who.is_approved(kind) for kind in CALLER_ROLES)
            and person_id not in (plan.resident_id, plan.caller_id, plan.stand_in_id)
            and may_they_meet(session, helper_id=person_id, person_id=plan.resident_id)
        )
        if not fits:
            raise PlanUnfit
        asked += _ask(session, plan, now=now, actor_id=actor_id, person_id=person_id)
    return asked


def _ask(session: Session, plan: CallPlan, *, now: datetime, actor_id: int, person_id: int) -> bool:
    try:
        with session.savepoint():
            ask_id = session.add(
                insert(call_stand_in).values(
                    plan_id=plan.id,
                    asked_id=person_id,
                    replaces_id=plan.stand_in_id,
                    asked_by=actor_id,
                    state="asked",
                    created_at=now,
                    version=1,
                )
            )
    except IntegrityError:
        return False  # asked already, and not answered yet
    acts = ("stand_in_yes", "stand_in_no")
    say(
        session,
        now=now,
        to=person_id,
        key=f"call_stand_in:{ask_id}",
        template="plan_stand_in_ask",
        message_class=MessageClass.MUST,
        facts=plan.facts,
        buttons=[[Button(f"plan.{act}", f"plan:{act}:{ask_id}:1")] for act in acts],
        card=f"call_stand_in:{ask_id}",
        wanted=Wanted("call_stand_in", ask_id, 1),
    )
    _note(session, plan, now=now, what="stand_in_asked", actor_id=actor_id, about=person_id)
    return True


def answer_as_stand_in(
    session: Session, *, now: datetime, person_id: int, ask_id: int, agrees: bool
) -> CallPlan:
    """Somebody who was asked says yes or no; raises StandInTaken when another was first."""
    ask = session.find(
        select(call_stand_in).where(
            call_stand_in.c.id == ask_id, call_stand_in.c.asked_id == person_id
        )
    )
    if ask is None:
        raise NotAllowed
    plan = get_plan(session, plan_id=ask.plan_id)
    answered = session.change(
        update(call_stand_in)
        .where(call_stand_in.c.id == ask_id, call_stand_in.c.state == "asked")
        .values(
            state="accepted" if agrees else "declined",
            answered_at=now,
            version=call_stand_in.c.version + 1,
        )
    )
    if answered != 1 or not plan.is_active:
        raise StandInTaken(resident=plan.resident, is_mine=plan.stand_in_id == person_id)
    if not agrees:
        _note(session, plan, now=now, what="stand_in_declined", actor_id=person_id)
        _tell_asker(session, plan, now=now, to=ask.asked_by, ask_id=ask_id, by=person_id)
        return plan
    if not _may_still(session, plan, person_id=person_id):
        raise StandInTaken(resident=plan.resident, is_mine=False)
    taken = session.change(
        update(check_in_plan)
        .where(check_in_plan.c.id == plan.id, check_in_plan.c.state == "active")
        .where(check_in_plan.c.stand_in_id.is_not_distinct_from(ask.replaces_id))
        .where(check_in_plan.c.caller_id != person_id)
        .values(stand_in_id=person_id, version=check_in_plan.c.version + 1)
    )
    if taken != 1:
        raise StandInTaken(resident=plan.resident, is_mine=plan.stand_in_id == person_id)
    plan = get_plan(session, plan_id=plan.id)
    _note(session, plan, now=now, what="stand_in_accepted", actor_id=person_id)
    _tell_asker(session, plan, now=now, to=ask.asked_by, ask_id=ask_id, by=person_id)
    close_asks(session, plan, now=now)
    return plan


def _may_still(session: Session, plan: CallPlan, *, person_id: int) -> bool:
    """Whether somebody who was asked may still phone, and this person."""
    who = find_person(session, person_id=person_id)
    approved = who is not None and any(who.is_approved(kind) for kind in CALLER_ROLES)
    return approved and may_they_meet(session, helper_id=person_id, person_id=plan.resident_id)


def close_asks(session: Session, plan: CallPlan, *, now: datetime) -> None:
    """Nobody needs to answer any more; whoever was asked is thanked."""
    rows = session.all(
        select(call_stand_in.c.id, call_stand_in.c.asked_id).where(
            call_stand_in.c.plan_id == plan.id, call_stand_in.c.state == "asked"
        )
    )
    for row in rows:
        closed = session.change(
            update(call_stand_in)
            .where(call_stand_in.c.id == row.id, call_stand_in.c.state == "asked")
            .values(state="closed", answered_at=now, version=call_stand_in.c.version + 1)
        )
        if closed:
            say(
                session,
                now=now,
                to=row.asked_id,
                key=f"call_stand_in:{row.id}:closed",
                template="plan_stand_in_found",
                message_class=MessageClass.INFO,
                facts={"resident": plan.resident},
                card=f"call_stand_in:{row.id}",
            )


def _tell_asker(
    session: Session, plan: CallPlan, *, now: datetime, to: int, ask_id: int, by: int
) -> None:
    who = find_person(session, person_id=by)
    say(
        session,
        now=now,
        to=to,
        key=f"call_stand_in:{ask_id}:said",
        template="plan_stand_in_said",
        message_class=MessageClass.INFO,
        facts={
            "resident": plan.resident,
            "name": who.name if who else None,
            "agrees": plan.stand_in_id == by,
        },
    )


def _note(
    session: Session,
    plan: CallPlan,
    *,
    now: datetime,
    what: str,
    actor_id: int,
    about: int | None = None,
) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=actor_id,
        subject_id=plan.resident_id,
        thing="check_in_plan",
        thing_id=plan.id,
        detail=f"asked {about}" if about else "",
    )
