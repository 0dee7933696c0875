"""Calls as the person reads them: skip one, another time, the button "I am fine", or no more."""

import re
from datetime import date

from handlers.call_plans.questions import TIME, ask_weekdays
from handlers.dialogue import Form, start
from handlers.doors import present
from handlers.turn import Press, Turn, press_data
from storage.call_plans import (
    CallPlan,
    answer_as_contact,
    answer_as_stand_in,
    call_after_all,
    contact_buttons,
    find_plan,
    list_own_plans,
    list_skips,
    move_calls,
    say_fine,
    skip_call,
    switch_button,
)
from storage.call_plans.skipping import NoCallThen
from storage.caregivers import list_residents_of
from storage.check_ins import Effect, answer_for_oneself
from storage.choices import Button
from storage.dialogues import Answers
from storage.refusals import Fact, NotAllowed
from storage.rules.moments import parse_day
from storage.rules.times import parse_window, plain

# "周四我不在家", "明天我出门", "12月3日不在": a day, and that they are out.
_OUT = re.compile(
    r"(?P<day>.+?)[,， ]*我?(?:要|会|都)?(?:不在家?|出门|出去|外出|走亲戚)[了。.!！]*"
)
_OUT_EN = re.compile(
    r"(?:i am|i'm|i will be|i'll be) (?:out|away) (?P<day>.+?)[.!]*", re.IGNORECASE
)
WORDS_LIMIT = 30


def show_own(turn: Turn) -> None:
    """Show somebody the calls that were agreed with them, and those of whom they care for."""
    person = present(turn)
    plans = list_own_plans(turn.session, person_id=person.id)
    for one in list_residents_of(turn.session, caregiver_id=person.id):
        plans += list_own_plans(turn.session, person_id=one.id)
    if not plans:
        turn.say("plan_none_own")
    for plan in plans:
        _show(turn, plan)


def _show(turn: Turn, plan: CallPlan, *, edit: bool = False) -> None:
    say = turn.edit if edit else turn.say
    is_own = turn.person is not None and turn.person.id == plan.resident_id
    skips: list[str] = [
        f"{day}T12:00:00" for day in list_skips(turn.session, plan_id=plan.id, now=turn.now)
    ]
    say(
        "plan_own",
        buttons=_own_buttons(turn, plan, is_own=is_own),
        card=plan.card,
        is_own=is_own,
        skips=skips,
        more=plan.facts,
    )


def _own_buttons(turn: Turn, plan: CallPlan, *, is_own: bool) -> list[list[Button]]:
    acts = ["move"]
    if is_own:
        acts += ["no_button"] if plan.own_button != "none" else ["button"]
        acts.append("refuse")
    lines = [[_button(act, plan)] for act in acts]
    if plan.next_due_at is None:
        return lines
    # With its day: pressed twice, or from an old card, it leaves out no further call.
    day = turn.session.house.local(plan.next_due_at).date()
    return [[_button("skip", plan, f"{day:%Y%m%d}")], *lines]


def _button(act: str, plan: CallPlan, extra: str = "") -> Button:
    return Button(f"plan.{act}", press_data("plan", act, plan.id, plan.version, extra))


def press_own(turn: Turn, press: Press) -> bool:
    """Take a press that is the person's own; False when it is not one of these."""
    acts = {
        "skip": _skip_next,
        "unskip": _unskip,
        "move": _start_move,
        "button": _switch,
        "no_button": _switch,
        "fine": _fine,
        "not_fine": _not_fine,
        "contact_yes": _contact,
        "contact_no": _contact,
        "stand_in_yes": _stand_in,
        "stand_in_no": _stand_in,
    }
    act = acts.get(press.act)
    if act is not None:
        act(turn, press)
    return act is not None


def _plan(press: Press, turn: Turn) -> CallPlan:
    plan = find_plan(turn.session, plan_id=press.id)
    if plan is None:
        raise NotAllowed
    return plan


def _skip_next(turn: Turn, press: Press) -> None:
    _skip(turn, press.id, _day(press), edit=True)


def _day(press: Press) -> date:
    try:
        return date.fromisoformat(press.extra)
    except ValueError as error:
        raise NotAllowed from error


def _skip(turn: Turn, plan_id: int, day: date, *, edit: bool) -> None:
    plan = skip_call(
        turn.session, now=turn.now, actor_id=present(turn).id, plan_id=plan_id, day=day
    )
    say = turn.edit if edit else turn.say
    say(
        "plan_skipped",
        buttons=[[_button("unskip", plan, f"{day:%Y%m%d}")]],
        card=plan.card,
        day=f"{day}T12:00:00",
        more=plan.facts,
    )


