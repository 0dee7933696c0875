"""The office's desk: the list that must become empty, each line with its button."""

from handlers.doors import let_in
from handlers.office.figures import show_figures
from handlers.turn import Press, Turn, press_data
from storage.caregivers import list_staff_ties, tie_buttons
from storage.choices import Button
from storage.office import Ending, desk_buttons, desk_facts, list_ending, list_waiting
from storage.outbox import Wanted
from storage.people import Person
from storage.refusals import NotAllowed, TooLate
from storage.volunteers import card_buttons, card_facts, list_applicants

CARD = "office"
SHOWN_AT_ONCE = 5
ENDING = ("consents", "certificates")
ENDING_AT_ONCE = 8

TOOLS = (
    ("office.find", "find:ask:0:0"),
    ("office.figures", "office:figures:0:0"),
    ("office.organisations", "org:root:0:0"),
    ("office.communities", "community:list:0:0"),
    ("office.export", "export:ask:0:0"),
)


def open_office(turn: Turn) -> None:
    """/office: for coordinators; for anybody else a command like any unknown one."""
    actor = let_in(turn, "office")
    if actor is None:
        return
    waiting = list_waiting(turn.session, now=turn.now, actor=actor)
    tools = [Button(label, data) for label, data in TOOLS]
    turn.say(
        "office",
        buttons=[
            *desk_buttons(waiting),
            *(tools[at : at + 2] for at in range(0, len(tools), 2)),
        ],
        card=CARD,
        more=desk_facts(waiting),
    )


def press_office(turn: Turn, press: Press) -> None:
    """Show what waits, each as a card of its own."""
    if turn.person is None or not turn.person.is_approved("coordinator"):
        raise NotAllowed
    if press.act == "list":
        open_office(turn)
        return
    if press.act == "figures":
        show_figures(turn, turn.person)
        return
    if press.act == "applicants":
        shown = _show_applicants(turn, turn.person)
    elif press.act == "ties":
        shown = _show_ties(turn, turn.person)
    elif press.act in ENDING:
        shown = _show_ending(turn, turn.person, kind=press.act)
    else:
        raise TooLate
    if not shown:
        turn.edit("office_nothing", buttons=back_to_list(), card=CARD)


def back_to_list() -> list[list[Button]]:
    """The way back to the list."""
    return [[Button("office.list", press_data("office", "list", 0, 0))]]


def _show_applicants(turn: Turn, actor: Person) -> int:
    waiting = list_applicants(turn.session, actor=actor, limit=SHOWN_AT_ONCE)
    for one in waiting:
        turn.say(
            "volunteer_waits",
            buttons=card_buttons(one),
            card=f"role:{one.role_id}",
            wanted=Wanted("role", one.role_id, one.version),
            more=card_facts(one),
        )
    return len(waiting)


def _show_ties(turn: Turn, actor: Person) -> int:
    waiting = list_staff_ties(turn.session, actor=actor, limit=SHOWN_AT_ONCE)
    for tie in waiting:
        turn.say(
            "caregiver_waits",
            buttons=tie_buttons(tie),
            card=f"caregiver:{tie.id}",
            wanted=Wanted("caregiver", tie.id, tie.version),
            name=tie.resident_name,
            community=tie.community,
            caregiver=tie.caregiver_name,
            asked_at=tie.asked_at.isoformat(),
        )
    return len(waiting)


def _show_ending(turn: Turn, actor: Person, *, kind: str) -> int:
    """One line for each person, which opens their card."""
    found = list_ending(turn.session, now=turn.now, actor=actor, kind=kind, limit=ENDING_AT_ONCE)
    if found:
        turn.say(
            f"office_{kind}", buttons=[[_ending(one, kind)] for one in found], card=f"office:{kind}"
        )
    return len(found)


def _ending(one: Ending, kind: str) -> Button:
    """A consent is written down from its own list; everything else from the person's card."""
    consents = press_data("consent", "list", one.person_id, 0)
    opens = consents if kind == "consents" else press_data("person", "see", one.person_id, 0)
    facts = {
        "name": one.name,
        "community": one.community or "-",
        "month": str(one.ends_on.month),
        "day": str(one.ends_on.day),
    }
    return Button("office.ending", opens, dict(facts))
