"""Check-ins in the chat: the caller's list, a call's outcome and form, and what staff look at."""

from collections.abc import Callable

from handlers.check_ins import concerns, heard, reporting, rounds
from handlers.topic import Topic
from handlers.turn import Press, Turn
from storage.refusals import NotAllowed, TooLate

ACTS: dict[str, Callable[[Turn, Press], None]] = {
    **reporting.ACTS,
    **heard.ACTS,
    **rounds.ACTS,
    **concerns.ACTS,
}


def _press(turn: Turn, press: Press) -> None:
    if turn.person is None:
        raise NotAllowed
    if press.act not in ACTS:
        raise TooLate
    ACTS[press.act](turn, press)


TOPIC = Topic(
    commands={"calls": rounds.open_calls},
    presses={"check_in": _press},
    forms=(reporting.HELP, heard.FORM),
    entries=heard.hear_entry,
)
