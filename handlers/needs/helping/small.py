"""/small: small tasks near by, without names; one tap and it is yours."""

from handlers.doors import let_in
from handlers.needs.cards import ask_when, card_of
from handlers.turn import Press, Turn
from storage.needs import button, find_need, list_small, take_small
from storage.refusals import NotAllowed, TooLate


def show_small(turn: Turn) -> None:
    """Show the small tasks which this volunteer could take now, each as a card."""
    person = let_in(turn, "small", ("volunteer",))
    if person is None:
        return
    found = list_small(turn.session, now=turn.now, person=person)
    turn.say("small_list", keyboard="menu", count=len(found))
    for card in found:
        take = button("small.take", "small", "take", card.id, card.version)
        turn.say("small_card", buttons=[[take]], card=card_of(card.id), more=card.public_facts)


def press_small(turn: Turn, press: Press) -> None:
    """[I'll do it]: taken at once; when, is asked after."""
    if turn.person is None:
        raise NotAllowed
    if press.act != "take":
        raise TooLate
    before = find_need(turn.session, need_id=press.id)
    if before is None:
        raise NotAllowed
    card = take_small(
        turn.session,
        now=turn.now,
        volunteer_id=turn.person.id,
        need_id=press.id,
        version=press.version,
    )
    ask_when(turn, card)
