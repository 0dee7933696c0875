"""The prompts of a check-in: the caller's, the desk's, and how each of them is said and noted."""

from datetime import datetime

from sqlalchemy import and_, or_, select, true

from storage.apart import apart_from
from storage.check_ins.cases import MISSED, Case, get_case
from storage.check_ins.day.households import visits_beside
from storage.check_ins.day.notes import last_notes
from storage.check_ins.facts import (
    TAKE,
    Facts,
    button,
    case_facts,
    duty_facts,
    outcome_buttons,
    show_phone,
)
from storage.check_ins.neighbours import neighbours_by_phone
from storage.database import Session
from storage.journal import note
from storage.outbox import Button, MessageClass, Wanted, say
from storage.people import Person
from storage.refusals import NotAllowed
from storage.rules.ladder import CALLER_RUNGS, ORDER, Rung
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
    last: Facts = {}
    if case.rung is CALLER_RUNGS[0]:
        last = last_notes(session, resident_id=case.resident_id, before=case.id)
        last |= visits_beside(session, case, now=now)
        last |= {"until": case.local_until}
    ask_one(
        session,
        case,
        now=now,
        to=case.caller_id,
        key=case.ask_key,
        template=_CALLER_TEMPLATES[case.rung],
        # The caller agreed to this hour, so quiet hours do not hold it.
        message_class=MessageClass.MUST,
        facts=last,
        buttons=_call_buttons(case),
    )


def _call_buttons(case: Case) -> list[list[Button]]:
    """In the words of the way that was agreed: who cannot hear a call answers, or is seen."""
    lines = outcome_buttons(case, visitor=case.channel == "visit")
    if case.channel in ("text", "video"):
        lines[0] = [Button("check_in.answered_fine", lines[0][0].data)]
    return lines


def show_check_ins(session: Session, *, now: datetime, actor: Person, unheld: bool = False) -> int:
    """Show a coordinator the calls that did not go through yet; returns how many.

    One whose caller was only just asked waits for nobody else. ``unheld``: those alone that
    climbed the whole ladder and are in nobody's hand. Raises NotAllowed.
    """
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    at_top = and_(check_in.c.rung == ORDER[Rung.NO_SUPPORT], check_in.c.holder_id.is_(None))
    rows = session.all(
        select(check_in.c.id)
        .where(check_in.c.next_step_at.is_not(None))
        .where(or_(check_in.c.rung > 0, check_in.c.last_outcome.is_not(None)))
        .where(and_(at_top, check_in.c.last_outcome.is_distinct_from(MISSED)) if unheld else true())
        .where(seen_through(actor, check_in.c.resident_id))
        .where(check_in.c.resident_id.not_in(apart_from(session, actor.id)))
        .order_by(check_in.c.due_at)
        .limit(SHOWN_AT_ONCE)
    )
    for row in rows:
        case = get_case(session, check_in_id=row.id)
        ask_one(
            session,
            case,
            now=now,
            to=actor.id,
            key=f"check_in:{case.id}:desk:{actor.id}:{now:%Y%m%d%H%M%S}",
            template="check_in_duty",
            message_class=MessageClass.ANSWER,
            facts={
                **duty_facts(session, case),
                **neighbours_by_phone(session, case, now=now, to=actor.id),
                "ring": 1,
            },
            buttons=[[button(case, TAKE)]],
        )
    return len(rows)


def ask_one(
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
    may_phone: bool = True,
) -> None:
    """Ask one person, and note it; the number is for those who are to call, each look noted."""
    phone = show_phone(session, case, now=now, to=to) if may_phone else None
    say(
        session,
        now=now,
        to=to,
        key=key,
        template=template,
        message_class=message_class,
        facts={**case_facts(session, case), "phone": phone, **facts},
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
    if facts.get("contact_unasked"):
        note(
            session,
            now=now,
            what="unasked_contact_named",
            actor_id=to,
            subject_id=case.resident_id,
            thing="check_in",
            thing_id=case.id,
            ground=case.rung.value,
        )
