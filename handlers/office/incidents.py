"""Incidents in the chat: who could not be told what, phoned, and said to be done."""

from handlers.turn import Press, Turn
from storage.incidents import SET_ASIDE, UNDELIVERED
from storage.office import finish_incident, list_incidents, open_incident
from storage.people import Person
from storage.refusals import Fact, NotAllowed, TooLate

SHOWN_AT_ONCE = 5


def press_incident(turn: Turn, press: Press) -> None:
    """Show those of a kind, open a phone, or say that one is done."""
    actor = turn.person
    if actor is None or not actor.is_approved("coordinator"):
        raise NotAllowed
    if press.act in (UNDELIVERED, SET_ASIDE):
        _show(turn, actor, kind=press.act)
    elif press.act == "phone":
        contact = open_incident(turn.session, now=turn.now, actor=actor, incident_id=press.id)
        turn.say("incident_phone", name=contact.name, phone=contact.phone, address=contact.address)
    elif press.act == "done":
        finish_incident(turn.session, now=turn.now, actor=actor, incident_id=press.id)
        turn.edit("incident_done", card=f"incident:{press.id}")
    else:
        raise TooLate


def _show(turn: Turn, actor: Person, *, kind: str) -> None:
    found = list_incidents(turn.session, actor=actor, kind=kind, limit=SHOWN_AT_ONCE)
    for one in found:
        facts: dict[str, Fact] = {"told_name": one.name, "told_at": one.at.isoformat()}
        if one.lost is not None:
            # The lost message itself is said first, as its receiver would have read it.
            facts = one.lost[1] | facts | {"lead": one.lost[0]}
        elif kind == SET_ASIDE:
            facts["number"] = one.number
        turn.say(f"incident_{kind}", buttons=one.buttons, card=one.card, more=facts)
    if not found:
        turn.edit("office_nothing", card="office")
