"""Who is on a rung now, and who was asked: nobody who left, is away, or is kept apart."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import ColumnElement, insert, or_, select

from storage.apart import apart_from, held_back
from storage.check_ins.cases import Case, find_helper
from storage.check_ins.standing import list_visitors
from storage.database import Session
from storage.duty import OnDuty, list_duty
from storage.partners import list_partners
from storage.pausing import is_away
from storage.rules.ladder import CALLER_RUNGS, ORDER, Outcome, Rung
from storage.tables import chat, check_in_asked, person

NEIGHBOURS_AT_ONCE = 2
Named = Callable[[Session, Case, datetime], Sequence[int | None]]


def list_on_rung(session: Session, case: Case, *, now: datetime) -> list[int]:
    """Return who can be asked on the case's rung now; nobody means that it is passed over."""
    if case.rung in CALLER_RUNGS:
        return _present(session, case, _helpers(session, case.caller_id), now=now)
    named = _NAMED[case.rung](session, case, now)
    if case.rung in (Rung.OFFICE, Rung.NO_SUPPORT):
        return [one for one in named if one is not None]
    return _present(session, case, named, now=now)


def remember_asked(session: Session, case: Case, people: Sequence[int], *, now: datetime) -> None:
    """Write down who is asked at this version of the case."""
    rows = [
        {
            "check_in_id": case.id,
            "person_id": one,
            "rung": ORDER[case.rung],
            "version": case.version,
            "asked_at": now,
        }
        for one in people
    ]
    if rows:
        session.execute(insert(check_in_asked), rows)


def list_asked_now(session: Session, case: Case) -> list[int]:
    """Return for whose answer this version of the case waits."""
    return _asked(session, case, check_in_asked.c.version == case.version)


def list_asked_here(session: Session, case: Case) -> list[int]:
    """Return who was ever asked on the case's present rung."""
    return _asked(session, case, check_in_asked.c.rung == ORDER[case.rung])


def list_asked(session: Session, case: Case) -> list[int]:
    """Return everybody who was ever asked about the case."""
    return _asked(session, case)


def _asked(session: Session, case: Case, *conditions: ColumnElement[bool]) -> list[int]:
    rows = session.all(
        select(check_in_asked.c.person_id)
        .where(check_in_asked.c.check_in_id == case.id, *conditions)
        .distinct()
        .order_by(check_in_asked.c.person_id)
    )
    return [row.person_id for row in rows]


def _present(
    session: Session, case: Case, people: Sequence[int | None], *, now: datetime
) -> list[int]:
    """Of these people, in their order, those who can be written to and may be sent there."""
    named = [one for one in people if one is not None]
    if not named:
        return []
    rows = session.all(
        select(person.c.id)
        .outerjoin(chat, chat.c.id == person.c.telegram_id)
        .where(person.c.id.in_(named), person.c.telegram_id.is_not(None))
        .where(or_(chat.c.reachable.is_(None), chat.c.reachable & ~chat.c.closed))
        .where(~is_away(person.c.id, now))
    )
    here = {row.id for row in rows} - _barred(session, case)
    return [one for one in dict.fromkeys(named) if one in here]


def _helpers(session: Session, *people: int | None) -> list[int]:
    found = (find_helper(session, person_id=one) for one in people)
    return [one.id for one in found if one is not None]


def _stand_in(session: Session, case: Case, now: datetime) -> Sequence[int | None]:
    return _helpers(session, case.stand_in_id)


def _contact(session: Session, case: Case, now: datetime) -> Sequence[int | None]:
    """The contact in their own chat; else the caller, who is at the phone, rings them up."""
    if not case.contact_agreed:
        return []
    in_chat = _present(session, case, [case.contact_id], now=now)
    at_it = case.last_outcome in (Outcome.NO_ANSWER.value, Outcome.COULD_NOT_TELL.value)
    if in_chat or case.contact_phone is None or not at_it:
        return in_chat
    return _helpers(session, case.caller_id)


def _neighbours(session: Session, case: Case, now: datetime) -> Sequence[int | None]:
    """The nearest of those who look in on this household; more at once would only meet there."""
    partners = list_partners(session, now=now, resident_id=case.resident_id)
    return [one.person_id for one in partners if one.by_chat][:NEIGHBOURS_AT_ONCE]


def _visitors(session: Session, case: Case, now: datetime) -> Sequence[int | None]:
    return list_visitors(session, resident_id=case.resident_id)


def _duty(session: Session, case: Case, now: datetime) -> Sequence[int | None]:
    """Whoever is on the rota; what they left lying, and the end of the ladder, is everybody's."""
    return [one.id for one in _on_duty(session, case, now)]


def _on_duty(session: Session, case: Case, now: datetime) -> Sequence[OnDuty]:
    about, wide = case.resident_id, case.asked > 1 or case.rung is Rung.NO_SUPPORT
    return list_duty(session, now=now, about=about, without=about, everyone=wide)


def _duty_or_plan(session: Session, case: Case, now: datetime) -> Sequence[int | None]:
    """With nobody on duty those of the plan are rung: somebody has to know.

    Staff who are kept apart from the person come after them, where no others are there.
    """
    duty = _on_duty(session, case, now)
    if any(not one.apart for one in duty):
        return [one.id for one in duty]
    barred = _barred(session, case)
    plan = _helpers(session, case.stand_in_id, case.caller_id)
    free = [one for one in plan if one not in barred]
    return [*free, *(one.id for one in duty)]


def _barred(session: Session, case: Case) -> frozenset[int]:
    """Who is not sent there, nor told more than they know."""
    return apart_from(session, case.resident_id) | held_back(session) | {case.resident_id}


_NAMED: Mapping[Rung, Named] = MappingProxyType(
    {
        Rung.STAND_IN: _stand_in,
        Rung.CONTACT: _contact,
        Rung.NEIGHBOUR: _neighbours,
        Rung.STATION: _visitors,
        Rung.OFFICE: _duty,
        Rung.NO_SUPPORT: _duty_or_plan,
    }
)
