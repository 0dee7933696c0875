"""News of a need for other people: who is told what, once for each change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from storage.choices import Button
from storage.database import Session
from storage.guardians import list_copied
from storage.needs.asked import Asked, as_asked
from storage.needs.buttons import desk_buttons, offer_buttons
from storage.needs.cards import NeedCard
from storage.needs.standing import is_allowed
from storage.outbox import MessageClass, Wanted, say
from storage.outbox.shown import list_shown, list_under_way, withdraw
from storage.refusals import Fact
from storage.rules.access import Act
from storage.rules.sending import hold_until
from storage.scope import list_staff_of
from storage.tables import offer, person

OFFER_SHELF = timedelta(days=3)
CONTACT = "claim_contact"
ALL_WORDS = "need_all_words"
MEDIUM = "medium_for_helper"
# Rewriting a voice or photo with it takes it back as far as the messenger lets; see its words.
MEDIUM_BACK = "medium_stays"
OFFERED = "offer_card"


@dataclass(frozen=True, slots=True)
class News:
    """One thing that happened: its wording, and how it is to reach people."""

    template: str
    message_class: MessageClass = MessageClass.MUST
    buttons: Sequence[Sequence[Button]] = ()
    wanted: Wanted | None = None
    # Somebody comes before the quiet hours end: waiting would make the news useless.
    pressing: bool = False
    facts: Mapping[str, Fact] | None = None
    # Tells apart what can happen twice to one version of a need.
    about: int = 0


def card_of(need_id: int) -> str:
    """The name under which a need's choices stand in every chat."""
    return f"need:{need_id}"


def words_card_of(need_id: int) -> str:
    """The name under which a need's whole words stand in a chat, apart from its choices."""
    return f"need:{need_id}:words"


def media_card_of(need_id: int) -> str:
    """The name under which a need's voices and photos stand in a helper's chat."""
    return f"need:{need_id}:media"


def tell(
    session: Session,
    card: NeedCard,
    *,
    now: datetime,
    to: int,
    news: News,
    facts: Mapping[str, Fact] | None = None,
) -> bool:
    """Tell one person; the same news about the same version is said once.

    Returns whether there is a way to them. ``facts`` replace the card's own for somebody who may
    not know whom it is about.
    """
    return say(
        session,
        now=now,
        to=to,
        key=f"need:{card.id}:v{card.version}:{card.asked}:{news.about}:{news.template}:{to}",
        template=news.template,
        message_class=news.message_class,
        facts={
            **(card.facts if facts is None else facts),
            # Nobody is told of themselves by name.
            "own": to == card.resident_id,
            **(news.facts or {}),
        },
        buttons=news.buttons,
        card=card_of(card.id),
        wanted=news.wanted,
        chosen_time=news.pressing,
    )


def tell_residents(
    session: Session, card: NeedCard, *, now: datetime, news: News, but: int | None = None
) -> bool:
    """Tell the resident, each caregiver they let have a copy, and whoever stated the need for
    them, except who just did it.

    Not who may no longer speak for them, nor the volunteer whose call found the need. Returns
    whether anybody was reached.
    """
    speakers = {card.resident_id, *list_copied(session, person_id=card.resident_id)}
    if _speaks(session, card, person_id=card.stated_by):
        speakers.add(card.stated_by)
    reached = [tell(session, card, now=now, to=to, news=news) for to in sorted(speakers - {but})]
    return any(reached)


def _speaks(session: Session, card: NeedCard, *, person_id: int) -> bool:
    return is_allowed(
        session,
        Act.CONFIRM_NEED,
        actor_id=person_id,
        resident_id=card.resident_id,
        card=card,
    )


def tell_coordinators(
    session: Session,
    card: NeedCard,
    *,
    now: datetime,
    template: str,
    facts: Mapping[str, Fact] | None = None,
    pressing: bool = False,
    about: int = 0,
    also: Sequence[Sequence[Button]] = (),
) -> None:
    """Lay the need on the desk of every coordinator to whom the resident belongs."""
    buttons = [*also, *desk_buttons(card)]
    news = News(template, buttons=buttons, facts=facts, pressing=pressing, about=about)
    for coordinator_id, _ in list_staff_of(session, person_id=card.resident_id):
        tell(session, card, now=now, to=coordinator_id, news=news)


