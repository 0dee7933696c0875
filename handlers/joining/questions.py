"""The questions that more than one way of joining asks: name, community, phone."""

from collections.abc import Mapping, Sequence

from handlers.dialogue import BadAnswer, Option, Question
from handlers.turn import Turn
from storage.communities import list_communities
from storage.dialogues import Answers
from storage.people import Person, get_person, move_person, rename_person, set_phone
from storage.refusals import Fact
from storage.rules.phones import Phone, parse_phone
from storage.rules.text import clean

NAME_LIMIT = 64
# Beyond any name, yet short enough to tell "too long" from "cut in silence".
READ_LIMIT = 400
ELSEWHERE = "0"


def check_name(turn: Turn, text: str) -> Fact:
    """Take a name as it is written, on one line; not what looks empty, nor a key of the menu."""
    name = " ".join((clean(text, limit=READ_LIMIT) or "").split())
    if not name:
        raise BadAnswer("name_empty")
    if len(name) > NAME_LIMIT:
        raise BadAnswer("name_long", limit=NAME_LIMIT)
    return name


def check_phone(turn: Turn, text: str) -> Fact:
    """Take a phone number, in E.164 form."""
    phone = parse_phone(text)
    if not isinstance(phone, Phone):
        raise BadAnswer("phone", problem=phone.value)
    return phone.e164


def offer_communities(turn: Turn, answers: Answers) -> Sequence[Option]:
    """Every community on offer, and "elsewhere"."""
    homes = [
        Option(str(one.id), "verbatim", {"text": one.name})
        for one in list_communities(turn.session)
    ]
    return [*homes, Option(ELSEWHERE, "join.elsewhere")]


def community_of(answers: Answers, key: str = "community") -> int | None:
    """The chosen community; None for elsewhere."""
    chosen = answers.get(key)
    return int(chosen) if isinstance(chosen, str) and chosen != ELSEWHERE else None


def _offer_own_name(turn: Turn, answers: Answers) -> Sequence[Option]:
    """The name the messenger knows, so that it need not be typed."""
    shown = turn.update.effective_user
    name = clean(shown.full_name, limit=NAME_LIMIT) if shown else None
    return [Option("as_shown", "verbatim", {"text": " ".join(name.split())})] if name else []


def _has_no_role(turn: Turn, answers: Answers) -> bool:
    return turn.person is None or not turn.person.roles


def _has_no_community(turn: Turn, answers: Answers) -> bool:
    return turn.person is None or turn.person.community_id is None


def _has_no_phone(turn: Turn, answers: Answers) -> bool:
    return turn.person is None or not turn.person.has_phone


def _may_skip_phone(turn: Turn, answers: Answers) -> Mapping[str, Fact]:
    return {"may_skip": True}


def _must_give_phone(turn: Turn, answers: Answers) -> Mapping[str, Fact]:
    return {"may_skip": False}


NAME = Question(
    key="name",
    template="ask_join_name",
    check=check_name,
    options=_offer_own_name,
    applies=_has_no_role,
)
COMMUNITY = Question(
    key="community",
    template="ask_join_community",
    options=offer_communities,
    columns=2,
    applies=_has_no_community,
)
PHONE = Question(
    key="phone",
    template="ask_join_phone",
    check=check_phone,
    keyboard="contact",
    contact=True,
    applies=_has_no_phone,
    facts=_must_give_phone,
)
PHONE_OR_NOT = Question(
    key="phone",
    template="ask_join_phone",
    check=check_phone,
    keyboard="contact",
    contact=True,
    may_skip=True,
    applies=_has_no_phone,
    facts=_may_skip_phone,
)


def keep_answers(turn: Turn, person: Person, answers: Answers) -> Person:
    """Write down what was answered of these questions, and nothing that was not asked."""
    name, phone = answers.get("name"), answers.get("phone")
    if name == "as_shown":
        options = _offer_own_name(turn, answers)
        name = options[0].facts["text"] if options else person.name
    if isinstance(name, str):
        rename_person(turn.session, person_id=person.id, name=name)
    if "community" in answers:
        move_person(turn.session, person_id=person.id, community_id=community_of(answers))
    if isinstance(phone, str):
        set_phone(turn.session, person_id=person.id, phone=phone)
    turn.person = get_person(turn.session, person_id=person.id)
    return turn.person
