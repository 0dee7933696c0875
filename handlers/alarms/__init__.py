"""Alarms in the chat: words of danger are heard before everything else, also from strangers."""

from collections.abc import Callable

from handlers.alarms import desk, hearing
from handlers.alarms.hearing import hear_danger
from handlers.topic import Topic
from handlers.turn import Press, Turn
from storage.refusals import TooLate

__all__ = ["TOPIC", "hear_danger"]

ACTS: dict[str, Callable[[Turn, Press], None]] = {**hearing.ACTS, **desk.ACTS}


def _press(turn: Turn, press: Press) -> None:
    if press.act not in ACTS:
        raise TooLate
    ACTS[press.act](turn, press)


TOPIC = Topic(presses={"alarm": _press}, forms=(desk.REASON, desk.HANDOVER))
