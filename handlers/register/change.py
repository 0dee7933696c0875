"""Filling in or correcting one column: choose the part, the column, then answer."""

from collections.abc import Mapping, Sequence

from handlers.dialogue import BadAnswer, Form, Option, Question, start
from handlers.dialogue.engine import CARD as FORM_CARD
from handlers.register.answers import read_answer
from handlers.register.words import name_of
from handlers.turn import Press, Turn, press_data
from storage.choices import Button
from storage.communities import list_communities
from storage.dialogues import Answers, find_dialogue
from storage.people import Person
from storage.refusals import Fact, NotAllowed, TooLate
from storage.registers import (
    change_profile,
    check_may_change,
    check_staff,
    find_certificate,
    set_group,
)
from storage.rules.fields import Field, Kind, Place, Register, find_field, get_field, list_section

# The parts of each register's form, in the order in which they are shown.
SECTIONS: Mapping[Register, tuple[str, ...]] = {
    Register.RESIDENT: ("basic", "certificate", "contacts", "life", "needs"),
    Register.VOLUNTEER: ("volunteer", "service"),
}
CLEAR = "clear"
GROUP_LIMIT = 40
# What a volunteer says of themselves; the rest is filled in by staff.
OWN = frozenset(
    {"languages", "team", "service_area", "serves_whom", "born_on", "occupation", "employer"}
    | {"disabled", "disabled_category", "disabled_grade", "guardian_name", "guardian_phone"}
)


def part_of(extra: str) -> tuple[Register, str]:
    """Read "resident.basic" off a button; raises TooLate when it is not of that form."""
    register, _, section = extra.partition(".")
    if register not in set(Register) or section not in SECTIONS[Register(register)]:
        raise TooLate
    return Register(register), section


def offer_fields(turn: Turn, press: Press) -> None:
    """Show the columns of one part that can be filled in."""
    if turn.person is None:
        raise NotAllowed
    check_staff(turn.session, actor=turn.person, person_id=press.id)
    register, section = part_of(press.extra)
    certified = find_certificate(turn.session, person_id=press.id) is not None
    flat = [
        Button(
            f"{field.register}_field.{field.key}",
            press_data("person", "field", press.id, 0, f"{field.register}.{field.key}"),
        )
        for field in list_section(register, section)
        if _is_filled_in(field, certified=certified)
    ]
    lines = [flat[at : at + 2] for at in range(0, len(flat), 2)]
    back = [Button("person.back", press_data("person", "see", press.id, 0))]
    turn.say("person_fields", buttons=[*lines, back], card=f"person:{press.id}", part=section)


def _is_filled_in(field: Field, *, certified: bool) -> bool:
    if field.key in ("category", "grade"):
        return not certified
    return field.key == "group" or field.place in (Place.PERSON, Place.PROFILE, Place.LANGUAGES)


def start_change(turn: Turn, actor: Person, press: Press) -> None:
    """Ask for one column of somebody, or of oneself."""
    register, _, key = press.extra.partition(".")
    field = find_field(Register(register), key) if register in set(Register) else None
    certified = find_certificate(turn.session, person_id=press.id) is not None
    if field is None or not _is_filled_in(field, certified=certified):
        raise TooLate
    if actor.id == press.id and not actor.is_approved("coordinator") and key not in OWN:
        raise NotAllowed
    check_may_change(turn.session, actor=actor, person_id=press.id)
    start(turn, FORM, {"person": str(press.id), "field": press.extra})


def _field(answers: Answers) -> Field:
    register, _, key = str(answers["field"]).partition(".")
    return get_field(Register(register), key)


def _is_words(turn: Turn, answers: Answers) -> bool:
    field = _field(answers)
    return not field.options and field.kind is not Kind.BOOL and field.key != "community"


def _is_choice(turn: Turn, answers: Answers) -> bool:
    field = _field(answers)
    return field.kind in (Kind.CHOICE, Kind.BOOL) or field.key == "community"


def _is_list(turn: Turn, answers: Answers) -> bool:
    return _field(answers).kind is Kind.LIST


def _facts(turn: Turn, answers: Answers) -> Mapping[str, Fact]:
    field = _field(answers)
    return {"field": name_of(turn, field), "kind": field.kind.value}


def _check(turn: Turn, text: str) -> Fact:
    standing = find_dialogue(turn.session, chat_id=turn.chat_id)
    if standing is None:
        raise BadAnswer("name_empty")
    today = turn.session.house.local(turn.now).date()
    return read_answer(_field(standing.answers), text, today=today)


def _offer_clear(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [] if _field(answers).key == "name" else [Option(CLEAR, "person.clear")]


def _offer_choices(turn: Turn, answers: Answers) -> Sequence[Option]:
    field = _field(answers)
    if field.key == "community":
        return [
            Option(str(one.id), "verbatim", {"text": one.name})
            for one in list_communities(turn.session)
        ]
    if field.kind is Kind.BOOL:
        return [Option("yes", "person.yes"), Option("no", "person.no")]
    options = [Option(one.key, f"choice.{field.option_set}.{one.key}") for one in field.options]
    return [*options, *_offer_clear(turn, answers)]


def _offer_list(turn: Turn, answers: Answers) -> Sequence[Option]:
    field = _field(answers)
    return [Option(one.key, f"choice.{field.option_set}.{one.key}") for one in field.options]


def _value(answers: Answers) -> Fact:
    field = _field(answers)
    if "several" in answers:
        return answers["several"]
    if "choice" in answers:
        chosen = answers["choice"]
        if chosen == CLEAR:
            return None
        if field.kind is Kind.BOOL:
            return chosen == "yes"
        return int(str(chosen)) if field.key == "community" else chosen
    return None if answers["words"] == CLEAR else answers["words"]


def _finish(turn: Turn, answers: Answers) -> None:
    actor = turn.person
    if actor is None:
        raise NotAllowed
    field, person_id = _field(answers), int(str(answers["person"]))
    value = _value(answers)
    own = actor.id == person_id
    if field.key == "group":
        set_group(
            turn.session,
            now=turn.now,
            actor=actor,
            person_id=person_id,
            group_code=str(value or "")[:GROUP_LIMIT],
        )
    else:
        change_profile(
            turn.session,
            now=turn.now,
            actor=actor,
            person_id=person_id,
            values={field.key: value},
            ground="self" if own else "staff",
            register=field.register,
        )
    if own:
        buttons = [[Button("own.back", press_data("own", "see", 0, 0))]]
    else:
        part = f"{field.register}.{field.section}"
        buttons = [
            [
                Button("person.more", press_data("person", "section", person_id, 0, part)),
                Button("person.back", press_data("person", "see", person_id, 0)),
            ]
        ]
    turn.say("person_kept", buttons=buttons, card=FORM_CARD, field=name_of(turn, field))


FORM = Form(
    topic="register",
    questions=(
        Question(
            key="words",
            template="ask_register",
            check=_check,
            options=_offer_clear,
            applies=_is_words,
            facts=_facts,
        ),
        Question(
            key="choice",
            template="ask_register",
            options=_offer_choices,
            columns=2,
            applies=_is_choice,
            facts=_facts,
        ),
        Question(
            key="several",
            template="ask_register",
            options=_offer_list,
            many=True,
            columns=2,
            applies=_is_list,
            facts=_facts,
        ),
    ),
    finish=_finish,
)