def is_pressing(session: Session, *, now: datetime, arrives_at: datetime | None) -> bool:
    """Whether somebody comes before the news could wait for the end of the quiet hours."""
    local = session.house.local(now)
    held = hold_until(MessageClass.MUST, local, session.house.quiet)
    return held is not None and arrives_at is not None and arrives_at <= held


def tell_offer(session: Session, card: NeedCard, *, now: datetime, asked: Asked) -> None:
    """Bring a need to a volunteer: what, how soon, which community, why them; not who."""
    say(
        session,
        now=now,
        to=asked.volunteer_id,
        key=f"offer:{asked.offer_id}:v{card.version}",
        template=OFFERED,
        message_class=MessageClass.INFO,
        facts=asked.facts(card),
        buttons=offer_buttons(card, among=asked.is_chosen_among),
        card=card_of(card.id),
        wanted=Wanted("need", card.id, card.version),
        shelf=OFFER_SHELF,
    )


def rewrite_offers(
    session: Session, card: NeedCard, *, now: datetime, offer_ids: Sequence[int], template: str
) -> None:
    """Rewrite the offer cards that are out; silently, since nothing is asked of anybody.

    With the offer's own template the card is shown anew with buttons that fit; an offer that had
    not gone out yet is queued again, since its first message is no longer wanted.
    """
    anew = template == OFFERED
    for asked, chat_id in _chats(session, offer_ids):
        shown = list_shown(session, chat_id=chat_id, card=card_of(card.id), template=OFFERED)
        if anew and not shown:
            tell_offer(session, card, now=now, asked=asked)
        # Those before the newest one were rewritten in their own round.
        for message_id in shown[-1:]:
            say(
                session,
                now=now,
                chat_id=chat_id,
                key=f"offer:{asked.offer_id}:v{card.version}:{template}:{message_id}",
                template=template,
                message_class=MessageClass.INFO,
                facts=asked.facts(card),
                buttons=offer_buttons(card, among=asked.is_chosen_among) if anew else (),
                card=card_of(card.id),
                edits=message_id,
            )


def _chats(session: Session, offer_ids: Sequence[int]) -> list[tuple[Asked, int]]:
    rows = session.all(
        select(offer, person.c.telegram_id)
        .join(person, person.c.id == offer.c.volunteer_id)
        .where(offer.c.id.in_(offer_ids), person.c.telegram_id.is_not(None))
        .order_by(offer.c.id)
    )
    return [(as_asked(row), row.telegram_id) for row in rows]


def hide_contact(
    session: Session,
    card: NeedCard,
    *,
    now: datetime,
    words: str = "claim_contact_hidden",
    buttons: Sequence[Sequence[Button]] = (),
) -> None:
    """Take name, address, phone, voices and photos out of the volunteer's chat.

    The claim is over, or the yes.
    """
    chat_id = session.value(
        select(person.c.telegram_id).where(person.c.id == card.held.volunteer_id)
    )
    if chat_id is None:
        return
    for shown_as, template, put in (
        (card_of(card.id), CONTACT, words),
        (words_card_of(card.id), ALL_WORDS, words),
        (media_card_of(card.id), MEDIUM, MEDIUM_BACK),
    ):
        of_it: dict[str, Any] = {"chat_id": chat_id, "card": shown_as, "template": template}
        withdraw(session, now=now, **of_it)
        again = buttons if put == words else ()
        for number in (*list_shown(session, **of_it), *list_under_way(session, **of_it)):
            say(
                session,
                now=now,
                chat_id=chat_id,
                key=f"need:{card.id}:v{card.version}:{put}:{number}",
                template=put,
                # Not held back by the night: it takes something away, and rings nobody.
                message_class=MessageClass.ANSWER,
                facts=card.public_facts,
                buttons=again,
                card=shown_as if again else None,
                edits=number,
            )
