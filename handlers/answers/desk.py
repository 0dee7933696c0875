"""The office keeps its answers in the chat: a new one, a new text, read again, withdrawn."""

from collections.abc import Callable

from handlers.answers.looking import show_to_office, today
from handlers.dialogue import Form, Question, start, words_within
from handlers.doors import present
from handlers.turn import Press, Turn
from storage.answers import (
    add_answer,
    change_answer,
    get_answer,
    restore_answer,
    review_answer,
    withdraw_answer,
)
from storage.dialogues import Answers
from storage.refusals import NotAllowed
from storage.rules.answers import read_words

TITLE_LIMIT, WORDS_LIMIT, TEXT_LIMIT, SOURCE_LIMIT = 40, 300, 1500, 200


def _check_office(turn: Turn) -> None:
    if not present(turn).is_office:
        raise NotAllowed


def _add(turn: Turn, _press: Press) -> None:
    _check_office(turn)
    start(turn, KEEP, {})


def _renew(turn: Turn, press: Press) -> None:
    _check_office(turn)
    start(turn, KEEP, {"answer": press.id, "version": press.version})


def _switch(order: Callable[..., None]) -> Callable[[Turn, Press], None]:
    def switch(turn: Turn, press: Press) -> None:
        actor = present(turn)
        order(turn.session, now=turn.now, actor=actor, answer_id=press.id, version=press.version)
        _show(turn, press.id)

    return switch


def _before(turn: Turn, press: Press) -> None:
    _check_office(turn)
    one = get_answer(turn.session, actor=present(turn), today=today(turn), answer_id=press.id)
    show_to_office(turn, one, number=press.version)


def _show(turn: Turn, answer_id: int) -> None:
    one = get_answer(turn.session, actor=present(turn), today=today(turn), answer_id=answer_id)
    show_to_office(turn, one)


def _words(limit: int) -> Callable[[Turn, str], str]:
    def check(_turn: Turn, text: str) -> str:
        return words_within(text, limit=limit, problem="name")

    return check


def _is_new(_turn: Turn, answers: Answers) -> bool:
    return "answer" not in answers


def _finish(turn: Turn, answers: Answers) -> None:
    actor, answer_id = present(turn), answers.get("answer")
    text, source = str(answers["text"]), " ".join(str(answers["source"]).split())
    if isinstance(answer_id, int):
        version = answers["version"]
        change_answer(
            turn.session,
            now=turn.now,
            actor=actor,
            answer_id=answer_id,
            version=version if isinstance(version, int) else 0,
            text=text,
            source=source,
        )
    else:
        answer_id = add_answer(
            turn.session,
            now=turn.now,
            actor=actor,
            title=" ".join(str(answers["title"]).split()),
            words=read_words(str(answers["words"])),
            text=text,
            source=source,
        )
    _show(turn, answer_id)


KEEP = Form(
    topic="answer",
    questions=(
        Question("title", "ask_answer_title", _words(TITLE_LIMIT), applies=_is_new),
        Question("words", "ask_answer_words", _words(WORDS_LIMIT), applies=_is_new),
        Question("text", "ask_answer_text", _words(TEXT_LIMIT)),
        Question("source", "ask_answer_source", _words(SOURCE_LIMIT)),
    ),
    finish=_finish,
)

ACTS: dict[str, Callable[[Turn, Press], None]] = {
    "add": _add,
    "renew": _renew,
    "review": _switch(review_answer),
    "withdraw": _switch(withdraw_answer),
    "restore": _switch(restore_answer),
    "before": _before,
}
