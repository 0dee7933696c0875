"""The facts a check-in's messages are made of, its buttons, and the journal of each look."""

from datetime import datetime

from sqlalchemy import select

from storage.check_ins.cases import MISSED, Case
from storage.database import Session
from storage.door_cards import show_door_card
from storage.journal import note
from storage.outbox import Button
from storage.people import open_contact
from storage.refusals import Fact
from storage.rules.door_cards import Ground
from storage.rules.ladder import CALLER_OUTCOMES, VISITOR_OUTCOMES, Outcome, Rung
from storage.tables import life_change, person

Facts = dict[str, Fact]
TAKE = "take"
_NO_CONTACT: Facts = {"contact_name": None, "contact_phone": None}


def button(case: Case, act: str) -> Button:
    """A button that acts on this version of the case."""
    return Button(f"check_in.{act}", f"check_in:{act}:{case.id}:{case.version}")


def hold_button(case: Case, act: str) -> Button:
    """A button of whoever holds the case."""
    return Button(f"hold.{act}", f"hold:{act}:{case.id}:{case.version}")


def outcome_buttons(case: Case, *, visitor: bool) -> list[list[Button]]:
    """What somebody who called, or went to the door, may answer; one to a line, in full words."""
    outcomes = VISITOR_OUTCOMES if visitor else CALLER_OUTCOMES
    buttons = {outcome: button(case, outcome.value) for outcome in outcomes}
    if visitor:
        # At a door nobody answers otherwise than on the phone.
        data = buttons[Outcome.NO_ANSWER].data
        buttons[Outcome.NO_ANSWER] = Button("check_in.nobody_opened", data)
    return [[one] for one in buttons.values()]


def name_of(session: Session, person_id: int | None) -> str | None:
    """Return somebody's name, or None for nobody."""
    if person_id is None:
        return None
    name: str = session.value(select(person.c.name).where(person.c.id == person_id))
    return name


def contact_of(session: Session, case: Case) -> Facts:
    """Return the emergency contact who agreed to it: name and number, or two Nones."""
    return _open_contact(session, case) if case.contact_agreed else dict(_NO_CONTACT)


def duty_facts(session: Session, case: Case, *, staff: bool = True) -> Facts:
    """Return what whoever is on duty, or holds the case, is told besides.

    At the end of the ladder staff get the number of a contact who was not asked yet too, as
    个人信息保护法 art. 13 (4) allows where a life may be in danger. Who said no is left in peace.
    """
    contact = contact_of(session, case)
    if staff and _is_at_the_end(case) and not case.contact_refused:
        contact = _open_contact(session, case)
    top = case.ladder.top
    return {
        "ring": case.asked,
        "released": None,
        "rung": case.rung.value,
        "change": change_behind(session, case),
        "every": int(top.window.total_seconds() // 60),
        **contact,
        # Said beside the number, for it is used only when nothing else helps.
        "contact_unasked": bool(contact["contact_phone"]) and not case.contact_agreed,
    }


def _is_at_the_end(case: Case) -> bool:
    """Whether everybody else was asked; of a call that was never made nothing is known yet."""
    return case.rung in (Rung.OFFICE, Rung.NO_SUPPORT) and case.last_outcome != MISSED


def change_behind(session: Session, case: Case) -> str | None:
    """Return what happened to the person, if that is why somebody is to visit them."""
    found: str | None = session.value(
        select(life_change.c.kind)
        .where(life_change.c.check_in_id == case.id)
        .order_by(life_change.c.id.desc())
        .limit(1)
    )
    return found


def _open_contact(session: Session, case: Case) -> Facts:
    if case.contact_phone is None:
        return dict(_NO_CONTACT)
    place = f"check_in_plan.contact_phone:{case.plan_uid}"
    return {
        "contact_name": case.contact_name,
        "contact_phone": session.vault.unseal_or_mark(case.contact_phone, place=place),
    }


def case_facts(session: Session, case: Case) -> Facts:
    """Return what everybody asked about the case is told: whom, since when, what came back."""
    return {
        "name": name_of(session, case.resident_id),
        "caller": name_of(session, case.caller_id),
        "due": case.due_at.isoformat(),
        "outcome": case.last_outcome or Outcome.NO_REPORT.value,
        "channel": case.channel,
    }


def show_phone(session: Session, case: Case, *, now: datetime, to: int) -> str | None:
    """Open the resident's number for somebody who is to call; the look is journalled."""
    _note_look(session, case, now=now, to=to)
    return open_contact(session, person_id=case.resident_id, or_mark=True).phone


def _note_look(session: Session, case: Case, *, now: datetime, to: int) -> None:
    note(
        session,
        now=now,
        what="contact_shown",
        actor_id=to,
        subject_id=case.resident_id,
        thing="check_in",
        thing_id=case.id,
        ground=case.rung.value,
    )


def door_facts(session: Session, case: Case, *, now: datetime, to: int) -> Facts:
    """Return what the holder needs to get there: number and address; the look is noted."""
    _note_look(session, case, now=now, to=to)
    show_door_card(session, now=now, to=to, resident_id=case.resident_id, ground=Ground.CHECK_IN)
    opened = open_contact(session, person_id=case.resident_id, or_mark=True)
    return {"phone": opened.phone, "address": opened.address}
