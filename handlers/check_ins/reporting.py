"""Reporting: a call's outcome, a slip taken back, "I will follow up", the resident's own button."""

from collections.abc import Callable
from datetime import timedelta

from handlers.dialogue import BadAnswer, Form, Question, start
from handlers.doors import present
from handlers.turn import Press, Turn, press_data
from storage.check_ins import (
    OF_HOUSEHOLD,
    Answered,
    Effect,
    answer_check_in,
    answer_for_oneself,
    describe_help,
    give_number_back,
    household_buttons,
    list_household,
    plan_thanks,
    prolong_check_in,
    show_check_ins,
    take_back_answer,
    take_check_in,
)
from storage.choices import Button
from storage.dialogues import Answers
from storage.refusals import Fact
from storage.rules.ladder import CALLER_OUTCOMES, VISITOR_OUTCOMES, Outcome, Rung

# On cards from before holders had buttons of their own.
LONGER = {"longer_60": timedelta(hours=1), "longer_120": timedelta(hours=2)}
OUTCOMES = {outcome.value: outcome for outcome in VISITOR_OUTCOMES}
HELP_WORDS_LIMIT = 1000
Show = Callable[..., None]


def _take(turn: Turn, press: Press) -> None:
    session, now, actor_id = turn.session, turn.now, present(turn).id
    if press.act in LONGER:
        span = LONGER[press.act]
        held = prolong_check_in(
            session, now=now, actor_id=actor_id, check_in_id=press.id, span=span
        )
    else:
        held = take_check_in(session, now=now, actor_id=actor_id, check_in_id=press.id)
    turn.edit("check_in_held", buttons=held.buttons, card=held.card, more=held.facts)


def _answer(turn: Turn, press: Press) -> None:
    outcome, actor_id = OUTCOMES[press.act], present(turn).id
    answered = answer_check_in(
        turn.session,
        now=turn.now,
        actor_id=actor_id,
        check_in_id=press.id,
        outcome=outcome,
        words=_stock_words(turn),
    )
    give_number_back(turn.session, now=turn.now, actor_id=actor_id, check_in_id=press.id)
    plan_thanks(turn.session, now=turn.now, caller_id=actor_id)
    show = turn.say if _show_household(turn, press) else turn.edit
    if outcome is Outcome.NEEDS_HELP and answered.effect in (Effect.ENDED, Effect.LATE_NEED):
        _say_need(turn, answered, show)
        _ask_for_words(turn, answered)
    else:
        _say_state(turn, answered, press, show)


def _show_household(turn: Turn, press: Press) -> bool:
    """In a message about several people: how each stands, with the buttons that are left."""
    if press.extra != OF_HOUSEHOLD:
        return False
    card, asked = list_household(
        turn.session, now=turn.now, actor_id=present(turn).id, check_in_id=press.id
    )
    if asked:
        turn.edit(
            "check_in_household_left",
            buttons=household_buttons(asked),
            card=card,
            names=[one.name for one in asked],
            outcomes=[one.outcome or Outcome.NO_REPORT.value for one in asked],
            phones=[one.phone or "" for one in asked],
        )
    return bool(asked)


def _say_need(turn: Turn, answered: Answered, show: Show) -> None:
    """The card itself: what was opened, the form for the rest of the talk, and the way back."""
    slip = answered.effect is Effect.ENDED
    show(
        "check_in_need_opened",
        buttons=after_buttons(turn, answered.check_in_id, slip=slip),
        card=f"check_in:{answered.check_in_id}",
        name=answered.resident,
        need_id=answered.need_id,
    )


def after_buttons(turn: Turn, check_in_id: int, *, slip: bool = True) -> list[list[Button]]:
    """Below an outcome: some words about the call, never asked for, and "that was a slip".

    Whoever was only asked to look in, such as the family, leaves no notes to a next caller.
    """
    helps = present(turn).is_approved("volunteer") or present(turn).is_approved("coordinator")
    acts = (["heard"] if helps else []) + (["slip"] if slip else [])
    data = {act: press_data("check_in", act, check_in_id, 0) for act in acts}
    return [[Button(f"check_in.{act}", data[act])] for act in acts]


def _take_back(turn: Turn, press: Press) -> None:
    """A slip of the finger: the case is open again, and so are its buttons."""
    actor_id = present(turn).id
    back = take_back_answer(turn.session, now=turn.now, actor_id=actor_id, check_in_id=press.id)
    plan_thanks(turn.session, now=turn.now, caller_id=actor_id)
    turn.edit(
        "check_in_taken_back",
        buttons=back.buttons,
        card=back.card,
        need_id=back.need_id,
        more=back.facts,
    )


