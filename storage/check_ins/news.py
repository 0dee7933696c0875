"""The news of a check-in: to the resident, and to everybody asked, once for each step."""

from datetime import datetime

from sqlalchemy import select

from storage.check_ins.cases import MISSED, Case, find_helper
from storage.check_ins.facts import Facts, button, case_facts, name_of
from storage.database import Session
from storage.duty import list_duty
from storage.guardians import list_copied
from storage.outbox import MessageClass, say
from storage.rules.ladder import Outcome
from storage.tables import chat, outbox, person

# What stands in the outbox of a prompt that reached, or may have reached, its chat.
MAY_HAVE_ARRIVED = ("sent", "sending", "unknown")


def own_chat(session: Session, *, person_id: int) -> bool:
    """Whether the person has a chat here that nobody else uses."""
    row = session.find(
        select(person.c.telegram_id, chat.c.shared)
        .outerjoin(chat, chat.c.id == person.c.telegram_id)
        .where(person.c.id == person_id)
    )
    return row is not None and row.telegram_id is not None and not row.shared


def offer_own_button(session: Session, case: Case, *, now: datetime) -> None:
    """Ask the resident in their own chat, once for each check-in: are you well?"""
    if own_chat(session, person_id=case.resident_id):
        say(
            session,
            now=now,
            to=case.resident_id,
            key=f"check_in:{case.id}:are_you_well",
            template="check_in_are_you_well",
            message_class=MessageClass.MUST,
            facts={"caller": name_of(session, case.caller_id)},
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
    for person_id in (case.caller_id, case.stand_in_id, case.holder_id):
        helper = find_helper(session, person_id=person_id)
        people |= {helper.id} if helper is not None else set()
    rows = session.all(
        select(person.c.id)
        .join(outbox, outbox.c.chat_id == person.c.telegram_id)
        .where(person.c.id.in_(people), outbox.c.card == case.card)
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


def tell_resident(
    session: Session,
    case: Case,
    *,
    now: datetime,
    template: str,
    facts: Facts,
    offer: bool = False,
) -> None:
    """Tell the resident what happens; with the button "I am well" where the chat is theirs."""
    mine = offer and own_chat(session, person_id=case.resident_id)
    say(
        session,
        now=now,
        to=case.resident_id,
        key=f"check_in:{case.id}:v{case.version}:resident",
        template=template,
        message_class=MessageClass.MUST,
        facts={**facts, "whom": None},
        buttons=[[button(case, Outcome.OWN_BUTTON)]] if mine else [],
        card=case.card,
        chosen_time=True,
    )
    # Whoever holds the case or phones in it has the news already.
    busy = {case.caller_id, case.stand_in_id, case.holder_id}
    for carer in list_copied(session, person_id=case.resident_id):
        if carer not in busy:
            say(
                session,
                now=now,
                to=carer,
                key=f"check_in:{case.id}:v{case.version}:copy:{carer}",
                template=template,
                message_class=MessageClass.MUST,
                facts={**facts, "whom": name_of(session, case.resident_id)},
                chosen_time=True,
            )
