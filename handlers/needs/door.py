"""/door: the card of a door, looked at, changed part by part or forgotten, with no need."""

from collections.abc import Callable, Mapping, Sequence

from handlers.dialogue import BadAnswer, Form, Option, Question, start
from handlers.dialogue.engine import CARD
from handlers.doors import let_in, present
from handlers.needs.stating.details import ACCESS, FLOOR, MORE, details_in, settle, with_home
from handlers.turn import Press, Turn, press_data
from storage.choices import Button, close_card
from storage.dialogues import Answers
from storage.door_cards import card_facts, check_door, forget_door, get_door, write_door
from storage.needs import keep_access, list_spoken_for
from storage.people import get_person
from storage.refusals import Fact, TooLate
from storage.rules.door_cards import CODE_LIMIT, NAME_LIMIT, WORDS_LIMIT, DoorField, Side
from storage.rules.phones import Phone, parse_phone
from storage.rules.text import clean

DOOR = "door"
NOTHING = "nothing"
YES, NO = "yes", "no"


def open_door(turn: Turn) -> None:
    """/door: whose, where somebody speaks for several; else the card at once."""
    actor = let_in(turn, DOOR, ("resident", "caregiver"))
    if actor is None:
        return
    spoken = list_spoken_for(turn.session, person_id=actor.id)
    if len(spoken) == 1:
        _show(turn, spoken[0].resident_id)
        return
    lines = [
        [Button("verbatim", press_data(DOOR, "see", one.resident_id, 0), {"text": one.name})]
        for one in spoken
    ]
    turn.say("door_whose", buttons=lines, card=DOOR)


def press_door(turn: Turn, press: Press) -> None:
    """A button of the card; storage refuses those whom they do not speak for."""
    actor = present(turn)
    check_door(turn.session, actor_id=actor.id, person_id=press.id)
    if press.act == "see":
        _show(turn, press.id)
    elif press.act == "access":
        asked: Answers = {"review": MORE, "more": "access", "whom": str(press.id)}
        start(turn, FORM, with_home(turn, asked))
    elif press.act in FIELD_FORMS:
        start(turn, FIELD_FORMS[press.act], {"whom": str(press.id)})
    elif press.act == "forget":
        forget_door(turn.session, now=turn.now, actor_id=actor.id, person_id=press.id)
        turn.edit("door_forgotten", card=DOOR)
    else:
        raise TooLate


def _show(turn: Turn, person_id: int) -> None:
    """What is kept, each part with its button."""
    card = get_door(turn.session, now=turn.now, actor_id=present(turn).id, person_id=person_id)
    acts = ["access", *(field.value for field in DoorField), *(["forget"] if card else [])]
    buttons = [Button(f"door.{act}", press_data(DOOR, act, person_id, 0)) for act in acts]
    turn.say(
        "door_own",
        buttons=[buttons[at : at + 2] for at in range(0, len(buttons), 2)],
        card=DOOR,
        more={
            "name": get_person(turn.session, person_id=person_id).name,
            "known": bool(card),
            **card_facts(card),
        },
    )


def _whom(answers: Answers) -> int:
    return int(str(answers["whom"]))


def _finish(turn: Turn, answers: Answers) -> None:
    close_card(turn.session, chat_id=turn.chat_id, card=CARD)
    told = details_in(settle(turn, answers))
    keep_access(
        turn.session,
        now=turn.now,
        actor_id=present(turn).id,
        person_id=_whom(answers),
        access=told.access,
        floor=told.floor,
    )
    turn.say("door_kept", keyboard="menu", kept=bool(told.access))


def _is_staff(turn: Turn, answers: Answers) -> bool:
    """Whether somebody writes who speaks neither for themselves nor as family."""
    spoken = list_spoken_for(turn.session, person_id=present(turn).id)
    return _whom(answers) not in {one.resident_id for one in spoken}


def _words(limit: int) -> Callable[[Turn, str], Fact]:
    def check(_turn: Turn, text: str) -> Fact:
        words = " ".join((clean(text, limit=400) or "").split())
        if not words:
            raise BadAnswer("name_empty")
        if len(words) > limit:
            raise BadAnswer("name_long", limit=limit)
        return words

    return check


def _phone(_turn: Turn, text: str) -> Fact:
    phone = parse_phone(text)
    if not isinstance(phone, Phone):
        raise BadAnswer("phone", problem=phone.value)
    return phone.e164


def _nothing(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(NOTHING, "door.nothing")]


def _sides(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [*(Option(one.value, f"door_side.{one.value}") for one in Side), *_nothing(_turn, {})]


def _yes_no(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(YES, "door.agreed"), Option(NO, "door.not_asked")]


def _names_one(_turn: Turn, answers: Answers) -> bool:
    return answers.get("key_name") not in (None, NOTHING)


def _asks_staff(key: str) -> Callable[[Turn, Answers], bool]:
    """Staff say last that the resident agreed; of what is taken away nobody is asked."""

    def applies(turn: Turn, answers: Answers) -> bool:
        return answers.get(key) != NOTHING and _is_staff(turn, answers)

    return applies


def _agreed(key: str) -> Question:
    return Question("agreed", "ask_door_agreed", options=_yes_no, applies=_asks_staff(key))


def _write(field: DoorField, key: str) -> Callable[[Turn, Answers], None]:
    def finish(turn: Turn, answers: Answers) -> None:
        close_card(turn.session, chat_id=turn.chat_id, card=CARD)
        key_says_no = answers.get("key_agreed") == NO
        if answers.get("agreed") == NO or key_says_no:
            turn.say("door_not_kept", keyboard="menu", key_holder=key_says_no)
            return
        values = {} if answers.get(key) == NOTHING else _values(turn, field, answers)
        write_door(
            turn.session,
            now=turn.now,
            actor_id=present(turn).id,
            person_id=_whom(answers),
            field=field,
            values=values,
            ground="told_staff" if answers.get("agreed") == YES else "self",
        )
        _show(turn, _whom(answers))

    return finish


def _values(turn: Turn, field: DoorField, answers: Answers) -> Mapping[str, str]:
    if field is not DoorField.KEY:
        return {field.value: str(answers[field.value])}
    phone = answers.get("key_phone")
    return {
        "key_name": str(answers["key_name"]),
        "key_phone": str(phone) if phone else "",
        "key_agreed_at": turn.now.isoformat(),
    }


def _form(field: DoorField, key: str, *questions: Question) -> Form:
    return Form(
        topic=f"door_{field.value}", questions=(*questions, _agreed(key)), finish=_write(field, key)
    )


FORM = Form(topic=DOOR, questions=(ACCESS, FLOOR), finish=_finish)
CODE = _form(
    DoorField.CODE,
    "code",
    Question("code", "ask_door_code", _words(CODE_LIMIT), options=_nothing, counts=True),
)
PETS = _form(
    DoorField.PETS,
    "pets",
    Question("pets", "ask_door_pets", _words(WORDS_LIMIT), options=_nothing),
)
SIDE = _form(DoorField.SIDE, "side", Question("side", "ask_door_side", options=_sides, columns=2))
KEY = _form(
    DoorField.KEY,
    "key_name",
    Question("key_name", "ask_door_key_name", _words(NAME_LIMIT), options=_nothing),
    Question("key_phone", "ask_door_key_phone", _phone, applies=_names_one),
    Question("key_agreed", "ask_door_key_agreed", options=_yes_no, applies=_names_one),
)
FIELD_FORMS = {form.topic.removeprefix("door_"): form for form in (CODE, PETS, SIDE, KEY)}
FORMS = (FORM, *FIELD_FORMS.values())
