"""Holding: "I take it" puts a case into a named hand, who soon says that they are there."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.check_ins.cases import Case, change_case, find_helper, get_case_for
from storage.check_ins.facts import (
    Facts,
    case_facts,
    door_facts,
    duty_facts,
    hold_button,
    name_of,
    outcome_buttons,
)
from storage.check_ins.neighbours import neighbours_by_phone
from storage.check_ins.news import list_contacted, tell_contacted, tell_resident
from storage.database import Session
from storage.journal import note
from storage.outbox import Button
from storage.people import find_person
from storage.refusals import TooLate
from storage.rules.access import Act
from storage.rules.ladder import HOLD_FOR, LONGER, Presence, may_be_held

THERE = (Presence.AT_DOOR, Presence.ON_PHONE)


class CheckInOver(TooLate):
    """The case is closed; facts say how."""

    key = "check_in_over"


class CheckInHeld(TooLate):
    """Somebody else has it; facts say who and until when."""

    key = "check_in_held"


class NotYet(TooLate):
    """The caller is still at it; nobody needs to take it over yet."""

    key = "check_in_not_yet"


class HoldOver(TooLate):
    """The holder's time is over and the ladder went on; they may take it again."""

    key = "check_in_hold_over"


@dataclass(frozen=True, slots=True)
class Held:
    """What the holder needs: whom, where, until when, and what to answer with."""

    facts: Facts
    buttons: list[list[Button]]
    card: str


def take_check_in(session: Session, *, now: datetime, actor_id: int, check_in_id: int) -> Held:
    """Take the case for the minutes that its ladder names, in which to say "I am at the door"."""
    case = _get_open(session, actor_id=actor_id, check_in_id=check_in_id, act=Act.HOLD_CHECK_IN)
    if case.held_until is not None and case.holder_id != actor_id:
        raise _held_by_another(session, case)
    if not may_be_held(case.rung):
        name, caller = name_of(session, case.resident_id), name_of(session, case.caller_id)
        raise NotYet(name=name, caller=caller)
    if case.holder_id == actor_id:
        return _held(session, case, now=now)  # pressed twice: nothing is longer by that
    until = now + case.ladder.confirm
    contacted = list_contacted(session, case, now=now)
    values = {"holder_id": actor_id, "held_until": until, "next_step_at": until}
    held = change_case(session, case, values)
    _note(session, held, now=now, what="check_in_taken")
    news: Facts = {"holder": name_of(session, actor_id), "until": until.isoformat()}
    tell_contacted(
        session,
        held,
        now=now,
        actor_id=actor_id,
        template="check_in_taken",
        facts=news,
        contacted=contacted,
    )
    tell_resident(
        session, held, now=now, template="check_in_somebody_comes", facts=news, offer=True
    )
    return _held(session, held, now=now)


def confirm_check_in(
    session: Session, *, now: datetime, actor_id: int, check_in_id: int, presence: Presence
) -> Held:
    """The holder says that they are at the door, on the phone, or still on the way.

    Still on the way gives the same minutes once more: beyond that others are asked as well.
    """
    case = _get_mine(session, actor_id=actor_id, check_in_id=check_in_id)
    span = HOLD_FOR if presence in THERE else case.ladder.confirm
    if presence is case.confirmed_as or (presence not in THERE and case.confirmed_as is not None):
        return _held(session, case, now=now)
    return _keep(session, case, now=now, span=span, presence=presence)


def prolong_check_in(
    session: Session, *, now: datetime, actor_id: int, check_in_id: int, span: timedelta
) -> Held:
    """Whoever said that they are there needs longer, by one of the named times."""
    case = _get_mine(session, actor_id=actor_id, check_in_id=check_in_id)
    if case.confirmed_as not in THERE or span not in LONGER:
        return _held(session, case, now=now)
    return _keep(session, case, now=now, span=span, presence=case.confirmed_as)


