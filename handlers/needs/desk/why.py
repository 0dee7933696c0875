"""The desk's "why these": who was asked and for what, how many were not, and one person by name."""

from handlers.dialogue import BadAnswer, Form, Question, start
from handlers.dialogue.engine import CARD
from handlers.needs.cards import card_of
from handlers.turn import Turn
from storage.choices import close_card
from storage.dialogues import Answers
from storage.needs import NeedCard, button, explain_offers, explain_person, get_desk_need
from storage.refusals import Fact, NotAllowed
from storage.rules.text import clean

NAME_LIMIT = 40


def show_why(turn: Turn, card: NeedCard, *, coordinator_id: int) -> None:
    """Say why a need was brought to these people and not to others; nobody's points."""
    told = explain_offers(turn.session, coordinator_id=coordinator_id, need_id=card.id)
    turn.say(
        "desk_why",
        buttons=[[button("desk.why_not", "desk", "whynot", card.id, card.version)]],
        card=f"{card_of(card.id)}:why",
        moments=[one.at.isoformat() for one in told.waves],
        reaches=[one.reach for one in told.waves],
        whys=[one.why for one in told.waves],
        numbers=[str(one.asked) for one in told.waves],
        names=[one.name for one in told.asked],
        communities=[one.community or "" for one in told.asked],
        states=["assigned" if one.assigned else one.state for one in told.asked],
        reasons=[",".join(one.parts) for one in told.asked],
        stops=[stop.value for stop in told.passed_over],
        stopped=[str(many) for many in told.passed_over.values()],
        teams=[name for name, _ in told.teams],
        answers=[state for _, state in told.teams],
        words=card.words,
    )


def ask_name(turn: Turn, card: NeedCard) -> None:
    """Whom do you mean?"""
    start(turn, NAME, {"need_id": card.id})


def _check_name(turn: Turn, text: str) -> Fact:
    name = clean(text, limit=NAME_LIMIT)
    if name is None:
        raise BadAnswer("name_empty")
    return name


def _finish(turn: Turn, answers: Answers) -> None:
    if turn.person is None:
        raise NotAllowed
    close_card(turn.session, chat_id=turn.chat_id, card=CARD)
    by, need_id, name = turn.person.id, int(str(answers["need_id"])), str(answers["name"])
    card = get_desk_need(turn.session, coordinator_id=by, need_id=need_id)
    found = explain_person(
        turn.session, now=turn.now, coordinator_id=by, need_id=need_id, name=name
    )
    turn.say(
        "desk_why_one",
        name=name,
        communities=[one.community or "" for one in found],
        states=[one.state or "" for one in found],
        stops=[",".join(one.stops) for one in found],
        reasons=[",".join(one.parts) for one in found],
        words=card.words,
    )


NAME = Form(
    topic="desk_why",
    questions=(Question("name", "ask_desk_why_name", _check_name),),
    finish=_finish,
)
