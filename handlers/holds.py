"""Holding a check-in in the chat: at the door, still on the way, handed over, a false alarm."""

from datetime import timedelta

from handlers.topic import Topic
from handlers.turn import Press, Turn
from storage.check_ins import (
    Held,
    confirm_check_in,
    end_false_alarm,
    hand_over_check_in,
    list_numbers,
    list_reasons,
    prolong_check_in,
    show_held,
)
from storage.refusals import NotAllowed, TooLate
from storage.rules.ladder import HANDED_TO, Found, Presence

PRESENCES = {presence.value: presence for presence in Presence}
LONGER = {"longer_60": timedelta(hours=1), "longer_120": timedelta(hours=2)}
HANDED = {f"hand_{number}": number for number in HANDED_TO}
FOUND = {f"found_{found.value}": found for found in Found}


def _press(turn: Turn, press: Press) -> None:
    if turn.person is None:
        raise NotAllowed
    actor_id = turn.person.id
    if press.act in ("handed", "false_alarm"):
        _ask(turn, press, actor_id=actor_id)
    elif press.act in HANDED:
        _hand_over(turn, press, actor_id=actor_id)
    elif press.act in FOUND:
        _false_alarm(turn, press, actor_id=actor_id)
    else:
        held = _hold(turn, press, actor_id=actor_id)
        turn.edit("check_in_held", buttons=held.buttons, card=held.card, more=held.facts)


def _hold(turn: Turn, press: Press, *, actor_id: int) -> Held:
    if press.act in PRESENCES:
        return confirm_check_in(
            turn.session,
            now=turn.now,
            actor_id=actor_id,
            check_in_id=press.id,
            presence=PRESENCES[press.act],
        )
    if press.act in LONGER:
        return prolong_check_in(
            turn.session,
            now=turn.now,
            actor_id=actor_id,
            check_in_id=press.id,
            span=LONGER[press.act],
        )
    if press.act == "back":
        return show_held(turn.session, now=turn.now, actor_id=actor_id, check_in_id=press.id)
    raise TooLate


def _ask(turn: Turn, press: Press, *, actor_id: int) -> None:
    choose = list_numbers if press.act == "handed" else list_reasons
    facts, buttons = choose(turn.session, actor_id=actor_id, check_in_id=press.id)
    template = "check_in_handed" if press.act == "handed" else "check_in_false_alarm"
    turn.edit(template, buttons=buttons, card=str(facts["card"]), name=facts["name"])


def _hand_over(turn: Turn, press: Press, *, actor_id: int) -> None:
    to = HANDED[press.act]
    name = hand_over_check_in(
        turn.session, now=turn.now, actor_id=actor_id, check_in_id=press.id, to=to
    )
    turn.edit("check_in_handed_over", card=f"check_in:{press.id}", name=name, to=to)


def _false_alarm(turn: Turn, press: Press, *, actor_id: int) -> None:
    found = FOUND[press.act]
    name = end_false_alarm(
        turn.session, now=turn.now, actor_id=actor_id, check_in_id=press.id, found=found
    )
    turn.edit("check_in_false_over", card=f"check_in:{press.id}", name=name, found=found.value)


TOPIC = Topic(presses={"hold": _press})
