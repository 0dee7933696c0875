"""/calls: a caller's day, the fixed round first; to coordinators also all who phone today."""

from collections.abc import Callable, Sequence

from handlers.doors import let_in, present
from handlers.turn import Press, Turn, press_data
from storage.check_ins import (
    Call,
    CallerDay,
    State,
    list_callers,
    list_calls,
    take_number,
)
from storage.choices import Button
from storage.people import Person
from storage.refusals import Fact, NotAllowed

CARD = "calls"
# More buttons than these nobody reads; the next page has the rest.
PAGE = 8
CALLERS_PAGE = 10


def open_calls(turn: Turn) -> None:
    """/calls: for those who phone; for anybody else a command like any unknown one."""
    actor = let_in(turn, "calls", ("volunteer", "coordinator"))
    if actor is not None:
        _show(turn, actor, 0, edit=False)


def _page(turn: Turn, press: Press) -> None:
    actor = present(turn)
    if not (actor.is_approved("volunteer") or actor.is_approved("coordinator")):
        raise NotAllowed
    _show(turn, actor, press.id, edit=True)


def _show(turn: Turn, actor: Person, page: int, *, edit: bool) -> None:
    day = list_calls(turn.session, now=turn.now, actor=actor)
    shown = day.all[page * PAGE : (page + 1) * PAGE]
    part_of = {
        **dict.fromkeys(map(id, day.round), "round"),
        **dict.fromkeys(map(id, day.carried), "carried"),
        **dict.fromkeys(map(id, day.nobodys), "nobodys"),
    }
    parts = [part_of[id(one)] for one in shown]
    buttons = [[_number(one)] for one in shown if one.state is State.OPEN and one.busy is None]
    buttons += _turns(page, len(day.all), PAGE, "calls")
    if actor.is_approved("coordinator"):
        buttons.append([Button("check_in.callers", press_data("check_in", "callers", 0, 0))])
    show = turn.edit if edit else turn.say
    show(
        "calls",
        buttons=buttons,
        card=CARD,
        date=turn.now.isoformat(),
        parts=[part if at == 0 or part != parts[at - 1] else "" for at, part in enumerate(parts)],
        lines=[_line(turn, one) for one in shown],
        left=sum(one.state is not State.DONE for one in day.all),
        all=len(day.all),
    )


def _turns(page: int, count: int, size: int, act: str) -> list[list[Button]]:
    turns = [Button("today.back", press_data("check_in", act, page - 1, 0))] if page else []
    if count > (page + 1) * size:
        turns.append(Button("today.more", press_data("check_in", act, page + 1, 0)))
    return [turns] if turns else []


def _number(one: Call) -> Button:
    data = press_data("check_in", "number", one.id, one.version)
    return Button("check_in.number", data, {"name": one.resident})


def _line(turn: Turn, one: Call) -> str:
    """One call in one line: its hour, whom, and how it stands."""
    facts: dict[str, Fact] = {
        "at": _clock(turn, one),
        "name": one.resident,
        "busy": one.busy or "",
        "since": f"{turn.session.house.local(one.busy_since):%H:%M}" if one.busy_since else "",
        "outcome": _outcome(turn, one),
    }
    key = "busy" if one.busy is not None else _key(one)
    return turn.wording.label(f"calls_line.{key}", language=turn.language, facts=facts)


def _key(one: Call) -> str:
    return "tried" if one.state is State.OPEN and one.outcome else one.state.value


def _outcome(turn: Turn, one: Call) -> str:
    if one.outcome is None:
        return ""
    return turn.wording.label(f"check_in_outcome.{one.outcome}", language=turn.language)


def _clock(turn: Turn, one: Call) -> str:
    local = turn.session.house.local(one.at)
    today = turn.session.house.local(turn.now).date()
    return f"{local:%H:%M}" if local.date() == today else f"{local:%m-%d %H:%M}"


def _take_number(turn: Turn, press: Press) -> None:
    """The number, for as long as a call lasts; others see who is phoning."""
    leased = take_number(
        turn.session, now=turn.now, actor_id=present(turn).id, check_in_id=press.id
    )
    turn.say("call_number", buttons=leased.buttons, card=leased.card, more=leased.facts)


def _callers(turn: Turn, press: Press) -> None:
    """Everybody who phones today, by name: who is through, and whom nobody has reached yet."""
    days = list_callers(turn.session, now=turn.now, actor=present(turn))
    page = press.id
    shown = days[page * CALLERS_PAGE : (page + 1) * CALLERS_PAGE]
    turn.edit(
        "callers",
        buttons=_turns(page, len(days), CALLERS_PAGE, "callers"),
        card="callers",
        date=turn.now.isoformat(),
        lines=[_caller_line(turn, one) for one in shown],
    )


def _caller_line(turn: Turn, one: CallerDay) -> str:
    facts: dict[str, Fact] = {"name": one.caller}
    parts = [turn.wording.label("callers_line.name", language=turn.language, facts=facts)]
    for state in State:
        names = one.names(state)
        if names:
            facts = {"names": _joined(names), "n": len(names)}
            parts.append(
                turn.wording.label(
                    f"callers_line.{state.value}", language=turn.language, facts=facts
                )
            )
    return "".join(parts)


def _joined(names: Sequence[str]) -> str:
    return "、".join(names)


ACTS: dict[str, Callable[[Turn, Press], None]] = {
    "calls": _page,
    "callers": _callers,
    "number": _take_number,
}
