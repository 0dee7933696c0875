"""People and what they may be: found by their chat, with their live roles."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from storage.database import Session
from storage.journal import note
from storage.tables import chat, organisation, person, role

# A coordinator there, or above, is the programme's office: the register's owner.
OFFICES = ("county_committee", "subdistrict", "dpf_office")
EVERYWHERE = "/"


@dataclass(frozen=True, slots=True)
class Person:
    """A person as the program sees them; ``roles`` maps a live role to waiting or approved."""

    id: int
    uid: str
    telegram_id: int | None
    name: str
    community_id: int | None
    has_phone: bool
    has_address: bool
    day_reminders: bool
    roles: dict[str, str]
    version: int
    # Where an approved coordinator works: the organisation (None: the office as such), and the
    # path below which everything is theirs to see. Nobody else has a scope.
    organisation_id: int | None = None
    scope: str | None = None
    is_office: bool = False

    def is_approved(self, kind: str) -> bool:
        """Whether the person holds this role now."""
        return self.roles.get(kind) == "approved"


# Written once: of all statements these are run most, and putting one together cost five times
# what running it does.
_PEOPLE = (
    select(
        person,
        role.c.kind,
        role.c.state.label("role_state"),
        role.c.organisation_id,
        organisation.c.path,
        organisation.c.kind.label("works_at"),
    )
    .outerjoin(role, (role.c.person_id == person.c.id) & role.c.state.in_(("waiting", "approved")))
    .outerjoin(organisation, organisation.c.id == role.c.organisation_id)
)
_BY_ID = _PEOPLE.where(person.c.id == bindparam("one"))
_BY_CHAT = _PEOPLE.where(person.c.telegram_id == bindparam("one"))
_UID_OF = select(person.c.uid).where(person.c.id == bindparam("one"))
_SET_PHONE = (
    update(person)
    .where(person.c.id == bindparam("one"))
    .values(phone=bindparam("sealed"), phone_key=bindparam("found_by"))
)
_SET_ADDRESS = (
    update(person).where(person.c.id == bindparam("one")).values(address=bindparam("sealed"))
)


def find_person(
    session: Session, *, telegram_id: int | None = None, person_id: int | None = None
) -> Person | None:
    """Return the person of a chat, or by id; None when unknown."""
    if telegram_id is None and person_id is None:
        return None  # not somebody who happens to have no chat
    if person_id is not None:
        rows = session.execute(_BY_ID, {"one": person_id}).all()
    else:
        rows = session.execute(_BY_CHAT, {"one": telegram_id}).all()
    if not rows:
        return None
    first = rows[0]
    if first.merged_into is not None:
        # Their old chat and old buttons lead to the entry that was kept.
        return find_person(session, person_id=first.merged_into)
    return Person(
        id=first.id,
        uid=first.uid,
        telegram_id=first.telegram_id,
        name=first.name,
        community_id=first.community_id,
        has_phone=first.phone is not None,
        has_address=first.address is not None,
        day_reminders=first.day_reminders,
        roles={row.kind: row.role_state for row in rows if row.kind},
        version=first.version,
        **_works(rows),
    )


def _works(rows: Sequence[Row[Any]]) -> dict[str, Any]:
    for row in rows:
        if row.kind == "coordinator" and row.role_state == "approved":
            return {
                "organisation_id": row.organisation_id,
                "scope": row.path or EVERYWHERE,
                "is_office": row.organisation_id is None or row.works_at in OFFICES,
            }
    return {}


def get_person(session: Session, *, person_id: int) -> Person:
    """Return the person; raises LookupError when there is none."""
    found = find_person(session, person_id=person_id)
    if found is None:
        raise LookupError(f"no person {person_id}")
    return found


def add_person(
    session: Session,
    *,
    now: datetime,
    name: str,
    telegram_id: int | None = None,
    community_id: int | None = None,
) -> int:
    """Register a person and return the id."""
    return session.add(
        insert(person).values(
            uid=secrets.token_hex(16),
            telegram_id=telegram_id,
            name=name,
            community_id=community_id,
            day_reminders=True,
            created_at=now,
            version=1,
        )
    )


def set_phone(session: Session, *, person_id: int, phone: str | None) -> None:
    """Seal the phone (E.164) and its fingerprint, or forget it."""
    uid = session.execute(_UID_OF, {"one": person_id}).scalar()
    sealed = session.vault.seal(phone, place=f"person.phone:{uid}") if phone else None
    key = session.vault.fingerprint(phone, field="phone") if phone else None
    session.execute(_SET_PHONE, {"one": person_id, "sealed": sealed, "found_by": key})


def set_address(session: Session, *, person_id: int, address: str) -> None:
    """Seal the address."""
    uid = session.execute(_UID_OF, {"one": person_id}).scalar()
    sealed = session.vault.seal(address, place=f"person.address:{uid}")
    session.execute(_SET_ADDRESS, {"one": person_id, "sealed": sealed})


@dataclass(frozen=True, slots=True)
class ContactData:
    """What a helper with a claim, a caller, or staff holding an alarm may see."""

    name: str
    phone: str | None
    address: str | None


def open_contact(session: Session, *, person_id: int, or_mark: bool = False) -> ContactData:
    """Open name, phone and address. The caller checks who may see them and journals the look.

    ``or_mark``: what no key opens is marked as unreadable, for whoever has to act all the same.
    """
    row = session.find(
        select(person.c.uid, person.c.name, person.c.phone, person.c.address).where(
            person.c.id == person_id
        )
    )
    if row is None:
        raise LookupError(f"no person {person_id}")
    opened = session.vault.unseal_or_mark if or_mark else session.vault.unseal
    return ContactData(
        name=row.name,
        phone=opened(row.phone, place=f"person.phone:{row.uid}") if row.phone else None,
        address=opened(row.address, place=f"person.address:{row.uid}") if row.address else None,
    )


def find_by_phone(session: Session, *, phone: str) -> list[int]:
    """Return the ids of the people with this phone (E.164)."""
    key = session.vault.fingerprint(phone, field="phone")
    return [row.id for row in session.all(select(person.c.id).where(person.c.phone_key == key))]


def rename_person(session: Session, *, person_id: int, name: str) -> None:
    """Correct a name."""
    session.change(
        update(person)
        .where(person.c.id == person_id)
        .values(name=name, version=person.c.version + 1)
    )


def move_person(session: Session, *, person_id: int, community_id: int | None) -> None:
    """The person lives in another community now."""
    session.change(
        update(person)
        .where(person.c.id == person_id)
        .values(community_id=community_id, version=person.c.version + 1)
    )


def switch_day_reminders(session: Session, *, now: datetime, person_id: int, on: bool) -> None:
    """Say yes or no to reminders of commemorative days; the same again changes nothing."""
    switched = session.change(
        update(person)
        .where(person.c.id == person_id, person.c.day_reminders.is_(not on))
        .values(day_reminders=on)
    )
    if switched:
        what = "days_switched"
        note(session, now=now, what=what, actor_id=person_id, detail="on" if on else "off")


def list_role_holders(session: Session, *, kind: str, state: str = "approved") -> list[int]:
    """Return the ids of those who hold a role now."""
    rows = session.all(
        select(role.c.person_id)
        .where(role.c.kind == kind, role.c.state == state)
        .order_by(role.c.person_id)
    )
    return [row.person_id for row in rows]


def has_own_chat(session: Session, *, person_id: int) -> bool:
    """Whether the person has a chat here that nobody else uses."""
    row = session.find(
        select(person.c.telegram_id, chat.c.shared)
        .outerjoin(chat, chat.c.id == person.c.telegram_id)
        .where(person.c.id == person_id)
    )
    # An entry that was merged into theirs may have left a chat that leads to them.
    leads_here = (
        select(chat.c.id)
        .join(person, person.c.telegram_id == chat.c.id)
        .where(person.c.merged_into == person_id, chat.c.shared)
    )
    mine = row is not None and row.telegram_id is not None and not row.shared
    return mine and session.find(leads_here.limit(1)) is None
