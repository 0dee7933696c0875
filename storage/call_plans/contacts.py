"""The emergency contact's own yes: in their chat, or as a witnessed statement; and taken back.

Nobody is phoned in somebody's emergency who did not agree to it (个人信息保护法 art. 13, 23).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import update

from storage.call_plans.plans import (
    CallPlan,
    PlanChanged,
    PlanDraft,
    PlanOver,
    get_plan,
)
from storage.database import Session
from storage.journal import note
from storage.outbox import Button, MessageClass, say
from storage.refusals import NotAllowed
from storage.tables import check_in_plan

# How a yes by mouth or on paper came to the one who wrote it down.
WITNESSED = ("in_person", "phone", "paper")
_NOTHING_SAID: dict[str, Any] = {
    "contact_answer": "not_asked",
    "contact_agreed_at": None,
    "contact_agreed_by": None,
    "contact_agreed_as": None,
}


def contact_columns(
    draft: PlanDraft, *, before: CallPlan | None, now: datetime, actor_id: int
) -> dict[str, Any]:
    """What is known of the contact's yes when a plan is saved."""
    who = {"contact_id": draft.contact_id if draft.contact_name else None}
    if draft.contact_name is None:
        return who | _NOTHING_SAID
    if draft.contact_said in WITNESSED:
        return who | _agreed(now=now, by=actor_id, how=str(draft.contact_said))
    same = (
        before is not None
        and before.contact_name == draft.contact_name
        and before.contact_id == draft.contact_id
    )
    if same:
        return who  # what they said stands
    answer = "asked" if draft.contact_id is not None else "not_asked"
    return who | _NOTHING_SAID | {"contact_answer": answer}


def ask_contact(session: Session, plan: CallPlan, *, now: datetime, actor_id: int) -> None:
    """Ask a contact who uses the chat; a yes that was witnessed is written down with its how."""
    if plan.contact_answer == "agreed":
        _note(session, plan, now=now, what="contact_agreed", actor_id=actor_id)
    if plan.contact_id is None or plan.contact_answer != "asked":
        return
    say(
        session,
        now=now,
        to=plan.contact_id,
        key=f"plan:{plan.id}:v{plan.version}:contact",
        template="plan_contact_ask",
        message_class=MessageClass.MUST,
        facts={"resident": plan.resident},
        buttons=_buttons(plan, "contact_yes", "contact_no"),
        card=f"plan:{plan.id}:contact",
    )


def answer_as_contact(
    session: Session, *, now: datetime, person_id: int, plan_id: int, agrees: bool
) -> CallPlan:
    """The contact says yes or no in their own chat, also later and also the other way round."""
    plan = get_plan(session, plan_id=plan_id)
    if plan.contact_id != person_id:
        raise NotAllowed
    if not plan.is_active:
        raise PlanOver(resident=plan.resident)
    if agrees:
        values = _agreed(now=now, by=person_id, how="own")
    else:
        said = "withdrawn" if plan.contact_answer == "agreed" else "declined"
        values = _NOTHING_SAID | {"contact_answer": said}
    return _answer(session, plan, now=now, actor_id=person_id, values=values)


def _answer(
    session: Session, plan: CallPlan, *, now: datetime, actor_id: int, values: dict[str, Any]
) -> CallPlan:
    answered = session.change(
        update(check_in_plan)
        .where(check_in_plan.c.id == plan.id, check_in_plan.c.version == plan.version)
        .where(check_in_plan.c.state == "active", check_in_plan.c.contact_name.is_not(None))
        .values(**values, version=plan.version + 1)
    )
    if answered != 1:
        raise PlanChanged(resident=plan.resident)
    after = get_plan(session, plan_id=plan.id)
    _note(session, after, now=now, what=f"contact_{after.contact_answer}", actor_id=actor_id)
    if actor_id != after.created_by:
        say(
            session,
            now=now,
            to=after.created_by,
            key=f"plan:{plan.id}:v{after.version}:contact_said",
            template="plan_contact_said",
            message_class=MessageClass.INFO,
            facts=after.facts,
        )
    return after


def contact_buttons(plan: CallPlan) -> list[list[Button]]:
    """What a contact may still say."""
    return _buttons(plan, "contact_no" if plan.contact_answer == "agreed" else "contact_yes")


def _buttons(plan: CallPlan, *acts: str) -> list[list[Button]]:
    return [[Button(f"plan.{act}", f"plan:{act}:{plan.id}:{plan.version}")] for act in acts]


def _agreed(*, now: datetime, by: int, how: str) -> dict[str, Any]:
    return {
        "contact_answer": "agreed",
        "contact_agreed_at": now,
        "contact_agreed_by": by,
        "contact_agreed_as": how,
    }


def _note(session: Session, plan: CallPlan, *, now: datetime, what: str, actor_id: int) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=actor_id,
        subject_id=plan.resident_id,
        thing="check_in_plan",
        thing_id=plan.id,
        ground="own" if plan.contact_id == actor_id else "witnessed",
    )
