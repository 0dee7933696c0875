"""Check-ins in the chat: a call's outcome, "I will follow up", and the resident's own button."""

from datetime import timedelta

from handlers.dialogue import BadAnswer, Form, Question, start
from handlers.topic import Topic
from handlers.turn import Press, Turn
from storage.check_ins import (
    Answered,
    Effect,
    answer_check_in,
    answer_for_oneself,
    describe_help,
    prolong_check_in,
    show_check_ins,
    take_check_in,
)
from storage.choices import Button
from storage.dialogues import Answers
from storage.refusals import Fact, NotAllowed, TooLate
from storage.rules.ladder import CALLER_OUTCOMES, VISITOR_OUTCOMES, Outcome, Rung

# On cards from before holders had buttons of their own.
LONGER = {"longer_60": timedelta(hours=1), "longer_120": timedelta(hours=2)}
OUTCOMES = {outcome.value: outcome for outcome in VISITOR_OUTCOMES}
HELP_WORDS_LIMIT = 1000


def _press(turn: Turn, press: Press) -> None:
    if turn.person is None:
        raise NotAllowed
    if press.act == "take" or press.act in LONGER:
        _take(turn, press, actor_id=turn.person.id)
    elif press.act in OUTCOMES:
        _answer(turn, press, outcome=OUTCOMES[press.act], actor_id=turn.person.id)
    elif press.act in (Outcome.OWN_BUTTON.value, "need_help"):
        _answer_for_oneself(turn, press, person_id=turn.person.id)
    elif press.act in ("list", "unheld"):
        unheld = press.act == "unheld"
        if not show_check_ins(turn.session, now=turn.now, actor=turn.person, unheld=unheld):
            turn.edit("office_nothing", card="office")
    else:
        raise TooLate


def _take(turn: Turn, press: Press, *, actor_id: int) -> None:
    session, now = turn.session, turn.now
    if press.act in LONGER:
        span = LONGER[press.act]
        held = prolong_check_in(
            session, now=now, actor_id=actor_id, check_in_id=press.id, span=span
        )
    else:
        held = take_check_in(session, now=now, actor_id=actor_id, check_in_id=press.id)
    turn.edit("check_in_held", buttons=held.buttons, card=held.card, more=held.facts)


def _answer(turn: Turn, press: Press, *, outcome: Outcome, actor_id: int) -> None:
    answered = answer_check_in(
        turn.session,
        now=turn.now,
        actor_id=actor_id,
        check_in_id=press.id,
        outcome=outcome,
        words=_stock_words(turn),
    )
    if outcome is Outcome.NEEDS_HELP and answered.effect in (Effect.ENDED, Effect.LATE_NEED):
        _ask_for_words(turn, answered)
    else:
        _say_state(turn, answered, press)


def _say_state(turn: Turn, answered: Answered, press: Press) -> None:
    card = f"check_in:{answered.check_in_id}"
    said: dict[str, Fact] = {"name": answered.resident, "outcome": answered.outcome.value}
    if answered.effect is Effect.ENDED:
        turn.edit("check_in_thanks", card=card, more=said)
    elif answered.effect is Effect.CLIMBED and answered.next_at is not None:
        # They may still reach the person first, so the buttons stay.
        turn.edit(
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
        turn.edit(
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


def _answer_for_oneself(turn: Turn, press: Press, *, person_id: int) -> None:
    answered = answer_for_oneself(
        turn.session,
        now=turn.now,
        person_id=person_id,
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

TOPIC = Topic(presses={"check_in": _press}, forms=(HELP,))
