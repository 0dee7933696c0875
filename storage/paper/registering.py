"""Registering somebody who does not use the chat: on staff's word, with what the line said."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from storage.communities import get_name
from storage.consents import give_consent, withdraw
from storage.database import Session
from storage.journal import note
from storage.paper.people import find_named
from storage.people import (
    Person,
    add_person,
    find_by_phone,
    get_person,
    set_address,
    set_phone,
)
from storage.refusals import NotAllowed, Refusal, TooLate
from storage.registers import change_profile, place_in_household, record_certificate
from storage.roles import grant
from storage.rules.purposes import Channel, Ground, Purpose
from storage.scope import check_sees
from storage.tables import (
    disability_certificate,
    household,
    household_member,
    need,
    person,
    resident,
    role,
)

UNDONE_WITHIN = timedelta(hours=1)


class AlreadyRegistered(Refusal):
    """Somebody of this name in this community, or with this phone, is in the register."""

    key = "already_registered"


@dataclass(frozen=True, slots=True)
class NewResident:
    """What is known of somebody new; everything but the name may be missing."""

    name: str
    community_id: int | None = None
    group_code: str = ""
    phone: str | None = None
    address: str = ""
    certificate: str | None = None
    profile: dict[str, str | int | bool | list[str] | None] = field(default_factory=dict)


def find_double(session: Session, *, actor: Person, new: NewResident) -> int | None:
    """Return who may already be this person: the same name and community, or the same phone."""
    same = find_named(session, actor=actor, name=new.name, community_id=new.community_id)
    for one in same:
        if one.name == new.name and (not new.group_code or one.group_code in ("", new.group_code)):
            return one.id
    return next(iter(find_by_phone(session, phone=new.phone)), None) if new.phone else None


def register_resident(
    session: Session, *, now: datetime, actor: Person, new: NewResident, another: bool = False
) -> int:
    """Write a resident into the register and return the id.

    Staff have asked: the yes to keeping the data stands on their word until the person gives
    their own. ``another``: staff say it is not whoever has the same name.
    """
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    double = None if another else find_double(session, actor=actor, new=new)
    if double is not None:
        raise AlreadyRegistered(name=get_person(session, person_id=double).name)
    person_id = add_person(session, now=now, name=new.name, community_id=new.community_id)
    check_sees(session, actor=actor, person_id=person_id)
    if new.phone:
        set_phone(session, person_id=person_id, phone=new.phone)
    if new.address:
        home = get_name(session, community_id=new.community_id) if new.community_id else ""
        set_address(session, person_id=person_id, address=f"{home}{new.group_code}{new.address}")
    grant(session, now=now, person_id=person_id, kind="resident", actor_id=actor.id, ground="paper")
    _keep_word(session, now=now, actor=actor, person_id=person_id, new=new)
    if new.profile:
        change_profile(
            session,
            now=now,
            actor=actor,
            person_id=person_id,
            values=new.profile,
            ground="paper",
        )
    if new.certificate:
        record_certificate(
            session,
            now=now,
            actor=actor,
            person_id=person_id,
            number=new.certificate,
            ground="paper",
        )
    if new.group_code:
        place_in_household(
            session, now=now, actor=actor, person_id=person_id, group_code=new.group_code
        )
    note(
        session, now=now, what="registered", actor_id=actor.id, subject_id=person_id, ground="paper"
    )
    return person_id


def _keep_word(
    session: Session, *, now: datetime, actor: Person, person_id: int, new: NewResident
) -> None:
    purposes = [Purpose.KEEP_DATA]
    if new.certificate or "category" in new.profile:
        purposes.append(Purpose.RECORD_DISABILITY)
    for purpose in purposes:
        give_consent(
            session,
            now=now,
            person_id=person_id,
            purpose=purpose,
            given_by=actor.id,
            ground=Ground.STAFF,
            channel=Channel.PAPER,
        )


def undo_registering(session: Session, *, now: datetime, actor: Person, person_id: int) -> None:
    """It was a slip: the person is out of the register again, and nothing is kept of them."""
    check_sees(session, actor=actor, person_id=person_id)
    row = session.find(select(person.c.created_at).where(person.c.id == person_id))
    has_need = session.find(
        select(need.c.id).where(need.c.resident_id == person_id, need.c.ended_at.is_(None))
    )
    if row is None or now - row.created_at > UNDONE_WITHIN or has_need is not None:
        raise TooLate
    ended = session.change(
        update(role)
        .where(role.c.person_id == person_id, role.c.state == "approved")
        .values(state="ended", decided_by=actor.id, decided_at=now, version=role.c.version + 1)
    )
    if ended == 0:
        raise TooLate
    for table in (household_member, disability_certificate, resident):
        session.change(delete(table).where(table.c.person_id == person_id))
    session.change(update(household).where(household.c.head_id == person_id).values(head_id=None))
    for purpose in (Purpose.KEEP_DATA, Purpose.RECORD_DISABILITY):
        withdraw(session, now=now, person_id=person_id, purpose=purpose, actor_id=actor.id)
    session.change(
        update(person)
        .where(person.c.id == person_id)
        .values(phone=None, phone_key=None, address=None, version=person.c.version + 1)
    )
    note(session, now=now, what="register_undone", actor_id=actor.id, subject_id=person_id)
