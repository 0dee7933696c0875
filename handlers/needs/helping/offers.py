"""An offer in a volunteer's chat: the first to press has it, or they would like to go."""

from handlers.needs.cards import ask_when, card_of, show_offer, show_task
from handlers.needs.helping.own_words import press_more
from handlers.turn import Press, Turn
from storage.choices import close_card
from storage.needs import (
    Asked,
    NeedCard,
    NeedChanged,
    button,
    claim_need,
    decline_offer,
    find_asked,
    find_need,
    say_willing,
)
from storage.people import Person
from storage.refusals import NotAllowed, TooLate
from storage.rules.lifecycle import NeedState

FREE = (NeedState.OPEN, NeedState.UNCLAIMED)


def press_offer(turn: Turn, press: Press) -> None:
    """[I'll go] or [I would like to], [not this time], or [something else]."""
    if turn.person is None:
        raise NotAllowed
    person = turn.person
    before = find_need(turn.session, need_id=press.id)
    if before is not None and _has_it(before, person.id):
        show_task(turn, before, lead="claim_yours_already")
        return
    asked = find_asked(turn.session, need_id=press.id, volunteer_id=person.id)
    if before is None or asked is None:
        raise NotAllowed
    if press.act in ("go", "will"):
        _yes(turn, press, before, asked)
    elif before.state not in FREE:
        _show_late(turn, before)
    elif press.act == "no":
        card = decline_offer(turn.session, now=turn.now, volunteer_id=person.id, need_id=press.id)
        turn.edit("offer_declined", card=card_of(card.id), more=card.public_facts)
    elif press.act == "back":
        show_offer(turn, before, asked)
    else:
        press_more(turn, press, before, _approved(person))


def _approved(person: Person) -> Person:
    if not person.is_approved("volunteer"):
        raise NotAllowed
    return person


def _has_it(card: NeedCard, person_id: int) -> bool:
    return card.claim is not None and card.claim.volunteer_id == person_id


def _show_late(turn: Turn, card: NeedCard) -> None:
    """However late: where it stands now, and thanks; nothing is left to press."""
    turn.edit("offer_late", card=card_of(card.id), state=card.state.value, more=card.public_facts)


def _yes(turn: Turn, press: Press, card: NeedCard, asked: Asked) -> None:
    try:
        # Of a no that comes after something was written nothing stays.
        with turn.session.savepoint():
            if asked.is_chosen_among:
                _would_like_to(turn, press, asked)
            else:
                _go(turn, press, asked)
    except NeedChanged:
        # They see what it says now, and may press again.
        fresh = find_need(turn.session, need_id=press.id)
        if fresh is None:
            raise TooLate from None
        show_offer(turn, fresh, asked, lead="offer_changed")
    except TooLate:
        if card.state in FREE:
            raise
        _show_late(turn, card)


def _go(turn: Turn, press: Press, asked: Asked) -> None:
    card = claim_need(
        turn.session,
        now=turn.now,
        volunteer_id=asked.volunteer_id,
        need_id=press.id,
        version=press.version,
    )
    if card.id != press.id:
        # Another place of the same need: the card stands under that one's name from here on.
        close_card(turn.session, chat_id=turn.chat_id, card=card_of(press.id))
    ask_when(turn, card)


def _would_like_to(turn: Turn, press: Press, asked: Asked) -> None:
    said = say_willing(
        turn.session,
        now=turn.now,
        volunteer_id=asked.volunteer_id,
        need_id=press.id,
        version=press.version,
    )
    card = said.card
    turn.edit(
        "offer_willing",
        buttons=[[button("offer.after_all_not", "offer", "no", card.id, card.version)]],
        card=card_of(card.id),
        until=said.chosen_by.isoformat() if said.chosen_by else None,
        more=card.public_facts,
    )
