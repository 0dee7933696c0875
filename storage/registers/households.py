"""Households: who lives with whom, who is the head; a person lives in one at a time."""

from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.database import Session
from storage.journal import note
from storage.partners import look_at_pairs
from storage.people import Person, add_person
from storage.refusals import AlreadyDone, NotAllowed
from storage.registers.homes import find_household
from storage.registers.permission import check_staff
from storage.registers.profiles import change_profile
from storage.scope import seen_communities
from storage.tables import household, household_member, person


def place_in_household(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    person_id: int,
    household_id: int | None = None,
    relation: str = "other",
    group_code: str | None = None,
    code: str | None = None,
    ground: str = "",
) -> int:
    """Let a person live in a household, a new one when none is named; returns its id.

    ``code`` is the office's number: one known in the person's community is that household.
    Whoever lived in another one moves out of it. The first of a new household is its head.
    """
    check_staff(session, actor=actor, person_id=person_id)
    home = session.value(select(person.c.community_id).where(person.c.id == person_id))
    if household_id is None and code is not None:
        household_id = _find_by_code(session, home, code)
    if household_id is None:
        household_id = _add(session, now, home, code, group_code or "")
    elif not _is_seen(session, actor, household_id):
        raise NotAllowed
    elif group_code is not None:
        session.change(
            update(household).where(household.c.id == household_id).values(group_code=group_code)
        )
    _move_in(session, now, person_id, household_id, relation)
    first = update(household).where(household.c.id == household_id, household.c.head_id.is_(None))
    session.change(first.values(head_id=person_id))
    _note(session, now, actor, person_id, household_id, "household_joined", ground)
    return household_id


def leave_household(
    session: Session, *, now: datetime, actor: Person, person_id: int, ground: str = ""
) -> None:
    """The person lives there no more; a household that is empty stays for its history."""
    check_staff(session, actor=actor, person_id=person_id)
    left = session.value(
        select(household_member.c.household_id).where(household_member.c.person_id == person_id)
    )
    if left is None:
        raise AlreadyDone
    session.change(delete(household_member).where(household_member.c.person_id == person_id))
    _drop_head(session, household_id=left, person_id=person_id)
    _note(session, now, actor, person_id, left, "household_left", ground)


def set_head(
    session: Session, *, now: datetime, actor: Person, household_id: int, person_id: int
) -> None:
    """Name the head, who must live there."""
    check_staff(session, actor=actor, person_id=person_id)
    lives_there = select(household_member.c.person_id).where(
        household_member.c.person_id == person_id,
        household_member.c.household_id == household_id,
    )
    if session.find(lives_there) is None:
        raise NotAllowed
    named = session.change(
        update(household)
        .where(
            household.c.id == household_id,
            household.c.head_id.is_distinct_from(person_id),
        )
        .values(head_id=person_id, version=household.c.version + 1)
    )
    if named == 0:
        raise AlreadyDone
    _note(session, now, actor, person_id, household_id, "household_head", "")


def set_group(
    session: Session, *, now: datetime, actor: Person, person_id: int, group_code: str
) -> None:
    """Say in which 组 or building the person's household stands; without one it is made."""
    check_staff(session, actor=actor, person_id=person_id)
    home = find_household(session, person_id=person_id)
    if home is None:
        place_in_household(
            session,
            now=now,
            actor=actor,
            person_id=person_id,
            relation="head",
            group_code=group_code,
        )
        return
    session.change(
        update(household)
        .where(household.c.id == home.id)
        .values(group_code=group_code, version=household.c.version + 1)
    )
    _note(session, now, actor, person_id, home.id, "household_group", "")


def add_family_member(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    household_id: int,
    name: str,
    relation: str,
    born_on: str | None = None,
) -> int:
    """Write down somebody of the family who is not in the register, such as a healthy child."""
    home = find_household(session, household_id=household_id)
    if home is None or not _is_seen(session, actor, household_id):
        raise NotAllowed
    person_id = add_person(session, now=now, name=name, community_id=home.community_id)
    note(session, now=now, what="family_member_added", actor_id=actor.id, subject_id=person_id)
    place_in_household(
        session,
        now=now,
        actor=actor,
        person_id=person_id,
        household_id=household_id,
        relation=relation,
    )
    if born_on is not None:
        change_profile(
            session,
            now=now,
            actor=actor,
            person_id=person_id,
            values={"born_on": born_on},
            ground="staff",
        )
    return person_id


def _is_seen(session: Session, actor: Person, household_id: int) -> bool:
    seen = select(household.c.id).where(
        household.c.id == household_id, seen_communities(actor, household.c.community_id)
    )
    return session.find(seen) is not None


def _find_by_code(session: Session, community_id: int | None, code: str) -> int | None:
    found: int | None = session.value(
        select(household.c.id).where(
            household.c.community_id == community_id, household.c.code == code
        )
    )
    return found


def _add(
    session: Session, now: datetime, community_id: int | None, code: str | None, group_code: str
) -> int:
    row = {
        "code": code,
        "community_id": community_id,
        "group_code": group_code,
        "created_at": now,
        "version": 1,
    }
    try:
        with session.savepoint():
            return session.add(insert(household).values(row))
    except IntegrityError:
        # Another hand wrote this number down at the same moment.
        known = _find_by_code(session, community_id, code or "")
        if known is None:
            raise
        return known


def _move_in(
    session: Session, now: datetime, person_id: int, household_id: int, relation: str
) -> None:
    before = session.value(
        select(household_member.c.household_id).where(household_member.c.person_id == person_id)
    )
    lives = {"household_id": household_id, "relation": relation, "since": now}
    if before is None:
        try:
            with session.savepoint():
                session.execute(insert(household_member), lives | {"person_id": person_id})
            return
        except IntegrityError:
            pass  # somebody placed them at this moment: the later word counts
    session.change(
        update(household_member).where(household_member.c.person_id == person_id).values(**lives)
    )
    look_at_pairs(session, now=now, person_id=person_id)
    if before is not None and before != household_id:
        _drop_head(session, household_id=before, person_id=person_id)


def _drop_head(session: Session, *, household_id: int, person_id: int) -> None:
    """The one who has been there longest comes after a head who left."""
    heir = session.value(
        select(household_member.c.person_id)
        .where(household_member.c.household_id == household_id)
        .order_by(household_member.c.since, household_member.c.person_id)
        .limit(1)
    )
    session.change(
        update(household)
        .where(household.c.id == household_id, household.c.head_id == person_id)
        .values(head_id=heir, version=household.c.version + 1)
    )


def _note(
    session: Session,
    now: datetime,
    actor: Person,
    person_id: int,
    household_id: int,
    what: str,
    ground: str,
) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=actor.id,
        subject_id=person_id,
        thing="household",
        thing_id=household_id,
        ground=ground[:64],
    )
