"""One field of a register as a question: what may be said, read, and shown back in words."""

import json
from collections.abc import Callable, Mapping, Sequence

from handlers.dialogue import BadAnswer, Option, Question, words_within
from handlers.turn import Turn
from storage.dialogues import Answers
from storage.refusals import Fact
from storage.rules.fields import Field, Kind, Register, get_field
from storage.rules.importing.cells import Reason
from storage.rules.importing.days import read_day
from storage.rules.importing.words import read_yes_no
from storage.rules.numbers import parse_count
from storage.rules.phones import Phone, parse_phone
from storage.rules.surveys import is_a_question

# No value of any field.
RATHER_NOT, SAME, YES, NO = "!", "=", "+", "-"
TEXT_LIMIT = 200
MOST = 99999


def question_of(field: Field) -> Question:
    """The question about a field; skipping and not saying are always possible."""
    return Question(
        key=field.key,
        template="ask_survey_field",
        check=_check(field),
        options=_options(field),
        many=field.kind is Kind.LIST,
        columns=2 if len(field.options) > 4 else 1,
        counts=field.kind is Kind.NUMBER,
        may_skip=True,
        applies=_is_asked(field),
        facts=_facts(field),
    )


def _is_asked(field: Field) -> Callable[[Turn, Answers], bool]:
    def applies(_turn: Turn, answers: Answers) -> bool:
        asked = answers.get("fields")
        if not isinstance(asked, list) or field.key not in asked:
            return False
        said = {key: value_of(answers, key) for key in asked if key in answers}
        return is_a_question(field.key, said)

    return applies


def _options(field: Field) -> Callable[[Turn, Answers], Sequence[Option]]:
    offered = [Option(one.key, f"choice.{field.option_set}.{one.key}") for one in field.options]
    if field.kind is Kind.BOOL:
        offered = [Option(YES, "survey.yes"), Option(NO, "survey.no")]

    def options(_turn: Turn, answers: Answers) -> Sequence[Option]:
        known = known_in(answers).get(field.key)
        same = [Option(SAME, "survey.same")] if known not in (None, "", []) else []
        if field.kind is Kind.LIST:
            same = []  # skipping leaves it as it is
        return [*same, *offered, Option(RATHER_NOT, "survey.rather_not")]

    return options


def _check(field: Field) -> Callable[[Turn, str], Fact]:
    readers: Mapping[Kind, Callable[[str], Fact]] = {
        Kind.CHOICE: lambda text: _choice(field, text),
        Kind.BOOL: _yes_no,
        Kind.DATE: _day,
        Kind.NUMBER: _number,
        Kind.PHONE: _phone,
    }
    read = readers.get(field.kind, _text)

    def check(_turn: Turn, text: str) -> Fact:
        return read(text)

    return check


def _choice(field: Field, text: str) -> Fact:
    found = field.find_option(text)
    if found is None:
        raise BadAnswer("choose_one")
    return found.key


def _yes_no(text: str) -> Fact:
    said = read_yes_no(text)
    if isinstance(said, Reason):
        raise BadAnswer("choose_one")
    return YES if said else NO


def _day(text: str) -> Fact:
    day = read_day(text)
    if isinstance(day, Reason):
        raise BadAnswer("survey_day")
    return str(day)


def _number(text: str) -> Fact:
    count = parse_count(text, 0, MOST)
    if count is None:
        raise BadAnswer("survey_number")
    return count


def _phone(text: str) -> Fact:
    phone = parse_phone(text)
    if not isinstance(phone, Phone):
        raise BadAnswer("phone", problem=phone.value)
    return phone.e164


def _text(text: str) -> Fact:
    return words_within(text, limit=TEXT_LIMIT, problem="name")


def _facts(field: Field) -> Callable[[Turn, Answers], Mapping[str, Fact]]:
    def facts(turn: Turn, answers: Answers) -> Mapping[str, Fact]:
        known = known_in(answers).get(field.key)
        at, of = progress(answers, field.key)
        return {
            "question": f"{field.register.value}.{field.key}",
            "kind": field.kind.value,
            "before": in_words(turn, field, known) if known not in (None, "", []) else None,
            "whom": answers.get("name"),
            "at": at,
            "of": of,
        }

    return facts


def progress(answers: Answers, key: str) -> tuple[int, int]:
    """Which question of how many this is."""
    fields, own = answers.get("fields"), answers.get("own")
    keys = list(fields) if isinstance(fields, list) else []
    keys += [f"q{at}" for at in range(len(own) if isinstance(own, list) else 0)]
    return keys.index(key) + 1, len(keys)


def known_in(answers: Answers) -> dict[str, Fact]:
    """What the register knew when the sheet was opened."""
    known: dict[str, Fact] = json.loads(str(answers.get("known") or "{}"))
    return known


def value_of(answers: Answers, key: str) -> Fact:
    """What was said about a field, None for nothing; "as before" is what was on record."""
    said = answers.get(key)
    if said == SAME:
        return known_in(answers).get(key)
    if said in (YES, NO):
        return said == YES
    if said in (RATHER_NOT, None, []) or (isinstance(said, list) and RATHER_NOT in said):
        return None
    return said


def in_words(turn: Turn, field: Field, value: Fact) -> str:
    """A value as people say it, in the language of this chat."""
    if isinstance(value, bool):
        return turn.wording.label("survey.yes" if value else "survey.no", language=turn.language)
    if field.option_set is None:
        return str(value).removeprefix("+86")
    keys = value if isinstance(value, list) else [str(value)]
    words = [
        turn.wording.label(f"choice.{field.option_set}.{key}", language=turn.language)
        for key in keys
        if turn.wording.has_label(f"choice.{field.option_set}.{key}")
    ]
    return ("、" if turn.language == "zh" else ", ").join(words)


def name_of(turn: Turn, register: Register, key: str) -> str:
    """What a field is called, in the language of this chat."""
    return turn.wording.label(
        f"{register.value}_field.{get_field(register, key).key}", language=turn.language
    )
