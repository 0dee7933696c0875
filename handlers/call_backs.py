"""回访: staff phone after a need was closed, and write down how it was."""

from handlers.dialogue import BadAnswer, Form, Option, Question, start
from handlers.dialogue.engine import CARD as FORM_CARD
from handlers.topic import Topic
from handlers.turn import Press, Turn, press_data
from storage.call_backs import (
    CallBack,
    Said,
    answer_call_back,
    get_call_back,
    list_call_backs,
    note_unreached,
    open_phone,
)
from storage.choices import Button, close_card
from storage.dialogues import Answers
from storage.people import Person
from storage.refusals import Fact, NotAllowed, TooLate
from storage.rules.text import clean
from storage.rules.visits import Outcome

CARD = "call_back"
WORDS_LIMIT = 500


def press_call_back(turn: Turn, press: Press) -> None:
    """The calls to make, one after the other."""
    actor = turn.person
    if actor is None or not actor.is_approved("coordinator"):
        raise NotAllowed
    if press.act == "list":
        _show_next(turn, actor, after=0)
        return
    if press.act == "later":
        _show_next(turn, actor, after=press.id)
        return
    one = get_call_back(turn.session, actor=actor, call_back_id=press.id)
    if press.act == "phone":
        contact = open_phone(turn.session, now=turn.now, actor=actor, one=one)
        turn.say("call_back_phone", name=contact.name, phone=contact.phone, address=contact.address)
    elif press.act == "reached":
        start(turn, FORM, {"call_back_id": one.id, "version": one.version})
    elif press.act == "missed":
        note_unreached(
            turn.session,
            now=turn.now,
            actor_id=actor.id,
            call_back_id=one.id,
            version=press.version,
        )
        _show_next(turn, actor, after=one.id, lead="call_back_missed")
    else:
        raise TooLate


def _show_next(turn: Turn, actor: Person, *, after: int, lead: str | None = None) -> None:
    waiting = list_call_backs(turn.session, actor=actor)
    ids = [one.id for one in waiting]
    at = ids.index(after) + 1 if after in ids else 0
    if at >= len(waiting):
        turn.edit("call_back_none", card=CARD, left=len(waiting), lead=lead)
        return
    one = waiting[at]
    turn.edit("call_back_card", buttons=_buttons(one), card=CARD, more=_facts(one, lead))


def _buttons(one: CallBack) -> list[list[Button]]:
    acts = ("phone", "reached", "missed", "later")
    return [
        [Button(f"call_back.{act}", press_data("call_back", act, one.id, one.version))]
        for act in acts
    ]


def _facts(one: CallBack, lead: str | None) -> dict[str, Fact]:
    return {
        "resident": one.resident,
        "category": one.category,
        "words": one.words,
        "helper": one.helper,
        "why": one.why,
        "tried": one.tried,
        "ended_at": one.ended_at.isoformat() if one.ended_at else None,
        "lead": lead,
    }


def _outcomes(turn: Turn, answers: Answers) -> list[Option]:
    return [Option(one.value, f"outcome.{one.value}") for one in Outcome]


def _ratings(turn: Turn, answers: Answers) -> list[Option]:
    return [Option(str(one), f"satisfied.{one}") for one in range(5, 0, -1)]


def _check_words(turn: Turn, text: str) -> Fact:
    words = clean(text, limit=WORDS_LIMIT)
    if words is None:
        raise BadAnswer("words_empty")
    return words


def _finish(turn: Turn, answers: Answers) -> None:
    actor = turn.person
    if actor is None:
        raise NotAllowed
    close_card(turn.session, chat_id=turn.chat_id, card=FORM_CARD)
    satisfied, words = answers.get("satisfied"), answers.get("words")
    said = Said(
        outcome=str(answers["outcome"]),
        satisfied=int(str(satisfied)) if satisfied is not None else None,
        words=str(words) if words is not None else None,
    )
    one = answer_call_back(
        turn.session,
        now=turn.now,
        actor_id=actor.id,
        call_back_id=int(str(answers["call_back_id"])),
        version=int(str(answers["version"])),
        said=said,
    )
    lines = [[Button("call_back.next", press_data("call_back", "list", 0, 0))]]
    if said.outcome != Outcome.SOLVED.value:
        data = press_data("need", "reopen", one.need_id, one.need_version)
        lines.insert(0, [Button("need.reopen", data)])
    unsolved = said.outcome != Outcome.SOLVED.value
    turn.say("call_back_noted", buttons=lines, card=CARD, resident=one.resident, unsolved=unsolved)


FORM = Form(
    topic="call_back",
    questions=(
        Question("outcome", "ask_call_back_outcome", options=_outcomes),
        Question("satisfied", "ask_call_back_satisfied", options=_ratings, may_skip=True),
        Question("words", "ask_call_back_words", _check_words, may_skip=True),
    ),
    finish=_finish,
)
TOPIC = Topic(presses={"call_back": press_call_back}, forms=(FORM,))
