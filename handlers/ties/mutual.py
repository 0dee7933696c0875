"""Making mutual help in the chat: whom, by whom, what both give; and letting it through."""

from collections.abc import Mapping

from handlers.dialogue import Form, Question, start
from handlers.doors import present
from handlers.ties.parts import (
    FREQUENCY,
    acts_in,
    ask_acts,
    check_words,
    frequency_in,
    send_option,
)
from handlers.ties.people import ask_for, chosen
from handlers.turn import Turn
from storage.dialogues import Answers
from storage.pairs import Pair
from storage.pairs.ties.choosing import Choice, search_helpers, search_recipients
from storage.pairs.ties.mutual import MutualDraft, propose_mutual
from storage.pairs.ties.refusals import TieBarred
from storage.people import get_person
from storage.refusals import Fact
from storage.rules.pairs import Kind
from storage.rules.ties import Bar


def _residents(turn: Turn, _answers: Answers, words: str) -> list[Choice]:
    return search_recipients(turn.session, actor=present(turn), kind=Kind.MUTUAL, words=words)


def _helpers(turn: Turn, answers: Answers, words: str) -> list[Choice]:
    return search_helpers(
        turn.session, actor=present(turn), resident_id=chosen(answers, "resident"), words=words
    )


def _name(turn: Turn, answers: Answers, key: str) -> str:
    return get_person(turn.session, person_id=chosen(answers, key)).name


def _review(turn: Turn, answers: Answers) -> Mapping[str, Fact]:
    return {
        "kind": Kind.MUTUAL.value,
        "resident": _name(turn, answers, "resident"),
        "helper": _name(turn, answers, "helper"),
        "acts": list(acts_in(answers)),
        "frequency": frequency_in(answers),
        "gives_back": answers.get("back"),
        "leader": None,
    }


def _draft(answers: Answers) -> MutualDraft:
    back = answers.get("back")
    return MutualDraft(
        resident_id=chosen(answers, "resident"),
        helper_id=chosen(answers, "helper"),
        acts=acts_in(answers),
        frequency=frequency_in(answers),
        gives_back=back if isinstance(back, str) else None,
    )


def _propose(turn: Turn, answers: Answers) -> None:
    try:
        with turn.session.savepoint():
            one = propose_mutual(
                turn.session, now=turn.now, actor=present(turn), draft=_draft(answers)
            )
    except TieBarred as barred:
        if not barred.facts["lifts"]:
            raise
        start(turn, OVERRIDE, {**answers, "bars": barred.facts["bars"]})
        return
    say_made(turn, one)


def say_made(turn: Turn, one: Pair) -> None:
    """Tell staff that it is on its way."""
    turn.say("tie_made", keyboard="menu", card="form", more=one.facts)


def _bars(turn: Turn, answers: Answers) -> Mapping[str, Fact]:
    return {
        "bars": answers.get("bars"),
        "resident": _name(turn, answers, "resident"),
        "helper": _name(turn, answers, "helper"),
    }


def _let_through(turn: Turn, answers: Answers) -> None:
    bars = answers.get("bars")
    one = propose_mutual(
        turn.session,
        now=turn.now,
        actor=present(turn),
        draft=_draft(answers),
        lifting=[Bar(str(bar)) for bar in bars] if isinstance(bars, list) else (),
        reason=str(answers["reason"]),
    )
    say_made(turn, one)


NEW = Form(
    topic="tie_mutual",
    questions=(
        *ask_for("resident", "ask_tie_resident", _residents),
        *ask_for("helper", "ask_tie_helper_name", _helpers),
        ask_acts(lambda _answers: Kind.MUTUAL),
        FREQUENCY,
        Question("back", "ask_tie_back", check_words, may_skip=True),
        Question("review", "ask_tie_review", options=send_option, facts=_review),
    ),
    finish=_propose,
)
OVERRIDE = Form(
    topic="tie_override",
    questions=(Question("reason", "ask_tie_reason", check_words, facts=_bars),),
    finish=_let_through,
)
