"""News of a referral: to the organisation that has it, and to the desk that stands behind it."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from storage.database import Session
from storage.needs.buttons import organisation_buttons
from storage.needs.cards import NeedCard
from storage.needs.telling import tell_coordinators
from storage.outbox import MessageClass, say
from storage.outbox.shown import list_shown, list_under_way, withdraw
from storage.refusals import Fact
from storage.rules.referring import ReferralState
from storage.rules.text import mask_phones
from storage.services import list_org_staff
from storage.tables import person, referral, service

CONTACT = "referral_contact"
KNOWING = (ReferralState.ACCEPTED, ReferralState.DONE)


def referral_card_of(referral_id: int) -> str:
    """The name under which a referral's choices stand in the chats of the organisation."""
    return f"referral:{referral_id}"


def organisation_facts(session: Session, card: NeedCard) -> dict[str, Fact]:
    """What the organisation may know: before it accepts no name, and never a phone."""
    had = card.referred
    facts = {**card.public_facts, **card.referral_facts, **_words_of(session, had.id)}
    facts["resident"] = None
    if had.state in KNOWING:
        facts |= {"words": mask_phones(card.words), "resident": _name(card)}
    return facts


def _name(card: NeedCard) -> str | None:
    return card.resident if card.shares else None


def _words_of(session: Session, referral_id: int) -> dict[str, Fact]:
    row = session.find(select(referral).where(referral.c.id == referral_id))
    if row is None:
        return {}
    opened = {
        key: session.vault.unseal(value, place=f"referral.{key}:{row.uid}") if value else None
        for key, value in (("question", row.question), ("answer", row.answer))
    }
    answer = opened["answer"]
    # Asked for a phone, people give it: it is shown once the organisation has accepted, and noted.
    return {**opened, "answer": mask_phones(answer) if answer else None}


def tell_organisation(
    session: Session,
    card: NeedCard,
    *,
    now: datetime,
    template: str = "referral_card",
    lead: str | None = None,
    but: int | None = None,
    message_class: MessageClass = MessageClass.MUST,
) -> int:
    """Tell each coordinator of the organisation, except who just did it; how many were reached."""
    had = card.referred
    staff = list_org_staff(session, organisation_id=had.organisation_id, reachable=True)
    facts = organisation_facts(session, card) | {"lead": lead}
    for person_id, _ in staff:
        if person_id != but:
            say(
                session,
                now=now,
                to=person_id,
                key=f"referral:{had.id}:v{had.version}:{card.version}:{card.asked}:{template}"
                f":{lead or ''}:{person_id}",
                template=template,
                message_class=message_class,
                facts=facts,
                buttons=organisation_buttons(card),
                card=referral_card_of(had.id),
            )
    return len(staff)


def tell_over(
    session: Session, before: NeedCard, *, now: datetime, why: str, but: int | None = None
) -> None:
    """The need is with the organisation no longer: say so, and take contact data out of its chats.

    ``why`` names what happened; ``but`` did it and knows.
    """
    had = before.referred
    hide_referred(session, before, now=now)
    for person_id, _ in list_org_staff(
        session, organisation_id=had.organisation_id, reachable=True
    ):
        if person_id == but:
            continue
        say(
            session,
            now=now,
            to=person_id,
            key=f"referral:{had.id}:over:{why}:{person_id}",
            template="referral_over",
            message_class=MessageClass.MUST,
            facts={**before.public_facts, "organisation": had.organisation, "why": why},
            card=referral_card_of(had.id),
        )


def hide_referred(
    session: Session, card: NeedCard, *, now: datetime, only: int | None = None
) -> None:
    """Take name, address and phone out of the chats of the organisation, or of ``only`` one."""
    had = card.referred
    staff = [one for one, _ in list_org_staff(session, organisation_id=had.organisation_id)]
    staff = staff if only is None else [only]
    chats = session.all(
        select(person.c.telegram_id).where(
            person.c.id.in_(staff), person.c.telegram_id.is_not(None)
        )
    )
    for row in chats:
        of_it: dict[str, Any] = {
            "chat_id": row.telegram_id,
            "card": f"{referral_card_of(had.id)}:contact",
            "template": CONTACT,
        }
        withdraw(session, now=now, **of_it)
        for number in (*list_shown(session, **of_it), *list_under_way(session, **of_it)):
            say(
                session,
                now=now,
                chat_id=row.telegram_id,
                key=f"referral:{had.id}:hidden:{had.version}:{number}",
                template="referral_contact_hidden",
                # Not held back by the night: it takes something away, and rings nobody.
                message_class=MessageClass.ANSWER,
                facts=card.public_facts,
                edits=number,
            )


# Which organisation had it before, why it could not, and in which words.
BEFORE: dict[str, Fact] = {"before": None, "reason": None, "reply": None}


def tell_desk(session: Session, card: NeedCard, *, now: datetime, why: str, **facts: Fact) -> None:
    """Lay it before the coordinators of the resident: what has to be done, and whom to phone."""
    contact = None
    if card.referral is not None and card.referral.service_id is not None:
        contact = session.value(
            select(service.c.contact).where(service.c.id == card.referral.service_id)
        )
    tell_coordinators(
        session,
        card,
        now=now,
        template="desk_referral",
        facts={
            **BEFORE,
            "question": None,
            "answer": None,
            **facts,
            "why": why,
            "contact": contact or None,
        },
        about=card.referral.version if card.referral is not None else 0,
    )