def show_held(session: Session, *, now: datetime, actor_id: int, check_in_id: int) -> Held:
    """Show the holder their case once more, after a look at something else."""
    return _held(session, _get_mine(session, actor_id=actor_id, check_in_id=check_in_id), now=now)


def _keep(
    session: Session, case: Case, *, now: datetime, span: timedelta, presence: Presence
) -> Held:
    until = now + span
    values = {"held_until": until, "next_step_at": until, "confirmed_as": presence.value}
    kept = change_case(session, case, values)
    _note(session, kept, now=now, what="check_in_confirmed")
    return _held(session, kept, now=now)


def _held(session: Session, case: Case, *, now: datetime) -> Held:
    holder_id, until = case.holder_id, case.held_until
    if holder_id is None or until is None:
        raise LookupError(f"nobody holds check-in {case.id}")
    facts: Facts = {
        **case_facts(session, case),
        **duty_facts(session, case, staff=_is_staff(session, holder_id)),
        **door_facts(session, case, now=now, to=holder_id),
        **_to_phone(session, case, now=now, holder_id=holder_id),
        "until": until.isoformat(),
        "presence": case.confirmed_as.value if case.confirmed_as else None,
        "minutes": int(case.ladder.confirm.total_seconds() // 60),
    }
    return Held(facts, _buttons(session, case, holder_id), case.card)


def _to_phone(session: Session, case: Case, *, now: datetime, holder_id: int) -> Facts:
    """Neighbours without the chat, for whoever was told of them before taking it."""
    if find_helper(session, person_id=holder_id) is None:
        return {"neighbours": [], "neighbour_phones": []}  # family, or a neighbour themselves
    return neighbours_by_phone(session, case, now=now, to=holder_id)


def _buttons(session: Session, case: Case, holder_id: int) -> list[list[Button]]:
    """First that they are there, then how it was; one to a line, in full words."""
    if case.confirmed_as in THERE:
        acts = [f"longer_{int(one.total_seconds() // 60)}" for one in LONGER]
    elif case.confirmed_as is Presence.ON_WAY:
        acts = [one.value for one in THERE]
    else:
        acts = [*(one.value for one in THERE), Presence.ON_WAY.value]
    # Only staff may end it on somebody else's word.
    ends = ["handed", "false_alarm"] if _is_staff(session, holder_id) else ["handed"]
    first = [[hold_button(case, act)] for act in acts]
    last = [[hold_button(case, act)] for act in ends]
    return [*first, *outcome_buttons(case, visitor=True), *last]


def _is_staff(session: Session, person_id: int) -> bool:
    who = find_person(session, person_id=person_id)
    return who is not None and who.is_approved("coordinator")


def _get_mine(session: Session, *, actor_id: int, check_in_id: int) -> Case:
    """Return the open case of its holder; anybody else hears how it stands."""
    case = _get_open(session, actor_id=actor_id, check_in_id=check_in_id, act=Act.HOLD_CHECK_IN)
    if case.holder_id == actor_id:
        return case
    if case.held_until is not None:
        raise _held_by_another(session, case)
    raise HoldOver(name=name_of(session, case.resident_id))


def _get_open(session: Session, *, actor_id: int, check_in_id: int, act: Act) -> Case:
    case = get_case_for(session, check_in_id=check_in_id, actor_id=actor_id, act=act)
    if not case.is_open:
        name, ended_by = name_of(session, case.resident_id), name_of(session, case.ended_by)
        raise CheckInOver(name=name, ending=case.ending, ended_by=ended_by)
    return case


def _held_by_another(session: Session, case: Case) -> CheckInHeld:
    until = case.held_until.isoformat() if case.held_until else None
    name, holder = name_of(session, case.resident_id), name_of(session, case.holder_id)
    return CheckInHeld(name=name, holder=holder, until=until)


def _note(session: Session, case: Case, *, now: datetime, what: str) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=case.holder_id,
        subject_id=case.resident_id,
        thing="check_in",
        thing_id=case.id,
        ground=case.rung.value,
        detail=case.confirmed_as.value if case.confirmed_as else "",
    )
