"""The forms of call plans: a new one, and changing one part of one."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.call_plans.drafting import draft_from, summary, wants_stand_in
from handlers.call_plans.people import chosen
from handlers.call_plans.questions import (
    CALLER,
    CHANNEL,
    CHANNEL_IF_DEAF,
    RESIDENT,
    SECOND,
    WHEN,
    both,
)
from handlers.dialogue import Form, Option, Question
from handlers.dialogue.form import Condition
from handlers.turn import Turn
from storage.call_plans import (
    CallPlan,
    ask_stand_ins,
    change_plan,
    find_plan,
    get_draft,
    make_plan,
)
from storage.dialogues import Answers
from storage.people import Person, get_person, has_own_chat
from storage.refusals import Fact, NotAllowed

PARTS = ("caller", "when", "channel", "second", "own_button")
BUTTONS = ("none", "call_days", "daily")


def coordinator(turn: Turn) -> Person:
    """Return who is here, if they may make call plans."""
    if turn.person is None or not turn.person.is_approved("coordinator"):
        raise NotAllowed
    return turn.person


def _offer_save(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option("save", "plan.save")]


def _review_new(turn: Turn, answers: Answers) -> dict[str, Fact]:
    resident_id = chosen(answers, "resident") or 0
    draft = draft_from(turn, answers)
    return summary(turn, resident_id=resident_id, draft=draft, answers=answers)


def _make(turn: Turn, answers: Answers) -> None:
    plan = make_plan(
        turn.session,
        now=turn.now,
        actor_id=coordinator(turn).id,
        resident_id=chosen(answers, "resident") or 0,
        draft=draft_from(turn, answers),
    )
    asking = _ask_stand_in(turn, plan, answers)
    turn.say("plan_saved", keyboard="menu", card="form", asking=asking, more=plan.facts)


def _ask_stand_in(turn: Turn, plan: CallPlan, answers: Answers) -> str | None:
    """Ask whoever was chosen; returns the name of the one who is asked."""
    person_id = chosen(answers, "stand_in") if wants_stand_in(answers) else None
    if person_id is None:
        return None
    ask_stand_ins(
        turn.session,
        now=turn.now,
        actor_id=coordinator(turn).id,
        plan_id=plan.id,
        people=[person_id],
    )
    return get_person(turn.session, person_id=person_id).name


NEW = Form(
    topic="plan",
    questions=(
        *RESIDENT,
        *CALLER,
        CHANNEL_IF_DEAF,
        *WHEN,
        *SECOND,
        Question(key="review", template="ask_plan_review", options=_offer_save, facts=_review_new),
    ),
    finish=_make,
)


def _offer_parts(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(part, f"plan.{part}") for part in PARTS]


def _when_part(part: str) -> Condition:
    def applies(_turn: Turn, answers: Answers) -> bool:
        return answers.get("what") == part

    return applies


def _of_part(part: str, questions: Sequence[Question]) -> list[Question]:
    return [replace(one, applies=both(one.applies, _when_part(part))) for one in questions]


def _number(answers: Answers, key: str) -> int:
    value = answers.get(key)
    return value if isinstance(value, int) else 0


def _review_change(turn: Turn, answers: Answers) -> dict[str, Fact]:
    plan_id = _number(answers, "plan_id")
    before = get_draft(turn.session, actor_id=coordinator(turn).id, plan_id=plan_id)
    plan = find_plan(turn.session, plan_id=plan_id)
    facts = summary(
        turn,
        resident_id=plan.resident_id if plan else 0,
        draft=draft_from(turn, answers, before),
        answers=answers,
    )
    if plan is not None and answers.get("second") is None:
        facts["contact_answer"] = plan.contact_answer
    return facts


def _change(turn: Turn, answers: Answers) -> None:
    actor_id, plan_id = coordinator(turn).id, _number(answers, "plan_id")
    before = get_draft(turn.session, actor_id=actor_id, plan_id=plan_id)
    plan = change_plan(
        turn.session,
        now=turn.now,
        actor_id=actor_id,
        plan_id=plan_id,
        version=_number(answers, "version"),
        draft=draft_from(turn, answers, before),
    )
    asking = _ask_stand_in(turn, plan, answers)
    turn.say("plan_changed", keyboard="menu", card="form", asking=asking, more=plan.facts)


def _offer_button(turn: Turn, answers: Answers) -> Sequence[Option]:
    """A button of one's own needs a chat of one's own."""
    resident_id = chosen(answers, "resident") or 0
    kinds = BUTTONS if has_own_chat(turn.session, person_id=resident_id) else BUTTONS[:1]
    return [Option(one, f"own_button.{one}") for one in kinds]


BUTTON = Question(key="own_button", template="ask_plan_button", options=_offer_button)


CHANGE = Form(
    topic="plan_change",
    questions=(
        Question(key="what", template="ask_plan_what", options=_offer_parts),
        *_of_part("caller", CALLER),
        *_of_part("when", WHEN),
        *_of_part("channel", [CHANNEL]),
        *_of_part("own_button", [BUTTON]),
        *_of_part("second", SECOND),
        Question(
            key="review", template="ask_plan_review", options=_offer_save, facts=_review_change
        ),
    ),
    finish=_change,
)
