"""Complaints on the staff's desk: seen, taken by one, both phoned, ended with a note."""

from collections.abc import Callable, Sequence

from handlers.dialogue import BadAnswer, Form, Option, Question, start
from handlers.doors import present
from handlers.turn import Press, Turn
from storage.choices import Button
from storage.complaints import (
    ComplaintEnding,
    end_complaint,
    get_complaint,
    list_to_handle,
    open_parties,
    take_complaint,
)
from storage.dialogues import Answers
from storage.refusals import Fact
from storage.rules.text import clean

WORDS_LIMIT = 1000


def _list(turn: Turn, _press: Press) -> None:
    found = list_to_handle(turn.session, actor=present(turn))
    for one in found:
        _show(turn, one.id, speak=turn.say)
    if not found:
        turn.edit("office_nothing", card="office")


def _see(turn: Turn, press: Press) -> None:
    _show(turn, press.id, speak=turn.say)


def _take(turn: Turn, press: Press) -> None:
    take_complaint(turn.session, now=turn.now, actor=present(turn), complaint_id=press.id)
    _show(turn, press.id, speak=turn.edit)


def _show(turn: Turn, complaint_id: int, *, speak: Callable[..., None]) -> None:
    one, facts = get_complaint(
        turn.session, now=turn.now, actor=present(turn), complaint_id=complaint_id
    )
    acts = {"open": ("take", "phones"), "taken": ("phones", "end")}.get(one.state, ())
    speak(
        "complaint_card",
        buttons=[[one.button(act)] for act in acts],
        card=one.card,
        more=facts,
    )


def _phones(turn: Turn, press: Press) -> None:
    people = open_parties(turn.session, now=turn.now, actor=present(turn), complaint_id=press.id)
    turn.say(
        "complaint_phones",
        names=[one.name or "-" for one in people],
        phones=[one.phone or "" for one in people],
    )


def _end(turn: Turn, press: Press) -> None:
    get_complaint(turn.session, now=turn.now, actor=present(turn), complaint_id=press.id)
    start(turn, END, {"complaint_id": press.id})


def _endings(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(one.value, f"complaint_ending.{one.value}") for one in ComplaintEnding]


def _words(_turn: Turn, text: str) -> str:
    words = clean(text, limit=WORDS_LIMIT)
    if words is None:
        raise BadAnswer("need_empty")
    return words


def _finish(turn: Turn, answers: Answers) -> None:
    answer: Fact = answers.get("answer")
    ended = end_complaint(
        turn.session,
        now=turn.now,
        actor=present(turn),
        complaint_id=int(str(answers["complaint_id"])),
        ending=ComplaintEnding(str(answers["ending"])),
        note=str(answers["note"]),
        answer=answer if isinstance(answer, str) else None,
    )
    buttons: list[list[Button]] = []
    turn.say(
        "complaint_done", buttons=buttons, card=ended.card, number=ended.id, ending=ended.ending
    )


END = Form(
    topic="complaint_end",
    questions=(
        Question("ending", "ask_complaint_ending", options=_endings),
        Question("note", "ask_complaint_note", _words),
        Question("answer", "ask_complaint_answer", _words, may_skip=True),
    ),
    finish=_finish,
)

ACTS: dict[str, Callable[[Turn, Press], None]] = {
    "list": _list,
    "see": _see,
    "take": _take,
    "phones": _phones,
    "end": _end,
}
