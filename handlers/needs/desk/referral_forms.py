"""The forms of a referral: by when, why not, what to ask, what came of it, and the answer."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from handlers.dialogue import BadAnswer, Form, Option, Question
from handlers.dialogue.engine import CARD
from handlers.doors import present
from handlers.needs.cards import card_of, show_desk
from handlers.needs.stating.reading import READ_LIMIT
from handlers.turn import Turn
from storage.choices import close_card
from storage.dialogues import Answers
from storage.needs import NeedCard, organisation_buttons
from storage.needs.referral import (
    accept_referral,
    answer_question,
    ask_back,
    decline_referral,
    find_asked,
    finish_referral,
    get_referred,
    organisation_facts,
    referral_card_of,
)
from storage.refusals import Fact
from storage.rules.moments import MomentProblem, parse_day
from storage.rules.referring import DeclineReason
from storage.rules.text import clean
from storage.rules.times import local_moment

WORDS_LIMIT = 500
# By the end of a working day.
EVENING = time(18)
AHEAD = (3, 7, 15, 30)


def _check_words(turn: Turn, text: str) -> Fact:
    words = clean(text, limit=READ_LIMIT)
    if words is None:
        raise BadAnswer("need_empty")
    if len(words) > WORDS_LIMIT:
        raise BadAnswer("need_long", limit=WORDS_LIMIT)
    return words


def _check_day(turn: Turn, text: str) -> Fact:
    today = turn.session.house.local(turn.now).date()
    day = parse_day(text, today)
    if isinstance(day, MomentProblem):
        raise BadAnswer("referral_when", problem=day.value)
    return day.isoformat()


def _days(turn: Turn, answers: Answers) -> Sequence[Option]:
    today = turn.session.house.local(turn.now).date()
    return [
        Option((today + timedelta(days=ahead)).isoformat(), f"referral.in_{ahead}")
        for ahead in AHEAD
    ]


def _reasons(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [Option(one.value, f"decline_reason.{one.value}") for one in DeclineReason]


def _whom(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [Option("resident", "referral.of_resident"), Option("desk", "referral.of_desk")]


def _known(turn: Turn, answers: Answers) -> dict[str, int]:
    close_card(turn.session, chat_id=turn.chat_id, card=CARD)
    return {
        "actor_id": present(turn).id,
        "referral_id": int(str(answers["referral_id"])),
        "version": int(str(answers["version"])),
    }


def _say(turn: Turn, answers: Answers, card: NeedCard) -> None:
    """Show whoever answered how it stands now: the organisation its card, the desk its own."""
    if answers.get("phoned"):
        show_desk(turn, card, edit=False)
        return
    turn.say(
        "referral_card",
        buttons=organisation_buttons(card),
        card=referral_card_of(card.referred.id),
        more=organisation_facts(turn.session, card),
    )


def _finish_when(turn: Turn, answers: Answers) -> None:
    day = datetime.fromisoformat(str(answers["day"])).date()
    until = local_moment(day, EVENING, turn.session.house.zone)
    card = accept_referral(
        turn.session,
        now=turn.now,
        **_known(turn, answers),
        expected_at=max(until, turn.now + timedelta(hours=1)),
    )
    _say(turn, answers, card)


def _finish_decline(turn: Turn, answers: Answers) -> None:
    written = answers.get("words")
    known = _known(turn, answers)
    before = get_referred(
        turn.session, actor_id=known["actor_id"], referral_id=known["referral_id"]
    )
    card = decline_referral(
        turn.session,
        now=turn.now,
        **known,
        reason=DeclineReason(str(answers["reason"])),
        words=written if isinstance(written, str) else None,
    )
    turn.say(
        "referral_declined_own",
        card=card_of(card.id) if answers.get("phoned") else referral_card_of(before.referred.id),
        more={**before.public_facts, "before": before.referred.organisation},
    )


def _finish_ask(turn: Turn, answers: Answers) -> None:
    card = ask_back(
        turn.session,
        now=turn.now,
        **_known(turn, answers),
        question=str(answers["question"]),
        of_desk=answers["whom"] == "desk",
    )
    _say(turn, answers, card)


def _finish_done(turn: Turn, answers: Answers) -> None:
    card = finish_referral(
        turn.session, now=turn.now, **_known(turn, answers), result=str(answers["result"])
    )
    _say(turn, answers, card)


def _finish_answer(turn: Turn, answers: Answers) -> None:
    card = answer_question(
        turn.session, now=turn.now, **_known(turn, answers), answer=str(answers["answer"])
    )
    turn.say("referral_answered", card=card_of(card.id), more=card.facts)


def _asked(turn: Turn, answers: Answers) -> Mapping[str, Fact]:
    card = find_asked(
        turn.session,
        actor_id=present(turn).id,
        referral_id=int(str(answers["referral_id"])),
    )
    facts = organisation_facts(turn.session, card)
    return {"organisation": facts["organisation"], "question": facts.get("question") or ""}


WHEN = Form(
    topic="referral_when",
    questions=(Question("day", "ask_referral_when", _check_day, options=_days, columns=2),),
    finish=_finish_when,
)
DECLINE = Form(
    topic="referral_decline",
    questions=(
        Question("reason", "ask_referral_reason", options=_reasons),
        Question("words", "ask_referral_words", _check_words, may_skip=True),
    ),
    finish=_finish_decline,
)
ASK = Form(
    topic="referral_ask",
    questions=(
        Question("whom", "ask_referral_whom", options=_whom, columns=2),
        Question("question", "ask_referral_question", _check_words),
    ),
    finish=_finish_ask,
)
DONE = Form(
    topic="referral_done",
    questions=(Question("result", "ask_referral_result", _check_words),),
    finish=_finish_done,
)
ANSWER = Form(
    topic="referral_answer",
    questions=(Question("answer", "ask_referral_answer", _check_words, facts=_asked),),
    finish=_finish_answer,
)
