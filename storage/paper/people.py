"""Whom a name means: the residents of the staff member's scope, told apart by where they live."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select

from storage.database import Session
from storage.people import Person
from storage.scope import seen_people
from storage.tables import community, household, household_member, organisation, person, role

SHOWN_AT_MOST = 8


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody with this name: only as much as tells them apart."""

    id: int
    name: str
    community_id: int | None
    community: str | None
    group_code: str

    @property
    def where(self) -> str:
        """The community and the group, as one."""
        return f"{self.community or ''}{self.group_code}"


def find_named(
    session: Session,
    *,
    actor: Person,
    name: str,
    community_id: int | None = None,
    group_code: str = "",
    residents_only: bool = True,
) -> list[Named]:
    """Return who is meant by a name, within the actor's scope: those of the very name first.

    Where somebody of this name lives in the named community and group, nobody else is meant.
    """
    exact = _search(session, actor, person.c.name == name, residents_only=residents_only)
    found = exact or _search(
        session,
        actor,
        person.c.name.startswith(name, autoescape=True),
        residents_only=residents_only,
    )
    near = [one for one in found if community_id is None or one.community_id == community_id]
    nearer = [one for one in near if not group_code or one.group_code == group_code]
    return nearer or near


def get_named(session: Session, *, actor: Person, person_id: int) -> Named | None:
    """Return somebody of the actor's scope by id."""
    found = _search(session, actor, person.c.id == person_id, residents_only=False)
    return found[0] if found else None


def _search(
    session: Session, actor: Person, condition: ColumnElement[bool], *, residents_only: bool
) -> Sequence[Named]:
    statement = _people().where(condition, seen_people(actor))
    if residents_only:
        held = select(role.c.person_id).where(role.c.kind == "resident", role.c.state == "approved")
        statement = statement.where(person.c.id.in_(held))
    rows = session.all(statement.order_by(person.c.id).limit(SHOWN_AT_MOST))
    return [_named(row) for row in rows]


def _people() -> Select[Any]:
    return (
        select(
            person.c.id,
            person.c.name,
            person.c.community_id,
            community.c.name.label("community"),
            household.c.group_code,
        )
        .outerjoin(community, community.c.id == person.c.community_id)
        .outerjoin(household_member, household_member.c.person_id == person.c.id)
        .outerjoin(household, household.c.id == household_member.c.household_id)
    )


def _named(row: Row[Any]) -> Named:
    return Named(row.id, row.name, row.community_id, row.community, row.group_code or "")


def find_own_community(session: Session, *, actor: Person) -> int | None:
    """The community in which the staff member works; None for the office, which has many."""
    found: int | None = session.value(
        select(organisation.c.community_id).where(organisation.c.id == actor.organisation_id)
    )
    return found
