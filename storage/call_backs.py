"""回访: each Monday closed needs are drawn, and staff who had no part in them ask how it was."""

import contextlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, exists, func, insert, literal_column, or_, select, update
from sqlalchemy.exc import IntegrityError

from storage.database import Database, Session
from storage.journal import note
from storage.looks import check_look
from storage.people import ContactData, Person, get_person, open_contact
from storage.refusals import NotAllowed, TooLate
from storage.rules import weeks
from storage.rules.call_backs import Closed, choose
from storage.scope import seen_through
from storage.tables import call_back, chat, claim, heartbeat, need, person

TICK = "call_backs"
LISTED_AT_MOST = 50


@dataclass(frozen=True, slots=True)
class CallBack:
    """One call to make: about which need, of whom, and who helped."""

    id: int
    version: int
    need_id: int
    need_version: int
    resident: str
    resident_id: int
    category: str
    words: str
    why: str
    helper: str | None
    tried: bool
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Said:
    """What was said: whether it is solved, how satisfied (1 to 5), and words."""

    outcome: str
    satisfied: int | None = None
    words: str | None = None


def plan_call_backs(database: Database, *, now: datetime) -> bool:
    """Draw the last week's, once; returns whether there may be more (there never is)."""
    local = database.house.local(now)
    _, last = weeks.weeks_so_far(local)
    week = last.start.date()
    if local < weeks.opens_at(local):
        return False
    with database.transaction() as session:
        if session.find(select(call_back.c.id).where(call_back.c.week == week).limit(1)):
            return False
        closed = _closed(session, start=last.start, end=last.end)
        chosen = choose(closed, week=week)
        for one in closed:
            if one.need_id in chosen:
                _write(session, one, why=chosen[one.need_id].value, week=week, now=now)
        if chosen:
            detail = f"{len(chosen)} of {len(closed)}"
            note(session, now=now, what="call_backs_drawn", actor_id=None, detail=detail)
    return False


def next_call_back_at(session: Session) -> datetime | None:
    """Return when the next draw falls due, seen from when this tick last ran."""
    seen: datetime | None = session.value(
        select(heartbeat.c.ran_at).where(heartbeat.c.name == TICK)
    )
    return weeks.next_digest_at(session.house.local(seen)) if seen is not None else None


def _closed(session: Session, *, start: datetime, end: datetime) -> list[Closed]:
    """The week's closed needs with their last confirmed visit; places of one need once."""
    visit = (
        select(claim.c.need_id, func.max(claim.c.id).label("claim_id"))
        .where(claim.c.state == "confirmed")
        .group_by(claim.c.need_id)
        .subquery()
    )
    lost = exists().where(chat.c.id == person.c.telegram_id, or_(~chat.c.reachable, chat.c.closed))
    rows = session.all(
        select(
            need.c.id,
            need.c.uid,
            need.c.resident_id,
            need.c.community_id,
            claim.c.outcome,
            claim.c.rating,
            (person.c.telegram_id.is_not(None) & ~lost).label("has_chat"),
        )
        .join(person, person.c.id == need.c.resident_id)
        .outerjoin(visit, visit.c.need_id == need.c.id)
        .outerjoin(claim, claim.c.id == visit.c.claim_id)
        .where(need.c.ended_at >= start, need.c.ended_at < end, need.c.state == "closed")
        .where(need.c.parent_id.is_(None))
        .order_by(need.c.id)
    )
    return [
        Closed(
            need_id=row.id,
            uid=row.uid,
            resident_id=row.resident_id,
            community_id=row.community_id,
            outcome=row.outcome,
            rating=row.rating,
            has_chat=bool(row.has_chat),
        )
        for row in rows
    ]


def _write(session: Session, one: Closed, *, why: str, week: date, now: datetime) -> None:
    values = {
        "uid": secrets.token_hex(16),
        "need_id": one.need_id,
        "resident_id": one.resident_id,
        "why": why,
        "week": week,
        "state": "open",
        "created_at": now,
        "version": 1,
    }
    # Opened and closed again within weeks, or another worker was first: asked about once.
    with contextlib.suppress(IntegrityError), session.savepoint():
        session.execute(insert(call_back).values(values))


def list_call_backs(session: Session, *, actor: Person) -> Sequence[CallBack]:
    """Return the calls this member of staff may make: none about a visit of their own."""
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    rows = session.all(
        _calls()
        .where(call_back.c.state == literal_column("'open'"))
        .where(seen_through(actor, call_back.c.resident_id), ~_helped(actor.id))
        .order_by(call_back.c.created_at, call_back.c.id)
        .limit(LISTED_AT_MOST)
    )
    return [_call(session, row) for row in rows]


