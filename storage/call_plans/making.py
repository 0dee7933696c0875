"""Making, changing, ending a call plan; all concerned are told, and the resident may refuse."""

import secrets
from datetime import datetime

from sqlalchemy import insert, select, update

from storage.apart import may_they_meet
from storage.call_plans.choosing import CALLER_ROLES
from storage.call_plans.contacts import ask_contact, contact_columns
from storage.call_plans.known import check_fits
from storage.call_plans.plans import (
    CallPlan,
    PlanAtNight,
    PlanChanged,
    PlanDraft,
    PlanExists,
    PlanUnfit,
    check_may,
    due_after,
    get_plan,
    get_plan_for,
    with_start,
)
from storage.call_plans.stand_ins import close_asks
from storage.call_times import plan_anew
from storage.database import Session
from storage.journal import note
from storage.outbox import Button, MessageClass, say
from storage.people import Person, find_person
from storage.rules.access import Act
from storage.tables import check_in_plan

ENDED: dict[str, object] = {"state": "ended", "next_due_at": None, "button_at": None}


def make_plan(
    session: Session, *, now: datetime, actor_id: int, resident_id: int, draft: PlanDraft
) -> CallPlan:
    """Make a call plan and tell the resident and the caller."""
    check_may(session, actor_id=actor_id, act=Act.MAKE_CALL_PLAN, resident_id=resident_id)
    draft = with_start(session, draft, now=now)
    _check(session, now=now, resident_id=resident_id, draft=draft, but=None)
    uid = secrets.token_hex(16)
    plan_id: int = session.value(
        insert(check_in_plan)
        .values(
            uid=uid,
            resident_id=resident_id,
            state="active",
            next_due_at=due_after(session, now, draft=draft),
            created_by=actor_id,
            created_at=now,
            version=1,
            **_columns(session, draft, uid=uid),
            **contact_columns(draft, before=None, now=now, actor_id=actor_id),
        )
        .returning(check_in_plan.c.id)
    )
    plan_anew(session, now=now, plan_id=plan_id, since=now)
    plan = get_plan(session, plan_id=plan_id)
    _note(session, plan, now=now, actor_id=actor_id, what="plan_made")
    ask_contact(session, plan, now=now, actor_id=actor_id)
    _tell_resident(session, plan, now=now, template="plan_for_you")
    _tell_caller(session, plan, now=now, actor_id=actor_id)
    return plan


def change_plan(
    session: Session,
    *,
    now: datetime,
    actor_id: int,
    plan_id: int,
    version: int,
    draft: PlanDraft,
    act: Act = Act.MAKE_CALL_PLAN,
) -> CallPlan:
    """Change a plan; a check-in that is under way goes on with the caller it was begun with."""
    before = get_plan_for(session, plan_id=plan_id, actor_id=actor_id, act=act)
    draft = with_start(session, draft, now=now)
    _check(session, now=now, resident_id=before.resident_id, draft=draft, but=plan_id)
    uid = session.value(select(check_in_plan.c.uid).where(check_in_plan.c.id == plan_id))
    # A call that is due already, and not begun yet, is made all the same: as the plan is now.
    due = before.next_due_at if _is_due(before, now) else None
    _change(
        session,
        before,
        version=version,
        values={
            "next_due_at": due or due_after(session, now, draft=draft),
            "button_at": None,
            **_columns(session, draft, uid=uid),
            **contact_columns(draft, before=before, now=now, actor_id=actor_id),
        },
    )
    if due is None:
        plan_anew(session, now=now, plan_id=plan_id, since=now)
    plan = get_plan(session, plan_id=plan_id)
    _note(session, plan, now=now, actor_id=actor_id, what="plan_changed")
    if before.stand_in_id != plan.stand_in_id or before.caller_id != plan.caller_id:
        close_asks(session, plan, now=now)
    if plan.contact_id != before.contact_id:
        ask_contact(session, plan, now=now, actor_id=actor_id)
    if actor_id != plan.resident_id:
        _tell_resident(session, plan, now=now, template="plan_for_you_changed")
    if before.asks != plan.asks:
        changed = before.caller_id == plan.caller_id
        _tell_caller(session, plan, now=now, actor_id=actor_id, changed=changed)
    if before.caller_id != plan.caller_id:
        _tell_no_longer(session, before, now=now, actor_id=actor_id)
    return plan


def end_plan(
    session: Session, *, now: datetime, actor_id: int, plan_id: int, version: int
) -> CallPlan:
    """End a plan; what is under way goes on until somebody knows how the person is."""
    before = get_plan_for(session, plan_id=plan_id, actor_id=actor_id, act=Act.END_CALL_PLAN)
    _change(session, before, version=version, values=ENDED)
    plan = get_plan(session, plan_id=plan_id)
    _note(session, plan, now=now, actor_id=actor_id, what="plan_ended")
    if actor_id != plan.resident_id:
        _tell_resident(session, plan, now=now, template="plan_for_you_ended")
    _tell_no_longer(session, plan, now=now, actor_id=actor_id)
    return plan


