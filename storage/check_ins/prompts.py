"""The prompts of a check-in, rung by rung: whom to phone, where to look in, whom to ring."""

from datetime import datetime

from sqlalchemy import or_, select

from storage.check_ins.cases import CALLER_RUNGS, Case, find_helper, get_case
from storage.check_ins.facts import (
    TAKE,
    Facts,
    button,
    case_facts,
    contact_of,
    outcome_buttons,
    show_phone,
)
from storage.database import Session
from storage.duty import list_duty
from storage.journal import note
from storage.outbox import Button, MessageClass, Wanted, say
from storage.people import Person
from storage.refusals import NotAllowed
from storage.rules.ladder import Outcome, Rung
from storage.scope import seen_through
from storage.tables import check_in

# More cards at once would bury the first.
SHOWN_AT_ONCE = 5

_CALLER_TEMPLATES = {
    Rung.CALL: "check_in_call",
    Rung.RETRY_CALLER: "check_in_call_again",
    Rung.RETRY_OTHER_CHANNEL: "check_in_call_otherwise",
}


def ask_caller(session: Session, case: Case, *, now: datetime) -> None:
    """Ask the caller to phone, or to try once more."""
    last = _last_before(session, case) if case.rung is CALLER_RUNGS[0] else {}
    _ask(
        session,
        case,
        now=now,
        to=case.caller_id,
        key=case.ask_key,
        template=_CALLER_TEMPLATES[case.rung],
        # The caller agreed to this hour, so quiet hours do not hold it.
        message_class=MessageClass.MUST,
        facts=last,
        buttons=outcome_buttons(case, visitor=False),
    )


def ask_stand_in(session: Session, case: Case, *, now: datetime, stand_in: Person) -> None:
    """Ask the stand-in to look in, with the emergency contact's number if there is one."""
    _ask(
        session,
        case,
        now=now,
        to=stand_in.id,
        key=case.ask_key,
        template="check_in_stand_in",
        message_class=MessageClass.ALARM,
        facts=contact_of(session, case),
        buttons=[[button(case, TAKE)], *outcome_buttons(case, visitor=True)],
    )


def find_phoner(session: Session, case: Case) -> Person | None:
    """Return the caller, if they are at their phone now: they reported, and in vain."""
    at_it = case.last_outcome in (Outcome.NO_ANSWER.value, Outcome.COULD_NOT_TELL.value)
    return find_helper(session, person_id=case.caller_id) if at_it else None


def ask_to_phone_contact(session: Session, case: Case, *, now: datetime, phoner: Person) -> None:
    """Ask the caller to phone the emergency contact, who has no chat, so that they look in."""
    _ask(
        session,
        case,
        now=now,
        to=phoner.id,
        key=case.ask_key,
        template="check_in_contact",
        message_class=MessageClass.ALARM,
        facts=contact_of(session, case),
        buttons=outcome_buttons(case, visitor=True),
    )


def ask_duty(session: Session, case: Case, *, now: datetime, released: str | None) -> int:
    """Ring everyone on duty, with the emergency contact's number; returns how many.

    With nobody on duty those of the plan are rung: somebody has to know.
    """
    duty = [
        one.id
        for one in list_duty(session, now=now, about=case.resident_id, without=case.resident_id)
    ]
    of_plan = (find_helper(session, person_id=p) for p in (case.stand_in_id, case.caller_id))
    receivers = duty or [helper.id for helper in of_plan if helper is not None]
    for receiver in receivers:
        # The caller has no "I will follow up": their part is the phone, and what they hear on it.
        may_take = bool(duty) or receiver == case.stand_in_id
        _ask(
            session,
            case,
            now=now,
            to=receiver,
            key=f"{case.ask_key}:{receiver}",
            template="check_in_duty",
            message_class=MessageClass.ALARM,
            facts={"ring": case.asked, "released": released, **contact_of(session, case)},
            buttons=[[button(case, TAKE)]] if may_take else outcome_buttons(case, visitor=True),
        )
    return len(duty)


def show_check_ins(session: Session, *, now: datetime, actor: Person) -> int:
    """Show a coordinator the calls that did not go through yet; returns how many.

    One whose caller was only just asked waits for nobody else. Raises NotAllowed.
    """
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    rows = session.all(
        select(check_in.c.id)
        .where(check_in.c.next_step_at.is_not(None))
        .where(or_(check_in.c.rung > 0, check_in.c.last_outcome.is_not(None)))
        .where(seen_through(actor, check_in.c.resident_id))
        .order_by(check_in.c.due_at)
        .limit(SHOWN_AT_ONCE)
    )
    for row in rows:
        case = get_case(session, check_in_id=row.id)
        _ask(
            session,
            case,
            now=now,
            to=actor.id,
            key=f"check_in:{case.id}:desk:{actor.id}:{now:%Y%m%d%H%M%S}",
            template="check_in_duty",
            message_class=MessageClass.ANSWER,
            facts={"ring": 1, "released": None, **contact_of(session, case)},
            buttons=[[button(case, TAKE)]],
        )
    return len(rows)


def _ask(
    session: Session,
    case: Case,
    *,
    now: datetime,
    to: int,
    key: str,
    template: str,
    message_class: MessageClass,
    facts: Facts,
    buttons: list[list[Button]],
) -> None:
    say(
        session,
        now=now,
        to=to,
        key=key,
        template=template,
        message_class=message_class,
        facts={
            **case_facts(session, case),
            "phone": show_phone(session, case, now=now, to=to),
            **facts,
        },
        buttons=buttons,
        card=case.card,
        wanted=Wanted("check_in", case.id, case.version),
        chosen_time=True,
    )
    note(
        session,
        now=now,
        what="check_in_asked",
        actor_id=None,
        subject_id=case.resident_id,
        thing="check_in",
        thing_id=case.id,
        ground=case.rung.value,
        detail=f"to {to}",
    )


def _last_before(session: Session, case: Case) -> Facts:
    """How the resident's check-in before this one ended, for the caller's first words."""
    row = session.find(
        select(check_in.c.last_outcome, check_in.c.closed_at)
        .where(check_in.c.resident_id == case.resident_id, check_in.c.id < case.id)
        .where(check_in.c.state == "closed")
        .order_by(check_in.c.id.desc())
        .limit(1)
    )
    if row is None:
        return {"last": None, "last_at": None}
    return {"last": row.last_outcome, "last_at": row.closed_at.isoformat()}
