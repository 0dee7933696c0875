"""Something grave happened to somebody: a visit within a day, and closer care for a stated time.

丧偶、出院、跌倒、照护人离开: a regional rule asks for a visit within 24 hours of a major change.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.apart import may_they_meet
from storage.call_plans.known import may_phone
from storage.call_plans.making import make_plan
from storage.call_plans.plans import CallPlan, PlanDraft, check_may, get_plan, list_own_plans
from storage.call_times import plan_anew
from storage.database import Session
from storage.duty import list_duty
from storage.journal import note
from storage.refusals import NotAllowed, Refusal, TooLate
from storage.rules.access import Act
from storage.rules.ladder import ORDER, Rung
from storage.rules.tiers import CHANGES, VISIT_LADDER, Channel
from storage.tables import check_in, check_in_plan, life_change


class ChangeKnown(Refusal):
    """The same was told today already: the visit is under way."""

    key = "change_known"


class ChangeOver(TooLate):
    """It was taken back before."""

    key = "change_over"


@dataclass(frozen=True, slots=True)
class LifeChange:
    """What was told, and what follows from it."""

    id: int
    version: int
    kind: str
    resident: str
    until: date
    check_in_id: int
    visit_by: datetime


def tell_change(
    session: Session, *, now: datetime, actor_id: int, resident_id: int, kind: str
) -> LifeChange:
    """Family or staff say what happened: somebody visits within a day, and calls come closer."""
    check_may(session, actor_id=actor_id, act=Act.TELL_LIFE_CHANGE, resident_id=resident_id)
    change = CHANGES.get(kind)
    if change is None:
        raise NotAllowed
    today = session.house.local(now).date()
    until = today + timedelta(days=change.days)
    plan = _plan_of(session, now=now, resident_id=resident_id)
    row = {
        "resident_id": resident_id,
        "kind": kind,
        "plan_id": plan.id,
        "told_by": actor_id,
        "told_on": today,
        "until": until,
        "state": "live",
        "created_at": now,
        "version": 1,
    }
    try:
        with session.savepoint():
            change_id = session.add(insert(life_change).values(**row))
    except IntegrityError as error:
        raise ChangeKnown(resident=plan.resident) from error
    check_in_id = _send_visitor(session, plan, now=now, tier=change.tier.value)
    session.change(
        update(life_change).where(life_change.c.id == change_id).values(check_in_id=check_in_id)
    )
    _raise(session, plan, now=now, tier=change.tier.value, until=until)
    _note(session, plan, now=now, what="life_change_told", actor_id=actor_id, change_id=change_id)
    visit_by = now + timedelta(hours=change.visit_hours)
    return LifeChange(change_id, 1, kind, plan.resident, until, check_in_id, visit_by)


def take_back_change(
    session: Session, *, now: datetime, actor_id: int, change_id: int, version: int
) -> CallPlan:
    """It was a slip: the calls go back to what they were; the visit is ended by staff as "away"."""
    row = session.find(select(life_change).where(life_change.c.id == change_id))
    if row is None:
        raise NotAllowed
    check_may(session, actor_id=actor_id, act=Act.TELL_LIFE_CHANGE, resident_id=row.resident_id)
    taken_back = session.change(
        update(life_change)
        .where(life_change.c.id == change_id, life_change.c.version == version)
        .where(life_change.c.state == "live")
        .values(state="withdrawn", version=version + 1)
    )
    if taken_back != 1:
        raise ChangeOver
    plan = get_plan(session, plan_id=row.plan_id)
    # Another change that still stands keeps its own time.
    other = session.find(
        select(life_change.c.kind, life_change.c.until)
        .where(life_change.c.plan_id == plan.id, life_change.c.state == "live")
        .order_by(life_change.c.until.desc())
        .limit(1)
    )
    tier = CHANGES[other.kind].tier.value if other is not None else None
    _raise(session, plan, now=now, tier=tier, until=other.until if other is not None else None)
    _note(session, plan, now=now, what="life_change_back", actor_id=actor_id, change_id=change_id)
    return get_plan(session, plan_id=row.plan_id)


def _plan_of(session: Session, *, now: datetime, resident_id: int) -> CallPlan:
    """The person's plan; without one, weekly calls by whoever is on duty for them."""
    plans = list_own_plans(session, person_id=resident_id)
    if plans:
        return plans[0]
    duty = [
        one
        for wide in (False, True)
        for one in list_duty(
            session, now=now, about=resident_id, without=resident_id, everyone=wide
        )
        if may_they_meet(session, helper_id=one.id, person_id=resident_id)
    ]
    if not duty:
        raise NotAllowed
    channel = Channel.PHONE if may_phone(session, resident_id=resident_id) else Channel.VISIT
    weekday = session.house.local(now).weekday()
    draft = PlanDraft(duty[0].id, frozenset({weekday}), time(10), channel=channel)
    return make_plan(session, now=now, actor_id=duty[0].id, resident_id=resident_id, draft=draft)


def _send_visitor(session: Session, plan: CallPlan, *, now: datetime, tier: str) -> int:
    """Open the check-in of the visit: at the rung of those who work in the community.

    One visit is enough for two things that happened; a moment that another call has is not taken.
    """
    mine = select(check_in.c.id).where(check_in.c.plan_id == plan.id)
    under_way: int | None = session.value(
        mine.where(check_in.c.kind == "change", check_in.c.state == "open").limit(1)
    )
    if under_way is not None:
        return under_way
    due = now
    while session.find(mine.where(check_in.c.due_at == due)) is not None:
        due += timedelta(seconds=1)
    made: int = session.value(
        insert(check_in)
        .values(
            plan_id=plan.id,
            resident_id=plan.resident_id,
            caller_id=plan.caller_id,
            due_at=due,
            kind="change",
            channel=Channel.VISIT.value,
            tier=tier,
            ladder=VISIT_LADDER,
            rung=ORDER[Rung.STATION],
            repeat=0,
            state="open",
            next_step_at=now,
            version=1,
        )
        .returning(check_in.c.id)
    )
    return made


def _raise(
    session: Session, plan: CallPlan, *, now: datetime, tier: str | None, until: date | None
) -> None:
    session.change(
        update(check_in_plan)
        .where(check_in_plan.c.id == plan.id, check_in_plan.c.state == "active")
        .values(raised_to=tier, raised_until=until, version=check_in_plan.c.version + 1)
    )
    if plan.next_due_at is not None and plan.next_due_at > now:
        plan_anew(session, now=now, plan_id=plan.id, since=now)


def _note(
    session: Session, plan: CallPlan, *, now: datetime, what: str, actor_id: int, change_id: int
) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=actor_id,
        subject_id=plan.resident_id,
        thing="life_change",
        thing_id=change_id,
    )
