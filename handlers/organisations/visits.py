"""An institution asks volunteers to come: kind, how many people, when, where; no names."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from handlers.dialogue import BadAnswer, Form, Option, Question, start, words_within
from handlers.dialogue.engine import CARD as FORM_CARD
from handlers.organisations.cards import reach, staff_of
from handlers.organisations.forms import actor_of, name_facts
from handlers.turn import Press, Turn
from storage.choices import close_card
from storage.dialogues import Answers
from storage.needs.statements.serving import FOR_INSTITUTIONS, MOST_PEOPLE, Visit, ask_visit
from storage.organisations import get_organisation
from storage.refusals import Fact, TooLate
from storage.rules.areas import Category
from storage.rules.moments import MomentProblem, parse_moment
from storage.rules.numbers import parse_count

WORDS_LIMIT = 500
PLACE_LIMIT = 120


def press(turn: Turn, press: Press) -> None:
    """[Ask volunteers to come] on an organisation's card."""
    one = reach(turn, staff_of(turn), press.id)
    if press.act != "ask" or not one.active:
        raise TooLate
    start(turn, ASK, {"organisation": str(one.id)})


def _kinds(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(one.value, f"category.{one.value}") for one in FOR_INSTITUTIONS]


def _check_count(_turn: Turn, text: str) -> Fact:
    count = parse_count(text, 1, MOST_PEOPLE)
    if count is None:
        raise BadAnswer("count", high=MOST_PEOPLE)
    return str(count)


def _check_moment(turn: Turn, text: str) -> Fact:
    moment = parse_moment(text, turn.session.house.local(turn.now))
    if isinstance(moment, MomentProblem):
        raise BadAnswer("claim_time", problem=moment.value)
    return moment.isoformat()


def _check_words(_turn: Turn, text: str) -> Fact:
    return _within(text, WORDS_LIMIT)


def _check_place(_turn: Turn, text: str) -> Fact:
    return _within(text, PLACE_LIMIT)


def _within(text: str, limit: int) -> str:
    return words_within(text, limit=limit)


def _summary(turn: Turn, answers: Answers) -> Mapping[str, Fact]:
    known = ("kind", "count", "when", "words", "where")
    return {**name_facts(turn, answers), **{key: answers[key] for key in known}}


def _send(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option("send", "org_visit.send")]


def _finish(turn: Turn, answers: Answers) -> None:
    close_card(turn.session, chat_id=turn.chat_id, card=FORM_CARD)
    one = get_organisation(turn.session, organisation_id=int(str(answers["organisation"])))
    ask_visit(
        turn.session,
        now=turn.now,
        actor_id=actor_of(turn).id,
        organisation_id=one.id,
        visit=Visit(
            category=Category(str(answers["kind"])),
            headcount=int(str(answers["count"])),
            words=str(answers["words"]),
            wanted_at=datetime.fromisoformat(str(answers["when"])),
            where=str(answers["where"]),
        ),
    )
    turn.say("org_visit_sent", keyboard="menu", name=one.name)


ASK = Form(
    topic="org_visit",
    questions=(
        Question("kind", "ask_org_visit_kind", options=_kinds, columns=2, facts=name_facts),
        Question("count", "ask_org_visit_count", _check_count, counts=True),
        Question("when", "ask_org_visit_when", _check_moment),
        Question("words", "ask_org_visit_words", _check_words),
        Question("where", "ask_org_visit_where", _check_place),
        Question("review", "ask_org_visit_review", options=_send, facts=_summary),
    ),
    finish=_finish,
)
