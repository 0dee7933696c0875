"""An offer in a volunteer's chat: the first to press has it."""

from handlers.needs.cards import ask_when, card_of, show_offer, show_task
from handlers.turn import Press, Turn
from storage.choices import close_card
from storage.needs import NeedCard, NeedChanged, claim_need, decline_offer, find_need
from storage.refusals import NotAllowed, TooLate


def press_offer(turn: Turn, press: Press) -> None:
    """[I'll go] or [not this time]."""
    if turn.person is None:
        raise NotAllowed
    before = find_need(turn.session, need_id=press.id)
    if before is not None and _has_it(before, turn.person.id):
        show_task(turn, before, lead="claim_yours_already")
    elif press.act == "go":
        _go(turn, press, volunteer_id=turn.person.id)
    elif press.act == "no":
        card = decline_offer(
            turn.session, now=turn.now, volunteer_id=turn.person.id, need_id=press.id
        )
        turn.edit("offer_declined", card=card_of(card.id), more=card.public_facts)
    else:
        raise TooLate


def _has_it(card: NeedCard, person_id: int) -> bool:
    return card.claim is not None and card.claim.volunteer_id == person_id


def _go(turn: Turn, press: Press, *, volunteer_id: int) -> None:
    try:
        card = claim_need(
            turn.session,
            now=turn.now,
            volunteer_id=volunteer_id,
            need_id=press.id,
            version=press.version,
        )
    except NeedChanged:
        # Refused before anything was written; they see what it says now, and may press again.
        fresh = find_need(turn.session, need_id=press.id)
        if fresh is None:
            raise
        show_offer(turn, fresh, lead="offer_changed")
        return
    if card.id != press.id:
        # Another place of the same need: the card stands under that one's name from here on.
        close_card(turn.session, chat_id=turn.chat_id, card=card_of(press.id))
    ask_when(turn, card)
