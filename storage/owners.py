"""Who answers for a need, until when, and who that is: read and set in one place.

Whoever changes a need's state writes what ``stand`` returns beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, or_, select

from storage.database import Session
from storage.people import OFFICES, Person
from storage.rules.areas import Urgency
from storage.rules.limits import (
    Level,
    Limit,
    falls_due,
    levels_above,
    limit_at,
    limit_of,
)
from storage.scope import seen_through
from storage.tables import action, claim, need, offer, organisation, person, role

OVER = ("closed", "cancelled")
# Of whose need nobody answers any longer.
_NOBODY = MappingProxyType(
    {"level": Level.HELPER.value, "owner_id": None, "due_at": None, "overdue_at": None}
)


@dataclass(frozen=True, slots=True)
class Owner:
    """Who answers for a need now; ``people`` are (id, name), ``organisation`` a name or None."""

    level: Level
    people: Sequence[tuple[int, str]]
    organisation_id: int | None = None
    organisation: str | None = None


def stand(
    session: Session,
    *,
    now: datetime,
    state: str,
    urgency: Urgency,
    community_id: int | None,
    action_key: str,
    start: datetime | None = None,
    owner_id: int | None = None,
) -> dict[str, Any]:
    """What to write into a need beside a new state: its level, its limit and whose it is.

    ``start`` is when the time begins, such as the hour a helper named; ``owner_id`` the
    organisation that has it, where one was chosen. A level with nobody on it is passed by.
    """
    if state in OVER:
        return dict(_NOBODY)
    first = limit_of(state, urgency)
    found = find_owner(
        session, level=first.owner, community_id=community_id, action_key=action_key, by=owner_id
    )
    limit = first if found.level is first.owner else limit_at(found.level, urgency)
    begins = now if start is None else max(now, start)
    return {
        "level": found.level.value,
        "owner_id": found.organisation_id,
        "due_at": due(session, limit, urgency=urgency, start=begins),
        "overdue_at": None,
    }


def due(session: Session, limit: Limit, *, urgency: Urgency, start: datetime) -> datetime:
    """When a limit that starts at a moment is over."""
    return falls_due(limit, urgency, session.house.local(start), session.house.quiet)


def find_owner(
    session: Session,
    *,
    level: Level,
    community_id: int | None,
    action_key: str,
    by: int | None = None,
) -> Owner:
    """Return the first owner from a level on who is there; at the office it ends.

    Helpers are not looked for: of them the need's own state knows.
    """
    if level is Level.HELPER:
        return Owner(level, ())
    for one in (level, *levels_above(level)):
        found = _staffed(session, one, community_id=community_id, action_key=action_key, by=by)
        if found is not None:
            return found
    return Owner(Level.OFFICE, _anybody(session))


def owner_of(session: Session, *, need_id: int) -> Owner | None:
    """Return who answers for a need now, with names; None when it is over."""
    row = session.find(
        select(
            need.c.id,
            need.c.state,
            need.c.level,
            need.c.owner_id,
            need.c.round,
            need.c.community_id,
            need.c.action,
        ).where(need.c.id == need_id)
    )
    if row is None or row.state in OVER:
        return None
    if row.level == Level.HELPER.value:
        return Owner(Level.HELPER, _helpers(session, row))
    level = Level(row.level)
    return find_owner(
        session,
        level=level,
        community_id=row.community_id,
        action_key=row.action,
        by=row.owner_id if level is Level.DEPARTMENT else None,
    )


def late_for(actor: Person) -> ColumnElement[bool]:
    """Condition over needs: late, and the actor's to see or their organisation's to settle."""
    theirs = select(organisation.c.id).where(
        organisation.c.path.startswith(actor.scope or "-", autoescape=True)
    )
    return and_(
        need.c.overdue_at.is_not(None),
        or_(seen_through(actor, need.c.resident_id), need.c.owner_id.in_(theirs)),
    )


def _helpers(session: Session, row: Row[Any]) -> Sequence[tuple[int, str]]:
    """Who has the need, or was asked and has not answered."""
    asked = select(person.c.id, person.c.name).join(offer, offer.c.volunteer_id == person.c.id)
    asked = asked.where(
        offer.c.need_id == row.id, offer.c.round == row.round, offer.c.state == "offered"
    )
    has = select(person.c.id, person.c.name).join(claim, claim.c.volunteer_id == person.c.id)
    has = has.where(claim.c.need_id == row.id, claim.c.state.in_(("active", "done")))
    return _people(session.all(has)) or _people(session.all(asked.order_by(person.c.id)))


def _staffed(
    session: Session, level: Level, *, community_id: int | None, action_key: str, by: int | None
) -> Owner | None:
    """The owner on one level, when somebody is there."""
    if level is Level.COORDINATOR:
        if community_id is None:
            return None
        rows = session.execute(_OF_COMMUNITY, {"community": community_id}).all()
    elif level is Level.DEPARTMENT:
        rows = _department(session, action_key=action_key, by=by)
    else:
        rows = session.execute(_OF_OFFICE).all()
    if not rows:
        return None
    if level is Level.OFFICE:
        return Owner(level, _people(rows))
    first = rows[0]
    return Owner(level, _people(rows), first.organisation_id, first.organisation)


def _department(session: Session, *, action_key: str, by: int | None) -> Sequence[Row[Any]]:
    """Those of the organisation that has the need, or owns its action; or else of its parent.

    Not those of an office: it is a level of its own.
    """
    owner_id = by
    if owner_id is None:
        owner_id = session.execute(_ACTION_OWNER, {"action": action_key}).scalar()
    for _ in range(2):
        if owner_id is None:
            return ()
        rows = session.execute(_OF_ORGANISATION, {"organisation": owner_id}).all()
        if rows:
            return rows
        owner_id = session.execute(_PARENT, {"organisation": owner_id}).scalar()
    return ()


def _anybody(session: Session) -> Sequence[tuple[int, str]]:
    """Nobody in the office: whoever coordinates anywhere. Nothing is laid on nobody's desk."""
    return _people(session.execute(_staff()).all())


def _people(rows: Sequence[Row[Any]]) -> Sequence[tuple[int, str]]:
    return [(row.id, row.name) for row in rows]


def _staff(*where: ColumnElement[bool]) -> Select[Any]:
    return (
        select(
            person.c.id,
            person.c.name,
            organisation.c.id.label("organisation_id"),
            organisation.c.name.label("organisation"),
        )
        .join(role, role.c.person_id == person.c.id)
        .outerjoin(organisation, organisation.c.id == role.c.organisation_id)
        .where(role.c.kind == "coordinator", role.c.state == "approved", *where)
        .order_by(organisation.c.id, person.c.id)
    )


# Written once: they are run with every move of a need.
_OF_COMMUNITY = _staff(organisation.c.community_id == bindparam("community"))
_OF_ORGANISATION = _staff(
    organisation.c.id == bindparam("organisation"), organisation.c.kind.not_in(OFFICES)
)
_OF_OFFICE = _staff(or_(role.c.organisation_id.is_(None), organisation.c.kind.in_(OFFICES)))
_ACTION_OWNER = select(action.c.owner_id).where(action.c.key == bindparam("action"))
_PARENT = select(organisation.c.parent_id).where(organisation.c.id == bindparam("organisation"))
