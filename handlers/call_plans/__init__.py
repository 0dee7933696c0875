"""Call plans in the chat: a coordinator makes, sees, changes and ends them; a resident refuses."""

from handlers.call_plans.forms import CHANGE, NEW, coordinator
from handlers.call_plans.own import MOVE, hear_out, press_own, show_own
from handlers.call_plans.questions import CHANNEL_IF_DEAF
from handlers.dialogue import start
from handlers.doors import let_in
from handlers.topic import Topic
from handlers.turn import Press, Turn, press_data
from storage.call_plans import (
    PAGE,
    CallPlan,
    end_plan,
    find_plan,
    list_plans,
    plan_lines,
    refuse_plan,
)
from storage.choices import Button
from storage.refusals import NotAllowed, TooLate
from storage.scope import check_sees

CARD = "plans"


def _new(turn: Turn) -> None:
    if let_in(turn, "plan") is not None:
        start(turn, NEW)


def _list(turn: Turn) -> None:
    person = let_in(turn, "plans", ("coordinator", "resident", "caregiver"))
    if person is None:
        return
    if person.is_approved("coordinator"):
        _show_page(turn, after=0)
    else:
        show_own(turn)


def _show_page(turn: Turn, *, after: int) -> None:
    found = list_plans(turn.session, actor_id=coordinator(turn).id, after=after)
    if not found:
        turn.say("plan_none", card=CARD)
        return
    shown = found[:PAGE]
    buttons = [[_button(act, one)] for one in shown for act in ("change", "end")]
    if len(found) > PAGE:
        more = press_data("plan", "more", shown[-1].id, 0)
        buttons.append([Button("plan.more", more)])
    today = turn.session.house.local(turn.now).date()
    turn.say(
        "plan_list",
        buttons=buttons,
        card=CARD,
        more=plan_lines(shown, today=today),
    )


def _button(act: str, plan: CallPlan) -> Button:
    data = press_data("plan", act, plan.id, plan.version)
    return Button(f"plan.{act}", data, {"resident": plan.resident, "time": f"{plan.clock:%H:%M}"})


def _press(turn: Turn, press: Press) -> None:
    acts = {
        "more": lambda: _show_page(turn, after=press.id),
        "for": lambda: _start_for(turn, press),
        "change": lambda: _start_change(turn, press),
        "end": lambda: _ask_end(turn, press),
        "yes_end": lambda: _end(turn, press),
        "keep": lambda: _keep(turn, press),
        "refuse": lambda: _ask_refuse(turn, press),
        "yes_refuse": lambda: _refuse(turn, press),
        "keep_calls": lambda: _keep_calls(turn, press),
    }
    if press.act in acts:
        acts[press.act]()
    elif not press_own(turn, press):
        raise TooLate


def _start_for(turn: Turn, press: Press) -> None:
    """Of two who are tied already it is known whom to phone and who phones."""
    actor = coordinator(turn)
    for one in (press.id, press.version):
        check_sees(turn.session, actor=actor, person_id=one)
    known = {"resident": str(press.id), "caller": str(press.version)}
    start(turn, NEW, known, at=CHANNEL_IF_DEAF.key)


def _start_change(turn: Turn, press: Press) -> None:
    coordinator(turn)
    resident_id = _plan(turn, press).resident_id
    start(
        turn,
        CHANGE,
        {"plan_id": press.id, "version": press.version, "resident": str(resident_id)},
    )


def _plan(turn: Turn, press: Press) -> CallPlan:
    plan = find_plan(turn.session, plan_id=press.id)
    if plan is None:
        raise NotAllowed
    return plan


def _yes_no(press: Press, *acts: str) -> list[list[Button]]:
    return [
        [Button(f"plan.{act}", press_data("plan", act, press.id, press.version))] for act in acts
    ]


def _ask_end(turn: Turn, press: Press) -> None:
    coordinator(turn)
    turn.say(
        "plan_ask_end",
        buttons=_yes_no(press, "yes_end", "keep"),
        card=f"plan:{press.id}:end",
        resident=_plan(turn, press).resident,
    )


def _end(turn: Turn, press: Press) -> None:
    ended = end_plan(
        turn.session,
        now=turn.now,
        actor_id=coordinator(turn).id,
        plan_id=press.id,
        version=press.version,
    )
    turn.edit("plan_ended", card=f"plan:{press.id}:end", resident=ended.resident)


def _keep(turn: Turn, press: Press) -> None:
    coordinator(turn)
    resident = _plan(turn, press).resident
    turn.edit("plan_kept", card=f"plan:{press.id}:end", resident=resident)


def _own_plan(turn: Turn, press: Press) -> CallPlan:
    plan = _plan(turn, press)
    if turn.person is None or turn.person.id != plan.resident_id:
        raise NotAllowed
    return plan


def _keep_calls(turn: Turn, press: Press) -> None:
    _own_plan(turn, press)
    turn.edit("plan_kept_for_you", card=f"plan:{press.id}")


def _ask_refuse(turn: Turn, press: Press) -> None:
    plan = _own_plan(turn, press)
    turn.edit(
        "plan_ask_refuse",
        buttons=_yes_no(press, "yes_refuse", "keep_calls"),
        card=f"plan:{press.id}",
        more=plan.facts,
    )


def _refuse(turn: Turn, press: Press) -> None:
    if turn.person is None:
        raise NotAllowed
    refuse_plan(turn.session, now=turn.now, resident_id=turn.person.id, plan_id=press.id)
    turn.edit("plan_refused_thanks", card=f"plan:{press.id}")


TOPIC = Topic(
    commands={"plan": _new, "plans": _list},
    presses={"plan": _press},
    forms=(NEW, CHANGE, MOVE),
    words=hear_out,
)
