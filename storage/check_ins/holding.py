"""Holding: "I take it" puts a case into a named hand, for a named time only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.check_ins.cases import Case, change_case, get_case_for
from storage.check_ins.facts import (
    Facts,
    button,
    case_facts,
    door_facts,
    name_of,
    outcome_buttons,
)
from storage.check_ins.news import list_contacted, tell_contacted, tell_resident
from storage.database import Session
from storage.journal import note
from storage.outbox import Button
from storage.refusals import TooLate
from storage.rules.access import Act
from storage.rules.ladder import HOLDS, hold, may_be_held

LONGER = ("longer_60", "longer_120")


class CheckInOver(TooLate):
    """The case is closed; facts say how."""

    key = "check_in_over"


class CheckInHeld(TooLate):
    """Somebody else has it; facts say who and until when."""

    key = "check_in_held"


class NotYet(TooLate):
    """The caller is still at it; nobody needs to take it over yet."""

    key = "check_in_not_yet"


@dataclass(frozen=True, slots=True)
class Held:
    """What the holder needs: whom, where, until when, and what to answer with."""

    facts: Facts
    buttons: list[list[Button]]
    card: str


def take_check_in(
    session: Session,
    *,
    now: datetime,
    actor_id: int,
    check_in_id: int,
    minutes: int = 30,
) -> Held:
    """Hold the case for a named time, or longer; then the ladder goes on by itself."""
    case = _case_for(session, actor_id=actor_id, check_in_id=check_in_id)
    until = now + hold(_named(minutes)).window
    contacted = list_contacted(session, case, now=now)
    is_new = case.holder_id != actor_id
    held = change_case(
        session,
        case,
        {
            "holder_id": actor_id,
            "held_until": until,
            "next_step_at": until,
        },
    )
    note(
        session,
        now=now,
        what="check_in_taken",
        actor_id=actor_id,
        subject_id=case.resident_id,
        thing="check_in",
        thing_id=case.id,
        ground=case.rung.value,
        detail=str(minutes),
    )
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
    if is_new:
        tell_resident(
            session, held, now=now, template="check_in_somebody_comes", facts=news, offer=True
        )
    return _held(session, held, now=now, actor_id=actor_id, until=until)


def _held(session: Session, case: Case, *, now: datetime, actor_id: int, until: datetime) -> Held:
    facts = {
        **case_facts(session, case),
        **door_facts(session, case, now=now, to=actor_id),
        "until": until.isoformat(),
    }
    longer = [button(case, act) for act in LONGER]
    return Held(facts, [*outcome_buttons(case, visitor=True), longer], case.card)


def _named(minutes: int) -> timedelta:
    wished = timedelta(minutes=minutes)
    return wished if wished in HOLDS else HOLDS[0]


def _case_for(session: Session, *, actor_id: int, check_in_id: int) -> Case:
    case = get_case_for(session, check_in_id=check_in_id, actor_id=actor_id, act=Act.HOLD_CHECK_IN)
    name = name_of(session, case.resident_id)
    if not case.is_open:
        ended_by = name_of(session, case.ended_by)
        raise CheckInOver(name=name, ending=case.ending, ended_by=ended_by)
    if case.held_until is not None and case.holder_id != actor_id:
        holder = name_of(session, case.holder_id)
        raise CheckInHeld(name=name, holder=holder, until=case.held_until.isoformat())
    if not may_be_held(case.rung):
        raise NotYet(name=name, caller=name_of(session, case.caller_id))
    return case