def _unskip(turn: Turn, press: Press) -> None:
    day = _day(press)
    plan = call_after_all(
        turn.session, now=turn.now, actor_id=present(turn).id, plan_id=press.id, day=day
    )
    _show(turn, plan, edit=True)


def _switch(turn: Turn, press: Press) -> None:
    plan = switch_button(
        turn.session,
        now=turn.now,
        actor_id=present(turn).id,
        plan_id=press.id,
        version=press.version,
        kind="call_days" if press.act == "button" else "none",
    )
    _show(turn, plan, edit=True)


def _fine(turn: Turn, press: Press) -> None:
    person_id = present(turn).id
    said = say_fine(turn.session, now=turn.now, person_id=person_id, plan_id=press.id)
    card = f"plan:{press.id}:fine"
    if said.check_in_id is not None:
        # The call has begun meanwhile: the button answers that one.
        answered = answer_for_oneself(
            turn.session,
            now=turn.now,
            person_id=person_id,
            check_in_id=said.check_in_id,
            is_well=True,
        )
        noted = answered.effect is Effect.NOTED
        turn.edit("check_in_own_noted" if noted else "check_in_own_thanks", card=card)
    elif said.is_enough:
        turn.edit("plan_fine_thanks", card=card, caller=said.plan.caller)
    else:
        turn.edit("plan_fine_noted", card=card, caller=said.plan.caller)


def _not_fine(turn: Turn, press: Press) -> None:
    plan = _plan(press, turn)
    if present(turn).id != plan.resident_id:
        raise NotAllowed
    turn.edit("plan_not_fine", card=f"plan:{press.id}:fine", caller=plan.caller)


def _contact(turn: Turn, press: Press) -> None:
    plan = answer_as_contact(
        turn.session,
        now=turn.now,
        person_id=present(turn).id,
        plan_id=press.id,
        agrees=press.act == "contact_yes",
    )
    turn.edit(
        "plan_contact_thanks",
        buttons=contact_buttons(plan),
        card=f"plan:{plan.id}:contact",
        resident=plan.resident,
        answer=plan.contact_answer,
    )


def _stand_in(turn: Turn, press: Press) -> None:
    agrees = press.act == "stand_in_yes"
    plan = answer_as_stand_in(
        turn.session, now=turn.now, person_id=present(turn).id, ask_id=press.id, agrees=agrees
    )
    card = f"call_stand_in:{press.id}"
    turn.edit("plan_stand_in_thanks", card=card, agrees=agrees, more=plan.facts)


def hear_out(turn: Turn, text: str) -> bool:
    """Take "I'm out on Thursday" from somebody who is called then; False for any other words."""
    person = turn.person
    if person is None or len(text) > WORDS_LIMIT or not person.is_approved("resident"):
        return False
    said = plain(text)
    found = _OUT.fullmatch(said) or _OUT_EN.fullmatch(said)
    if found is None:
        return False
    today = turn.session.house.local(turn.now).date()
    day = parse_day(found.group("day"), today)
    if not isinstance(day, date):
        return False
    for plan in list_own_plans(turn.session, person_id=person.id):
        try:
            with turn.session.savepoint():
                _skip(turn, plan.id, day, edit=False)
        except NoCallThen:
            continue
        return True
    return False


def _start_move(turn: Turn, press: Press) -> None:
    present(turn)
    plan = _plan(press, turn)
    answers: Answers = {
        "plan_id": press.id,
        "version": press.version,
        "every": plan.rhythm.every.value,
    }
    start(turn, MOVE, answers)


def _counts_by_week(_turn: Turn, answers: Answers) -> bool:
    return answers.get("every") in ("week", "fortnight")


def _move(turn: Turn, answers: Answers) -> None:
    window = parse_window(str(answers.get("time")))
    plan_id, version = answers.get("plan_id"), answers.get("version")
    if window is None or not isinstance(plan_id, int) or not isinstance(version, int):
        raise NotAllowed
    days = str(answers.get("weekdays") or "")
    plan = move_calls(
        turn.session,
        now=turn.now,
        actor_id=present(turn).id,
        plan_id=plan_id,
        version=version,
        clock=window[0],
        until=window[1],
        weekdays=frozenset(int(day) for day in days) or None,
    )
    facts: dict[str, Fact] = {**plan.facts}
    turn.say("plan_moved", keyboard="menu", card="form", more=facts)


MOVE = Form(topic="plan_move", questions=(ask_weekdays(_counts_by_week), TIME), finish=_move)
