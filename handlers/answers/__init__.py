"""Answers in the chat: a question gets the office's own text or a person; the office keeps both."""

from collections.abc import Callable

from handlers.answers import asking, desk, looking
from handlers.topic import Topic
from handlers.turn import Press, Turn
from storage.refusals import TooLate

Acts = dict[str, Callable[[Turn, Press], None]]
ANSWER: Acts = {**looking.ACTS, **desk.ACTS}


def _press_answer(turn: Turn, press: Press) -> None:
    if press.act not in ANSWER:
        raise TooLate
    ANSWER[press.act](turn, press)


def _press_question(turn: Turn, press: Press) -> None:
    if press.act not in asking.ACTS:
        raise TooLate
    asking.ACTS[press.act](turn, press)


TOPIC = Topic(
    commands={"answers": looking.open_answers},
    presses={"answer": _press_answer, "question": _press_question},
    forms=(desk.KEEP, asking.REPLY, asking.ASK),
    words=looking.hear_question,
)
