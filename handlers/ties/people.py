"""Asking for somebody, or an organisation: by name or from a list; when several fit, which one."""

from collections.abc import Callable, Mapping, Sequence

from handlers.dialogue import BadAnswer, Option, Question
from handlers.turn import Turn
from storage.dialogues import Answers, find_dialogue
from storage.pairs.ties.choosing import Choice
from storage.refusals import Fact
from storage.rules.text import clean

SEARCH_LIMIT = 40
# An answer that begins so is a search with several hits; the next question chooses among them.
SEARCH = "?"

Find = Callable[[Turn, Answers, str], list[Choice]]


def chosen(answers: Answers, key: str) -> int:
    """The id that was chosen for a question, in one step or in two; 0 for none."""
    answer = answers.get(key)
    if isinstance(answer, str) and answer.startswith(SEARCH):
        answer = answers.get(f"{key}_which")
    return int(answer) if isinstance(answer, str) and answer.isdigit() else 0


def ask_for(key: str, template: str, find: Find) -> tuple[Question, Question]:
    """Two questions: for the name, and which of those who bear it."""

    def check(turn: Turn, text: str) -> Fact:
        words = clean(text, limit=SEARCH_LIMIT)
        found = find(turn, _so_far(turn), words) if words else []
        if not found:
            raise BadAnswer("plan_nobody", words=words or "")
        return str(found[0].id) if len(found) == 1 else f"{SEARCH}{words}"

    def offer(turn: Turn, answers: Answers) -> Sequence[Option]:
        return [_option(one) for one in find(turn, answers, "")]

    def whether_any(turn: Turn, answers: Answers) -> Mapping[str, Fact]:
        return {"some": bool(find(turn, answers, ""))}

    def offer_found(turn: Turn, answers: Answers) -> Sequence[Option]:
        words = str(answers.get(key)).removeprefix(SEARCH)
        return [_option(one) for one in find(turn, answers, words)]

    def several(_turn: Turn, answers: Answers) -> bool:
        return str(answers.get(key, "")).startswith(SEARCH)

    return (
        Question(key=key, template=template, check=check, options=offer, facts=whether_any),
        Question(
            key=f"{key}_which",
            template="ask_plan_who_of_these",
            options=offer_found,
            applies=several,
        ),
    )


def _so_far(turn: Turn) -> Answers:
    """What was answered before, on which it depends who may be chosen."""
    dialogue = find_dialogue(turn.session, chat_id=turn.chat_id)
    return dialogue.answers if dialogue is not None else {}


def _option(one: Choice) -> Option:
    if one.place is None:
        return Option(str(one.id), "verbatim", {"text": one.name})
    return Option(str(one.id), "plan.candidate", {"name": one.name, "community": one.place})
