"""What runs out: a kind word to the person before, a line on the office's list, then the end."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Table, select, update

from storage.database import Database, Session
from storage.due_rows import find_soonest, move_oldest
from storage.journal import note
from storage.outbox import MessageClass, Wanted, say
from storage.people import get_person
from storage.registers.certificates import due_at
from storage.registers.dues import end_of_day
from storage.rules.certificate import CertificateState
from storage.tables import caregiver, disability_certificate, qualification

SHELF = timedelta(days=7)
# Nobody is told of an end that is longer ago, as an old sheet brings them in: the office sees it.
LATE = timedelta(days=30)


def remind_of_ends(database: Database, *, now: datetime) -> bool:
    """Move one certificate or qualification that is due; returns whether there may be more."""
    return any(move_oldest(database, move, now=now, due=table.c.due_at) for table, move in _MOVES)


def next_end_at(session: Session) -> datetime | None:
    """Return when the next of them falls due."""
    moments = [find_soonest(session, due=table.c.due_at) for table, _ in _MOVES]
    return min((moment for moment in moments if moment is not None), default=None)


def _move_certificate(session: Session, row: Row[Any], *, now: datetime) -> None:
    """Valid becomes due for renewal, two months before the end; that becomes expired."""
    over = row.expires_on < session.house.local(now).date()
    state = CertificateState.EXPIRED if over else CertificateState.RENEWAL_DUE
    due = due_at(session, state, row.expires_on)
    _change(session, disability_certificate, row, state=state.value, due_at=due)
    _note(session, row, now, "disability_certificate", "certificate_moved", state.value)
    if row.expires_on < session.house.local(now).date() - LATE:
        return
    name = get_person(session, person_id=row.person_id).name
    for to in (row.person_id, *_caregivers(session, row.person_id)):
        say(
            session,
            now=now,
            to=to,
            key=f"certificate:{row.id}:v{row.version}:{to}",
            template="certificate_over" if over else "certificate_ends",
            message_class=MessageClass.INFO,
            facts={
                "name": name,
                "own": to == row.person_id,
                "expires_on": row.expires_on.isoformat(),
            },
            wanted=Wanted("disability_certificate", row.id, row.version + 1),
            shelf=SHELF,
        )


def _move_qualification(session: Session, row: Row[Any], *, now: datetime) -> None:
    over = row.expires_on < session.house.local(now).date()
    state = "expired" if over else "ending"
    due = None if over else end_of_day(session, row.expires_on)
    _change(session, qualification, row, state=state, due_at=due)
    _note(session, row, now, "qualification", "qualification_moved", state)
    if row.expires_on < session.house.local(now).date() - LATE:
        return
    say(
        session,
        now=now,
        to=row.person_id,
        key=f"qualification:{row.id}:v{row.version}",
        template="qualification_over" if over else "qualification_ends",
        message_class=MessageClass.INFO,
        facts={"kind": row.kind, "expires_on": row.expires_on.isoformat()},
        wanted=Wanted("qualification", row.id, row.version + 1),
        shelf=SHELF,
    )


def _change(session: Session, table: Table, row: Row[Any], **values: object) -> None:
    session.change(
        update(table)
        .where(table.c.id == row.id, table.c.version == row.version)
        .values(**values, version=row.version + 1)
    )


def _note(
    session: Session, row: Row[Any], now: datetime, thing: str, what: str, state: str
) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=None,
        subject_id=row.person_id,
        thing=thing,
        thing_id=row.id,
        detail=f"{row.state} {state}",
    )


def _caregivers(session: Session, resident_id: int) -> list[int]:
    rows = session.all(
        select(caregiver.c.caregiver_id)
        .where(caregiver.c.resident_id == resident_id, caregiver.c.state == "confirmed")
        .order_by(caregiver.c.id)
    )
    return [row.caregiver_id for row in rows]


_MOVES = (
    (disability_certificate, _move_certificate),
    (qualification, _move_qualification),
)
