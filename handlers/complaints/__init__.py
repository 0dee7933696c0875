"""Complaints in the chat: said in three steps, never with one tap; the staff's list of them."""

from collections.abc import Callable

from handlers.complaints import desk, saying
from handlers.topic import Topic
from handlers.turn import Press, Turn
from storage.refusals import TooLate

ACTS: dict[str, Callable[[Turn, Press], None]] = {**saying.ACTS, **desk.ACTS}


def _press(turn: Turn, press: Press) -> None:
    if press.act not in ACTS:
        raise TooLate
    ACTS[press.act](turn, press)


TOPIC = Topic(
    commands={"wrong": saying.open_wrong},
    presses={"complaint": _press},
    forms=(saying.FORM, desk.END),
    words=saying.hear_wrong,
)
