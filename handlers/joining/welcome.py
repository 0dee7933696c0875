"""The door: /start, the notice with its yes, and the choice of what one comes for."""

from collections.abc import Callable, Mapping

from handlers.dialogue import start
from handlers.dialogue.engine import CARD as FORM_CARD
from handlers.joining import caregiver, code, resident, volunteer
from handlers.joining.agreeing import (
    ABROAD,
    NOTICE,
    agree_abroad,
    agree_to_keep,
    has_agreed,
    lets_keep,
    refuse_abroad,
)
from handlers.turn import Press, Turn, press_data
from storage.choices import Button, close_card
from storage.dialogues import end_dialogue
from storage.refusals import AlreadyDone

CARD = "join"
WAYS: Mapping[str, Callable[[Turn], None]] = {
    "resident": lambda turn: start(turn, resident.FORM),
    "caregiver": lambda turn: start(turn, caregiver.FORM),
    "volunteer": lambda turn: start(turn, volunteer.FORM),
    "code": code.ask_for_code,
}


def start_over(turn: Turn) -> None:
    """/start, alone or with an invitation: any open form is left for the beginning."""
    end_dialogue(turn.session, chat_id=turn.chat_id)
    close_card(turn.session, chat_id=turn.chat_id, card=FORM_CARD)
    if turn.text and not (turn.person and turn.person.is_approved("coordinator")):
        problem = code.try_at_the_door(turn, turn.text)
        if problem is None:
            return
        welcome(turn, lead=problem)
        return
    welcome(turn)


def welcome(turn: Turn, lead: str | None = None) -> None:
    """Say what somebody at the door needs to hear next."""
    person = turn.person
    if person is not None and person.roles:
        turn.say(
            "join_you_are",
            buttons=_ways(turn),
            card=CARD,
            lead=lead,
            name=person.name,
            approved=sorted(kind for kind, state in person.roles.items() if state == "approved"),
            waiting=sorted(kind for kind, state in person.roles.items() if state == "waiting"),
        )
    elif has_agreed(turn):
        turn.say("join_purpose", buttons=_ways(turn), card=CARD, lead=lead)
    elif lets_keep(turn):
        turn.say("join_abroad", buttons=_abroad_or_not(), card=CARD, lead=lead)
    else:
        turn.say("join_notice", buttons=_yes_or_later(), card=CARD, lead=lead)


def greet_stranger(turn: Turn, text: str) -> bool:
    """Take the words of somebody who has not joined: first they must know where they are."""
    if turn.person is not None and turn.person.roles:
        return False
    welcome(turn)
    return True


def greet_stranger_with_media(turn: Turn) -> bool:
    """A photo or voice message of somebody who has not joined."""
    return greet_stranger(turn, "")


def press(turn: Turn, press: Press) -> None:
    """A button of the door's cards."""
    if press.act == "later":
        turn.edit("join_later", card=CARD)
    elif press.act == "agree" and press.version == int(NOTICE):
        agree_to_keep(turn)
        turn.edit("join_abroad", buttons=_abroad_or_not(), card=CARD)
    elif press.act in ("abroad", "phone") and press.version == int(ABROAD) and lets_keep(turn):
        _answer_abroad(turn, press)
    elif press.act in WAYS and has_agreed(turn):
        _take_way(turn, press.act)
    else:
        # Nobody goes on without a yes to the words as they are now.
        turn.edit("join_notice", buttons=_yes_or_later(), card=CARD)


def _answer_abroad(turn: Turn, press: Press) -> None:
    if press.act == "phone":
        refuse_abroad(turn)
        turn.edit("join_by_phone", card=CARD)
        return
    agree_abroad(turn)
    turn.edit("join_purpose", buttons=_ways(turn), card=CARD)


def _take_way(turn: Turn, way: str) -> None:
    held = turn.person.roles if turn.person else {}
    if way in held and way != "caregiver":
        raise AlreadyDone
    turn.edit("join_chosen", card=CARD, way=way)
    WAYS[way](turn)


def _yes_or_later() -> list[list[Button]]:
    return [
        [Button("join.agree", press_data("join", "agree", 0, int(NOTICE)))],
        [Button("join.later", press_data("join", "later", 0, int(NOTICE)))],
    ]


def _abroad_or_not() -> list[list[Button]]:
    return [
        [Button("join.abroad", press_data("join", "abroad", 0, int(ABROAD)))],
        [Button("join.phone", press_data("join", "phone", 0, int(ABROAD)))],
    ]


def _ways(turn: Turn) -> list[list[Button]]:
    """What can be chosen; a caregiver may ask for another relative, other roles are held once."""
    held = turn.person.roles if turn.person else {}
    labels = {way: f"join.{way}" for way in WAYS if way not in held}
    if "caregiver" in held:
        labels["caregiver"] = "join.another_relative"
    if "coordinator" in held:
        labels.pop("code")
    return [[Button(label, press_data("join", way, 0, 0))] for way, label in labels.items()]
