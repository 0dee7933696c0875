"""Likely duplicates: two entries side by side, masked; merged or kept apart by who knows."""

from handlers.doors import let_in
from handlers.topic import Topic
from handlers.turn import Press, Turn, press_data
from storage.call_plans import CallPlan, list_own_plans, plan_lines
from storage.choices import Button
from storage.duplicates import Pair, keep_apart, list_pairs, merge, put_off, show_pair
from storage.people import Person, get_person
from storage.refusals import Fact, NotAllowed, TooLate

CARD = "duplicates"


def open_duplicates(turn: Turn) -> None:
    """/duplicates: the next pair that waits."""
    actor = let_in(turn, "duplicates")
    if actor is not None:
        _show_next(turn, actor)


def press_duplicate(turn: Turn, press: Press) -> None:
    """Look at the next pair, or decide on one."""
    actor = turn.person
    if actor is None or not actor.is_approved("coordinator"):
        raise NotAllowed
    if press.act == "list":
        _show_next(turn, actor)
    elif press.act in ("first", "second"):
        _merge(turn, press, actor)
    elif press.act == "apart":
        keep_apart(
            turn.session, now=turn.now, actor=actor, duplicate_id=press.id, version=press.version
        )
        _decided(turn, "duplicate_apart", press)
    elif press.act == "later":
        put_off(
            turn.session, now=turn.now, actor=actor, duplicate_id=press.id, version=press.version
        )
        _decided(turn, "duplicate_later", press)
    else:
        raise TooLate


def _show_next(turn: Turn, actor: Person) -> None:
    waiting = list_pairs(turn.session, actor=actor, now=turn.now, limit=1)
    if not waiting:
        turn.edit("duplicate_none", card=CARD)
        return
    pair = show_pair(turn.session, now=turn.now, actor=actor, duplicate_id=waiting[0].id)
    turn.say(
        "duplicate_pair",
        buttons=[[_button(pair, act)] for act in ("first", "second", "apart", "later")],
        card=f"duplicate:{pair.id}",
        more=_facts(turn, pair),
    )


def _button(pair: Pair, act: str) -> Button:
    return Button(f"duplicate.{act}", press_data("duplicate", act, pair.id, pair.version))


def _facts(turn: Turn, pair: Pair) -> dict[str, Fact]:
    sides = (pair.low, pair.high)
    return {
        "why": pair.why,
        "names": [one.name for one in sides],
        "homes": [one.community or "" for one in sides],
        "births": [one.born_on or "" for one in sides],
        "phones": [one.phone or "" for one in sides],
        "cards": [one.certificate or "" for one in sides],
        "roles": [_roles(turn, one.roles) for one in sides],
        "days": [one.registered_on.isoformat() for one in sides],
        "chats": ["yes" if one.uses_chat else "" for one in sides],
    }


def _roles(turn: Turn, roles: list[str]) -> str:
    between = "、" if turn.language == "zh" else ", "
    words = [turn.wording.label(f"role.{kind}", language=turn.language) for kind in roles]
    return between.join(words) or "—"


def _merge(turn: Turn, press: Press, actor: Person) -> None:
    pair = show_pair(turn.session, now=turn.now, actor=actor, duplicate_id=press.id)
    kept = pair.low if press.act == "first" else pair.high
    merge(
        turn.session,
        now=turn.now,
        actor=actor,
        duplicate_id=press.id,
        version=press.version,
        kept_id=kept.id,
    )
    name = get_person(turn.session, person_id=kept.id).name
    _decided(turn, "duplicate_merged", press, name=name)
    _show_plans(turn, press, kept_id=kept.id)


def _show_plans(turn: Turn, press: Press, *, kept_id: int) -> None:
    """Called by two plans now, they would be phoned twice: who merged them sees both and chooses.

    Neither ends by itself: each has a caller, days and a contact whom the person agreed to.
    """
    plans = list_own_plans(turn.session, person_id=kept_id)
    if len(plans) < 2:
        return
    plans.sort(key=lambda one: (one.tier.value, one.id))
    today = turn.session.house.local(turn.now).date()
    turn.say(
        "duplicate_plans",
        buttons=[[_end_plan(one)] for one in plans],
        card=f"duplicate:{press.id}:plans",
        resident=plans[0].resident,
        more=plan_lines(plans, today=today),
    )


def _end_plan(plan: CallPlan) -> Button:
    data = press_data("plan", "end", plan.id, plan.version)
    return Button("plan.end_of", data, {"caller": plan.caller, "time": f"{plan.clock:%H:%M}"})


def _decided(turn: Turn, template: str, press: Press, **facts: Fact) -> None:
    more = [[Button("duplicate.next", press_data("duplicate", "list", 0, 0))]]
    turn.edit(template, buttons=more, card=f"duplicate:{press.id}", more=facts)


TOPIC = Topic(commands={"duplicates": open_duplicates}, presses={"duplicate": press_duplicate})
