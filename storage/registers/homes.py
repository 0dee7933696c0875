"""Households as they stand: which one, who lives there, who could join."""

from dataclasses import dataclass

from sqlalchemy import select

from storage.database import Session
from storage.people import Person
from storage.scope import seen_people
from storage.tables import community, household, household_member, person, role

NAMESAKES = 8


@dataclass(frozen=True, slots=True)
class Household:
    """A household, the office's own number for it, and where it stands."""

    id: int
    code: str | None
    community_id: int | None
    group_code: str
    head_id: int | None
    version: int


@dataclass(frozen=True, slots=True)
class Namesake:
    """Somebody of a name, with the community to tell them apart."""

    person_id: int
    name: str
    community: str | None


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a household; ``is_resident``: in the register of disabled residents."""

    person_id: int
    name: str
    relation: str
    is_head: bool
    is_resident: bool


def find_household(
    session: Session, *, household_id: int | None = None, person_id: int | None = None
) -> Household | None:
    """Return a household by its id, or the one in which a person lives."""
    wanted = select(household)
    if household_id is not None:
        wanted = wanted.where(household.c.id == household_id)
    else:
        wanted = wanted.join(
            household_member, household_member.c.household_id == household.c.id
        ).where(household_member.c.person_id == person_id)
    row = session.find(wanted)
    if row is None:
        return None
    return Household(
        id=row.id,
        code=row.code,
        community_id=row.community_id,
        group_code=row.group_code,
        head_id=row.head_id,
        version=row.version,
    )


def list_members(session: Session, *, household_id: int) -> list[Member]:
    """List who lives there, the head first."""
    rows = session.all(
        select(
            person.c.id,
            person.c.name,
            household_member.c.relation,
            (household.c.head_id == person.c.id).label("is_head"),
            role.c.id.label("role_id"),
        )
        .join(household_member, household_member.c.person_id == person.c.id)
        .join(household, household.c.id == household_member.c.household_id)
        .outerjoin(
            role,
            (role.c.person_id == person.c.id)
            & (role.c.kind == "resident")
            & (role.c.state == "approved"),
        )
        .where(household.c.id == household_id)
        .order_by(household_member.c.since, person.c.id)
    )
    members = [
        Member(
            person_id=row.id,
            name=row.name,
            relation=row.relation,
            is_head=bool(row.is_head),
            is_resident=row.role_id is not None,
        )
        for row in rows
    ]
    return sorted(members, key=lambda one: not one.is_head)


def list_children(session: Session, *, household_id: int) -> list[Member]:
    """List the children of a household who are not themselves in the register (爱心助学)."""
    return [
        one
        for one in list_members(session, household_id=household_id)
        if one.relation in ("child", "grandchild") and not one.is_resident
    ]


def list_namesakes(session: Session, *, actor: Person, name: str) -> list[Namesake]:
    """List those within the actor's scope whose name begins so."""
    rows = session.all(
        select(person.c.id, person.c.name, community.c.name.label("place"))
        .outerjoin(community, community.c.id == person.c.community_id)
        .where(person.c.name.startswith(name, autoescape=True), seen_people(actor))
        .order_by(person.c.name, person.c.id)
        .limit(NAMESAKES)
    )
    return [Namesake(person_id=row.id, name=row.name, community=row.place) for row in rows]
