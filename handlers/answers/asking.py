"""A person, please: the question goes to the staff, who answer it with one message."""

from collections.abc import Callable, Mapping

from handlers.dialogue import Form, Question, start, words_within
from handlers.doors import present
from handlers.turn import Press, Turn
from storage.answers import (
    answer_question,
    ask_staff,
    get_question,
    list_questions,
    withdraw_question,
)
from storage.dialogues import Answers
from storage.refusals import Fact

WORDS_LIMIT = 1500


def pass_on(turn: Turn, *, words: str, answer_id: int | None) -> None:
    """Lay the question on the staff's desk and say so."""
    asked = ask_staff(
        turn.session, now=turn.now, actor=present(turn), words=words, answer_id=answer_id
    )
    turn.say(
        "question_passed_on",
        buttons=[[asked.button("withdraw")]],
        card=asked.card,
        words=asked.words,
        none=answer_id is None,
    )


def _check(_turn: Turn, text: str) -> str:
    return words_within(text, limit=WORDS_LIMIT, problem="need")


def _finish_asking(turn: Turn, answers: Answers) -> None:
    answer_id = answers.get("answer")
    pass_on(
        turn,
        words=str(answers["words"]),
        answer_id=answer_id if isinstance(answer_id, int) else None,
    )


def _withdraw(turn: Turn, press: Press) -> None:
    gone = withdraw_question(turn.session, now=turn.now, actor=present(turn), question_id=press.id)
    turn.edit("question_withdrawn", card=gone.card)


def _list(turn: Turn, _press: Press) -> None:
    found = list_questions(turn.session, actor=present(turn))
    for one in found:
        turn.say(
            "question_waits",
            buttons=[[one.button("reply")]],
            card=one.card,
            name=one.name,
            words=one.words,
            since=one.created_at.isoformat(),
        )
    if not found:
        turn.edit("office_nothing", card="office")


def _reply(turn: Turn, press: Press) -> None:
    get_question(turn.session, actor=present(turn), question_id=press.id)
    start(turn, REPLY, {"question_id": press.id})


def _reply_facts(turn: Turn, answers: Answers) -> Mapping[str, Fact]:
    asked = get_question(
        turn.session, actor=present(turn), question_id=int(str(answers["question_id"]))
    )
    return {"name": asked.name, "words": asked.words}


def _finish_reply(turn: Turn, answers: Answers) -> None:
    done = answer_question(
        turn.session,
        now=turn.now,
        actor=present(turn),
        question_id=int(str(answers["question_id"])),
        reply=str(answers["reply"]),
    )
    turn.say("question_done", card=done.card, name=done.name)


ASK = Form(
    topic="question",
    questions=(Question("words", "ask_question_words", _check),),
    finish=_finish_asking,
)
REPLY = Form(
    topic="question_reply",
    questions=(Question("reply", "ask_question_reply", _check, facts=_reply_facts),),
    finish=_finish_reply,
)

ACTS: dict[str, Callable[[Turn, Press], None]] = {
    "withdraw": _withdraw,
    "list": _list,
    "reply": _reply,
}
