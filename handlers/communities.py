"""Communities: coordinators add, rename, hide and show them in the chat."""

from handlers.dialogue import BadAnswer, Form, Question, start
from handlers.dialogue.engine import CARD as FORM_CARD
from handlers.doors import let_in
from handlers.topic import Topic
from handlers.turn import Press, Turn, press_data, read_number
from storage.choices import Button
from storage.communities import (
    add_community,
    find_community,
    hide_community,
    list_communities,
    rename_community,
    show_community,
)
from storage.dialogues import Answers
from storage.neighbours import list_near, set_neighbour
from storage.people import Person
from storage.refusals import Fact, NotAllowed, TooLate
from storage.rules.text import clean

CARD = "communities"
NAME_LIMIT = 20


def open_list(turn: Turn) -> None:
    """/communities: for the office; for anybody else a command like any unknown one."""
    if let_in(turn, "communities", office=True) is not None:
        turn.say("community_list", buttons=_list_buttons(turn), card=CARD)


def press_community(turn: Turn, press: Press) -> None:
    """A button of the list, or of one community."""
    actor = _office(turn)
    if press.act == "list":
        turn.edit("community_list", buttons=_list_buttons(turn), card=CARD)
    elif press.act == "add":
        start(turn, FORM)
    elif press.act == "see":
        _show_one(turn, press.id)
    elif press.act == "rename":
        start(turn, FORM, {"community": str(press.id)})
    elif press.act == "hide":
        hide_community(turn.session, now=turn.now, actor=actor, community_id=press.id)
        _show_one(turn, press.id)
    elif press.act == "near":
        _show_neighbours(turn, press.id)
    elif press.act in ("beside", "apart"):
        _set_neighbour(turn, press, actor)
    elif press.act == "show":
        show_community(turn.session, now=turn.now, actor=actor, community_id=press.id)
        _show_one(turn, press.id)
    else:
        raise TooLate


def _office(turn: Turn) -> Person:
    if turn.person is None or not turn.person.is_office:
        raise NotAllowed
    return turn.person


def _list_buttons(turn: Turn) -> list[list[Button]]:
    flat = [
        Button(
            "verbatim" if one.active else "community.hidden",
            press_data("community", "see", one.id, 0),
            {"text": one.name},
        )
        for one in list_communities(turn.session, hidden=True)
    ]
    lines = [flat[at : at + 2] for at in range(0, len(flat), 2)]
    return [*lines, [Button("community.add", press_data("community", "add", 0, 0))]]


def _show_one(turn: Turn, community_id: int) -> None:
    one = find_community(turn.session, community_id=community_id)
    if one is None:
        raise NotAllowed
    switch = "hide" if one.active else "show"
    turn.edit(
        "community_one",
        buttons=[
            [Button("community.rename", press_data("community", "rename", one.id, 0))],
            [Button(f"community.{switch}", press_data("community", switch, one.id, 0))],
            [Button("community.near", press_data("community", "near", one.id, 0))],
            [Button("community.list", press_data("community", "list", 0, 0))],
        ],
        card=CARD,
        name=one.name,
        active=one.active,
        beside=_names_beside(turn, one.id),
    )


def _names_beside(turn: Turn, community_id: int) -> list[str]:
    beside = list_near(turn.session, community_id=community_id).neighbours
    return [one.name for one in list_communities(turn.session, hidden=True) if one.id in beside]


def _show_neighbours(turn: Turn, community_id: int) -> None:
    """Every other community, ticked where it lies beside this one: needs are brought there next."""
    one = find_community(turn.session, community_id=community_id)
    if one is None:
        raise NotAllowed
    beside = list_near(turn.session, community_id=community_id).neighbours
    flat = [
        Button(
            "community.is_beside" if other.id in beside else "verbatim",
            press_data(
                "community", "apart" if other.id in beside else "beside", one.id, 0, str(other.id)
            ),
            {"text": other.name},
        )
        for other in list_communities(turn.session)
        if other.id != one.id
    ]
    lines = [flat[at : at + 2] for at in range(0, len(flat), 2)]
    back = Button("community.back", press_data("community", "see", one.id, 0))
    turn.edit("community_near", buttons=[*lines, [back]], card=CARD, name=one.name)


def _set_neighbour(turn: Turn, press: Press, actor: Person) -> None:
    other = read_number(press.extra)
    if other is None:
        raise TooLate
    set_neighbour(
        turn.session,
        now=turn.now,
        actor=actor,
        one=press.id,
        other=other,
        beside=press.act == "beside",
    )
    _show_neighbours(turn, press.id)


def _check(turn: Turn, text: str) -> Fact:
    name = " ".join((clean(text, limit=400) or "").split())
    if not name:
        raise BadAnswer("name_empty")
    if len(name) > NAME_LIMIT:
        raise BadAnswer("name_long", limit=NAME_LIMIT)
    return name


def _facts(turn: Turn, answers: Answers) -> dict[str, Fact]:
    chosen = answers.get("community")
    one = (
        find_community(turn.session, community_id=int(chosen)) if isinstance(chosen, str) else None
    )
    return {"old": one.name if one else None}


def _finish(turn: Turn, answers: Answers) -> None:
    actor = _office(turn)
    name, chosen = str(answers["name"]), answers.get("community")
    if isinstance(chosen, str):
        rename_community(
            turn.session, now=turn.now, actor=actor, community_id=int(chosen), name=name
        )
    else:
        add_community(turn.session, now=turn.now, actor=actor, name=name)
    turn.say("community_kept", card=FORM_CARD, keyboard="menu", name=name)


FORM = Form(
    topic="community",
    questions=(Question(key="name", template="ask_community_name", check=_check, facts=_facts),),
    finish=_finish,
)

TOPIC = Topic(
    commands={"communities": open_list}, presses={"community": press_community}, forms=(FORM,)
)
