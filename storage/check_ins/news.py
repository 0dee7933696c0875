"""The news of a check-in: to the resident, and to everybody asked, once for each step."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select

from storage.check_ins.asked import list_asked
from storage.check_ins.cases import AWAY, MISSED, Case, find_helper, may_still_know
from storage.check_ins.facts import TAKE, Facts, button, case_facts, name_of, outcome_buttons
from storage.check_ins.hiding import hide_numbers
from storage.database import Session
from storage.duty import list_duty
from storage.guardians import list_copied
from storage.outbox import MessageClass, say
from storage.people import has_own_chat
from storage.rules.ladder import CALLER_RUNGS, Outcome
from storage.tables import outbox, person, shared_prompt

# What stands in the outbox of a prompt that reached, or may have reached, its chat.
MAY_HAVE_ARRIVED = ("sent", "sending", "unknown")


def offer_own_button(session: Session, case: Case, *, now: datetime, tried_by: int) -> None:
    """Ask the resident in their own chat, once for each check-in: are you well?"""
    if has_own_chat(session, person_id=case.resident_id):
        say(
            session,
            now=now,
            to=case.resident_id,
            key=f"check_in:{case.id}:are_you_well",
            template="check_in_are_you_well",
            message_class=MessageClass.MUST,
            facts={
                "by": name_of(session, tried_by),
                "phoned": tried_by == case.caller_id,
            },
            buttons=[[button(case, Outcome.OWN_BUTTON)], [button(case, "need_help")]],
            card=case.card,
            chosen_time=True,
        )


def list_contacted(session: Session, case: Case, *, now: datetime) -> list[int]:
    """Return who was asked about this case and may know of it; those removed since are left out."""
    # Whoever was rung on an earlier day may not be on now; that something came is asked below.
    told_by_name = case.last_outcome != MISSED
    duty = list_duty(session, now=now, about=case.resident_id, everyone=told_by_name)
    people = {one.id for one in duty}
    if not told_by_name:
        return sorted(people)  # told by one message that names several
    named = {case.caller_id, case.stand_in_id, case.holder_id, *list_asked(session, case)}
    for one in named - people:
        if one is not None and (
            may_still_know(session, case, person_id=one)
            # Rung for want of anybody else, and perhaps on the way: also if kept apart.
            or (one == case.holder_id and find_helper(session, person_id=one) is not None)
        ):
            people.add(one)
    shared = select(shared_prompt.c.key).where(shared_prompt.c.check_in_id == case.id)
    rows = session.all(
        select(person.c.id)
        .join(outbox, outbox.c.chat_id == person.c.telegram_id)
        .where(person.c.id.in_(people), or_(outbox.c.card == case.card, outbox.c.key.in_(shared)))
        .where(outbox.c.state.in_(MAY_HAVE_ARRIVED))
        .distinct()
        .order_by(person.c.id)
    )
    return [row.id for row in rows]


def tell_contacted(
    session: Session,
    case: Case,
    *,
    now: datetime,
    actor_id: int | None,
    template: str,
    facts: Facts,
    contacted: list[int],
) -> None:
    """Tell the others who were asked what happened, once for this step of the case."""
    for receiver in contacted:
        if receiver not in (actor_id, case.resident_id):
            say(
                session,
                now=now,
                to=receiver,
                key=f"check_in:{case.id}:v{case.version}:news:{receiver}",
                template=template,
                message_class=MessageClass.ALARM,
                facts={**case_facts(session, case), **facts},
                card=case.card,
            )


def tell_over(
    session: Session,
    case: Case,
    *,
    now: datetime,
    actor_id: int,
    contacted: list[int],
    held: Case,
    resident: bool = True,
) -> None:
    """Tell how it ended: whoever was on the way to turn back, the others, and the resident once.

    ``held``: the case as it was before its end. ``resident``: not when another case tells them.
    """
    facts: Facts = {
        "ending": case.ending,
        "found": case.found,
        "handed_to": case.handed_to,
        "ended_by": name_of(session, case.ended_by),
        "by_resident": actor_id == case.resident_id,
    }
    for template, receivers in (
        ("check_in_turn_back", [one for one in contacted if one == held.holder_id]),
        ("check_in_over", [one for one in contacted if one != held.holder_id]),
    ):
        tell_contacted(
            session,
            case,
            now=now,
            actor_id=actor_id,
            template=template,
            facts=facts,
            contacted=receivers,
        )
    hide_numbers(session, case, now=now, held=held)
    if not resident or actor_id == case.resident_id or case.ending == AWAY:
        return
    if case.ending == Outcome.NEEDS_HELP:
        tell_resident(session, case, now=now, template="check_in_help_comes", facts=facts)
    elif _was_told(session, case):
        # Whom somebody just spoke to at the first call needs no message about it.
        template = "check_in_settled"
        tell_resident(session, case, now=now, template=template, facts=facts, said="settled")


def _was_told(session: Session, case: Case) -> bool:
    """Whether the resident was told that somebody tries to reach them, or others look in."""
    asked = select(outbox.c.id).where(outbox.c.key == f"check_in:{case.id}:are_you_well")
    return case.rung not in CALLER_RUNGS or session.find(asked) is not None


def tell_hold_over(
    session: Session, case: Case, *, now: datetime, held: Case, following: Sequence[int]
) -> None:
    """Tell that a hold is over: its holder, without blame, and those who were told of it.

    ``following`` are asked next, and hear it from their own prompt.
    """
    facts: Facts = {"former": name_of(session, held.holder_id), "rung": case.rung.value}
    contacted = list_contacted(session, held, now=now)
    if held.holder_id in contacted:
        say(
            session,
            now=now,
            to=held.holder_id,
            key=f"check_in:{case.id}:v{case.version}:former",
            template="check_in_hold_ended",
            message_class=MessageClass.ALARM,
            facts={**case_facts(session, case), **facts},
            buttons=[[button(case, TAKE)], *outcome_buttons(case, visitor=True)],
            card=case.card,
        )
    others = [one for one in contacted if one not in (*following, held.holder_id)]
    tell_contacted(
        session,
        case,
        now=now,
        actor_id=None,
        template="check_in_hold_over",
        facts=facts,
        contacted=others,
    )


def tell_resident(
    session: Session,
    case: Case,
    *,
    now: datetime,
    template: str,
    facts: Facts,
    offer: bool = False,
    said: str | None = None,
) -> None:
    """Tell the resident what happens; with the button "I am well" where the chat is theirs.

    ``said``: what is told once only, however often the case is opened again.
    """
    step = said or f"v{case.version}"
    mine = offer and has_own_chat(session, person_id=case.resident_id)
    say(
        session,
        now=now,
        to=case.resident_id,
        key=f"check_in:{case.id}:{step}:resident",
        template=template,
        message_class=MessageClass.MUST,
        facts={**facts, "whom": None},
        buttons=[[button(case, Outcome.OWN_BUTTON)]] if mine else [],
        card=case.card,
        chosen_time=True,
    )
    # Whoever holds the case, phones in it or was asked has the news already.
    busy = {case.caller_id, case.stand_in_id, case.holder_id, *list_asked(session, case)}
    for carer in list_copied(session, person_id=case.resident_id):
        if carer not in busy:
            say(
                session,
                now=now,
                to=carer,
                key=f"check_in:{case.id}:{step}:copy:{carer}",
                template=template,
                message_class=MessageClass.MUST,
                facts={**facts, "whom": name_of(session, case.resident_id)},
                chosen_time=True,
            )
