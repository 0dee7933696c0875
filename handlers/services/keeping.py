"""What an organisation lists, as its coordinators keep it."""

from handlers.dialogue import start
from handlers.doors import present
from handlers.services import forms
from handlers.services.cards import CARD, Lines, card_of, facts_of, keeping_buttons
from handlers.turn import Press, Turn, press_data
from storage.choices import Button
from storage.organisations import Organisation, check_reach, find_office, get_organisation
from storage.people import Person
from storage.refusals import NotAllowed, TooLate
from storage.services import (
    Service,
    get_kept,
    list_kept,
    list_licences,
    list_unconfirmed,
    switch_service,
)

SHOWN_AT_MOST = 20
STATES = {"pause": "paused", "resume": "active", "confirm": "active", "end": "ended"}
FIELDS = ("area", "capacity", "hours", "contact", "text")


def press_service(turn: Turn, press: Press) -> None:
    """A button of what an organisation lists; storage decides whose it is."""
    person = present(turn)
    if not person.is_approved("coordinator"):
        raise NotAllowed
    if press.act == "org":
        show_kept(turn, person, organisation_id=press.id)
    elif press.act == "add":
        one = _reach(turn, person, press.id)
        start(turn, forms.ADD, {"organisation": one.id})
    elif press.act == "unconfirmed":
        _show_unconfirmed(turn, person)
    else:
        _entry(turn, press, person)


def _entry(turn: Turn, press: Press, person: Person) -> None:
    one = get_kept(turn.session, actor=person, service_id=press.id)
    if press.act == "see" or press.version != one.version:
        lead = "service_moved_on" if press.act != "see" else None
        show_entry(turn, person, one, lead=lead)
    elif press.act == "change" and press.extra in FIELDS:
        start(
            turn,
            forms.CHANGE,
            {"service": one.id, "version": one.version, "field": press.extra},
        )
    elif press.act == "end":
        # For good: what was given to it stays, and it may be listed anew.
        sure = [
            [Button("service.end_sure", press_data("service", "ended", one.id, one.version))],
            [Button("service.keep", press_data("service", "see", one.id, one.version))],
        ]
        turn.edit("service_end_sure", buttons=sure, card=card_of(one.id), more=facts_of(one))
    elif press.act in ("pause", "resume", "confirm", "ended"):
        _switch(turn, person, one, "end" if press.act == "ended" else press.act)
    else:
        raise TooLate


def _switch(turn: Turn, person: Person, one: Service, act: str) -> None:
    fresh = switch_service(
        turn.session,
        now=turn.now,
        actor=person,
        service_id=one.id,
        version=one.version,
        state=STATES[act],
    )
    if act == "end":
        turn.edit("service_ended", card=card_of(one.id), more=facts_of(fresh))
    else:
        show_entry(turn, person, fresh)


def show_entry(
    turn: Turn, person: Person, one: Service, *, lead: str | None = None, edit: bool = True
) -> None:
    """Show an entry to whoever keeps it."""
    speak = turn.edit if edit else turn.say
    speak(
        "service_card",
        buttons=keeping_buttons(one, office=person.is_office),
        card=card_of(one.id),
        more={**facts_of(one), "lead": lead},
    )


def show_kept(
    turn: Turn, person: Person, *, organisation_id: int | None = None, edit: bool = True
) -> None:
    """Show what an organisation lists; without one named, the actor's own."""
    one = _reach(turn, person, organisation_id or person.organisation_id)
    kept = list_kept(turn.session, actor=person, organisation_id=one.id)
    licences = list_licences(turn.session, now=turn.now, organisation_id=one.id)
    lines: Lines = [
        [
            Button(
                f"category.{each.category.value}",
                press_data("service", "see", each.id, each.version),
            )
        ]
        for each in kept[:SHOWN_AT_MOST]
    ]
    lines.append([Button("service.add", press_data("service", "add", one.id, 0))])
    if person.is_office:
        lines.append([Button("service.licences", press_data("licence", "list", one.id, 0))])
        lines.append([Button("service.unconfirmed", press_data("service", "unconfirmed", 0, 0))])
    lines.append([Button("service.browse", press_data("browse", "areas", 0, 0))])
    speak = turn.edit if edit else turn.say
    speak(
        "service_kept",
        buttons=lines,
        card=CARD,
        organisation=one.name,
        entries=len(kept),
        licences=[each.kind.value for each in licences if each.holds],
    )


def _show_unconfirmed(turn: Turn, person: Person) -> None:
    found = list_unconfirmed(turn.session, actor=person, limit=SHOWN_AT_MOST)
    lines: Lines = [
        [
            Button(
                f"category.{one.category.value}",
                press_data("service", "see", one.id, one.version),
            )
        ]
        for one in found
    ]
    turn.edit("service_unconfirmed", buttons=lines, card=CARD, entries=len(found))


def _reach(turn: Turn, person: Person, organisation_id: int | None) -> Organisation:
    """The organisation, if the coordinator works there or above; the office as such: 残联."""
    one = (
        find_office(turn.session)
        if organisation_id is None
        else get_organisation(turn.session, organisation_id=organisation_id)
    )
    check_reach(person, one)
    return one
