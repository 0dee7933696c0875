"""Buttons of those who speak for a resident: add, change, withdraw, and "was it done?"."""

from collections.abc import Mapping

from handlers.dialogue import Form, Question, start
from handlers.dialogue.engine import CARD
from handlers.needs.after.outcomes import AFTERWARDS, ask_outcome, press_afterwards
from handlers.needs.cards import card_of, show_need
from handlers.needs.stating.form import change_stated
from handlers.needs.stating.reading import check_words, longer
from handlers.turn import Press, Turn
from storage.choices import close_card
from storage.dialogues import Answers, Dialogue, end_dialogue
from storage.needs import (
    NeedCard,
    Statement,
    button,
    cancel_need,
    change_need,
    confirm_done,
    find_need,
    may_see_words,
    rating_buttons,
    resident_buttons,
)
from storage.people import Person
from storage.refusals import Fact, NotAllowed, TooLate
from storage.rules.lifecycle import UNFINISHED, NeedState


def press_need(turn: Turn, press: Press) -> None:
    """A button on somebody's own need."""
    person, card = _own(turn, press)
    if press.act == "all":
        # Under a name of its own, by which it can be taken back from a helper's chat.
        more = _whole_words(turn, card, person)
        turn.say("need_all_words", card=f"{card_of(card.id)}:words", more=more)
        return
    if press.act in AFTERWARDS:
        press_afterwards(turn, press, card)
        return
    if press.version != card.version or card.state not in UNFINISHED:
        show_need(turn, card, lead="need_moved_on")
        return
    if press.act == "add":
        start(turn, ADD, {"need_id": card.id, "version": card.version})
    elif press.act == "change":
        change_stated(turn, card)
    elif press.act == "cancel":
        _ask_sure(turn, card)
    elif press.act == "keep":
        show_need(turn, card)
    elif press.act == "notyet" and card.state is NeedState.DONE:
        ask_outcome(turn, card)
    elif press.act in ("drop", "yes"):
        _answer(turn, press, person)
    else:
        raise TooLate


def _whole_words(turn: Turn, card: NeedCard, person: Person) -> Mapping[str, Fact]:
    """Every word; to who helps without the phones in it until they are shown whom and where."""
    speaks = may_see_words(turn.session, person_id=person.id, card=card)
    held = card.claim
    shown = card.shares and held is not None and held.arrives_at is not None
    return card.facts if speaks or shown else card.task_facts


def _own(turn: Turn, press: Press) -> tuple[Person, NeedCard]:
    """The person and the need, if they may know of it; one answer for all others."""
    card = find_need(turn.session, need_id=press.id)
    if turn.person is None or card is None:
        raise NotAllowed
    whole = press.act == "all"
    if not may_see_words(turn.session, person_id=turn.person.id, card=card, as_helper=whole):
        raise NotAllowed
    return turn.person, card


def _ask_sure(turn: Turn, card: NeedCard) -> None:
    lines = [
        [button("need.drop", "need", "drop", card.id, card.version)],
        [button("need.keep", "need", "keep", card.id, card.version)],
    ]
    turn.edit("need_cancel_sure", buttons=lines, card=card_of(card.id), more=card.facts)


_ANSWERS = {
    "drop": (cancel_need, "need_cancelled_own"),
    "yes": (confirm_done, "need_closed_own"),
}


def _answer(turn: Turn, press: Press, person: Person) -> None:
    step, template = _ANSWERS[press.act]
    card = step(
        turn.session,
        now=turn.now,
        actor_id=person.id,
        need_id=press.id,
        version=press.version,
    )
    fresh = find_need(turn.session, need_id=press.id) or card
    lines = rating_buttons(fresh) if press.act == "yes" else resident_buttons(fresh)
    turn.edit(template, buttons=lines, card=card_of(press.id), more=card.facts)


def _finish_adding(turn: Turn, answers: Answers) -> None:
    close_card(turn.session, chat_id=turn.chat_id, card=CARD)
    card = find_need(turn.session, need_id=int(str(answers["need_id"])))
    if turn.person is None or card is None:
        raise NotAllowed
    if card.version != answers["version"]:
        show_need(turn, card, lead="need_moved_on", edit=False)
        return
    words, media = longer(turn, card.words, str(answers["words"])), answers.get("media")
    changed = change_need(
        turn.session,
        now=turn.now,
        actor_id=turn.person.id,
        need_id=card.id,
        version=card.version,
        said=Statement(card.category, card.urgency, words),
        media=[media] if isinstance(media, int) else [],
    )
    show_need(turn, changed, lead="need_added", edit=False)


ADD = Form(
    topic="need_add",
    questions=(Question("words", "ask_need_more", check_words),),
    finish=_finish_adding,
)


def add_medium(turn: Turn, dialogue: Dialogue, media_id: int, *, words: str) -> None:
    """A voice or photo is as good an answer to "what is to be added?" as words."""
    end_dialogue(turn.session, chat_id=turn.chat_id)
    _finish_adding(turn, {**dialogue.answers, "words": words, "media": media_id})
