"""Opening a round: what is asked, whom, until when; then the preview."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from handlers.audience import WITHIN, audience_of, preview
from handlers.dialogue import BadAnswer, Form, Option, Question
from handlers.doors import present
from handlers.surveys.values import name_of
from handlers.turn import Turn, press_data
from storage.choices import Button
from storage.dialogues import Answers
from storage.refusals import Fact
from storage.rules.fields import Register
from storage.rules.moments import MomentProblem, parse_moment
from storage.rules.surveys import (
    LASTS,
    QUESTION_LIMIT,
    QUESTIONS,
    REMINDERS,
    TITLE_LIMIT,
    fields_of,
    groups_of,
)
from storage.rules.text import clean
from storage.surveys import RoundDraft, get_round, open_round


def _registers(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(one.value, f"survey.about_{one.value}") for one in Register]


def _check_title(_turn: Turn, text: str) -> Fact:
    title = " ".join((clean(text, limit=400) or "").split())
    if not title:
        raise BadAnswer("name_empty")
    if len(title) > TITLE_LIMIT:
        raise BadAnswer("name_long", limit=TITLE_LIMIT)
    return title


def _register(answers: Answers) -> Register:
    return Register(str(answers["register"]))


def _groups(_turn: Turn, answers: Answers) -> Sequence[Option]:
    return [Option(one.key, f"survey_group.{one.key}") for one in groups_of(_register(answers))]


def _fields(_turn: Turn, answers: Answers) -> Sequence[Option]:
    register = _register(answers)
    return [
        Option(one.key, f"{register.value}_field.{one.key}")
        for one in fields_of(register, _list(answers, "groups"))
    ]


def _has_choice(turn: Turn, answers: Answers) -> bool:
    return len(_fields(turn, answers)) > 1


def _check_own(_turn: Turn, text: str) -> Fact:
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    if not lines:
        raise BadAnswer("name_empty")
    if len(lines) > QUESTIONS or any(len(line) > QUESTION_LIMIT for line in lines):
        raise BadAnswer("survey_own", most=QUESTIONS, limit=QUESTION_LIMIT)
    return lines


def _lasts(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(str(days), "notice.lasts", {"days": days}) for days in LASTS]


def _check_until(turn: Turn, text: str) -> Fact:
    moment = parse_moment(text, turn.session.house.local(turn.now))
    if isinstance(moment, MomentProblem):
        raise BadAnswer("day")
    return moment.replace(hour=18, minute=0).isoformat()


def _until(turn: Turn, answers: Answers) -> datetime:
    said = str(answers.get("until"))
    if said.isdigit():
        last = turn.session.house.local(turn.now) + timedelta(days=int(said))
        return last.replace(hour=18, minute=0, second=0, microsecond=0)
    return datetime.fromisoformat(said)


def _reminders(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(str(times), f"survey.reminders_{times}") for times in range(REMINDERS + 1)]


def _list(answers: Answers, key: str) -> list[str]:
    value = answers.get(key)
    return value if isinstance(value, list) else []


def _draft(turn: Turn, answers: Answers) -> RoundDraft:
    register = _register(answers)
    asked = _list(answers, "fields")
    offered = [one.key for one in fields_of(register, _list(answers, "groups"))]
    return RoundDraft(
        title=str(answers["title"]),
        register=register,
        fields=tuple(key for key in offered if not asked or key in asked),
        questions=tuple(_list(answers, "own")),
        audience=audience_of(answers),
        reminders=int(str(answers.get("reminders") or 0)),
        closes_at=_until(turn, answers),
    )


def _review(turn: Turn, answers: Answers) -> Mapping[str, Fact]:
    draft = _draft(turn, answers)
    return preview(turn, answers) | {
        "title": draft.title,
        "kind": draft.register.value,
        "count": len(draft.fields) + len(draft.questions),
        "asked": [name_of(turn, draft.register, key) for key in draft.fields],
        "own": list(draft.questions),
        "closes_at": draft.closes_at.isoformat(),
        "reminders": draft.reminders,
        "again": False,
        "half": False,
    }


def _open(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option("open", "survey.open")]


def _finish(turn: Turn, answers: Answers) -> None:
    actor = present(turn)
    round_id = open_round(turn.session, now=turn.now, actor=actor, draft=_draft(turn, answers))
    opened = get_round(turn.session, actor=actor, round_id=round_id)
    turn.say(
        "survey_opened",
        buttons=[
            [Button("survey.see", press_data("round", "see", round_id, 0), {"title": opened.title})]
        ],
        card="round",
        title=opened.title,
        people=opened.coverage.people,
        by_chat=opened.by_chat,
        without_chat=opened.coverage.people - opened.by_chat,
    )


FORM = Form(
    topic="round",
    questions=(
        Question(key="register", template="ask_round_register", options=_registers),
        Question(key="title", template="ask_round_title", check=_check_title),
        Question(
            key="groups", template="ask_round_groups", options=_groups, many=True, may_skip=True
        ),
        Question(
            key="fields",
            template="ask_round_fields",
            options=_fields,
            many=True,
            columns=2,
            may_skip=True,
            applies=_has_choice,
        ),
        Question(key="own", template="ask_round_own", check=_check_own, may_skip=True),
        *WITHIN,
        Question(key="until", template="ask_round_until", options=_lasts, check=_check_until),
        Question(key="reminders", template="ask_round_reminders", options=_reminders),
        Question(key="review", template="ask_round_review", options=_open, facts=_review),
    ),
    finish=_finish,
)