def refuse_plan(session: Session, *, now: datetime, resident_id: int, plan_id: int) -> CallPlan:
    """The resident does not want these calls: ended at once, and whoever made the plan is told."""
    before = get_plan_for(session, plan_id=plan_id, actor_id=resident_id, act=Act.END_CALL_PLAN)
    ended = end_plan(
        session, now=now, actor_id=resident_id, plan_id=plan_id, version=before.version
    )
    say(
        session,
        now=now,
        to=ended.created_by,
        key=f"plan:{plan_id}:refused",
        template="plan_refused",
        message_class=MessageClass.MUST,
        facts=ended.facts,
    )
    return ended


def _check(
    session: Session, *, now: datetime, resident_id: int, draft: PlanDraft, but: int | None
) -> None:
    resident = find_person(session, person_id=resident_id)
    caller = find_person(session, person_id=draft.caller_id)
    people = [resident_id, draft.caller_id]
    fits = resident is not None and resident.is_approved("resident") and _may_call(caller)
    if draft.stand_in_id is not None:
        people.append(draft.stand_in_id)
        fits = fits and _may_call(find_person(session, person_id=draft.stand_in_id))
    # Nobody is told whether, and why, two are kept apart.
    meets = all(may_they_meet(session, helper_id=one, person_id=resident_id) for one in people[1:])
    if not fits or not meets or len(set(people)) != len(people):
        raise PlanUnfit
    check_fits(session, resident_id=resident_id, draft=draft)
    if session.house.quiet.covers(due_after(session, now, draft=draft)):
        raise PlanAtNight(time=f"{draft.clock:%H:%M}", quiet=str(session.house.quiet))
    _check_alone(session, resident_id=resident_id, draft=draft, but=but)


def _check_alone(session: Session, *, resident_id: int, draft: PlanDraft, but: int | None) -> None:
    same_time = session.all(
        select(check_in_plan.c.id, check_in_plan.c.weekdays).where(
            check_in_plan.c.resident_id == resident_id,
            check_in_plan.c.state == "active",
            check_in_plan.c.local_time == f"{draft.clock:%H:%M}",
        )
    )
    bits = _bits(draft.weekdays)
    if any(row.weekdays & bits and row.id != but for row in same_time):
        raise PlanExists(time=f"{draft.clock:%H:%M}")


def _is_due(plan: CallPlan, now: datetime) -> bool:
    return plan.next_due_at is not None and plan.next_due_at <= now


def _may_call(who: Person | None) -> bool:
    return (
        who is not None
        and who.telegram_id is not None
        and any(who.is_approved(kind) for kind in CALLER_ROLES)
    )


def _bits(weekdays: frozenset[int]) -> int:
    return sum(1 << day for day in weekdays)


def _columns(session: Session, draft: PlanDraft, *, uid: str) -> dict[str, object]:
    place = f"check_in_plan.contact_phone:{uid}"
    phone = draft.contact_phone
    return {
        "caller_id": draft.caller_id,
        "stand_in_id": draft.stand_in_id,
        "contact_name": draft.contact_name,
        "contact_phone": session.vault.seal(phone, place=place) if phone else None,
        "tier": draft.tier.value,
        "channel": draft.channel.value,
        "own_button": draft.own_button,
        "every": draft.every.value,
        "monthday": draft.monthday,
        "nth": draft.nth,
        "starts_on": draft.starts_on,
        "weekdays": _bits(draft.weekdays),
        "local_time": f"{draft.clock:%H:%M}",
        "local_until": f"{draft.until:%H:%M}" if draft.until else None,
    }


def _change(session: Session, before: CallPlan, *, version: int, values: dict[str, object]) -> None:
    changed = session.change(
        update(check_in_plan)
        .where(check_in_plan.c.id == before.id, check_in_plan.c.version == version)
        .where(check_in_plan.c.state == "active")
        .values(**values, version=version + 1)
    )
    if changed != 1:
        raise PlanChanged(resident=before.resident)


def _tell_resident(session: Session, plan: CallPlan, *, now: datetime, template: str) -> None:
    refuse = Button("plan.refuse", f"plan:refuse:{plan.id}:{plan.version}")
    say(
        session,
        now=now,
        to=plan.resident_id,
        key=f"plan:{plan.id}:v{plan.version}:resident",
        template=template,
        message_class=MessageClass.MUST,
        facts=plan.facts,
        buttons=[[refuse]] if plan.is_active else [],
        card=f"plan:{plan.id}",
    )


def _tell_caller(
    session: Session, plan: CallPlan, *, now: datetime, actor_id: int, changed: bool = False
) -> None:
    if plan.caller_id != actor_id:
        say(
            session,
            now=now,
            to=plan.caller_id,
            key=f"plan:{plan.id}:v{plan.version}:caller",
            template="plan_you_call",
            message_class=MessageClass.MUST,
            facts={**plan.facts, "changed": changed},
        )


def _tell_no_longer(session: Session, plan: CallPlan, *, now: datetime, actor_id: int) -> None:
    if plan.caller_id != actor_id:
        say(
            session,
            now=now,
            to=plan.caller_id,
            key=f"plan:{plan.id}:v{plan.version}:no_longer:{plan.caller_id}",
            template="plan_you_call_no_more",
            message_class=MessageClass.MUST,
            facts=plan.facts,
        )


def _note(session: Session, plan: CallPlan, *, now: datetime, actor_id: int, what: str) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=actor_id,
        subject_id=plan.resident_id,
        thing="check_in_plan",
        thing_id=plan.id,
    )
