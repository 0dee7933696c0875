"""Told by a person first: who still has to hear what became of a pair, and from whom."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, or_, select, update

from storage.database import Database, Session
from storage.due_rows import move_oldest
from storage.outbox import MessageClass, say
from storage.pairs.rows import Pair, check_staff_of, get_pair, keepers_of, may_keep, note_pair
from storage.pairs.saying import facts_of, worded
from storage.pairs.settling import ask_to_tell
from storage.people import Person, find_person
from storage.refusals import AlreadyDone, NotAllowed
from storage.rules.pairs import NEVER_SENT, TELL_REMINDED, TELL_WITHIN
from storage.scope import seen_through
from storage.tables import pair_telling, person

LISTED_AT_MOST = 8


@dataclass(frozen=True, slots=True)
class Telling:
    """Somebody who is to be told by a named member of staff."""

    id: int
    pair: Pair
    person_id: int
    name: str
    staff: str
    since: datetime
    version: int


def list_tellings(session: Session, *, actor: Person) -> list[Telling]:
    """Whom the actor's staff still have to tell, the longest waiting first."""
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    rows = session.all(
        _tellings()
        .where(
            or_(
                pair_telling.c.staff_id == actor.id,
                seen_through(actor, pair_telling.c.person_id),
            )
        )
        .order_by(pair_telling.c.created_at, pair_telling.c.id)
        .limit(LISTED_AT_MOST)
    )
    return [
        Telling(
            id=row.id,
            pair=get_pair(session, pair_id=row.pair_id),
            person_id=row.person_id,
            name=row.name,
            staff=row.staff,
            since=row.created_at,
            version=row.version,
        )
        for row in rows
    ]


def mark_told(
    session: Session, *, now: datetime, actor: Person, telling_id: int, version: int
) -> Pair:
    """The news was brought by a person; now the bot may say in writing how it goes on."""
    row = session.find(select(pair_telling).where(pair_telling.c.id == telling_id))
    if row is None or not actor.is_approved("coordinator"):
        raise NotAllowed
    one = get_pair(session, pair_id=row.pair_id)
    if actor.id != row.staff_id:
        check_staff_of(session, one, actor)
    _end(session, row, now=now, state="told", by=actor.id)
    note_pair(session, one, now=now, what="pair_told", actor_id=actor.id)
    _follow_up(session, one, row, now=now)
    return one


def remind_of_tellings(database: Database, *, now: datetime) -> bool:
    """Ask the named person once more, then everybody on duty; a death is never told by the bot."""
    return move_oldest(database, _remind, now=now, due=pair_telling.c.due_at)


def _remind(session: Session, row: Row[Any], *, now: datetime) -> None:
    one = get_pair(session, pair_id=row.pair_id)
    who = find_person(session, person_id=row.person_id)
    by_chat = who is not None and who.telegram_id is not None
    late = row.version > TELL_REMINDED
    if late and by_chat and one.ending not in NEVER_SENT:
        _end(session, row, now=now, state="sent", by=None)
        note_pair(session, one, now=now, what="pair_sent_untold", actor_id=None)
        _follow_up(session, one, row, now=now)
        return
    # Whoever cannot be written to waits for a person, however long it takes.
    wait = TELL_WITHIN if not late else timedelta(days=7)
    session.change(
        update(pair_telling)
        .where(pair_telling.c.id == row.id, pair_telling.c.version == row.version)
        .values(due_at=now + wait, version=row.version + 1)
    )
    named = find_person(session, person_id=row.staff_id)
    is_there = named is not None and named.telegram_id is not None and may_keep(session, one, named)
    staff = [row.staff_id] if is_there and not late else keepers_of(session, one)
    ask_to_tell(session, one, now=now, telling_id=row.id, version=row.version + 1, staff=staff)


def _end(session: Session, row: Row[Any], *, now: datetime, state: str, by: int | None) -> None:
    ended = session.change(
        update(pair_telling)
        .where(pair_telling.c.id == row.id, pair_telling.c.state == "open")
        .values(state=state, due_at=None, done_by=by, done_at=now, version=row.version + 1)
    )
    if ended != 1:
        raise AlreadyDone


def _follow_up(session: Session, one: Pair, row: Row[Any], *, now: datetime) -> None:
    """In writing, after a person was there: that it is over, and that nobody is left alone."""
    if one.ending in NEVER_SENT:
        return
    say(
        session,
        now=now,
        to=row.person_id,
        key=f"pair_telling:{row.id}:told",
        template=worded(one, "pair_over"),
        message_class=MessageClass.INFO,
        facts={**facts_of(session, one), "to_helper": row.person_id == one.helper_id},
        card=one.card,
    )


def _tellings() -> Select[Any]:
    whom, staff = person.alias("whom"), person.alias("teller")
    return (
        select(pair_telling, whom.c.name, staff.c.name.label("staff"))
        .join(whom, whom.c.id == pair_telling.c.person_id)
        .join(staff, staff.c.id == pair_telling.c.staff_id)
        .where(pair_telling.c.state == "open")
    )
