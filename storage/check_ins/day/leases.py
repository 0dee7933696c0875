"""The lease of a number: who is phoning somebody just now, so that two do not ring at once.

It holds back nothing else: the ladder climbs as if there were none, and it ends by itself.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from storage.apart import may_they_meet
from storage.check_ins.cases import Case, find_case, find_helper, get_case_for
from storage.check_ins.day.notes import last_notes
from storage.check_ins.facts import Facts, case_facts, name_of, outcome_buttons, show_phone
from storage.check_ins.holding import CheckInOver
from storage.database import Session
from storage.journal import note
from storage.outbox import Button
from storage.people import Person
from storage.refusals import TooLate
from storage.rules.access import Act
from storage.rules.ladder import CALLER_RUNGS, RUNGS
from storage.tables import attachment, call_lease, check_in, community, organisation, person

# As long as an answer is waited for; whoever talks longer presses once more.
LEASE = timedelta(minutes=45)


class NumberTaken(TooLate):
    """Somebody else is on the phone with them; facts say who and since when."""

    key = "number_taken"


@dataclass(frozen=True, slots=True)
class Leased:
    """What somebody needs who calls now: the number, the last notes, and what to answer with."""

    facts: Facts
    buttons: list[list[Button]]
    card: str


@dataclass(frozen=True, slots=True)
class Lease:
    """Who is on the phone with somebody, and since when."""

    holder_id: int
    holder: str
    since: datetime


def take_number(session: Session, *, now: datetime, actor_id: int, check_in_id: int) -> Leased:
    """Take the number for as long as a call lasts; of two at once one has it."""
    case = _case_for(session, actor_id=actor_id, check_in_id=check_in_id)
    if not case.is_open:
        raise CheckInOver(
            name=name_of(session, case.resident_id),
            ending=case.ending,
            ended_by=name_of(session, case.ended_by),
        )
    _take(session, case, now=now, actor_id=actor_id)
    note(
        session,
        now=now,
        what="number_leased",
        actor_id=actor_id,
        subject_id=case.resident_id,
        thing="check_in",
        thing_id=case.id,
    )
    facts = {
        **case_facts(session, case),
        **last_notes(session, resident_id=case.resident_id, before=case.id),
        "phone": show_phone(session, case, now=now, to=actor_id),
        "until": (now + LEASE).isoformat(),
    }
    return Leased(facts, outcome_buttons(case, visitor=False), case.card)


def find_lease(session: Session, *, resident_id: int, now: datetime) -> Lease | None:
    """Return who is on the phone with somebody now."""
    row = session.find(
        select(call_lease.c.holder_id, call_lease.c.since, person.c.name)
        .join(person, person.c.id == call_lease.c.holder_id)
        .where(call_lease.c.resident_id == resident_id, call_lease.c.until > now)
    )
    return Lease(row.holder_id, row.name, row.since) if row is not None else None


def give_number_back(session: Session, *, now: datetime, actor_id: int, check_in_id: int) -> None:
    """The call is over: whoever else wants to may phone at once."""
    of_case = select(check_in.c.resident_id).where(check_in.c.id == check_in_id)
    session.change(
        update(call_lease)
        .where(call_lease.c.resident_id == of_case.scalar_subquery())
        .where(call_lease.c.holder_id == actor_id, call_lease.c.until > now)
        # The clock may have been set back since.
        .where(call_lease.c.since <= now)
        .values(until=now, version=call_lease.c.version + 1)
    )


def _take(session: Session, case: Case, *, now: datetime, actor_id: int) -> None:
    until = now + LEASE
    mine_or_free = or_(call_lease.c.until <= now, call_lease.c.holder_id == actor_id)
    values = {"holder_id": actor_id, "since": now, "until": until}
    taken = session.change(
        update(call_lease)
        .where(call_lease.c.resident_id == case.resident_id, mine_or_free)
        .values(**values, version=call_lease.c.version + 1)
    )
    if taken == 1:
        return
    try:
        with session.savepoint():
            row = {"resident_id": case.resident_id, "version": 1, **values}
            session.execute(insert(call_lease), row)
    except IntegrityError as taken_by_another:
        held = find_lease(session, resident_id=case.resident_id, now=now)
        raise NumberTaken(
            name=name_of(session, case.resident_id),
            holder=held.holder if held else "",
            since=(held.since if held else now).isoformat(),
        ) from taken_by_another


def _case_for(session: Session, *, actor_id: int, check_in_id: int) -> Case:
    """Those of the plan and staff; of an open call that nobody holds, also the organisation's."""
    case = find_case(session, check_in_id=check_in_id)
    actor = find_helper(session, person_id=actor_id)
    if case is not None and actor is not None and _is_offered(session, case, actor):
        return case
    return get_case_for(
        session, check_in_id=check_in_id, actor_id=actor_id, act=Act.REPORT_CHECK_IN
    )


def _is_offered(session: Session, case: Case, actor: Person) -> bool:
    found = select(check_in.c.id).where(check_in.c.id == case.id, is_nobodys(actor))
    return session.find(found) is not None and may_they_meet(
        session, helper_id=actor.id, person_id=case.resident_id
    )


def is_nobodys(actor: Person) -> ColumnElement[bool]:
    """Condition over ``check_in``: open, past its caller, held by nobody, of their organisations.

    A volunteer is a member of an organisation and helps where it works; staff see it anyway.
    """
    theirs = organisation.alias("theirs")
    here = organisation.alias("here")
    resident = person.alias("resident_of_call")
    works_there = (
        select(attachment.c.id)
        .join(theirs, theirs.c.id == attachment.c.organisation_id)
        .join(here, here.c.path.startswith(theirs.c.path))
        .join(community, community.c.id == here.c.community_id)
        .join(resident, resident.c.community_id == community.c.id)
        .where(attachment.c.person_id == actor.id, attachment.c.state == "active")
        .where(attachment.c.kind == "member", resident.c.id == check_in.c.resident_id)
    )
    return (
        (check_in.c.next_step_at.is_not(None))
        & (check_in.c.holder_id.is_(None))
        & (check_in.c.resident_id != actor.id)
        & check_in.c.rung.not_in([RUNGS.index(rung) for rung in CALLER_RUNGS])
        & exists(works_there.correlate(check_in))
    )
