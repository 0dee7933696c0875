"""Standing: whether somebody who was asked about a check-in may still know of it and act."""

from sqlalchemy import or_, select

from storage.apart import are_apart
from storage.database import Session
from storage.rules.ladder import ORDER, Rung
from storage.tables import (
    check_in_asked,
    household_member,
    organisation,
    pair,
    person,
    role,
)

_above = organisation.alias("above")


def was_asked(session: Session, *, check_in_id: int, person_id: int) -> bool:
    """Whether this person was ever asked about this check-in."""
    asked = select(check_in_asked.c.id).where(
        check_in_asked.c.check_in_id == check_in_id, check_in_asked.c.person_id == person_id
    )
    return session.find(asked.limit(1)) is not None


def was_rung(session: Session, *, check_in_id: int, person_id: int) -> bool:
    """Whether this person was ever rung about this check-in as somebody on duty."""
    rung = select(check_in_asked.c.id).where(
        check_in_asked.c.check_in_id == check_in_id,
        check_in_asked.c.person_id == person_id,
        check_in_asked.c.rung >= ORDER[Rung.OFFICE],
    )
    return session.find(rung.limit(1)) is not None


def may_look_in(
    session: Session, *, person_id: int, resident_id: int, contact_id: int | None
) -> bool:
    """Whether somebody may be asked to look in beside those of the plan and on duty.

    The contact who agreed, a paired neighbour, and whoever works in the community: as it is now,
    so whoever was removed since is asked nothing more and told nothing more.
    """
    if are_apart(session, person_id, resident_id):
        return False
    return (
        person_id == contact_id
        or _is_partner(session, person_id=person_id, resident_id=resident_id)
        or person_id in list_visitors(session, resident_id=resident_id)
    )


def _is_partner(session: Session, *, person_id: int, resident_id: int) -> bool:
    home = select(household_member.c.household_id).where(
        household_member.c.person_id == resident_id
    )
    paired = select(pair.c.id).where(
        pair.c.helper_id == person_id,
        pair.c.state == "active",
        or_(pair.c.resident_id == resident_id, pair.c.household_id == home.scalar_subquery()),
    )
    return session.find(paired.limit(1)) is not None


def list_visitors(session: Session, *, resident_id: int) -> list[int]:
    """Return who works at the community's association, or a 联络站 of it, or is their contact."""
    home = select(person.c.community_id).where(person.c.id == resident_id).scalar_subquery()
    association = select(_above.c.id).where(_above.c.community_id == home).scalar_subquery()
    station = (organisation.c.kind == "station") & (organisation.c.parent_id == association)
    here = (or_(organisation.c.community_id == home, station), organisation.c.active)
    works = (
        select(role.c.person_id)
        .join(organisation, organisation.c.id == role.c.organisation_id)
        .where(*here, role.c.kind == "coordinator", role.c.state == "approved")
    )
    named = select(organisation.c.contact_id).where(*here, organisation.c.contact_id.is_not(None))
    found = {row[0] for one in (works, named) for row in session.all(one)}
    return sorted(found)
