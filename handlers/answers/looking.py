"""A question in free words, or a look at all the answers: text, source and date, and ways on."""

from collections.abc import Callable
from datetime import date

from handlers.answers.asking import ASK, pass_on
from handlers.dialogue import start
from handlers.turn import Press, Turn, press_data
from storage.answers import Answer, find_answer, get_answer, list_answers
from storage.choices import Button
from storage.refusals import Fact
from storage.rules.answers import is_question
from storage.rules.areas import Category
from storage.rules.reading import read_need
from storage.rules.text import clean

CARD = "answers"
WORDS_LIMIT = 1500


def today(turn: Turn) -> date:
    """The day it is in the programme's zone."""
    return turn.session.house.local(turn.now).date()


def hear_question(turn: Turn, text: str) -> bool:
    """Take a question: with the office's answer, else, where it is only a question, a person.

    What asks for something to be done is left to the needs.
    """
    words = clean(text, limit=WORDS_LIMIT)
    if turn.person is None or words is None:
        return False
    asks = read_need(words).category is Category.INFO_QUERY
    if not asks and not is_question(words):
        return False
    found = find_answer(turn.session, today=today(turn), words=words)
    if found is not None:
        _say_answer(turn, found, asked=True)
        return True
    if asks:
        pass_on(turn, words=words, answer_id=None)
    return asks


def open_answers(turn: Turn) -> None:
    """/answers: everything that the office has an answer to; it can keep them from here."""
    _show_list(turn, turn.say)


def _show_list(turn: Turn, speak: Callable[..., None]) -> None:
    office = turn.person is not None and turn.person.is_office
    found = list_answers(turn.session, actor=turn.person, today=today(turn))
    lines = [
        [Button("verbatim", press_data("answer", "see", one.id, 0), {"text": one.title})]
        for one in found
    ]
    if office:
        lines.append([Button("answer.add", press_data("answer", "add", 0, 0))])
    marks = [
        "withdrawn" if one.state != "kept" else "stale" if one.is_stale(today(turn)) else ""
        for one in found
    ]
    speak(
        "answer_list",
        buttons=lines,
        card=CARD,
        titles=[one.title for one in found],
        marks=marks,
        office=office,
    )


def _list(turn: Turn, _press: Press) -> None:
    _show_list(turn, turn.edit)


def _see(turn: Turn, press: Press) -> None:
    one = get_answer(turn.session, actor=turn.person, today=today(turn), answer_id=press.id)
    office = turn.person is not None and turn.person.is_office
    if not office:
        _say_answer(turn, one, asked=False)
        return
    show_to_office(turn, one)


def show_to_office(turn: Turn, one: Answer, *, number: int | None = None) -> None:
    """Show the office an answer, or an earlier edition of it, with what it may do."""
    acts = ("renew", "review", "withdraw") if one.state == "kept" else ("restore",)
    lines = [
        [Button(f"answer.{act}", press_data("answer", act, one.id, one.version))] for act in acts
    ]
    lines += [
        [
            Button(
                "answer.before",
                press_data("answer", "before", one.id, text.number),
                {"number": text.number},
            )
        ]
        for text in one.texts[:-1]
    ]
    lines.append([Button("answer.list", press_data("answer", "list", 0, 0))])
    shown = next((text for text in one.texts if text.number == number), one.newest)
    facts: dict[str, Fact] = {
        **_facts(one),
        "text": shown.text,
        "source": shown.source,
        "number": shown.number,
        "by": shown.by,
        "words": list(one.words),
        "stale": one.is_stale(today(turn)),
        "state": one.state,
        "old": shown is not one.newest,
    }
    turn.say("answer_kept", buttons=lines, card=CARD, more=facts)


def _say_answer(turn: Turn, one: Answer, *, asked: bool) -> None:
    """The answer with its source and date; never the only way: a person is one press away."""
    lines = [
        [Button("answer.helped", press_data("answer", "helped", one.id, 0))],
        [Button("answer.person", press_data("answer", "person", one.id, 0))],
    ]
    turn.say("answer_given", buttons=lines, card="answer", asked=asked, more=_facts(one))


def _facts(one: Answer) -> dict[str, Fact]:
    return {
        "title": one.title,
        "text": one.newest.text,
        "source": one.newest.source,
        "reviewed": one.reviewed_on.isoformat(),
    }


def _helped(turn: Turn, press: Press) -> None:
    turn.edit("answer_helped", card="answer")


def _person(turn: Turn, press: Press) -> None:
    """A person, please: what is to be asked, in own words; the answer that was read stays by it."""
    get_answer(turn.session, actor=turn.person, today=today(turn), answer_id=press.id)
    start(turn, ASK, {"answer": press.id})


ACTS: dict[str, Callable[[Turn, Press], None]] = {
    "list": _list,
    "see": _see,
    "helped": _helped,
    "person": _person,
}
