"""Calls that an outage swallowed: the next names, or back to those who usually call."""

from handlers.topic import Topic
from handlers.turn import Press, Turn
from storage.check_ins import ask_usual_callers, show_missed, take_check_in
from storage.people import Person
from storage.refusals import NotAllowed, TooLate

CARD = "missed"


def _press(turn: Turn, press: Press) -> None:
    actor = turn.person
    if actor is None or not actor.is_approved("coordinator"):
        raise NotAllowed
    if press.act == "more":
        _show(turn, actor, after=press.id)
    elif press.act == "take":
        held = take_check_in(turn.session, now=turn.now, actor_id=actor.id, check_in_id=press.id)
        # The list stays, without this name: the others still want somebody.
        _show(turn, actor, after=0)
        turn.say("check_in_held", buttons=held.buttons, card=held.card, more=held.facts)
    elif press.act == "callers":
        asked = ask_usual_callers(turn.session, now=turn.now, actor=actor)
        turn.edit("missed_asked" if asked else "missed_none", card=CARD, count=asked)
    else:
        raise TooLate


def _show(turn: Turn, actor: Person, *, after: int) -> None:
    facts, buttons = show_missed(turn.session, actor=actor, after=after)
    template = "missed_list" if buttons else "missed_none"
    turn.edit(template, buttons=buttons, card=CARD, more=facts)


TOPIC = Topic(presses={"missed_call": _press})
