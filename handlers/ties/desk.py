"""The desk of ties: how many of each kind, each kind's list, what is late, what was let through."""

from collections.abc import Callable, Mapping

from handlers.dialogue import start
from handlers.doors import let_in
from handlers.ties import mutual, standing
from handlers.turn import Press, Turn, press_data
from storage.choices import Button
from storage.pairs import Pair
from storage.pairs.ties.lists import (
    PAGE,
    count_ties,
    list_overdue,
    list_overrides,
    list_ties,
)
from storage.people import Person
from storage.refusals import NotAllowed, TooLate
from storage.rules.pairs import Kind
from storage.rules.ties import TIES

CARD = "ties"


def open_ties(turn: Turn) -> None:
    """/ties: for coordinators; for anybody else a command like any unknown one."""
    actor = let_in(turn, "ties")
    if actor is not None:
        _show(turn, actor, edit=False)


def press(turn: Turn, press: Press) -> None:
    """A button of the desk."""
    actor = staff_of(turn)
    acts: Mapping[str, Callable[[], None]] = {
        "desk": lambda: _show(turn, actor),
        "list": lambda: _list(turn, actor, press),
        "new": lambda: _new(turn, _kind(press.extra)),
        "overdue": lambda: _overdue(turn, actor),
        "overrides": lambda: _overrides(turn, actor),
    }
    if press.act not in acts:
        raise TooLate
    acts[press.act]()


def staff_of(turn: Turn) -> Person:
    """The coordinator whose turn it is; raises NotAllowed."""
    if turn.person is None or turn.person.scope is None:
        raise NotAllowed
    return turn.person


def _kind(text: str) -> Kind:
    if text not in TIES:
        raise TooLate
    return Kind(text)


def _show(turn: Turn, actor: Person, *, edit: bool = True) -> None:
    counts = count_ties(turn.session, actor=actor)
    today = turn.session.house.local(turn.now).date()
    lines = [
        [
            Button(f"tie.new_{kind}", press_data("tie", "new", 0, 0, kind.value)),
            Button(f"tie.list_{kind}", press_data("tie", "list", 0, 0, kind.value)),
        ]
        for kind in TIES
    ]
    if list_overdue(turn.session, actor=actor, today=today):
        lines.append([Button("tie.overdue", press_data("tie", "overdue", 0, 0))])
    lines.append([Button("tie.sites", press_data("site", "overdue", 0, 0))])
    lines.append([Button("tie.overrides", press_data("tie", "overrides", 0, 0))])
    if actor.is_office:
        lines.append([Button("tie.items", press_data("tie_item", "kinds", 0, 0))])
    say = turn.edit if edit else turn.say
    say(
        "tie_desk",
        buttons=lines,
        card=CARD,
        kinds=[kind.value for kind in TIES],
        counts=[str(counts.get(kind, 0)) for kind in TIES],
    )


def _new(turn: Turn, kind: Kind) -> None:
    if kind is Kind.MUTUAL:
        start(turn, mutual.NEW)
    else:
        start(turn, standing.NEW, {"kind": kind.value})


def _list(turn: Turn, actor: Person, press: Press) -> None:
    kind, found = (
        _kind(press.extra),
        list_ties(turn.session, actor=actor, kind=_kind(press.extra), after=press.id),
    )
    shown = found[:PAGE]
    lines = [[_see(one)] for one in shown]
    if len(found) > PAGE:
        more = press_data("tie", "list", shown[-1].id, 0, kind.value)
        lines.append([Button("tie.more", more)])
    lines.append([_back()])
    turn.edit(
        "tie_list",
        buttons=lines,
        card=CARD,
        kind=kind.value,
        residents=[one.resident for one in shown],
        helpers=[one.helper for one in shown],
        states=[one.state.value for one in shown],
        acts=[",".join(one.acts) for one in shown],
    )


def _see(one: Pair) -> Button:
    data = press_data("pair", "see", one.id, 0)
    return Button("pair.see_pair", data, {"resident": one.resident, "helper": one.helper})


def _back() -> Button:
    return Button("tie.desk", press_data("tie", "desk", 0, 0))


def _overdue(turn: Turn, actor: Person) -> None:
    today = turn.session.house.local(turn.now).date()
    found = list_overdue(turn.session, actor=actor, today=today)
    turn.edit(
        "tie_overdue",
        buttons=[*[[_see(one.pair)] for one in found], [_back()]],
        card=CARD,
        residents=[one.pair.resident for one in found],
        helpers=[one.pair.helper for one in found],
        days=[one.next_on.isoformat() for one in found],
    )


def _overrides(turn: Turn, actor: Person) -> None:
    found = list_overrides(turn.session, now=turn.now, actor=actor)[:PAGE]
    turn.edit(
        "tie_overrides",
        buttons=[*[[_see(one.pair)] for one in found], [_back()]],
        card=CARD,
        residents=[one.pair.resident for one in found],
        helpers=[one.pair.helper for one in found],
        bars=[",".join(one.bars) for one in found],
        reasons=[one.reason or "" for one in found],
        by=[one.by for one in found],
        at=[one.at.isoformat() for one in found],
    )
