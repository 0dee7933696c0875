"""What was heard on a call: eight short questions, each one line of buttons, none required.

Every answer is kept at once. Whoever stops half-way has lost nothing and may go on later.
"""

from collections.abc import Callable, Mapping, Sequence

from handlers.check_ins.reporting import HELP
from handlers.dialogue import Form, Option, Question, hear, start, words_within
from handlers.doors import present
from handlers.turn import Press, Turn, press_data
from storage.alarms import raise_alarm_about
from storage.check_ins import (
    get_reported,
    keep_answer,
    open_own_note,
    state_errand,
)
from storage.choices import Button
from storage.complaints import called_party, state_complaint
from storage.dialogues import Answers, find_dialogue
from storage.hotlines import numbers_to_report
from storage.people import get_person
from storage.refusals import Fact
from storage.rules.call_form import GRADED, IN_WORDS, Asked, Flag, Grade
from storage.rules.dangers import Danger, DangerKind
from storage.rules.reading import read_need

WORDS_LIMIT = 500
AS_NOW = "as_now"
NOTHING = "nothing"


def _open(turn: Turn, press: Press) -> None:
    """The form, from behind the last question that was answered."""
    facts = open_own_note(turn.session, actor_id=present(turn).id, check_in_id=press.id)
    case = get_reported(turn.session, check_in_id=press.id, actor_id=present(turn).id)
    name = get_person(turn.session, person_id=case.resident_id).name
    answers: Answers = {"check_in_id": press.id, "name": name, **facts}
    answered = [at for at, one in enumerate(Asked) if one.value in facts]
    following = (answered[-1] + 1) % len(Asked) if answered else 0
    start(turn, FORM, answers, at=list(Asked)[following].value)


def _keep(turn: Turn, answers: Answers) -> None:
    """Keep the answer that was just given; whom it concerns beside the next caller hears now."""
    dialogue = find_dialogue(turn.session, chat_id=turn.chat_id)
    asked = Asked(dialogue.question) if dialogue is not None else Asked.NOTES
    value = answers.get(asked.value)
    if value in (None, AS_NOW, NOTHING) or not isinstance(value, (str, list)):
        return
    kept = keep_answer(
        turn.session,
        now=turn.now,
        actor_id=present(turn).id,
        check_in_id=_check_in_id(answers),
        asked=asked,
        value=value if isinstance(value, str) else [str(one) for one in value],
    )
    if kept.harm:
        _report_harm(turn, kept.resident, check_in_id=_check_in_id(answers))
    if kept.danger:
        turn.say("call_danger_told", name=kept.resident)


def _report_harm(turn: Turn, name: str, *, check_in_id: int) -> None:
    """Somebody does harm to the person: the way of a wrong, with the duty to report."""
    actor = present(turn)
    party = called_party(turn.session, now=turn.now, actor=actor, check_in_id=check_in_id)
    words = turn.wording.label(
        "check_in.harm_words", language=turn.session.house.language, facts={"name": name}
    )
    said = state_complaint(
        turn.session, now=turn.now, actor=actor, party=party, what="harm_seen", words=words
    )
    shown = numbers_to_report(turn.session)
    turn.say(
        "call_harm_told",
        name=name,
        number=said.id,
        duty_keys=[one.key.value for one in shown],
        duty_digits=[one.number for one in shown],
    )


def _finish(turn: Turn, answers: Answers) -> None:
    check_in_id = _check_in_id(answers)
    errand = answers.get(Asked.ERRAND.value)
    buttons = []
    if isinstance(errand, str) and errand != NOTHING:
        buttons = [[Button("check_in.errand", press_data("check_in", "errand", check_in_id, 0))]]
    turn.say(
        "call_form_kept",
        buttons=buttons,
        card=f"heard:{check_in_id}",
        name=answers["name"],
        errand=bool(buttons),
    )


def _state_errand(turn: Turn, press: Press) -> None:
    """What is to be done for them becomes a need, in the words of the form."""
    need_id = state_errand(
        turn.session, now=turn.now, actor_id=present(turn).id, check_in_id=press.id
    )
    turn.edit("call_errand_stated", card=f"heard:{press.id}", need_id=need_id)


def hear_entry(turn: Turn, text: str) -> bool:
    """Words of danger in the form are about the person who was called, and ring about them."""
    dialogue = find_dialogue(turn.session, chat_id=turn.chat_id)
    forms = {form.topic: form for form in (FORM, HELP)}
    form = forms.get(dialogue.topic) if dialogue is not None else None
    if dialogue is None or form is None or not _takes_words(form, dialogue.question):
        return False
    reading = read_need(text)
    if reading.danger is Danger.NONE or reading.guessed:
        return False
    case = get_reported(
        turn.session,
        check_in_id=_check_in_id(dialogue.answers),
        actor_id=present(turn).id,
    )
    raised = raise_alarm_about(
        turn.session,
        now=turn.now,
        chat_id=turn.chat_id,
        person_id=case.resident_id,
        words=text,
        kind=reading.danger_kind or DangerKind.UNKNOWN,
    )
    turn.say("call_alarm_rang", name=str(dialogue.answers["name"]), again=not raised.is_new)
    hear(turn, form, dialogue, text)
    return True


def _takes_words(form: Form, key: str) -> bool:
    return form.question(key).check is not None


def _check_in_id(answers: Answers) -> int:
    number = answers["check_in_id"]
    if not isinstance(number, int):
        raise TypeError("the form's check-in is a number")
    return number


def _facts(asked: Asked) -> Callable[[Turn, Answers], Mapping[str, Fact]]:
    def facts(_turn: Turn, answers: Answers) -> Mapping[str, Fact]:
        return {"name": answers["name"], "asked": asked.value, "at": list(Asked).index(asked) + 1}

    return facts


def _grades(asked: Asked) -> Callable[[Turn, Answers], Sequence[Option]]:
    def options(_turn: Turn, _answers: Answers) -> Sequence[Option]:
        return [Option(grade.value, f"call_{asked.value}.{grade.value}") for grade in Grade]

    return options


def _flags(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(flag.value, f"call_flag.{flag.value}") for flag in Flag]


def _no_errand(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return (Option(NOTHING, "call_errand.nothing"),)


def _same_time(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return (Option(AS_NOW, "call_next.as_now"),)


def _words(_turn: Turn, text: str) -> str:
    return words_within(text, limit=WORDS_LIMIT, problem="need")


def _question(asked: Asked) -> Question:
    options = {Asked.ERRAND: _no_errand, Asked.NEXT: _same_time, Asked.FLAGS: _flags}
    graded = asked in GRADED
    return Question(
        key=asked.value,
        template="ask_call",
        check=_words if asked in IN_WORDS else None,
        options=_grades(asked) if graded else options.get(asked),
        many=asked is Asked.FLAGS,
        columns=3 if graded or asked is Asked.FLAGS else 1,
        may_skip=True,
        facts=_facts(asked),
    )


FORM = Form(
    topic="call_form",
    questions=tuple(_question(asked) for asked in Asked),
    finish=_finish,
    keep=_keep,
)

ACTS: dict[str, Callable[[Turn, Press], None]] = {"heard": _open, "errand": _state_errand}
