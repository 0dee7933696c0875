"""The household on a card: who lives there, who is the head, who comes and goes."""

from collections.abc import Sequence

from handlers.dialogue import BadAnswer, Form, Option, Question, start
from handlers.dialogue.engine import CARD as FORM_CARD
from handlers.register.answers import NAME_LIMIT, READ_LIMIT, read_date
from handlers.turn import Press, Turn, press_data
from storage.choices import Button
from storage.dialogues import Answers
from storage.people import Person
from storage.refusals import Fact, NotAllowed, TooLate
from storage.registers import (
    Member,
    add_family_member,
    check_staff,
    find_household,
    leave_household,
    list_members,
    list_namesakes,
    place_in_household,
    set_head,
)
from storage.rules.fields import OPTIONS
from storage.rules.text import clean


def press_home(turn: Turn, press: Press) -> None:
    """Each press names a person of the household."""
    actor = turn.person
    if actor is None:
        raise NotAllowed
    check_staff(turn.session, actor=actor, person_id=press.id)
    if press.act == "see":
        show_home(turn, press.id)
    elif press.act in ("head", "left"):
        _choose(turn, press.id, press.act)
    elif press.act == "add":
        _start(turn, MEMBER_FORM, press.id)
    elif press.act == "join":
        _start(turn, JOIN_FORM, press.id)
    elif press.act in ("set_head", "leave"):
        _do(turn, actor, press)
    elif press.act == "alone":
        place_in_household(
            turn.session, now=turn.now, actor=actor, person_id=press.id, relation="head"
        )
        show_home(turn, press.id)
    else:
        raise TooLate


def show_home(turn: Turn, person_id: int) -> None:
    """Show who lives with this person."""
    home = find_household(turn.session, person_id=person_id)
    back = [Button("person.back", press_data("person", "see", person_id, 0))]
    if home is None:
        make = [Button("home.alone", press_data("home", "alone", person_id, 0))]
        turn.say("home_none", buttons=[make, back], card=f"home:{person_id}")
        return
    members = list_members(turn.session, household_id=home.id)
    see = [
        Button("verbatim", press_data("person", "see", one.person_id, 0), {"text": one.name})
        for one in members
        if one.person_id != person_id
    ]
    acts = [
        Button(f"home.{act}", press_data("home", act, person_id, 0))
        for act in ("add", "join", "head", "left")
        if act in ("add", "join") or len(members) > 1 or act == "left"
    ]
    turn.say(
        "home_card",
        buttons=[*_pairs(see), *_pairs(acts), back],
        card=f"home:{person_id}",
        group=home.group_code,
        code=home.code,
        several=sum(one.is_resident for one in members) > 1,
        members=[_line(turn, one) for one in members],
    )


def _line(turn: Turn, one: Member) -> str:
    kin = turn.wording.label(
        f"choice.relation.{'head' if one.is_head else one.relation}", language=turn.language
    )
    entry = turn.wording.label(
        "home.in_register" if one.is_resident else "home.not_in_register", language=turn.language
    )
    return (
        f"{one.name}（{kin}，{entry}）" if turn.language == "zh" else f"{one.name} ({kin}, {entry})"
    )


def _pairs(flat: list[Button]) -> list[list[Button]]:
    return [flat[at : at + 2] for at in range(0, len(flat), 2)]


def _choose(turn: Turn, person_id: int, act: str) -> None:
    """Which of them: the new head, or the one who left."""
    home = find_household(turn.session, person_id=person_id)
    if home is None:
        raise TooLate
    does = "set_head" if act == "head" else "leave"
    flat = [
        Button("verbatim", press_data("home", does, one.person_id, 0), {"text": one.name})
        for one in list_members(turn.session, household_id=home.id)
        if act == "left" or not one.is_head
    ]
    back = [Button("home.back", press_data("home", "see", person_id, 0))]
    turn.say(f"home_{act}", buttons=[*_pairs(flat), back], card=f"home:{person_id}")


def _do(turn: Turn, actor: Person, press: Press) -> None:
    home = find_household(turn.session, person_id=press.id)
    if home is None:
        raise TooLate
    if press.act == "set_head":
        set_head(turn.session, now=turn.now, actor=actor, household_id=home.id, person_id=press.id)
    else:
        leave_household(turn.session, now=turn.now, actor=actor, person_id=press.id)
    show_home(turn, press.id)


def _start(turn: Turn, form: Form, person_id: int) -> None:
    if find_household(turn.session, person_id=person_id) is None:
        raise TooLate
    start(turn, form, {"person": str(person_id)})


def _check_name(turn: Turn, text: str) -> Fact:
    name = " ".join((clean(text, limit=READ_LIMIT) or "").split())
    if not name:
        raise BadAnswer("name_empty")
    if len(name) > NAME_LIMIT:
        raise BadAnswer("name_long", limit=NAME_LIMIT)
    return name


def _check_born(turn: Turn, text: str) -> Fact:
    return read_date(text, today=turn.session.house.local(turn.now).date(), past=True)


def _offer_relations(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [
        Option(one.key, f"choice.relation.{one.key}")
        for one in OPTIONS["relation"]
        if one.key != "head"
    ]


def _offer_found(turn: Turn, answers: Answers) -> Sequence[Option]:
    if turn.person is None:
        raise NotAllowed
    found = list_namesakes(turn.session, actor=turn.person, name=str(answers["whom"]))
    return [
        Option(str(one.person_id), "home.found", {"name": one.name, "place": one.community or "—"})
        for one in found
        if str(one.person_id) != answers["person"]
    ]


def _household_of(turn: Turn, answers: Answers) -> int:
    home = find_household(turn.session, person_id=int(str(answers["person"])))
    if home is None:
        raise TooLate
    return home.id


def _finish_member(turn: Turn, answers: Answers) -> None:
    if turn.person is None:
        raise NotAllowed
    born_on = answers.get("born")
    add_family_member(
        turn.session,
        now=turn.now,
        actor=turn.person,
        household_id=_household_of(turn, answers),
        name=str(answers["name"]),
        relation=str(answers["relation"]),
        born_on=str(born_on) if born_on else None,
    )
    _done(turn, answers, str(answers["name"]))


def _finish_join(turn: Turn, answers: Answers) -> None:
    if turn.person is None:
        raise NotAllowed
    place_in_household(
        turn.session,
        now=turn.now,
        actor=turn.person,
        person_id=int(str(answers["pick"])),
        household_id=_household_of(turn, answers),
        relation=str(answers["relation"]),
        ground="staff",
    )
    _done(turn, answers, str(answers["whom"]))


def _done(turn: Turn, answers: Answers, name: str) -> None:
    back = Button("home.back", press_data("home", "see", int(str(answers["person"])), 0))
    turn.say("home_kept", buttons=[[back]], card=FORM_CARD, name=name)


RELATION = Question(
    key="relation", template="ask_home_relation", options=_offer_relations, columns=2
)
MEMBER_FORM = Form(
    topic="home_member",
    questions=(
        Question(key="name", template="ask_home_name", check=_check_name),
        RELATION,
        Question(key="born", template="ask_home_born", check=_check_born, may_skip=True),
    ),
    finish=_finish_member,
)
JOIN_FORM = Form(
    topic="home_join",
    questions=(
        Question(key="whom", template="ask_home_whom", check=_check_name),
        Question(key="pick", template="ask_home_pick", options=_offer_found),
        RELATION,
    ),
    finish=_finish_join,
)
