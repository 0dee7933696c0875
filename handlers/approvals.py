"""The office's desk: what waits, and the decision on those who want to help."""

from handlers.topic import Topic
from handlers.turn import Press, Turn, press_data
from storage.caregivers import list_staff_ties, tie_buttons
from storage.choices import Button
from storage.journal import note
from storage.office import look_at_desk
from storage.outbox import Wanted
from storage.refusals import NotAllowed, TooLate
from storage.volunteers import (
    card_buttons,
    card_facts,
    decide_volunteer,
    list_applicants,
    open_applicant,
)

CARD = "office"
SHOWN_AT_ONCE = 5


def open_office(turn: Turn) -> None:
    """/office: for coordinators; for anybody else a command like any unknown one."""
    if turn.person is None or not turn.person.is_approved("coordinator"):
        note(
            turn.session,
            now=turn.now,
            what="command_refused",
            actor_id=turn.person.id if turn.person else None,
            detail="office",
        )
        turn.say("help", roles=sorted(turn.person.roles) if turn.person else [])
        return
    desk = look_at_desk(turn.session, actor=turn.person)
    lines = []
    if desk.applicants:
        lines.append([Button("office.applicants", press_data("office", "applicants", 0, 0))])
    if desk.ties:
        lines.append([Button("office.ties", press_data("office", "ties", 0, 0))])
    if desk.unclaimed_needs:
        lines.append([Button("office.needs", press_data("desk", "list", 0, 0))])
    if desk.open_alarms:
        lines.append([Button("office.alarms", press_data("alarm", "list", 0, 0))])
    if desk.open_check_ins:
        lines.append([Button("office.check_ins", press_data("check_in", "list", 0, 0))])
    lines.append([Button("office.communities", press_data("community", "list", 0, 0))])
    turn.say(
        "office",
        buttons=lines,
        card=CARD,
        applicants=desk.applicants,
        ties=desk.ties,
        unclaimed_needs=desk.unclaimed_needs,
        open_alarms=desk.open_alarms,
        open_check_ins=desk.open_check_ins,
    )


def press_office(turn: Turn, press: Press) -> None:
    """Show what waits, each as a card of its own."""
    if turn.person is None or not turn.person.is_approved("coordinator"):
        raise NotAllowed
    if press.act == "applicants":
        shown = _show_applicants(turn)
    elif press.act == "ties":
        shown = _show_ties(turn)
    else:
        raise TooLate
    if not shown:
        turn.edit("office_nothing", card=CARD)


def _show_applicants(turn: Turn) -> int:
    waiting = list_applicants(turn.session, limit=SHOWN_AT_ONCE)
    for one in waiting:
        turn.say(
            "volunteer_waits",
            buttons=card_buttons(one),
            card=f"role:{one.role_id}",
            wanted=Wanted("role", one.role_id, one.version),
            more=card_facts(one),
        )
    return len(waiting)


def _show_ties(turn: Turn) -> int:
    waiting = list_staff_ties(turn.session, limit=SHOWN_AT_ONCE)
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


def decide(turn: Turn, press: Press) -> None:
    """Approve or decline, or see the phone for the call before."""
    if turn.person is None:
        raise NotAllowed
    if press.act == "phone":
        contact = open_applicant(turn.session, now=turn.now, actor=turn.person, role_id=press.id)
        turn.say("volunteer_phone", name=contact.name, phone=contact.phone)
        return
    if press.act not in ("approve", "decline"):
        raise TooLate
    decided = decide_volunteer(
        turn.session,
        now=turn.now,
        actor=turn.person,
        role_id=press.id,
        version=press.version,
        approve=press.act == "approve",
    )
    state = "approved" if press.act == "approve" else "declined"
    turn.edit("volunteer_decided", card=f"role:{press.id}", name=decided.name, by=None, state=state)


TOPIC = Topic(
    commands={"office": open_office},
    presses={"office": press_office, "approval": decide},
)