def _helped(person_id: int) -> Any:
    helped = claim.alias("helped")
    mine = helped.c.volunteer_id == person_id
    return exists().where(helped.c.need_id == call_back.c.need_id, mine)


def _calls() -> Select[Any]:
    helper = person.alias("helper")
    latest = (
        select(func.max(claim.c.id))
        .where(claim.c.need_id == call_back.c.need_id, claim.c.done_at.is_not(None))
        .correlate(call_back)
        .scalar_subquery()
    )
    return (
        select(
            call_back,
            person.c.name.label("resident"),
            need.c.uid.label("need_uid"),
            need.c.version.label("need_version"),
            need.c.words.label("need_words"),
            need.c.category,
            need.c.ended_at,
            helper.c.name.label("helper"),
        )
        .select_from(call_back)
        .join(need, need.c.id == call_back.c.need_id)
        .join(person, person.c.id == call_back.c.resident_id)
        .outerjoin(claim, claim.c.id == latest)
        .outerjoin(helper, helper.c.id == claim.c.volunteer_id)
    )


def _call(session: Session, row: Row[Any]) -> CallBack:
    return CallBack(
        id=row.id,
        version=row.version,
        need_id=row.need_id,
        need_version=row.need_version,
        resident=row.resident,
        resident_id=row.resident_id,
        category=row.category,
        words=session.vault.unseal(row.need_words, place=f"need.words:{row.need_uid}"),
        why=row.why,
        helper=row.helper,
        tried=row.reached is False,
        ended_at=row.ended_at,
    )


def get_call_back(session: Session, *, actor: Person, call_back_id: int) -> CallBack:
    """Return one call; raises NotAllowed for who may not make it, TooLate when it was made."""
    row = session.find(
        _calls().where(
            call_back.c.id == call_back_id,
            seen_through(actor, call_back.c.resident_id),
            ~_helped(actor.id),
        )
    )
    if row is None or not actor.is_approved("coordinator"):
        raise NotAllowed
    if row.state != "open":
        raise TooLate
    return _call(session, row)


def open_phone(session: Session, *, now: datetime, actor: Person, one: CallBack) -> ContactData:
    """Open how to reach the resident; the look is noted."""
    check_look(session, now=now, actor=actor, person_id=one.resident_id)
    note(
        session,
        now=now,
        what="contact_shown",
        actor_id=actor.id,
        subject_id=one.resident_id,
        thing="need",
        thing_id=one.need_id,
        ground="call_back",
    )
    return open_contact(session, person_id=one.resident_id)


def note_unreached(
    session: Session, *, now: datetime, actor_id: int, call_back_id: int, version: int
) -> None:
    """Nobody answered: it is tried once more, another time; then it is over."""
    actor = get_person(session, person_id=actor_id)
    one = get_call_back(session, actor=actor, call_back_id=call_back_id)
    values: dict[str, Any] = {"reached": False, "called_by": actor_id, "created_at": now}
    if one.tried:
        values |= {"state": "done", "done_at": now}
    _change(session, one, version=version, values=values)
    _note(session, one, now=now, actor_id=actor_id, what="call_back_unreached")


def answer_call_back(
    session: Session,
    *,
    now: datetime,
    actor_id: int,
    call_back_id: int,
    version: int,
    said: Said,
) -> CallBack:
    """Write down what the resident said; never by who helped. Returns the call as it was."""
    actor = get_person(session, person_id=actor_id)
    one = get_call_back(session, actor=actor, call_back_id=call_back_id)
    uid = session.value(select(call_back.c.uid).where(call_back.c.id == one.id))
    place = f"call_back.words:{uid}"
    values: dict[str, Any] = {
        "state": "done",
        "reached": True,
        "outcome": said.outcome,
        "satisfied": said.satisfied,
        "words": session.vault.seal(said.words, place=place) if said.words else None,
        "called_by": actor_id,
        "done_at": now,
    }
    _change(session, one, version=version, values=values)
    _note(session, one, now=now, actor_id=actor_id, what="called_back")
    return one


def _change(session: Session, one: CallBack, *, version: int, values: dict[str, Any]) -> None:
    changed = session.change(
        update(call_back)
        .where(call_back.c.id == one.id, call_back.c.version == version)
        .where(call_back.c.state == "open")
        .values(**values, version=call_back.c.version + 1)
    )
    if changed != 1:
        raise TooLate


def _note(session: Session, one: CallBack, *, now: datetime, actor_id: int, what: str) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=actor_id,
        subject_id=one.resident_id,
        thing="need",
        thing_id=one.need_id,
    )
