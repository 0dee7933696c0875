"""Ending: a named person handed it to 110, 119 or 120, or staff know that nothing is wrong."""

from datetime import datetime

from storage.check_ins.cases import Case, close_case, get_case_for
from storage.check_ins.facts import Facts, hold_button, name_of
from storage.check_ins.holding import CheckInOver
from storage.check_ins.news import list_contacted, tell_over
from storage.database import Session
from storage.journal import note
from storage.outbox import Button
from storage.rules.access import Act
from storage.rules.ladder import FALSE_ALARM, HANDED_OVER, HANDED_TO, Found


def list_numbers(
    session: Session, *, actor_id: int, check_in_id: int
) -> tuple[Facts, list[list[Button]]]:
    """To which number it was handed over: the choices, in the card of the case."""
    case = _get_open(session, actor_id, check_in_id, Act.HAND_OVER_CHECK_IN)
    return _choices(session, case, [f"hand_{one}" for one in HANDED_TO])


def list_reasons(
    session: Session, *, actor_id: int, check_in_id: int
) -> tuple[Facts, list[list[Button]]]:
    """Why it was a false alarm: the choices."""
    case = _get_open(session, actor_id, check_in_id, Act.END_FALSE_ALARM)
    return _choices(session, case, [f"found_{one.value}" for one in Found])


def hand_over_check_in(
    session: Session, *, now: datetime, actor_id: int, check_in_id: int, to: str
) -> str:
    """End the case: this person has the police or the ambulance there; returns the name."""
    if to not in HANDED_TO:
        raise ValueError(f"no emergency number: {to}")
    case = _get_open(session, actor_id, check_in_id, Act.HAND_OVER_CHECK_IN)
    contacted = list_contacted(session, case, now=now)
    closed = close_case(session, case, now=now, ending=HANDED_OVER, ended_by=actor_id, handed_to=to)
    _note(session, closed, now=now, actor_id=actor_id, detail=to)
    tell_over(session, closed, now=now, actor_id=actor_id, contacted=contacted, held=case)
    return name_of(session, case.resident_id) or ""


def end_false_alarm(
    session: Session, *, now: datetime, actor_id: int, check_in_id: int, found: Found
) -> str:
    """End the case: staff know where the person is, and that they are well; nobody is to blame."""
    case = _get_open(session, actor_id, check_in_id, Act.END_FALSE_ALARM)
    contacted = list_contacted(session, case, now=now)
    closed = close_case(
        session, case, now=now, ending=FALSE_ALARM, ended_by=actor_id, found=found.value
    )
    _note(session, closed, now=now, actor_id=actor_id, detail=found.value)
    tell_over(session, closed, now=now, actor_id=actor_id, contacted=contacted, held=case)
    return name_of(session, case.resident_id) or ""


def _get_open(session: Session, actor_id: int, check_in_id: int, act: Act) -> Case:
    case = get_case_for(session, check_in_id=check_in_id, actor_id=actor_id, act=act)
    if not case.is_open:
        name, ended_by = name_of(session, case.resident_id), name_of(session, case.ended_by)
        raise CheckInOver(name=name, ending=case.ending, ended_by=ended_by)
    return case


def _choices(session: Session, case: Case, acts: list[str]) -> tuple[Facts, list[list[Button]]]:
    facts: Facts = {"name": name_of(session, case.resident_id), "card": case.card}
    return facts, [[hold_button(case, act)] for act in [*acts, "back"]]


def _note(session: Session, case: Case, *, now: datetime, actor_id: int, detail: str) -> None:
    note(
        session,
        now=now,
        what="check_in_ended",
        actor_id=actor_id,
        subject_id=case.resident_id,
        thing="check_in",
        thing_id=case.id,
        ground=case.ending or "",
        detail=detail,
    )
