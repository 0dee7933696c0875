"""Scope: an organisation sees its own people and those below it, nothing beside it.

个人信息保护法 art. 6 and 51: access is kept to those whose work it is. A person belongs to the
association of their community; whoever has no community belongs to the programme's office.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
    true,
)

from storage.database import Session
from storage.people import EVERYWHERE, OFFICES, Person
from storage.refusals import NotAllowed, OutsideScope
from storage.rules.access import Relation
from storage.tables import chat, organisation, person, role

# Written once: run with most presses of staff. Whoever was merged belongs where the entry that was
# kept does.
_NAMED = person.alias("named")
_PATH_OF = (
    select(organisation.c.path)
    .join(person, person.c.community_id == organisation.c.community_id)
    .join(_NAMED, person.c.id == func.coalesce(_NAMED.c.merged_into, _NAMED.c.id))
    .where(_NAMED.c.id == bindparam("one"))
)
_IS_KNOWN = select(person.c.id).where(person.c.id == bindparam("one"))


def sees(session: Session, *, actor: Person, person_id: int | None) -> bool:
    """Whether this person's record is the actor's to see, as staff."""
    if actor.scope is None:
        return False
    if actor.scope == EVERYWHERE or person_id is None:
        return actor.is_office
    path = session.execute(_PATH_OF, {"one": person_id}).scalar()
    return actor.is_office if path is None else path.startswith(actor.scope)


def readers_view(session: Session, *, actor: Person) -> Person:
    """The actor with the scope in which exports and figures count; raises NotAllowed.

    Those who lead see no people: they have a scope for figures alone.
    """
    if actor.scope is not None:
        return actor
    if not actor.is_approved("leading_group"):
        raise NotAllowed
    path = session.value(
        select(organisation.c.path)
        .join(role, role.c.organisation_id == organisation.c.id)
        .where(role.c.person_id == actor.id, role.c.kind == "leading_group")
        .where(role.c.state == "approved")
    )
    return replace(actor, scope=path or EVERYWHERE, is_office=True)


def check_sees(session: Session, *, actor: Person, person_id: int) -> None:
    """Raise OutsideScope unless there is such a person, whose record is the actor's to see."""
    known = session.execute(_IS_KNOWN, {"one": person_id}).first()
    if known is None or not sees(session, actor=actor, person_id=person_id):
        raise OutsideScope(subject_id=person_id)


def staff_relations(
    session: Session, *, actor: Person, person_id: int | None
) -> frozenset[Relation]:
    """How a coordinator stands to somebody: whose record they see, who is rung for them."""
    if actor.scope is None:
        return frozenset()
    if sees(session, actor=actor, person_id=person_id):
        return frozenset({Relation.IN_SCOPE, Relation.ON_DUTY})
    rung = {one for one, _ in list_staff_of(session, person_id=person_id)}
    return frozenset({Relation.ON_DUTY}) if actor.id in rung else frozenset()


def seen_people(actor: Person) -> ColumnElement[bool]:
    """Condition over ``tables.person``: those whom the actor sees as staff, each once."""
    return seen_communities(actor, person.c.community_id) & person.c.merged_into.is_(None)


def seen_communities(actor: Person, column: ColumnElement[int | None]) -> ColumnElement[bool]:
    """Condition over any column of community ids: those that are the actor's to see."""
    if actor.scope is None:
        return false()
    if actor.scope == EVERYWHERE:
        return true()
    theirs = column.in_(
        select(organisation.c.community_id).where(
            organisation.c.community_id.is_not(None),
            organisation.c.path.startswith(actor.scope, autoescape=True),
        )
    )
    return or_(theirs, column.is_(None)) if actor.is_office else theirs


def seen_through(actor: Person, person_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Condition over any column of person ids, such as a need's resident.

    Asked row by row: a list of everybody seen, made anew each time, would grow with the register.
    """
    if actor.scope == EVERYWHERE:
        return true()
    one = person.alias("seen")
    return exists().where(one.c.id == person_id, seen_communities(actor, one.c.community_id))


def list_staff_of(
    session: Session, *, person_id: int | None, reachable: bool = False, without: int | None = None
) -> list[tuple[int, str]]:
    """Return (id, name) of the coordinators to whom a person's matter belongs.

    Those whose scope holds the person; where there is none the office; where there is none
    everybody: nothing is ever laid on nobody's desk. ``reachable``: only who can be written to;
    ``without`` leaves somebody out before it is seen whether anybody is there.
    """
    levels = staff_levels(session, person_id=person_id, reachable=reachable, without=without)
    return [(row.id, row.name) for row in next((one for one in levels if one), ())]


def staff_levels(
    session: Session, *, person_id: int | None, reachable: bool = False, without: int | None = None
) -> tuple[list[Row[Any]], list[Row[Any]], list[Row[Any]]]:
    """Return the staff near a person, those of the office, and everybody, each with their place."""
    statement = _staff()
    if reachable:
        statement = statement.where(person.c.telegram_id.is_not(None)).where(
            or_(chat.c.reachable.is_(None), chat.c.reachable & ~chat.c.closed)
        )
    rows = [row for row in session.all(statement) if row.id != without]
    path = None
    if person_id is not None:
        path = session.execute(_PATH_OF, {"one": person_id}).scalar()
    office = [row for row in rows if row.path is None or row.kind in OFFICES]
    near = [row for row in rows if path and path.startswith(row.path or EVERYWHERE)]
    return near, office, rows


def _staff() -> Select[tuple[int, str, int | None, str | None, str | None]]:
    return (
        select(
            person.c.id,
            person.c.name,
            role.c.organisation_id,
            organisation.c.path,
            organisation.c.kind,
        )
        .join(role, role.c.person_id == person.c.id)
        .outerjoin(organisation, organisation.c.id == role.c.organisation_id)
        .outerjoin(chat, chat.c.id == person.c.telegram_id)
        .where(role.c.kind == "coordinator", role.c.state == "approved")
        .order_by(person.c.id)
    )
