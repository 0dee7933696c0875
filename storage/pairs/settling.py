"""The end of a pair, whatever brought it about: who hears it from whom, and what is begun anew."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, insert, literal, select, update
from sqlalchemy.exc import IntegrityError

from storage.choices import Button
from storage.database import Session
from storage.outbox import MessageClass, say
from storage.pairs.rows import Pair, change_pair, keepers_of, list_side, note_pair, of_same
from storage.pairs.saying import tell_keeper, tell_side
from storage.rules.pairs import (
    NEVER_SENT,
    REFUSED,
    SEEKS,
    TELL_WITHIN,
    TOLD_BY_PERSON,
    Ending,
    Kind,
    PairState,
    Side,
)
from storage.tables import file, pair, pair_telling, role

# 个人信息保护法 56: what was agreed is kept as evidence for three years after its end.
KEPT_AFTER = timedelta(days=1095)


def settle(session: Session, one: Pair, *, now: datetime, ending: Ending, by: int | None) -> Pair:
    """End a pair.

    1. The row ends; of two who end it at once the second hears that it is over.
    2. The side that stays is told by a person first, if anything was agreed.
    3. A household that has nobody now waits for somebody else.
    4. Who looks after the pair hears it.
    """
    before = one.state
    ended = change_pair(
        session,
        one,
        {
            "state": PairState.ENDED.value,
            "ended_at": now,
            "ended_by": by,
            "ended_reason": ending.value,
            "due_at": None,
            "seeking_since": now if _seeks(session, one, ending) else None,
        },
    )
    if ended.file_id is not None:
        session.change(
            update(file).where(file.c.id == ended.file_id).values(expires_at=now + KEPT_AFTER)
        )
    note_pair(session, ended, now=now, what="pair_ended", actor_id=by, detail=ending.value)
    if before is PairState.PROPOSED:
        _tell_quietly(session, one, ended, now=now)
    elif ending in TOLD_BY_PERSON:
        _have_it_told(session, ended, now=now, by=by)
    tell_keeper(
        session,
        ended,
        now=now,
        template="pair_ended",
        facts={"never_began": before is PairState.PROPOSED},
        without=by,
    )
    return ended


def _seeks(session: Session, one: Pair, ending: Ending) -> bool:
    """Whether who was looked after is still there, and has nobody else of this kind."""
    if ending not in SEEKS or not one.is_agreed:
        return False
    here: ColumnElement[bool] = exists().where(
        role.c.person_id == one.resident_id, role.c.kind == "resident", role.c.state == "approved"
    )
    if one.kind is Kind.STUDY:
        # A child of the household, who need not be disabled.
        here |= literal(ending is not Ending.RESIDENT_MOVED)
    another = exists().where(
        of_same(one), pair.c.id != one.id, pair.c.state != PairState.ENDED.value
    )
    return bool(session.value(select(here & ~another)))


def _tell_quietly(session: Session, one: Pair, ended: Pair, *, now: datetime) -> None:
    """Who said yes hears that it did not come about; never that the other one said no."""
    if ended.ending not in REFUSED | {Ending.NO_ANSWER, Ending.WITHDRAWN}:
        return
    refused = {Ending.RESIDENT_NO: Side.RESIDENT, Ending.HELPER_NO: Side.HELPER}
    for side in one.said_yes - {refused.get(ended.ending)}:
        tell_side(session, ended, side, now=now, template="pair_not_now", aloud=False)


def _have_it_told(session: Session, one: Pair, *, now: datetime, by: int | None) -> None:
    """A named person brings the news to the side that stays; nothing is sent before."""
    side = Side.HELPER if str(one.ending).startswith("resident") else Side.RESIDENT
    sides = tuple(Side) if one.ending is Ending.STAFF_ENDED else (side,)
    teller = next(iter(keepers_of(session, one)), one.keeper_id)
    for who in {who for each in sides for who in list_side(session, one, each, now=now)}:
        if who == by:
            continue
        _add_telling(session, one, now=now, person_id=who, staff_id=teller)


def _add_telling(
    session: Session, one: Pair, *, now: datetime, person_id: int, staff_id: int
) -> None:
    row = {
        "pair_id": one.id,
        "person_id": person_id,
        "staff_id": staff_id,
        "state": "open",
        "due_at": now + TELL_WITHIN,
        "created_at": now,
        "version": 1,
    }
    try:
        with session.savepoint():
            telling_id = session.add(insert(pair_telling).values(row))
    except IntegrityError:
        return
    ask_to_tell(session, one, now=now, telling_id=telling_id, version=1, staff=[staff_id])


def ask_to_tell(
    session: Session, one: Pair, *, now: datetime, telling_id: int, version: int, staff: list[int]
) -> None:
    """Ask named staff to tell somebody in person what became of their pair."""
    told = pair_telling.c.person_id == one.helper_id
    to_helper = session.value(select(told).where(pair_telling.c.id == telling_id))
    for who in staff:
        say(
            session,
            now=now,
            to=who,
            key=f"pair_telling:{telling_id}:v{version}:{who}",
            template="pair_tell_them",
            message_class=MessageClass.MUST,
            facts={
                **one.facts,
                "to_helper": bool(to_helper),
                "never_sent": one.ending in NEVER_SENT,
                "again": version > 1,
            },
            buttons=[[Button("pair.told", f"pair:told:{telling_id}:{version}")]],
            card=f"pair_telling:{telling_id}",
        )
