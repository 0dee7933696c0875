"""A volunteer's own word at an offer: not this kind, a rest, not this family; undone as easily."""

from contextlib import suppress
from datetime import date, timedelta

from handlers.dialogue import BadAnswer, Form, Option, Question, start
from handlers.dialogue.engine import CARD
from handlers.doors import let_in
from handlers.needs.cards import card_of
from handlers.turn import Press, Turn, press_data
from storage.choices import Button, close_card
from storage.dialogues import Answers
from storage.needs import (
    Declining,
    NeedCard,
    button,
    decline_for_good,
    decline_offer,
    find_need,
    list_kinds_off,
    switch_kind_off,
    switch_kind_on,
)
from storage.people import Person
from storage.refusals import AlreadyDone, Fact, NotAllowed, TooLate
from storage.rules.areas import Category
from storage.rules.lifecycle import NeedState
from storage.rules.moments import MomentProblem
from storage.rules.pauses import ends_at, parse_until
from storage.volunteers import pause_volunteer

KINDS_CARD = "kinds"
RESTS = {"week": timedelta(days=7), "fortnight": timedelta(days=14), "month": timedelta(days=30)}


def press_more(turn: Turn, press: Press, card: NeedCard, person: Person) -> None:
    """[Something else] and what stands below it."""
    if press.act == "more":
        _show_more(turn, card)
    elif press.act == "kind":
        _decline(turn, card, person, Declining.NOT_THIS_KIND)
        _switch_off(turn, person, card.category)
        _show_kind_off(turn, card)
    elif press.act == "rest":
        start(turn, REST, {"need_id": card.id})
    elif press.act == "apart":
        decline_for_good(turn.session, now=turn.now, volunteer_id=person.id, need_id=card.id)
        turn.edit("offer_not_them", card=card_of(card.id), more=card.public_facts)
    else:
        raise TooLate


def _show_more(turn: Turn, card: NeedCard) -> None:
    acts = (("offer.not_kind", "kind"), ("offer.rest", "rest"), ("offer.not_them", "apart"))
    lines = [[button(label, "offer", act, card.id, card.version)] for label, act in acts]
    lines.append([button("offer.back", "offer", "back", card.id, card.version)])
    turn.edit("offer_more", buttons=lines, card=card_of(card.id), more=card.public_facts)


def _decline(turn: Turn, card: NeedCard, person: Person, ground: Declining) -> None:
    """The need goes on to others; whoever said no before has not changed their mind."""
    with suppress(AlreadyDone):
        decline_offer(
            turn.session, now=turn.now, volunteer_id=person.id, need_id=card.id, ground=ground
        )


def _switch_off(turn: Turn, person: Person, category: Category) -> None:
    with suppress(AlreadyDone):
        switch_kind_off(turn.session, now=turn.now, person=person, category=category)


def _show_kind_off(turn: Turn, card: NeedCard) -> None:
    undo = Button("kinds.undo", press_data("kinds", "on", 0, 0, card.category.value))
    turn.edit("offer_kind_off", buttons=[[undo]], card=card_of(card.id), more=card.public_facts)


def show_kinds(turn: Turn) -> None:
    """/kinds: what a volunteer is not asked about, each with the button that undoes it."""
    person = let_in(turn, "kinds", ("volunteer",))
    if person is None:
        return
    off = list_kinds_off(turn.session, person=person)
    lines = [
        [Button(f"category.{one.value}", press_data("kinds", "on", 0, 0, one.value))] for one in off
    ]
    turn.say("kinds_off", buttons=lines, card=KINDS_CARD, kinds=[one.value for one in off])


def press_kinds(turn: Turn, press: Press) -> None:
    """A kind is asked about again."""
    person = turn.person
    if person is None or press.act != "on":
        raise NotAllowed if person is None else TooLate
    if press.extra not in set(Category):
        raise TooLate
    category = Category(press.extra)
    switch_kind_on(turn.session, now=turn.now, person=person, category=category)
    turn.edit("kinds_on_again", card=KINDS_CARD, category=category.value)


def _check_until(turn: Turn, text: str) -> Fact:
    if text in RESTS:
        return text
    local = turn.session.house.local(turn.now)
    day = parse_until(text, local.date())
    if day is None or isinstance(day, MomentProblem):
        raise BadAnswer("rest_until")
    return day.isoformat()


def _rests(turn: Turn, answers: Answers) -> list[Option]:
    return [Option(one, f"pause.{one}") for one in RESTS]


def _finish_rest(turn: Turn, answers: Answers) -> None:
    close_card(turn.session, chat_id=turn.chat_id, card=CARD)
    person = turn.person
    if person is None:
        raise NotAllowed
    said = str(answers["until"])
    if said in RESTS:
        until = turn.now + RESTS[said]
    else:
        until = ends_at(date.fromisoformat(said), turn.session.house.zone)
    pause_volunteer(turn.session, now=turn.now, person=person, until=until)
    need_id = int(str(answers["need_id"]))
    card = find_need(turn.session, need_id=need_id)
    if card is not None and card.state in (NeedState.OPEN, NeedState.UNCLAIMED):
        _decline(turn, card, person, Declining.RESTING)
    turn.say("offer_resting", card=card_of(need_id), keyboard="menu", until=until.isoformat())


REST = Form(
    topic="offer_rest",
    questions=(Question("until", "ask_offer_rest", _check_until, options=_rests),),
    finish=_finish_rest,
)
