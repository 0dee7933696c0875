"""Corrections: name, phone, address and community, one at a time."""

from collections.abc import Sequence

from handlers.dialogue import BadAnswer, Form, Option, Question, start
from handlers.dialogue.engine import CARD as FORM_CARD
from handlers.turn import Turn, press_data
from storage.choices import Button
from storage.communities import list_communities
from storage.dialogues import Answers
from storage.people import Person
from storage.privacy import open_subject
from storage.refusals import Fact, NotAllowed
from storage.registers import change_profile
from storage.rules.phones import Phone, parse_phone
from storage.rules.text import clean

CARD = "privacy"
FIELDS = ("name", "phone", "address", "community")
LIMITS = {"name": 64, "address": 200}
READ_LIMIT = 400


def offer(turn: Turn, subject: Person) -> None:
    """Show what can be corrected here, and how the rest is."""
    lines = [
        [Button(f"correct.{field}", press_data("privacy", field, subject.id, 0))]
        for field in FIELDS
    ]
    back = [Button("privacy.back", press_data("privacy", "see", subject.id, 0))]
    turn.say("privacy_correct", buttons=[*lines, back], card=CARD)


def begin(turn: Turn, subject: Person, field: str) -> None:
    """Ask for the right value of one thing."""
    start(turn, FORM, {"field": field, "person": str(subject.id)})


def _check_line(turn: Turn, text: str, field: str) -> Fact:
    line = " ".join((clean(text, limit=READ_LIMIT) or "").split())
    if not line:
        raise BadAnswer("name_empty")
    if len(line) > LIMITS[field]:
        raise BadAnswer("name_long", limit=LIMITS[field])
    return line


def _check_name(turn: Turn, text: str) -> Fact:
    return _check_line(turn, text, "name")


def _check_address(turn: Turn, text: str) -> Fact:
    return _check_line(turn, text, "address")


def _check_phone(turn: Turn, text: str) -> Fact:
    phone = parse_phone(text)
    if not isinstance(phone, Phone):
        raise BadAnswer("phone", problem=phone.value)
    return phone.e164


def _communities(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [
        Option(str(one.id), "verbatim", {"text": one.name})
        for one in list_communities(turn.session)
    ]


def _is_about(field: str) -> Question:
    template = f"ask_correct_{field}"
    checks = {"name": _check_name, "phone": _check_phone, "address": _check_address}

    def applies(turn: Turn, answers: Answers) -> bool:
        return answers.get("field") == field

    if field == "community":
        return Question(
            key="new_community", template=template, options=_communities, columns=2, applies=applies
        )
    return Question(key=f"new_{field}", template=template, check=checks[field], applies=applies)


def _finish(turn: Turn, answers: Answers) -> None:
    if turn.person is None:
        raise NotAllowed
    field = str(answers["field"])
    # The tie may have ended while the question stood open.
    subject = open_subject(
        turn.session, now=turn.now, actor=turn.person, person_id=int(str(answers["person"]))
    )
    new = answers[f"new_{field}"]
    value = int(str(new)) if field == "community" else str(new)
    change_profile(
        turn.session,
        now=turn.now,
        actor=turn.person,
        person_id=subject.id,
        values={field: value},
        ground="my_data",
    )
    back = [Button("privacy.back", press_data("privacy", "see", subject.id, 0))]
    turn.say("privacy_corrected", buttons=[back], card=FORM_CARD, field=field)


FORM = Form(topic="privacy", questions=tuple(_is_about(field) for field in FIELDS), finish=_finish)
