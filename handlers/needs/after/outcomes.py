"""What came of it: solved or not, why, what next; how it was; and opening it again."""

from handlers.dialogue import BadAnswer, Form, Option, Question, start
from handlers.dialogue.engine import CARD
from handlers.needs.cards import card_of, show_need
from handlers.turn import Press, Turn, read_number
from storage.choices import close_card
from storage.dialogues import Answers
from storage.needs import (
    Judgement,
    NeedCard,
    ask_for_another,
    button,
    confirm_done,
    deny_done,
    find_need,
    rate_visit,
    reopen_need,
    resident_buttons,
    welcome_again,
)
from storage.refusals import Fact, NotAllowed, TooLate
from storage.rules.lifecycle import NeedState
from storage.rules.text import clean
from storage.rules.visits import Outcome, OutcomeReason

REASON_LIMIT = 300
TYPED = "+"
OVER = (NeedState.CLOSED, NeedState.CANCELLED)
# What may be pressed of a need that is over.
AFTERWARDS = frozenset({"rate", "reopen", "other", "welcome"})
# Of five: below it the question may be who comes next time.
NOT_GOOD = 3


def press_afterwards(turn: Turn, press: Press, card: NeedCard) -> None:
    """How it was, or: it is not solved after all."""
    if turn.person is None:
        raise NotAllowed
    if card.state not in OVER:
        show_need(turn, card, lead="need_moved_on")
    elif press.act == "reopen":
        if press.version != card.version:
            show_need(turn, card, lead="need_moved_on")
            return
        start(turn, REOPEN, {"need_id": card.id, "version": card.version})
    elif press.act == "other":
        ask_for_another(turn.session, now=turn.now, actor_id=turn.person.id, need_id=card.id)
        back = button("need.welcome", "need", "welcome", card.id, card.version)
        turn.edit("need_another_next", buttons=[[back]], card=card_of(card.id))
    elif press.act == "welcome":
        welcome_again(turn.session, now=turn.now, actor_id=turn.person.id, need_id=card.id)
        turn.edit("need_welcome_again", buttons=resident_buttons(card), card=card_of(card.id))
    else:
        rating = read_number(press.extra)
        if rating is None or not 1 <= rating <= 5:
            raise TooLate
        rate_visit(
            turn.session,
            now=turn.now,
            actor_id=turn.person.id,
            need_id=card.id,
            rating=rating,
        )
        lines = resident_buttons(card)
        if rating <= NOT_GOOD:
            lines = [[button("need.other", "need", "other", card.id, card.version)], *lines]
        turn.edit("need_rated", buttons=lines, card=card_of(card.id), low=rating <= 2)


def ask_outcome(turn: Turn, card: NeedCard) -> None:
    """It is not done, or not all of it: why, and what is wished now."""
    start(turn, OUTCOME, {"need_id": card.id, "version": card.version})


def _outcomes(turn: Turn, answers: Answers) -> list[Option]:
    return [Option(one.value, f"outcome.{one.value}") for one in (Outcome.PARTLY, Outcome.NOT)]


def _reasons(turn: Turn, answers: Answers) -> list[Option]:
    left_out = {OutcomeReason.BROKE_AGAIN}
    if answers.get("outcome") == Outcome.PARTLY.value:
        left_out.add(OutcomeReason.NOBODY_CAME)
    shown = [one for one in OutcomeReason if one not in left_out]
    return [Option(one.value, f"outcome_reason.{one.value}") for one in shown]


def _reasons_again(turn: Turn, answers: Answers) -> list[Option]:
    some = (OutcomeReason.NOT_FINISHED, OutcomeReason.BROKE_AGAIN, OutcomeReason.OTHER)
    return [Option(one.value, f"outcome_reason.{one.value}") for one in some]


def _check_reason(turn: Turn, text: str) -> Fact:
    words = clean(text, limit=REASON_LIMIT)
    if words is None:
        raise BadAnswer("words_empty")
    return TYPED + words


def _next(turn: Turn, answers: Answers) -> list[Option]:
    return [Option(one, f"outcome_next.{one}") for one in ("again", "coordinator", "enough")]


def _reason_in(answers: Answers) -> tuple[OutcomeReason, str | None]:
    said = str(answers["reason"])
    if said.startswith(TYPED):
        return OutcomeReason.OTHER, said.removeprefix(TYPED)
    return OutcomeReason(said), None


def _standing(turn: Turn, answers: Answers) -> NeedCard | None:
    """The need that a form was opened for, if it still stands as it did; else say how it does."""
    close_card(turn.session, chat_id=turn.chat_id, card=CARD)
    card = find_need(turn.session, need_id=int(str(answers["need_id"])))
    if card is None or turn.person is None:
        raise NotAllowed
    if card.version != answers["version"]:
        show_need(turn, card, lead="need_moved_on", edit=False)
        return None
    return card


def _finish_outcome(turn: Turn, answers: Answers) -> None:
    card = _standing(turn, answers)
    if card is None or turn.person is None:
        return
    reason, words = _reason_in(answers)
    judged = Judgement(Outcome(str(answers["outcome"])), reason, words)
    who = {"actor_id": turn.person.id, "need_id": card.id, "version": card.version}
    wish = answers["next"]
    if wish == "enough":
        confirm_done(turn.session, now=turn.now, judged=judged, **who)
        fresh = find_need(turn.session, need_id=card.id) or card
        lines = resident_buttons(fresh)
        turn.say("need_left_so", buttons=lines, card=card_of(card.id), more=fresh.facts)
        return
    to_coordinator = wish == "coordinator"
    fresh = deny_done(
        turn.session, now=turn.now, judged=judged, to_coordinator=to_coordinator, **who
    )
    turn.say(
        "need_reopened_own",
        buttons=resident_buttons(fresh),
        card=card_of(card.id),
        more={**fresh.facts, "to_coordinator": to_coordinator},
    )


def _finish_reopening(turn: Turn, answers: Answers) -> None:
    card = _standing(turn, answers)
    if card is None or turn.person is None:
        return
    reason, words = _reason_in(answers)
    fresh = reopen_need(
        turn.session,
        now=turn.now,
        actor_id=turn.person.id,
        need_id=card.id,
        version=card.version,
        reason=reason,
        words=words,
    )
    turn.say(
        "need_opened_again",
        buttons=resident_buttons(fresh),
        card=card_of(fresh.id),
        more={**fresh.facts, "anew": fresh.id != card.id},
    )


OUTCOME = Form(
    topic="need_outcome",
    questions=(
        Question("outcome", "ask_outcome", options=_outcomes),
        Question("reason", "ask_outcome_reason", _check_reason, options=_reasons),
        Question("next", "ask_outcome_next", options=_next),
    ),
    finish=_finish_outcome,
)
REOPEN = Form(
    topic="need_reopen",
    questions=(Question("reason", "ask_reopen_reason", _check_reason, options=_reasons_again),),
    finish=_finish_reopening,
)
