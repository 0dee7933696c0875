"""Choosing people in a form: by name, from a list, and which one when several fit."""

from collections.abc import Sequence

from handlers.dialogue import BadAnswer, Option, Question
from handlers.turn import Turn
from storage.call_plans import Candidate, search_callers, search_residents
from storage.dialogues import Answers
from storage.refusals import Fact, NotAllowed
from storage.rules.text import clean

SEARCH_LIMIT = 40
# An answer that begins so is a search with several hits; the next question chooses among them.
SEARCH = "?"


def chosen(answers: Answers, key: str) -> int | None:
    """Return the id of the person chosen for a question, in one step or in two."""
    answer = answers.get(key)
    if isinstance(answer, str) and answer.startswith(SEARCH):
        answer = answers.get(f"{key}_which")
    return int(answer) if isinstance(answer, str) and answer.isdigit() else None


def _find(turn: Turn, key: str, answers: Answers, words: str) -> list[Candidate]:
    if turn.person is None:
        raise NotAllowed
    if key == "resident":
        return search_residents(turn.session, actor=turn.person, words=words)
    others = (chosen(answers, other) for other in ("resident", "caller") if other != key)
    without = [person_id for person_id in others if person_id is not None]
    return search_callers(
        turn.session,
        actor=turn.person,
        words=words,
        without=without,
        for_whom=chosen(answers, "resident"),
    )


def _options(candidates: Sequence[Candidate]) -> list[Option]:
    return [
        Option(
            str(one.id),
            "plan.candidate" if one.community else "verbatim",
            {"name": one.name, "community": one.community} if one.community else {"text": one.name},
        )
        for one in candidates
    ]


def person_questions(key: str, template: str) -> tuple[Question, Question]:
    """Ask for a person by name or from a list; when several fit, which one."""

    def check(turn: Turn, text: str) -> Fact:
        words = clean(text, limit=SEARCH_LIMIT)
        found = _find(turn, key, {}, words) if words else []
        if not found:
            raise BadAnswer("plan_nobody", words=words or "")
        return str(found[0].id) if len(found) == 1 else f"{SEARCH}{words}"

    def offer(turn: Turn, answers: Answers) -> Sequence[Option]:
        return _options(_find(turn, key, answers, ""))

    def offer_found(turn: Turn, answers: Answers) -> Sequence[Option]:
        words = str(answers.get(key)).removeprefix(SEARCH)
        return _options(_find(turn, key, answers, words))

    def several(_turn: Turn, answers: Answers) -> bool:
        return str(answers.get(key, "")).startswith(SEARCH)

    which = "ask_plan_who_of_these"
    return (
        Question(key=key, template=template, check=check, options=offer),
        Question(key=f"{key}_which", template=which, options=offer_found, applies=several),
    )
