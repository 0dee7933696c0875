"""What came back from a call, a visit or a sheet, written down for somebody by staff."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from storage.database import Session
from storage.journal import note
from storage.people import Person
from storage.refusals import NotAllowed, TooLate
from storage.rules.ladder import Outcome
from storage.rules.text import cut
from storage.scope import check_sees
from storage.tables import call_record, check_in

WORDS_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One call or visit as it was written down."""

    id: int
    person_id: int
    channel: str
    outcome: Outcome
    check_in_id: int | None
    need_id: int | None
    is_kept: bool


def find_open_case(
    session: Session, *, person_id: int, on: date | None = None, is_well: bool = False
) -> int | None:
    """Return the check-in of this person that waits for an answer, the oldest first.

    A call made on a day answers nothing that only fell due on a later one. ``is_well``: the newest
    of them, for whoever was well then was so at the earlier ones too.
    """
    when = check_in.c.due_at.desc() if is_well else check_in.c.due_at
    statement = select(check_in.c.id).where(
        check_in.c.resident_id == person_id, check_in.c.state == "open"
    )
    if on is not None:
        statement = statement.where(check_in.c.due_at < _end_of(session, on))
    found: int | None = session.value(statement.order_by(when).limit(1))
    return found


def record_call(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    person_id: int,
    channel: str,
    outcome: Outcome,
    words: str = "",
    check_in_id: int | None = None,
    need_id: int | None = None,
    on: date | None = None,
) -> int:
    """Write an outcome down; returns the record's id. ``on`` is the day that stands on paper."""
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    check_sees(session, actor=actor, person_id=person_id)
    uid = secrets.token_hex(16)
    place = f"call_record.words:{uid}"
    record_id: int = session.value(
        insert(call_record)
        .values(
            uid=uid,
            person_id=person_id,
            channel=channel,
            outcome=outcome.value,
            words=session.vault.seal(cut(words, WORDS_LIMIT), place=place) if words else None,
            check_in_id=check_in_id,
            need_id=need_id,
            state="kept",
            reported_by=actor.id,
            reported_at=made_at(session, on=on, now=now),
            version=1,
        )
        .returning(call_record.c.id)
    )
    note(
        session,
        now=now,
        what="call_recorded",
        actor_id=actor.id,
        subject_id=person_id,
        thing="call_record",
        thing_id=record_id,
        ground=channel,
        detail=outcome.value,
    )
    return record_id


def made_at(session: Session, *, on: date | None, now: datetime) -> datetime:
    """When a call on paper was made: at noon of its day, and never after it was typed in."""
    if on is None or on >= session.house.local(now).date():
        return now
    return datetime.combine(on, time(12), tzinfo=session.house.zone).astimezone(UTC)


def _end_of(session: Session, day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(0), tzinfo=session.house.zone)


def undo_call(session: Session, *, now: datetime, actor: Person, record_id: int) -> CallRecord:
    """It was a slip of the finger; whoever wrote it down takes it back. Returns what it was."""
    row = session.find(select(call_record).where(call_record.c.id == record_id).with_for_update())
    if row is None or row.reported_by != actor.id:
        raise NotAllowed
    undone = session.change(
        update(call_record)
        .where(call_record.c.id == record_id, call_record.c.state == "kept")
        .values(state="undone", version=row.version + 1)
    )
    if undone != 1:
        raise TooLate
    note(
        session,
        now=now,
        what="call_undone",
        actor_id=actor.id,
        subject_id=row.person_id,
        thing="call_record",
        thing_id=record_id,
    )
    return _record(row)


def list_last_calls(
    session: Session, *, person_ids: Collection[int]
) -> dict[int, tuple[datetime, str]]:
    """When somebody last heard of each, from a call, a visit or a check-in, and how they were."""
    found: dict[int, tuple[datetime, str]] = {}
    for row in (*_recorded(session, person_ids), *_checked_in(session, person_ids)):
        before = found.get(row.person_id)
        if before is None or row.at > before[0]:
            found[row.person_id] = (row.at, row.outcome)
    return found


def _recorded(session: Session, person_ids: Collection[int]) -> list[Row[Any]]:
    newest = (
        select(func.max(call_record.c.id))
        .where(call_record.c.person_id.in_(person_ids), call_record.c.state == "kept")
        .group_by(call_record.c.person_id)
    )
    statement = select(
        call_record.c.person_id, call_record.c.reported_at.label("at"), call_record.c.outcome
    )
    return list(session.all(statement.where(call_record.c.id.in_(newest))))


def _checked_in(session: Session, person_ids: Collection[int]) -> list[Row[Any]]:
    newest = (
        select(func.max(check_in.c.id))
        .where(check_in.c.resident_id.in_(person_ids), check_in.c.state == "closed")
        .group_by(check_in.c.resident_id)
    )
    statement = select(
        check_in.c.resident_id.label("person_id"),
        check_in.c.closed_at.label("at"),
        check_in.c.ending.label("outcome"),
    )
    return list(session.all(statement.where(check_in.c.id.in_(newest))))


def _record(row: Row[Any]) -> CallRecord:
    return CallRecord(
        id=row.id,
        person_id=row.person_id,
        channel=row.channel,
        outcome=Outcome(row.outcome),
        check_in_id=row.check_in_id,
        need_id=row.need_id,
        is_kept=row.state == "kept",
    )
