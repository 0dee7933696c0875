"""Nobody answered whether they stand behind a caller: whoever asked hears it and asks others."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from storage.call_plans.plans import CallPlan, get_plan
from storage.database import Database, Session
from storage.duty import tell_duty
from storage.journal import note
from storage.outbox import MessageClass, say
from storage.people import find_person, get_person
from storage.refusals import Fact
from storage.rules.tiers import ANSWER_WITHIN
from storage.tables import call_stand_in

WAITING = call_stand_in.c.state == "asked"


def lapse_asks(database: Database, *, now: datetime) -> bool:
    """Let one ask that was not answered in time lapse; returns whether there may be more."""
    with database.transaction() as session:
        ask = session.find(
            select(call_stand_in)
            .where(WAITING, call_stand_in.c.created_at <= now - ANSWER_WITHIN)
            .order_by(call_stand_in.c.created_at, call_stand_in.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if ask is None:
            return False
        lapsed = session.change(
            update(call_stand_in)
            .where(call_stand_in.c.id == ask.id, WAITING)
            .values(state="closed", answered_at=now, version=call_stand_in.c.version + 1)
        )
        if lapsed == 1:
            _tell(session, ask, get_plan(session, plan_id=ask.plan_id), now=now)
        return True


def next_lapse_at(session: Session) -> datetime | None:
    """Return when the next ask lapses; None when nobody is asked."""
    asked: datetime | None = session.value(
        select(call_stand_in.c.created_at)
        .where(WAITING)
        .order_by(call_stand_in.c.created_at)
        .limit(1)
    )
    return asked + ANSWER_WITHIN if asked is not None else None


def _tell(session: Session, ask: Row[Any], plan: CallPlan, *, now: datetime) -> None:
    """Whoever asked hears it while they work here, else whoever is on duty."""
    note(
        session,
        now=now,
        what="stand_in_lapsed",
        actor_id=None,
        subject_id=plan.resident_id,
        thing="check_in_plan",
        thing_id=plan.id,
        detail=f"asked {ask.asked_id}",
    )
    if not plan.is_active:
        return
    key, template = f"call_stand_in:{ask.id}:lapsed", "plan_stand_in_lapsed"
    facts: dict[str, Fact] = {
        "name": get_person(session, person_id=ask.asked_id).name,
        "resident": plan.resident,
        "days": ANSWER_WITHIN.days,
        "stand_in": plan.stand_in,
    }
    asker = find_person(session, person_id=ask.asked_by)
    if asker is None or asker.telegram_id is None or not asker.is_approved("coordinator"):
        tell_duty(
            session,
            now=now,
            key=key,
            template=template,
            message_class=MessageClass.INFO,
            facts=facts,
            about=plan.resident_id,
        )
        return
    say(
        session,
        now=now,
        to=asker.id,
        key=key,
        template=template,
        message_class=MessageClass.INFO,
        facts=facts,
    )
