"""A volunteer's task: when, on the way, done, or cannot."""

from datetime import datetime, time, timedelta

from handlers.dialogue import BadAnswer, Form, Option, Question, start
from handlers.dialogue.engine import CARD
from handlers.needs.cards import ask_when, card_of, show_check, show_task, show_where
from handlers.needs.helping.stepping import STEPPING, press_stepping
from handlers.turn import Press, Turn
from storage.choices import close_card
from storage.dialogues import Answers
from storage.needs import (
    ClaimCard,
    NeedCard,
    Work,
    arrive,
    button,
    check_self,
    find_need_of_claim,
    finish_claim,
    get_task,
    list_tasks,
    mark_risky,
    needs_self_check,
    safe_buttons,
    say_arrival,
    set_out,
    task_buttons,
)
from storage.refusals import Fact, NotAllowed, TooLate
from storage.rules.lifecycle import NeedState
from storage.rules.moments import MomentProblem, parse_moment
from storage.rules.text import clean
from storage.rules.times import local_moment, parse_minutes

NOTE_LIMIT = 500
# "Today" means before the evening is over; later than that, within two hours.
TODAY_UNTIL = time(20)
TODAY_LATE = timedelta(hours=2)


def press_claim(turn: Turn, press: Press) -> None:
    """A button of a task."""
    card, held = _task(turn, press)
    if held.version != press.version or card.state is not NeedState.CLAIMED:
        if press.act == "where" and card.state is NeedState.CLAIMED:
            show_where(turn, card)
        else:
            show_task(turn, card, lead="need_moved_on")
    elif press.act == "ask" and held.arrives_at is None:
        ask_when(turn, card)
    elif press.act == "at":
        _arrive(turn, held, _moment(turn, press.extra), before=held.arrives_at)
    elif press.act in ("ask", "pick"):
        # Another time is asked for in a message of its own: the card shows the way, and must stay.
        start(turn, WHEN, _kept(held))
    elif press.act == "where":
        show_where(turn, card)
    elif press.act == "done" and held.arrives_at is not None:
        start(turn, DONE, _kept(held))
    elif press.act in STEPPING:
        press_stepping(turn, press, card, held)
    else:
        _move(turn, press, card, held)


def _task(turn: Turn, press: Press) -> tuple[NeedCard, ClaimCard]:
    if turn.person is None:
        raise NotAllowed
    return get_task(turn.session, volunteer_id=turn.person.id, claim_id=press.id)


def _kept(held: ClaimCard) -> Answers:
    return {"claim_id": held.id, "version": held.version}


def _move(turn: Turn, press: Press, card: NeedCard, held: ClaimCard) -> None:
    mine = {"volunteer_id": held.volunteer_id, "claim_id": held.id, "version": press.version}
    if press.act == "way":
        fresh = set_out(turn.session, now=turn.now, **mine)
        # A message of its own: the one above shows the way, and must stay.
        turn.say(
            "claim_on_way",
            buttons=task_buttons(fresh),
            card=card_of(card.id),
            more=fresh.task_facts,
        )
    elif press.act == "can":
        ask_when(turn, check_self(turn.session, now=turn.now, **mine))
    elif press.act == "here":
        fresh = arrive(turn.session, now=turn.now, **mine)
        turn.say(
            "claim_arrived",
            buttons=task_buttons(fresh),
            card=card_of(card.id),
            more={**fresh.task_facts, "risky": fresh.held.risky},
        )
    elif press.act == "risky":
        fresh = mark_risky(turn.session, now=turn.now, actor_id=held.volunteer_id, need_id=card.id)
        show_task(turn, fresh, lead="claim_risky_noted", edit=False)
    else:
        raise TooLate


def _moment(turn: Turn, word: str) -> datetime:
    """When somebody comes who pressed 30, 60 or today."""
    if word in ("30", "60"):
        return turn.now + timedelta(minutes=int(word))
    house = turn.session.house
    local = house.local(turn.now)
    until = local_moment(local.date(), TODAY_UNTIL, house.zone)
    return until if until > local else turn.now + TODAY_LATE


