"""Calls that an outage swallowed: the next names, or back to those who usually call."""

from handlers.topic import Topic
from handlers.turn import Press, Turn
from storage.check_ins import ask_usual_callers, show_missed
from storage.refusals import NotAllowed, TooLate

CARD = "missed"


def _press(turn: Turn, press: Press) -> None:
    actor = turn.person
    if actor is None or not actor.is_approved("coordinator"):
        raise NotAllowed
    if press.act == "more":
        facts, buttons = show_missed(turn.session, actor=actor, after=press.id)
        template = "missed_list" if buttons else "missed_none"
        turn.edit(template, buttons=buttons, card=CARD, more=facts)
    elif press.act == "callers":
        asked = ask_usual_callers(turn.session, now=turn.now, actor=actor)
        turn.edit("missed_asked" if asked else "missed_none", card=CARD, count=asked)
    else:
        raise TooLate


TOPIC = Topic(presses={"missed_call": _press})
