"""The prompts beyond the caller: who stands in, the contact, the neighbour, a visitor, duty."""

from collections.abc import Sequence
from datetime import datetime

from storage.check_ins.cases import Case
from storage.check_ins.facts import (
    TAKE,
    Facts,
    button,
    change_behind,
    contact_of,
    duty_facts,
    outcome_buttons,
)
from storage.check_ins.neighbours import neighbours_by_phone
from storage.check_ins.prompts import ask_one
from storage.database import Session
from storage.duty import list_duty
from storage.journal import note
from storage.outbox import Button, MessageClass
from storage.rules.ladder import Rung

_TEMPLATES = {
    Rung.STAND_IN: "check_in_stand_in",
    Rung.CONTACT: "check_in_family",
    Rung.NEIGHBOUR: "check_in_neighbour",
    Rung.STATION: "check_in_station",
}
# A relative knows the number; a neighbour knocks. The stand-in and a visitor may phone first.
_PHONING = (Rung.STAND_IN, Rung.STATION)


def ask_people(session: Session, case: Case, people: Sequence[int], *, now: datetime) -> None:
    """Ask whoever is on this rung to look in, each in a message of their own."""
    for one in people:
        if case.rung is Rung.CONTACT and one != case.contact_id:
            _ask_to_phone_contact(session, case, now=now, caller_id=one)
            continue
        ask_one(
            session,
            case,
            now=now,
            to=one,
            key=case.ask_key_to(one),
            template=_TEMPLATES[case.rung],
            message_class=MessageClass.ALARM,
            facts=_facts(session, case, now=now, to=one),
            buttons=[[button(case, TAKE)], *outcome_buttons(case, visitor=True)],
            may_phone=case.rung in _PHONING,
        )


def ask_duty(
    session: Session,
    case: Case,
    people: Sequence[int],
    *,
    now: datetime,
    released: str | None = None,
) -> int:
    """Ring everyone on duty, with the emergency contact's number; returns how many.

    Those of the plan are rung where nobody is on duty. The caller has no "I take it": their part
    is the phone, and what they hear on it.
    """
    about = case.resident_id
    staff = list_duty(session, now=now, about=about, without=about, everyone=True)
    duty = {one.id for one in staff}
    _note_apart(session, case, [one.id for one in staff if one.apart and one.id in people], now=now)
    for one in people:
        may_take = one in duty or one == case.stand_in_id
        ask_one(
            session,
            case,
            now=now,
            to=one,
            key=case.ask_key_to(one),
            template="check_in_duty",
            message_class=MessageClass.ALARM,
            facts={
                **duty_facts(session, case),
                **neighbours_by_phone(session, case, now=now, to=one),
                "released": released,
            },
            buttons=_take(case) if may_take else outcome_buttons(case, visitor=True),
        )
    return len(duty)


def _note_apart(session: Session, case: Case, people: Sequence[int], *, now: datetime) -> None:
    """Nobody else is there, so somebody is rung who is kept apart from the person: written down."""
    for one in people:
        note(
            session,
            now=now,
            what="rung_though_apart",
            actor_id=None,
            subject_id=case.resident_id,
            thing="check_in",
            thing_id=case.id,
            ground=case.rung.value,
            detail=f"to {one}",
        )


def _ask_to_phone_contact(session: Session, case: Case, *, now: datetime, caller_id: int) -> None:
    """Ask the caller to phone the emergency contact, who has no chat, so that they look in."""
    ask_one(
        session,
        case,
        now=now,
        to=caller_id,
        key=case.ask_key_to(caller_id),
        template="check_in_contact",
        message_class=MessageClass.ALARM,
        facts={
            **contact_of(session, case),
            **neighbours_by_phone(session, case, now=now, to=caller_id),
        },
        buttons=outcome_buttons(case, visitor=True),
    )


def _facts(session: Session, case: Case, *, now: datetime, to: int) -> Facts:
    if case.rung not in _PHONING:
        return {}
    known = contact_of(session, case) | neighbours_by_phone(session, case, now=now, to=to)
    if case.rung is Rung.STATION:
        return {**known, "change": change_behind(session, case)}
    return known


def _take(case: Case) -> list[list[Button]]:
    return [[button(case, TAKE)]]
