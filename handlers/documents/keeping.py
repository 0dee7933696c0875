"""Keeping documents in the chat: a new one, or a new edition that supersedes the last."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from handlers.dialogue import BadAnswer, Form, Option, Question, start, words_within
from handlers.doors import present
from handlers.turn import Press, Turn
from storage.dialogues import Answers
from storage.documents import Draft, add_document, add_edition
from storage.refusals import Fact, NotAllowed
from storage.rules.ages import read_day
from storage.rules.documents import DocumentKind, RuleTopic
from storage.rules.moments import MomentProblem, parse_moment

TITLE_LIMIT, REFERENCE_LIMIT, TEXT_LIMIT = 80, 40, 3500


def today(turn: Turn) -> date:
    """The day it is in the programme's zone."""
    return turn.session.house.local(turn.now).date()


def start_keeping(turn: Turn, press: Press) -> None:
    """Ask for a new document, or for a new edition of the one that the press names."""
    if not present(turn).is_office:
        raise NotAllowed
    answers: Answers = {"document": press.id, "version": press.version} if press.id else {}
    start(turn, FORM, answers)


def _is_new(_turn: Turn, answers: Answers) -> bool:
    return "document" not in answers


def _is_rule(turn: Turn, answers: Answers) -> bool:
    return _is_new(turn, answers) and answers.get("kind") == DocumentKind.RULE


def _kinds(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(kind.value, f"document_kind.{kind.value}") for kind in DocumentKind]


def _topics(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(topic.value, f"rule_topic.{topic.value}") for topic in RuleTopic]


def _words(limit: int) -> Callable[[Turn, str], Fact]:
    def check(_turn: Turn, text: str) -> Fact:
        return words_within(text, limit=limit, problem="name")

    return check


def _check_day(turn: Turn, text: str) -> Fact:
    """A day to come as people say it, or any day written out in full."""
    moment = parse_moment(text, turn.session.house.local(turn.now))
    if not isinstance(moment, MomentProblem):
        return moment.date().isoformat()
    day = read_day("-".join(part.zfill(2) for part in re.findall(r"\d+", text)))
    if day is None:
        raise BadAnswer("day")
    return day.isoformat()


def _from_today(turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(today(turn).isoformat(), "document.today")]


def _what_is_kept(turn: Turn, answers: Answers) -> Mapping[str, Fact]:
    return {"renewed": not _is_new(turn, answers)}


def _finish(turn: Turn, answers: Answers) -> None:
    actor = present(turn)
    draft = Draft(
        title=" ".join(str(answers["title"]).split()),
        reference=" ".join(str(answers.get("reference") or "").split()),
        text=str(answers["text"]),
        effective_on=date.fromisoformat(str(answers["effective_on"])),
    )
    document_id = answers.get("document")
    if isinstance(document_id, int):
        version = answers["version"]
        add_edition(
            turn.session,
            now=turn.now,
            actor=actor,
            document_id=document_id,
            version=version if isinstance(version, int) else 0,
            draft=draft,
        )
    else:
        topic = answers.get("topic")
        add_document(
            turn.session,
            now=turn.now,
            actor=actor,
            kind=DocumentKind(str(answers["kind"])),
            topic=RuleTopic(str(topic)) if topic else None,
            draft=draft,
        )
    turn.say("document_kept", keyboard="menu", title=draft.title)


FORM = Form(
    topic="document",
    questions=(
        Question(key="kind", template="ask_document_kind", options=_kinds, applies=_is_new),
        Question(key="topic", template="ask_document_topic", options=_topics, applies=_is_rule),
        Question(
            key="title",
            template="ask_document_title",
            check=_words(TITLE_LIMIT),
            facts=_what_is_kept,
        ),
        Question(
            key="reference",
            template="ask_document_reference",
            check=_words(REFERENCE_LIMIT),
            may_skip=True,
        ),
        Question(key="text", template="ask_document_text", check=_words(TEXT_LIMIT)),
        Question(
            key="effective_on",
            template="ask_document_day",
            check=_check_day,
            options=_from_today,
        ),
    ),
    finish=_finish,
)
