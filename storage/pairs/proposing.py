"""Proposing a neighbour: the household is asked first, and only after its yes the neighbour.

That somebody has a disability is theirs to tell: nobody hears of it before they said yes.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from storage.database import Session
from storage.journal import note
from storage.pairs.checking import check_neighbours
from storage.pairs.rows import Pair, change_pair, check_staff_of, get_pair, is_by_chat, note_pair
from storage.pairs.saying import ask_side
from storage.pairs.settling import settle
from storage.people import Person, add_person, set_phone
from storage.refusals import AlreadyDone, NotAllowed, TooLate
from storage.registers import check_staff, find_household, place_in_household
from storage.rules.pairs import (
    ACTS,
    FREQUENCIES,
    LIES_FOR,
    PROPOSAL_ASKED,
    PROPOSAL_WAITS,
    Ending,
    Kind,
    PairState,
    Side,
)
from storage.tables import pair


def propose_neighbour(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    resident_id: int,
    helper_id: int,
    acts: Sequence[str],
    frequency: str,
    words: str | None = None,
) -> Pair:
    """Propose that somebody looks in on a household; raises what stands against it.

    Of two who propose the same at one moment the second hears that it is done already.
    """
    check_staff(session, actor=actor, person_id=resident_id)
    check_neighbours(session, now=now, resident_id=resident_id, helper_id=helper_id)
    if not acts or not set(acts) <= set(ACTS) or frequency not in FREQUENCIES:
        raise TooLate
    uid = secrets.token_hex(16)
    row = {
        "uid": uid,
        "kind": Kind.NEIGHBOUR.value,
        "household_id": _home_of(session, now=now, actor=actor, resident_id=resident_id),
        "resident_id": resident_id,
        "helper_id": helper_id,
        "state": PairState.PROPOSED.value,
        "acts": ",".join(one for one in ACTS if one in acts),
        "frequency": frequency,
        "words": session.vault.seal(words, place=f"pair.words:{uid}") if words else None,
        "due_at": now + PROPOSAL_WAITS,
        "keeper_id": actor.id,
        "made_by": actor.id,
        "created_at": now,
        "version": 1,
    }
    try:
        with session.savepoint():
            pair_id = session.add(insert(pair).values(row))
    except IntegrityError as error:
        raise AlreadyDone from error
    one = get_pair(session, pair_id=pair_id)
    note_pair(session, one, now=now, what="pair_proposed", actor_id=actor.id, detail=one.kind.value)
    return ask_next(session, one, now=now)


def ask_next(session: Session, one: Pair, *, now: datetime) -> Pair:
    """Ask the side whose turn it is; one without a chat is staff's to ask."""
    side = whose_turn(one)
    if side is None:
        return one
    if is_by_chat(session, one, side, now=now):
        ask_side(session, one, side, now=now)
        return one
    # On the office list from the start: somebody goes there or phones.
    with_staff = {"asked": PROPOSAL_ASKED + 1, "due_at": now + LIES_FOR}
    return change_pair(session, one, with_staff)


def whose_turn(one: Pair) -> Side | None:
    """Which side is to be asked now: the household, then the neighbour."""
    if one.state is not PairState.PROPOSED:
        return None
    return Side.HELPER if Side.RESIDENT in one.said_yes else Side.RESIDENT


def is_with_staff(session: Session, one: Pair, *, now: datetime) -> bool:
    """Whether the answer has to be fetched by a person: no chat, or asked in vain."""
    side = whose_turn(one)
    if side is None:
        return False
    return one.asked >= PROPOSAL_ASKED or not is_by_chat(session, one, side, now=now)


def withdraw_pair(
    session: Session, *, now: datetime, actor: Person, pair_id: int, version: int
) -> Pair:
    """Take a proposal back, by staff who see the household; nobody has to explain it."""
    one = get_pair(session, pair_id=pair_id, hold=True)
    check_staff_of(session, one, actor)
    if one.state is not PairState.PROPOSED or one.version != version:
        raise TooLate
    return settle(session, one, now=now, ending=Ending.WITHDRAWN, by=actor.id)


def add_neighbour(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    resident_id: int,
    name: str,
    phone: str | None,
    group_code: str,
) -> int:
    """Write down a neighbour who does not use the app, near a household; returns their id."""
    check_staff(session, actor=actor, person_id=resident_id)
    home = find_household(session, person_id=resident_id)
    community_id = home.community_id if home else actor.community_id
    if home is None:
        raise NotAllowed
    person_id = add_person(session, now=now, name=name, community_id=community_id)
    if phone is not None:
        set_phone(session, person_id=person_id, phone=phone)
    note(session, now=now, what="neighbour_added", actor_id=actor.id, subject_id=person_id)
    if group_code:
        place_in_household(
            session,
            now=now,
            actor=actor,
            person_id=person_id,
            relation="head",
            group_code=group_code,
            ground="neighbour",
        )
    return person_id


def _home_of(session: Session, *, now: datetime, actor: Person, resident_id: int) -> int:
    """Their household; whoever is in none gets one of their own."""
    home = find_household(session, person_id=resident_id)
    if home is not None:
        return home.id
    return place_in_household(
        session, now=now, actor=actor, person_id=resident_id, relation="head", ground="pair"
    )
