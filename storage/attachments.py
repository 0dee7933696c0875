"""Attachments: pupil of, patient of, member of; the organisation sees a stated set of fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.database import Session
from storage.journal import note
from storage.organisations import Organisation, check_reach, get_organisation
from storage.people import ContactData, Person, open_contact
from storage.refusals import AlreadyDone, NotAllowed, TooLate
from storage.registers import find_born_on, find_disability
from storage.rules.ages import is_child
from storage.scope import check_sees, sees
from storage.tables import attachment, community, organisation_kind, person, volunteer

PAGE = 8
# 精神卫生法 art. 4: that somebody has this one is nobody's to pass on.
NEVER_NAMED = "psychiatric"


@dataclass(frozen=True, slots=True)
class Attached:
    """Somebody tied to an organisation; ``facts`` are what it may know, None where unknown."""

    id: int
    person_id: int
    name: str
    facts: Mapping[str, str | list[str] | None]


def attach(
    session: Session, *, now: datetime, actor: Person, organisation_id: int, person_id: int
) -> int:
    """Tie a person to an organisation, by staff to whom the person belongs."""
    check_sees(session, actor=actor, person_id=person_id)
    one = get_organisation(session, organisation_id=organisation_id)
    if one.attaches is None or not one.active:
        raise TooLate
    row = {
        "person_id": person_id,
        "organisation_id": organisation_id,
        "kind": one.attaches,
        "state": "active",
        "made_by": actor.id,
        "created_at": now,
    }
    try:
        with session.savepoint():
            added = session.add(insert(attachment).values(row))
    except IntegrityError as error:
        raise AlreadyDone from error
    _note(session, now, actor, person_id, organisation_id, "attached")
    return added


def detach(session: Session, *, now: datetime, actor: Person, attachment_id: int) -> Organisation:
    """End a tie; staff of either side may."""
    row = session.find(select(attachment).where(attachment.c.id == attachment_id))
    if row is None:
        raise NotAllowed
    one = get_organisation(session, organisation_id=row.organisation_id)
    if not sees(session, actor=actor, person_id=row.person_id):
        check_reach(actor, one)
    ended = session.change(
        update(attachment)
        .where(attachment.c.id == attachment_id, attachment.c.state == "active")
        .values(state="ended", ended_at=now)
    )
    if ended == 0:
        raise AlreadyDone
    _note(session, now, actor, row.person_id, one.id, "detached")
    return one


def list_attached(
    session: Session, *, now: datetime, actor: Person, organisation_id: int, after: int = 0
) -> list[Attached]:
    """Return a page of those tied to an organisation, with what its kind may know; journalled.

    One more than a page when there is another.
    """
    one = get_organisation(session, organisation_id=organisation_id)
    check_reach(actor, one)
    fields, childs = _fields(session, one), frozenset({"community"})
    rows = session.all(
        select(
            attachment.c.id,
            attachment.c.person_id,
            person.c.name,
            community.c.name.label("community"),
            volunteer.c.skills,
        )
        .join(person, person.c.id == attachment.c.person_id)
        .outerjoin(community, community.c.id == person.c.community_id)
        .outerjoin(volunteer, volunteer.c.person_id == person.c.id)
        .where(attachment.c.organisation_id == organisation_id, attachment.c.state == "active")
        .where(attachment.c.id > after)
        .order_by(attachment.c.id)
        .limit(PAGE + 1)
    )
    found = []
    for row in rows[: PAGE + 1]:
        theirs = fields & childs if _is_child(session, row.person_id, now=now) else fields
        known: dict[str, str | list[str] | None] = {
            "community": row.community,
            "skills": row.skills.split(",") if row.skills else [],
            **_disability(session, person_id=row.person_id, fields=theirs),
        }
        facts = {key: known[key] for key in known if key in theirs}
        found.append(Attached(row.id, row.person_id, row.name, facts))
        _note(session, now, actor, row.person_id, organisation_id, "attached_seen")
    return found


def open_attached(
    session: Session, *, now: datetime, actor: Person, attachment_id: int
) -> ContactData:
    """Open the phone of somebody tied to an organisation whose kind may know it; journalled."""
    row = session.find(
        select(attachment).where(attachment.c.id == attachment_id, attachment.c.state == "active")
    )
    if row is None:
        raise TooLate
    one = get_organisation(session, organisation_id=row.organisation_id)
    check_reach(actor, one)
    if "phone" not in _fields(session, one) or _is_child(session, row.person_id, now=now):
        raise NotAllowed
    note(
        session,
        now=now,
        what="contact_seen",
        actor_id=actor.id,
        subject_id=row.person_id,
        thing="organisation",
        thing_id=one.id,
        ground=row.kind,
    )
    return open_contact(session, person_id=row.person_id)


def may_know_phone(session: Session, *, organisation_id: int) -> bool:
    """Whether this kind of organisation may know the phone of those tied to it."""
    one = get_organisation(session, organisation_id=organisation_id)
    return "phone" in _fields(session, one)


def _fields(session: Session, one: Organisation) -> frozenset[str]:
    kept = select(organisation_kind.c.fields).where(organisation_kind.c.key == one.kind)
    return frozenset((session.value(kept) or "").split(","))


def _is_child(session: Session, person_id: int, *, now: datetime) -> bool:
    """Under 14 a look needs an approval (未成年人网络保护条例 art. 36); nobody gives one here."""
    born_on = find_born_on(session, person_id=person_id)
    return born_on is not None and is_child(born_on, session.house.local(now).date())


def _disability(
    session: Session, *, person_id: int, fields: frozenset[str]
) -> dict[str, str | list[str] | None]:
    if not fields & {"category", "grade"}:
        return {}
    found = find_disability(session, person_id=person_id)
    if found is None:
        return {"category": None, "grade": None}
    return {
        "category": None if found.category == NEVER_NAMED else found.category.value,
        "grade": None if found.category == NEVER_NAMED or not found.grade else str(found.grade),
    }


def _note(
    session: Session,
    now: datetime,
    actor: Person,
    person_id: int,
    organisation_id: int,
    what: str,
) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=actor.id,
        subject_id=person_id,
        thing="organisation",
        thing_id=organisation_id,
    )
