"""Moving through a form: ask, hear, pick, back, skip, cancel; every move is kept at once."""

import re
from collections.abc import Mapping, Sequence

from handlers.dialogue.form import BadAnswer, Form, Option, Question
from handlers.turn import Press, Turn, press_data
from storage.choices import Button, close_card, list_choices
from storage.dialogues import Answers, Dialogue, end_dialogue, save_dialogue
from storage.refusals import Fact
from storage.rules.numbers import parse_count

CARD = "form"
BACK, SKIP, CANCEL, READY, RESUME = "back", "skip", "cancel", "ready", "resume"


def start(
    turn: Turn,
    form: Form,
    answers: Mapping[str, Fact] | None = None,
    *,
    at: str | None = None,
    lead: str | None = None,
    facts: Mapping[str, Fact] | None = None,
) -> None:
    """Open a form in this chat, in place of any other, and ask its first question; ``lead`` first.

    ``at`` goes on at a question, where a form was left that had been kept elsewhere.
    """
    index = form.questions.index(form.question(at)) if at is not None else 0
    _ask_from(turn, form, dict(answers or {}), index, lead=lead, more=facts)


def ask_current(
    turn: Turn,
    form: Form,
    dialogue: Dialogue,
    *,
    lead: str | None = None,
    facts: Mapping[str, Fact] | None = None,
) -> None:
    """Ask the question where the form stands once more, ``lead`` said first."""
    question = form.question(dialogue.question)
    _ask(turn, form, question, dialogue.answers, lead=lead, more=facts)


def hear(turn: Turn, form: Form, dialogue: Dialogue, text: str) -> None:
    """Take typed text, or a shared number, as the answer; raises BadAnswer when it does not fit."""
    question = form.question(dialogue.question)
    if question.many:
        _tick_typed(turn, form, dialogue, question, text)
        return
    if question.check is None:
        raise BadAnswer("choose_one")
    _keep(turn, form, dialogue, question, question.check(turn, text))


def pick(turn: Turn, form: Form, dialogue: Dialogue, press: Press) -> None:
    """Take a pressed or typed button of the form; an old one shows where the form stands."""
    question = form.question(dialogue.question)
    if press.act == RESUME:
        ask_current(turn, form, dialogue)
    elif press.id != dialogue.step:
        ask_current(turn, form, dialogue, lead="form_moved_on")
    elif press.act == CANCEL:
        end_dialogue(turn.session, chat_id=turn.chat_id)
        turn.say("form_cancelled", keyboard="menu", card=CARD)
    elif press.act == BACK:
        _go_back(turn, form, dialogue)
    elif press.act == SKIP and question.may_skip:
        _keep(turn, form, dialogue, question, None)
    elif press.act == READY and question.many:
        ticked = dialogue.answers.get(question.key)
        if not ticked:
            raise BadAnswer("choose_some")
        _keep(turn, form, dialogue, question, ticked)
    else:
        _pick_option(turn, form, dialogue, question, press.extra)


def _pick_option(
    turn: Turn, form: Form, dialogue: Dialogue, question: Question, value: str
) -> None:
    options = question.options(turn, dialogue.answers) if question.options else ()
    if value not in {option.value for option in options}:
        ask_current(turn, form, dialogue, lead="form_moved_on")
    elif question.many:
        _tick(turn, form, dialogue, question, [value])
    else:
        _keep(turn, form, dialogue, question, value)


def _tick_typed(turn: Turn, form: Form, dialogue: Dialogue, question: Question, text: str) -> None:
    """Several numbers in one message, "1 3 5" or "1、3、5", tick several options."""
    shown = {
        choice.number: Press.parse(choice.data)
        for choice in list_choices(turn.session, chat_id=turn.chat_id)
        if choice.card == CARD
    }
    marks = re.split(r"[\s,，、;；]+", text.strip())
    presses = [shown.get(parse_count(mark, 1, max(shown, default=1)) or 0) for mark in marks]
    if any(press is None or press.act != "pick" for press in presses):
        raise BadAnswer("choose_some")
    _tick(turn, form, dialogue, question, [press.extra for press in presses if press])


def _tick(
    turn: Turn, form: Form, dialogue: Dialogue, question: Question, values: Sequence[str]
) -> None:
    before = dialogue.answers.get(question.key)
    ticked = list(before) if isinstance(before, list) else []
    for value in values:
        if value in ticked:
            ticked.remove(value)
        else:
            ticked.append(value)
    _ask(turn, form, question, dialogue.answers | {question.key: ticked}, edit=True)


def _keep(turn: Turn, form: Form, dialogue: Dialogue, question: Question, answer: Fact) -> None:
    answers = dialogue.answers | {question.key: answer}
    if form.keep is not None:
        form.keep(turn, answers)
    _ask_from(turn, form, answers, form.questions.index(question) + 1)


def _go_back(turn: Turn, form: Form, dialogue: Dialogue) -> None:
    here = form.questions.index(form.question(dialogue.question))
    for index in range(here - 1, -1, -1):
        earlier = form.questions[index]
        if earlier.applies is None or earlier.applies(turn, dialogue.answers):
            _ask(turn, form, earlier, dialogue.answers)
            return
    ask_current(turn, form, dialogue, lead="form_is_at_start")


def _ask_from(
    turn: Turn,
    form: Form,
    answers: Answers,
    index: int,
    *,
    lead: str | None = None,
    more: Mapping[str, Fact] | None = None,
) -> None:
    for question in form.questions[index:]:
        if question.applies is None or question.applies(turn, answers):
            _ask(turn, form, question, answers, lead=lead, more=more)
            return
    end_dialogue(turn.session, chat_id=turn.chat_id)
    close_card(turn.session, chat_id=turn.chat_id, card=CARD)
    form.finish(turn, answers)


def _ask(
    turn: Turn,
    form: Form,
    question: Question,
    answers: Answers,
    *,
    lead: str | None = None,
    edit: bool = False,
    more: Mapping[str, Fact] | None = None,
) -> None:
    step = save_dialogue(
        turn.session,
        now=turn.now,
        chat_id=turn.chat_id,
        topic=form.topic,
        question=question.key,
        answers=answers,
    )
    facts = dict(question.facts(turn, answers)) if question.facts else {}
    if lead is not None:
        facts |= {"lead": lead, **(more or {})}
    buttons = _buttons(turn, form, question, answers, step)
    if edit and turn.card_message_id is not None:
        turn.edit(question.template, buttons=buttons, card=CARD, more=facts)
    else:
        turn.say(
            question.template, buttons=buttons, keyboard=question.keyboard, card=CARD, more=facts
        )


def _buttons(
    turn: Turn, form: Form, question: Question, answers: Answers, step: int
) -> list[list[Button]]:
    options = question.options(turn, answers) if question.options else ()
    ticked = answers.get(question.key) if question.many else None
    flat = [_option_button(option, step, ticked) for option in options]
    lines = [flat[i : i + question.columns] for i in range(0, len(flat), question.columns)]
    moves = [READY] if question.many else []
    moves += [SKIP] if question.may_skip else []
    moves += [BACK] if form.questions.index(question) > 0 else []
    lines.append([Button(f"form.{m}", press_data("form", m, step, 0)) for m in (*moves, CANCEL)])
    return lines


def _option_button(option: Option, step: int, ticked: Fact) -> Button:
    data = press_data("form", "pick", step, 0, option.value)
    if isinstance(ticked, list) and option.value in ticked:
        return Button("form.ticked", data, {"key": option.label, **option.facts})
    return Button(option.label, data, dict(option.facts))
