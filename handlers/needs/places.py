"""Several helpers for one need: how many, or which tasks; pressed by residents and staff."""

import re

from handlers.dialogue import BadAnswer, Form, Question, start
from handlers.dialogue.engine import CARD
from handlers.needs.cards import card_of, show_desk, show_need
from handlers.needs.stating.reading import check_words
from handlers.turn import Press, Turn, press_data, read_number
from storage.choices import Button, close_card
from storage.dialogues import Answers
from storage.needs import (
    NeedCard,
    find_need,
    get_desk_need,
    list_places,
    may_see_words,
    split_need,
    want_helpers,
)
from storage.people import Person
from storage.refusals import Fact, NotAllowed, TooLate
from storage.rules.places import MOST_PLACES

# More than four are rarely wanted, and staff may write tasks instead.
OFFERED = 4
_BETWEEN = re.compile(r"[;；\n+＋]|、")


def press_place(turn: Turn, press: Press) -> None:
    """A button about how many are to help."""
    person, card = _theirs(turn, press.id)
    if press.act == "ask":
        _ask(turn, card)
    elif press.act == "set":
        _set(turn, press, card, person)
    elif press.act == "split" and person.is_approved("coordinator"):
        start(turn, SPLIT, {"need_id": card.id, "version": press.version})
    else:
        raise TooLate


def _theirs(turn: Turn, need_id: int) -> tuple[Person, NeedCard]:
    card = find_need(turn.session, need_id=need_id)
    if turn.person is None or card is None:
        raise NotAllowed
    if not may_see_words(turn.session, person_id=turn.person.id, card=card):
        raise NotAllowed
    return turn.person, card


def _ask(turn: Turn, card: NeedCard) -> None:
    places = list_places(turn.session, card=card)
    lines = [
        [Button("place.people", press_data("place", "set", card.id, 0, str(n)), {"people": n})]
        for n in range(1, OFFERED + 1)
        if n != places.wanted and n >= places.found
    ]
    lines.append([Button("need.keep_so", press_data("need", "keep", card.id, card.version))])
    facts: dict[str, Fact] = {"wanted": places.wanted, "found": places.found}
    turn.edit("place_ask", buttons=lines, card=card_of(card.id), more={**card.facts, **facts})


def _set(turn: Turn, press: Press, card: NeedCard, person: Person) -> None:
    wanted = read_number(press.extra)
    if wanted is None:
        raise TooLate
    want_helpers(turn.session, now=turn.now, actor_id=person.id, need_id=card.id, wanted=wanted)
    _show(turn, card.id, person)


def _show(turn: Turn, need_id: int, person: Person, *, edit: bool = True) -> None:
    card = find_need(turn.session, need_id=need_id)
    if card is None:
        raise NotAllowed
    staff = person.id not in (card.resident_id, card.stated_by)
    if staff and person.is_approved("coordinator"):
        show_desk(turn, card, lead="place_changed", edit=edit)
    else:
        show_need(turn, card, lead="place_changed", edit=edit)


def _check_tasks(turn: Turn, text: str) -> Fact:
    said = check_words(turn, text)
    tasks = [one.strip() for one in _BETWEEN.split(said) if one.strip()]
    if not 2 <= len(tasks) <= MOST_PLACES:
        raise BadAnswer("place_tasks", most=MOST_PLACES)
    return tasks


def _finish(turn: Turn, answers: Answers) -> None:
    tasks = answers["tasks"]
    if turn.person is None or not isinstance(tasks, list):
        raise NotAllowed
    close_card(turn.session, chat_id=turn.chat_id, card=CARD)
    by, need_id = turn.person.id, int(str(answers["need_id"]))
    card = get_desk_need(turn.session, coordinator_id=by, need_id=need_id)
    if card.version != answers["version"]:
        show_desk(turn, card, lead="need_moved_on", edit=False)
        return
    split_need(
        turn.session,
        now=turn.now,
        coordinator_id=by,
        need_id=need_id,
        version=card.version,
        tasks=tasks,
    )
    _show(turn, need_id, turn.person, edit=False)


SPLIT = Form(
    topic="place_split",
    questions=(Question("tasks", "ask_place_tasks", _check_tasks),),
    finish=_finish,
)