def _arrive(turn: Turn, held: ClaimCard, arrives_at: datetime, *, before: datetime | None) -> None:
    """Keep the time; the first time it is said, whom and where are shown."""
    card = say_arrival(
        turn.session,
        now=turn.now,
        volunteer_id=held.volunteer_id,
        claim_id=held.id,
        version=held.version,
        arrives_at=arrives_at,
    )
    if before is None:
        turn.edit("claim_kept", more=card.public_facts)
        show_where(turn, card)
        return
    turn.edit(
        "claim_other_time", buttons=task_buttons(card), card=card_of(card.id), more=card.task_facts
    )


def hear_time(turn: Turn, text: str) -> bool:
    """A time typed instead of pressed, by a volunteer who was just asked for one."""
    if turn.person is None:
        return False
    tasks = list_tasks(turn.session, volunteer_id=turn.person.id)
    asked = [one.claim for one in tasks if one.claim and one.claim.arrives_at is None]
    moment = parse_moment(text, turn.session.house.local(turn.now))
    if len(asked) != 1 or isinstance(moment, MomentProblem):
        return False
    card = next(one for one in tasks if one.claim is asked[0])
    if needs_self_check(card, asked[0]):
        show_check(turn, card, edit=False)
        return True
    _arrive(turn, asked[0], moment, before=None)
    return True


def _check_time(turn: Turn, text: str) -> Fact:
    moment = parse_moment(text, turn.session.house.local(turn.now))
    if isinstance(moment, MomentProblem):
        raise BadAnswer("claim_time", problem=moment.value)
    return moment.isoformat()


def _check_minutes(turn: Turn, text: str) -> Fact:
    minutes = parse_minutes(text)
    if minutes is None:
        raise BadAnswer("claim_minutes")
    return str(minutes)


def _check_note(turn: Turn, text: str) -> Fact:
    note = clean(text, limit=NOTE_LIMIT)
    if note is None:
        raise BadAnswer("need_empty")
    return note


def _spans(turn: Turn, answers: Answers) -> list[Option]:
    return [Option(str(n), f"claim.took_{n}") for n in (30, 60, 90, 120)]


def _standing(turn: Turn, answers: Answers) -> ClaimCard | None:
    """The claim that a form was opened for, if it still stands as it did; else say how it does."""
    close_card(turn.session, chat_id=turn.chat_id, card=CARD)
    card = find_need_of_claim(turn.session, claim_id=int(str(answers["claim_id"])))
    held = card.claim if card is not None else None
    same = held is not None and held.id == answers["claim_id"]
    if card is None or held is None or not same or held.version != answers["version"]:
        turn.say("claim_form_late", keyboard="menu")
        return None
    return held


def _finish_when(turn: Turn, answers: Answers) -> None:
    held = _standing(turn, answers)
    if held is not None:
        moment = datetime.fromisoformat(str(answers["when"]))
        _arrive(turn, held, moment, before=held.arrives_at)


def _finish_done(turn: Turn, answers: Answers) -> None:
    held = _standing(turn, answers)
    if held is None:
        return
    written = answers.get("note")
    card = finish_claim(
        turn.session,
        now=turn.now,
        volunteer_id=held.volunteer_id,
        claim_id=held.id,
        version=held.version,
        work=Work(int(str(answers["minutes"])), written if isinstance(written, str) else None),
    )
    remark = [[button("visit.remark", "visit", "remark", held.id, 0)]]
    turn.say(
        "claim_done",
        buttons=[*safe_buttons(held.id), *remark] if held.risky else remark,
        card=f"visit:{held.id}",
        more=card.task_facts | {"risky": held.risky},
    )
    close_card(turn.session, chat_id=turn.chat_id, card=card_of(card.id))


WHEN = Form(
    topic="claim_when",
    questions=(Question("when", "ask_claim_when", _check_time),),
    finish=_finish_when,
)
DONE = Form(
    topic="claim_done",
    questions=(
        Question("minutes", "ask_claim_minutes", _check_minutes, options=_spans, columns=2),
        Question("note", "ask_claim_note", _check_note, may_skip=True),
    ),
    finish=_finish_done,
)
