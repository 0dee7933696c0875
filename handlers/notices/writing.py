"""Writing a notice: the words, perhaps a document, whom, how long; then the preview."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from handlers.audience import WHOM, audience_of, preview
from handlers.dialogue import BadAnswer, Form, Option, Question, words_within
from handlers.doors import present
from handlers.turn import Turn
from storage.dialogues import Answers
from storage.notices import get_notice, list_attachable, preview_facts, send_notice
from storage.refusals import Fact
from storage.rules.moments import MomentProblem, parse_moment
from storage.rules.notices import LASTS, TEXT_LIMIT


def _check_text(_turn: Turn, text: str) -> Fact:
    return words_within(text, limit=TEXT_LIMIT, problem="name")


def _documents(turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [
        Option(str(one.edition_id), "verbatim", {"text": one.title})
        for one in list_attachable(turn.session, now=turn.now)
    ]


def _has_documents(turn: Turn, answers: Answers) -> bool:
    return answers.get("only_edition") is None and bool(_documents(turn, answers))


def _lasts(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(str(days), "notice.lasts", {"days": days}) for days in LASTS]


def _check_until(turn: Turn, text: str) -> Fact:
    moment = parse_moment(text, turn.session.house.local(turn.now))
    if isinstance(moment, MomentProblem):
        raise BadAnswer("day")
    return moment.replace(hour=20, minute=0).isoformat()


def _until(turn: Turn, answers: Answers) -> datetime:
    said = str(answers.get("until"))
    if said.isdigit():
        return turn.now + timedelta(days=int(said))
    return datetime.fromisoformat(said)


def _edition(answers: Answers) -> int | None:
    chosen = answers.get("document")
    return int(chosen) if isinstance(chosen, str) else None


def _review(turn: Turn, answers: Answers) -> Mapping[str, Fact]:
    shown = preview_facts(
        turn.session,
        actor=present(turn),
        text=str(answers["text"]),
        edition_id=_edition(answers),
    )
    return shown | preview(turn, answers) | {"until": _until(turn, answers).isoformat()}


def _send(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option("send", "notice.send")]


def _finish(turn: Turn, answers: Answers) -> None:
    actor = present(turn)
    notice_id = send_notice(
        turn.session,
        now=turn.now,
        actor=actor,
        text=str(answers["text"]),
        audience=audience_of(answers),
        expires_at=_until(turn, answers),
        edition_id=_edition(answers),
    )
    sent = get_notice(turn.session, actor=actor, notice_id=notice_id)
    turn.say(
        "notice_begun",
        keyboard="menu",
        people=sent.people,
        by_chat=sent.by_chat,
        without_chat=sent.people - sent.by_chat,
    )


FORM = Form(
    topic="notice",
    questions=(
        Question(key="text", template="ask_notice_text", check=_check_text),
        Question(
            key="document",
            template="ask_notice_document",
            options=_documents,
            may_skip=True,
            applies=_has_documents,
        ),
        *WHOM,
        Question(key="until", template="ask_notice_until", options=_lasts, check=_check_until),
        Question(key="review", template="ask_notice_review", options=_send, facts=_review),
    ),
    finish=_finish,
)