def _say_state(turn: Turn, answered: Answered, press: Press, show: Show) -> None:
    card = f"check_in:{answered.check_in_id}"
    said: dict[str, Fact] = {"name": answered.resident, "outcome": answered.outcome.value}
    if answered.effect is Effect.ENDED:
        buttons = after_buttons(turn, answered.check_in_id)
        show("check_in_thanks", buttons=buttons, card=card, more=said)
    elif answered.effect is Effect.CLIMBED and answered.next_at is not None:
        # They may still reach the person first, so the buttons stay.
        show(
            "check_in_goes_on",
            buttons=_caller_buttons(press) if _is_asked_again(answered) else (),
            card=card,
            rung=answered.rung.value,
            next_at=answered.next_at.isoformat(),
            more=said,
        )
    elif answered.effect is Effect.NOTED:
        turn.say("check_in_noted", holder=answered.holder, more=said)
    else:
        show(
            "check_in_late",
            card=card,
            name=answered.resident,
            ending=answered.ending,
            ended_by=answered.ended_by,
            closed_at=answered.closed_at.isoformat() if answered.closed_at else None,
        )


def _is_asked_again(answered: Answered) -> bool:
    return answered.rung in (Rung.RETRY_CALLER, Rung.RETRY_OTHER_CHANNEL)


def _caller_buttons(press: Press) -> list[list[Button]]:
    return [
        [Button(f"check_in.{one}", f"check_in:{one}:{press.id}:{press.version}")]
        for one in CALLER_OUTCOMES
    ]


def _answer_for_oneself(turn: Turn, press: Press) -> None:
    answered = answer_for_oneself(
        turn.session,
        now=turn.now,
        person_id=present(turn).id,
        check_in_id=press.id,
        is_well=press.act == Outcome.OWN_BUTTON.value,
        words=_stock_words(turn),
    )
    card = f"check_in:{answered.check_in_id}"
    if answered.outcome is Outcome.NEEDS_HELP:
        turn.edit("check_in_own_help", card=card, need_id=answered.need_id)
    elif answered.effect is Effect.NOTED:
        turn.edit("check_in_own_noted", card=card)
    else:
        turn.edit("check_in_own_thanks", card=card)


def _stock_words(turn: Turn) -> str:
    """What a need says before anybody has described it, in the language of the house."""
    return turn.wording.label("check_in.help_words", language=turn.session.house.language)


def _ask_for_words(turn: Turn, answered: Answered) -> None:
    answers: Answers = {
        "check_in_id": answered.check_in_id,
        "need_id": answered.need_id,
        "name": answered.resident,
    }
    start(turn, HELP, answers)


def _words(_turn: Turn, text: str) -> str:
    if not text.strip():
        raise BadAnswer("name_empty")
    return text[:HELP_WORDS_LIMIT]


def _help_facts(_turn: Turn, answers: Answers) -> Answers:
    return {"name": answers["name"], "need_id": answers["need_id"]}


def _keep_words(turn: Turn, answers: Answers) -> None:
    words, check_in_id = answers.get("words"), answers["check_in_id"]
    if isinstance(words, str) and isinstance(check_in_id, int) and turn.person is not None:
        describe_help(
            turn.session,
            now=turn.now,
            actor_id=turn.person.id,
            check_in_id=check_in_id,
            words=words,
        )
    turn.say("check_in_help_kept", keyboard="menu")


HELP = Form(
    topic="check_in_help",
    questions=(
        Question(
            key="words",
            template="ask_check_in_help",
            check=_words,
            may_skip=True,
            facts=_help_facts,
        ),
    ),
    finish=_keep_words,
)


def _list(turn: Turn, press: Press) -> None:
    unheld = press.act == "unheld"
    if not show_check_ins(turn.session, now=turn.now, actor=present(turn), unheld=unheld):
        turn.edit("office_nothing", card="office")


ACTS: dict[str, Callable[[Turn, Press], None]] = {
    **dict.fromkeys(("take", *LONGER), _take),
    **dict.fromkeys(OUTCOMES, _answer),
    **dict.fromkeys((Outcome.OWN_BUTTON.value, "need_help"), _answer_for_oneself),
    **dict.fromkeys(("list", "unheld"), _list),
    "slip": _take_back,
}
