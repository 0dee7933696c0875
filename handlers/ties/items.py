"""What can be done in each kind of tie: the office adds items and switches some off."""

from collections.abc import Callable, Mapping

from handlers.dialogue import BadAnswer, Form, Question, start
from handlers.turn import Press, Turn, press_data
from storage.choices import Button
from storage.dialogues import Answers
from storage.pairs.ties.items import NAME_LIMIT, NAMED, TieItem, add_item, list_items, switch_item
from storage.people import Person
from storage.refusals import Fact, NotAllowed, TooLate
from storage.rules.pairs import Kind
from storage.rules.respect import find_disrespectful
from storage.rules.text import clean
from storage.rules.ties import TIES

CARD = "ties"
KINDS = tuple(TIES)


def press(turn: Turn, press: Press) -> None:
    """A button of the items: the kinds, one kind's, or one item's switch."""
    actor = _office(turn)
    acts: Mapping[str, Callable[[], None]] = {
        "kinds": lambda: _show_kinds(turn),
        "list": lambda: _show(turn, _kind(press.id)),
        "add": lambda: start(turn, ADD, {"kind": _kind(press.id).value}),
        "on": lambda: _switch(turn, actor, press, active=True),
        "off": lambda: _switch(turn, actor, press, active=False),
    }
    if press.act not in acts:
        raise TooLate
    acts[press.act]()


def _office(turn: Turn) -> Person:
    if turn.person is None or not turn.person.is_office:
        raise NotAllowed
    return turn.person


def _kind(number: int) -> Kind:
    if number >= len(KINDS):
        raise TooLate
    return KINDS[number]


def _show_kinds(turn: Turn) -> None:
    lines = [
        [Button(f"pair_kind.{kind}", press_data("tie_item", "list", number, 0))]
        for number, kind in enumerate(KINDS)
    ]
    lines.append([Button("tie.desk", press_data("tie", "desk", 0, 0))])
    turn.edit("tie_item_kinds", buttons=lines, card=CARD)


def _show(turn: Turn, kind: Kind, *, edit: bool = True) -> None:
    found, number = list_items(turn.session, kind=kind, hidden=True), KINDS.index(kind)
    lines = [[_button(turn, one, number)] for one in found]
    lines.append([Button("tie.add_item", press_data("tie_item", "add", number, 0))])
    lines.append([Button("tie.items", press_data("tie_item", "kinds", 0, 0))])
    say = turn.edit if edit else turn.say
    say(
        "tie_items",
        buttons=lines,
        card=CARD,
        kind=kind.value,
        on=[one.key for one in found if one.active],
        off=[one.key for one in found if not one.active],
    )


def _button(turn: Turn, one: TieItem, number: int) -> Button:
    act = "off" if one.active else "on"
    name = one.key.removeprefix(NAMED)
    if name == one.key:
        name = turn.wording.label(f"pair_act.{one.key}", language=turn.language)
    data = press_data("tie_item", act, number, one.version, one.key)
    return Button(f"tie.item_{act}", data, {"name": name})


def _switch(turn: Turn, actor: Person, press: Press, *, active: bool) -> None:
    kind = _kind(press.id)
    switch_item(
        turn.session,
        now=turn.now,
        actor=actor,
        key=press.extra,
        version=press.version,
        active=active,
    )
    _show(turn, kind)


def _check_name(_turn: Turn, text: str) -> Fact:
    name = "".join((clean(text, limit=100) or "").split())
    if not name or set(name) & set(",:="):
        raise BadAnswer("name_empty")
    if len(name) > NAME_LIMIT:
        raise BadAnswer("name_long", limit=NAME_LIMIT)
    if find_disrespectful(name) is not None:
        raise BadAnswer("disrespectful")
    return name


def _add(turn: Turn, answers: Answers) -> None:
    kind = Kind(str(answers["kind"]))
    add_item(turn.session, now=turn.now, actor=_office(turn), kind=kind, name=str(answers["name"]))
    _show(turn, kind, edit=False)


ADD = Form(
    topic="tie_item",
    questions=(Question("name", "ask_tie_item", _check_name),),
    finish=_add,
)
