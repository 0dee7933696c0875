"""The forms of an entry: what is provided, for whom, how much, when, and how to ask."""

from collections.abc import Mapping, Sequence

from handlers.dialogue import BadAnswer, Form, Option, Question, words_within
from handlers.dialogue.engine import CARD
from handlers.dialogue.form import Condition
from handlers.doors import present
from handlers.services.cards import card_of, facts_of, keeping_buttons
from handlers.turn import Turn
from storage.choices import close_card
from storage.communities import list_communities
from storage.dialogues import Answers
from storage.refusals import Fact
from storage.rules.areas import SIX_AREAS, Area, Category, categories_of
from storage.rules.text import clean
from storage.services import Entry, add_service, change_service, get_kept

EVERYWHERE, OPEN, NOTHING = "all", "open", "none"
SHORT, LONG, MOST = 60, 300, 999
NOT_LISTED = frozenset({Category.NOT_A_NEED, Category.UNCLEAR})


def _areas(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [Option(one.value, f"area.{one.value}") for one in (*SIX_AREAS, Area.OTHER)]


def _kinds(turn: Turn, answers: Answers) -> Sequence[Option]:
    kinds = categories_of(Area(str(answers["area"])))
    return [Option(k.value, f"category.{k.value}") for k in kinds if k not in NOT_LISTED]


def _communities(turn: Turn, answers: Answers) -> Sequence[Option]:
    named = [
        Option(str(one.id), "verbatim", {"text": one.name})
        for one in list_communities(turn.session)
    ]
    return [Option(EVERYWHERE, "service.everywhere"), *named]


def _no_limit(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [Option(OPEN, "service.no_limit")]


def _nothing(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [Option(NOTHING, "service.nothing")]


def _check_number(turn: Turn, text: str) -> Fact:
    said = (clean(text, limit=20) or "").strip()
    if not (said.isascii() and said.isdecimal() and 1 <= int(said) <= MOST):
        raise BadAnswer("service_capacity", most=MOST)
    return said


def _check_short(turn: Turn, text: str) -> Fact:
    return _check(text, SHORT)


def _check_long(turn: Turn, text: str) -> Fact:
    return _check(text, LONG)


def _check(text: str, limit: int) -> str:
    return words_within(text, limit=limit)


def _is(*fields: str) -> Condition:
    """Whether this is what is to be changed; in the form of a new entry all is asked."""

    def applies(turn: Turn, answers: Answers) -> bool:
        return answers.get("field") in (None, *fields)

    return applies


def _text(answers: Answers, key: str) -> str:
    value = answers.get(key)
    return "" if value in (None, NOTHING) else str(value)


def _chosen(answers: Answers) -> list[int]:
    chosen = answers.get("communities")
    if not isinstance(chosen, list) or EVERYWHERE in chosen:
        return []
    return [int(one) for one in chosen]


def _number(answers: Answers) -> int | None:
    said = answers.get("capacity")
    return int(said) if isinstance(said, str) and said.isdecimal() else None


def _finish_adding(turn: Turn, answers: Answers) -> None:
    close_card(turn.session, chat_id=turn.chat_id, card=CARD)
    entry = Entry(
        category=Category(str(answers["kind"])),
        communities=_chosen(answers),
        capacity=_number(answers),
        hours=_text(answers, "hours"),
        contact=_text(answers, "contact"),
        text=_text(answers, "text"),
    )
    added = add_service(
        turn.session,
        now=turn.now,
        actor=present(turn),
        organisation_id=int(str(answers["organisation"])),
        entry=entry,
    )
    _say_kept(turn, added)


def _finish_changing(turn: Turn, answers: Answers) -> None:
    close_card(turn.session, chat_id=turn.chat_id, card=CARD)
    field = str(answers["field"])
    value: str | int | list[int] | None = _text(answers, field)
    if field == "area":
        value = _chosen(answers)
    elif field == "capacity":
        value = _number(answers)
    one = change_service(
        turn.session,
        now=turn.now,
        actor=present(turn),
        service_id=int(str(answers["service"])),
        version=int(str(answers["version"])),
        field=field,
        value=value,
    )
    _say_kept(turn, one.id)


def _say_kept(turn: Turn, service_id: int) -> None:
    person = present(turn)
    one = get_kept(turn.session, actor=person, service_id=service_id)
    turn.say(
        "service_card",
        buttons=keeping_buttons(one, office=person.is_office),
        card=card_of(one.id),
        more={**facts_of(one), "lead": "service_saved"},
    )


def _of_old(turn: Turn, answers: Answers) -> Mapping[str, Fact]:
    return {"most": MOST}


_ABOUT = (
    Question(
        "communities",
        "ask_service_communities",
        options=_communities,
        many=True,
        columns=2,
        applies=_is("area"),
    ),
    Question(
        "capacity",
        "ask_service_capacity",
        _check_number,
        options=_no_limit,
        counts=True,
        applies=_is("capacity"),
        facts=_of_old,
    ),
    Question("hours", "ask_service_hours", _check_short, options=_nothing, applies=_is("hours")),
    Question(
        "contact", "ask_service_contact", _check_short, options=_nothing, applies=_is("contact")
    ),
    Question("text", "ask_service_text", _check_long, options=_nothing, applies=_is("text")),
)

ADD = Form(
    topic="service_add",
    questions=(
        Question("area", "ask_service_area", options=_areas),
        Question("kind", "ask_service_kind", options=_kinds, columns=2),
        *_ABOUT,
    ),
    finish=_finish_adding,
)
CHANGE = Form(topic="service_change", questions=_ABOUT, finish=_finish_changing)
