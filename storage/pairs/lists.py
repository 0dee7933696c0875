"""Pairs as lists: one's own, those of a household, and those that wait for staff."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, update

from storage.database import Session
from storage.journal import note
from storage.pairs.rows import Pair, as_pair, check_keeps, get_pair, note_pair, select_pairs
from storage.people import Person
from storage.refusals import AlreadyDone, NotAllowed
from storage.registers import check_staff, find_household
from storage.rules.pairs import PROPOSAL_ASKED, Kind
from storage.tables import caregiver, pair, pair_log
from storage.ties import kept_ties, seen_ties

LISTED_AT_MOST = 8
# What only those settle who look after the pair; the rest its organisation may answer too.
DECIDED = ("problems", "seeking", "ties_seeking")


def list_own_pairs(session: Session, *, actor: Person) -> Sequence[Pair]:
    """The live pairs in which somebody takes part, or a guardian's ward does."""
    wards = select(caregiver.c.resident_id).where(
        caregiver.c.caregiver_id == actor.id,
        caregiver.c.kind == "guardian",
        caregiver.c.state == "confirmed",
    )
    mine = or_(
        pair.c.resident_id == actor.id,
        pair.c.helper_id == actor.id,
        pair.c.resident_id.in_(wards),
    )
    rows = session.all(select_pairs().where(mine, pair.c.state != "ended").order_by(pair.c.id))
    found = [as_pair(session, row) for row in rows]
    # Whom they are to look in on is nobody's to know before the household said yes.
    return [one for one in found if one.helper_id != actor.id or one.is_agreed or one.said_yes]


def list_of_household(
    session: Session, *, now: datetime, actor: Person, resident_id: int
) -> list[Pair]:
    """The live pairs of a household, for staff who see it; the look is written down."""
    check_staff(session, actor=actor, person_id=resident_id)
    note(session, now=now, what="pairs_looked_at", actor_id=actor.id, subject_id=resident_id)
    home = find_household(session, person_id=resident_id)
    theirs = pair.c.resident_id == resident_id
    if home is not None:
        theirs |= pair.c.household_id == home.id
    live = select_pairs().where(theirs, pair.c.state != "ended", seen_ties(actor))
    rows = session.all(live.order_by(pair.c.id))
    return [as_pair(session, row) for row in rows]


def list_waiting_pairs(session: Session, *, actor: Person, what: str) -> list[Pair]:
    """Those that wait for staff, by what they wait for."""
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    theirs = kept_ties(actor) if what in DECIDED else seen_ties(actor)
    rows = session.all(
        select_pairs()
        .where(_waits(what), theirs)
        .order_by(pair.c.created_at, pair.c.id)
        .limit(LISTED_AT_MOST)
    )
    return [as_pair(session, row) for row in rows]


def _waits(what: str) -> ColumnElement[bool]:
    problems = select(pair_log.c.pair_id).where(pair_log.c.waits)
    known = {
        "seeking": pair.c.seeking_since.is_not(None) & (pair.c.kind == Kind.NEIGHBOUR.value),
        "ties_seeking": pair.c.seeking_since.is_not(None) & (pair.c.kind != Kind.NEIGHBOUR.value),
        "dormant": pair.c.state == "dormant",
        "asked": (pair.c.state == "proposed") & (pair.c.asked >= PROPOSAL_ASKED),
        "problems": pair.c.id.in_(problems),
    }
    if what not in known:
        raise NotAllowed
    return known[what]


def seek_no_more(
    session: Session, *, now: datetime, actor: Person, pair_id: int, version: int
) -> Pair:
    """Nobody else is looked for just now, by staff who have asked the household."""
    one = get_pair(session, pair_id=pair_id)
    check_keeps(session, one, actor)
    stopped = session.change(
        update(pair)
        .where(pair.c.id == pair_id, pair.c.version == version, pair.c.seeking_since.is_not(None))
        .values(seeking_since=None, version=pair.c.version + 1)
    )
    if stopped != 1:
        raise AlreadyDone
    note_pair(session, one, now=now, what="pair_seeks_no_more", actor_id=actor.id)
    return get_pair(session, pair_id=pair_id)
