"""The rota in the chat: who is on in the weeks ahead, filled by presses; swaps; empty slots."""

from collections.abc import Callable

from handlers.doors import let_in
from handlers.duty import filling, rota, swaps
from handlers.topic import Topic
from handlers.turn import Press, Turn
from storage.duty import works_at
from storage.refusals import TooLate

ACTS: dict[str, Callable[[Turn, Press], None]] = {**rota.ACTS, **filling.ACTS, **swaps.ACTS}


def _open(turn: Turn) -> None:
    """/duty: the rota of where one works."""
    actor = let_in(turn, "duty")
    if actor is not None:
        rota.show(turn, works_at(turn.session, actor=actor))


def _press(turn: Turn, press: Press) -> None:
    if press.act not in ACTS:
        raise TooLate
    ACTS[press.act](turn, press)


TOPIC = Topic(commands={"duty": _open}, presses={"duty": _press})
