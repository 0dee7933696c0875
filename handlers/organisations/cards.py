"""One organisation at a time: what it is, what hangs below it, and what can be done with it."""

from collections.abc import Callable, Mapping

from handlers.dialogue import start
from handlers.doors import let_in
from handlers.organisations import forms
from handlers.turn import Press, Turn, press_data, read_number
from storage.choices import Button
from storage.organisations import (
    Organisation,
    check_reach,
    get_organisation,
    hide_organisation,
    list_below,
    show_organisation,
)
from storage.people import EVERYWHERE, Person
from storage.refusals import NotAllowed, TooLate
from storage.staffing import list_gaps, list_staff

CARD = "org"
PAGE = 20


def open_tree(turn: Turn) -> None:
    """/organisations: for coordinators; for anybody else a command like any unknown one."""
    actor = let_in(turn, "organisations")
    if actor is not None:
        show(turn, actor, root_of(turn, actor), edit=False)


def press(turn: Turn, press: Press) -> None:
    """A button of an organisation's card."""
    actor = staff_of(turn)
    # The office's list opens the gaps of the whole part of the tree, without an organisation.
    whole = press.act in ("root", "gaps") and not press.id
    one = root_of(turn, actor) if whole else reach(turn, actor, press.id)
    page = read_number(press.extra or "0")
    acts: Mapping[str, Callable[[], None]] = {
        "root": lambda: show(turn, actor, one),
        "see": lambda: show(turn, actor, one, page=page or 0),
        "add": lambda: start(turn, forms.ADD, {"parent": str(one.id)}),
        "rename": lambda: start(turn, forms.RENAME, {"organisation": str(one.id)}),
        "move": lambda: start(turn, forms.MOVE, {"organisation": str(one.id)}),
        "hide": lambda: _switch(turn, actor, one, active=False),
        "show": lambda: _switch(turn, actor, one, active=True),
        "gaps": lambda: show_gaps(turn, actor),
    }
    if press.act not in acts or page is None:
        raise TooLate
    acts[press.act]()


def staff_of(turn: Turn) -> Person:
    """The coordinator whose turn it is; raises NotAllowed."""
    if turn.person is None or turn.person.scope is None:
        raise NotAllowed
    return turn.person


def reach(turn: Turn, actor: Person, organisation_id: int) -> Organisation:
    """The organisation, if the coordinator works there or above."""
    one = get_organisation(turn.session, organisation_id=organisation_id)
    check_reach(actor, one)
    return one


def root_of(turn: Turn, actor: Person) -> Organisation:
    """Where a coordinator's part of the tree begins."""
    if actor.scope == EVERYWHERE or actor.organisation_id is None:
        return list_below(turn.session, parent_id=None)[0]
    return get_organisation(turn.session, organisation_id=actor.organisation_id)


def show(turn: Turn, actor: Person, one: Organisation, *, page: int = 0, edit: bool = True) -> None:
    """Show an organisation's card."""
    below = list_below(turn.session, parent_id=one.id)
    shown = below[page * PAGE : (page + 1) * PAGE]
    say = turn.edit if edit else turn.say
    say(
        "org_card",
        buttons=[
            *_below(shown),
            *_pages(one, page, len(below)),
            *_acts(turn, actor, one),
            *_ways(actor, one),
        ],
        card=CARD,
        name=one.name,
        kind=one.kind_name,
        contact=one.contact,
        active=one.active,
        below=len(below),
        staff=[each.name for each in list_staff(turn.session, organisation_id=one.id)],
    )


def show_gaps(turn: Turn, actor: Person) -> None:
    """Show the communities where nobody is named to turn to."""
    gaps = list_gaps(turn.session, actor=actor)
    turn.edit(
        "org_gaps",
        buttons=[
            *[
                [
                    Button(
                        "org.gap",
                        press_data("org", "see", gap.organisation_id, 0),
                        {"name": gap.community, "residents": gap.residents},
                    )
                ]
                for gap in gaps[:PAGE]
            ],
            [Button("org.root", press_data("org", "root", 0, 0))],
        ],
        card=CARD,
        gaps=len(gaps),
    )


def _switch(turn: Turn, actor: Person, one: Organisation, *, active: bool) -> None:
    change = show_organisation if active else hide_organisation
    change(turn.session, now=turn.now, actor=actor, organisation_id=one.id)
    show(turn, actor, reach(turn, actor, one.id))


def _below(shown: list[Organisation]) -> list[list[Button]]:
    flat = [
        Button(
            "verbatim" if one.active else "org.hidden",
            press_data("org", "see", one.id, 0),
            {"text": one.name},
        )
        for one in shown
    ]
    return [flat[at : at + 2] for at in range(0, len(flat), 2)]


def _pages(one: Organisation, page: int, count: int) -> list[list[Button]]:
    line = []
    if page > 0:
        line.append(Button("org.before", press_data("org", "see", one.id, 0, str(page - 1))))
    if (page + 1) * PAGE < count:
        line.append(Button("org.after", press_data("org", "see", one.id, 0, str(page + 1))))
    return [line] if line else []


def _acts(turn: Turn, actor: Person, one: Organisation) -> list[list[Button]]:
    def button(act: str, topic: str = "org") -> Button:
        return Button(f"org.{act}", press_data(topic, act, one.id, one.version))

    lines = [
        [button("contact", "org_staff"), button("staff", "org_staff")],
        [button("add"), button("rename")],
    ]
    lines.append([Button("org.services", press_data("service", "org", one.id, 0))])
    if one.attaches is not None:
        lines.append([button("tied", "org_tied")])
    if one.attaches == "patient":
        lines.append([Button("org.site", press_data("site", "see", one.id, 0))])
        lines.append([Button("org.visit_log", press_data("visit_log", "list", one.id, 0))])
    if not one.is_pillar:
        lines.append([button("links", "org_link"), button("ask", "org_visit")])
    if not one.is_pillar and one.path != actor.scope:
        lines.append([button("move"), button("hide" if one.active else "show")])
    return lines


def _ways(actor: Person, one: Organisation) -> list[list[Button]]:
    lines = []
    if one.path != actor.scope and one.parent_id is not None:
        lines.append([Button("org.above", press_data("org", "see", one.parent_id, 0))])
    else:
        lines.append([Button("org.gaps", press_data("org", "gaps", one.id, 0))])
        if actor.is_office:
            lines.append(
                [
                    Button("org.actions", press_data("org_action", "list", 0, 0)),
                    Button("org.kinds", press_data("org_kind", "list", 0, 0)),
                ]
            )
    return lines
