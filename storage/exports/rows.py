"""What the rows of both registers share: whom they mean, and what stands beside a person."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select

from storage.database import Session
from storage.exports.choosing import Choice
from storage.people import Person
from storage.registers.profiles import Value
from storage.scope import seen_communities, seen_people
from storage.tables import community, consent, need, person, role, volunteer

Row = dict[str, Value]
KEPT_DATA = "keep_data"


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a register; ``last`` is where the next page goes on, None at the end."""

    rows: list[Row]
    scanned: int
    last: int | None


def whom(actor: Person, choice: Choice) -> Select[Any]:
    """Who is meant, as far as it stands in clear."""
    kind = choice.register.value
    conditions: list[ColumnElement[bool]] = [
        seen_people(actor),
        exists().where(
            role.c.person_id == person.c.id, role.c.kind == kind, role.c.state == "approved"
        ),
    ]
    if choice.communities:
        conditions.append(person.c.community_id.in_(choice.communities))
    if choice.skills:
        held = "," + volunteer.c.skills + ","
        some = [held.contains(f",{skill},") for skill in choice.skills]
        skilled = exists().where(volunteer.c.person_id == person.c.id, _any(some))
        conditions.append(skilled)
    return select(person.c.id).where(*conditions)


def _any(conditions: list[ColumnElement[bool]]) -> ColumnElement[bool]:
    met = conditions[0]
    for condition in conditions[1:]:
        met = met | condition
    return met


def list_ids(
    session: Session, *, actor: Person, choice: Choice, after: int, limit: int
) -> list[int]:
    """The next people who are meant, by id."""
    statement = whom(actor, choice).where(person.c.id > after).order_by(person.c.id).limit(limit)
    return [row.id for row in session.all(statement)]


def list_people(session: Session, *, person_ids: Collection[int]) -> dict[int, Row]:
    """What stands in each person's own row: opened, so the caller journals the look."""
    rows = session.all(
        select(person, community.c.name.label("community"))
        .outerjoin(community, community.c.id == person.c.community_id)
        .where(person.c.id.in_(person_ids))
    )
    given = {
        row.person_id: session.house.local(row.first).date().isoformat()
        for row in session.all(
            select(consent.c.person_id, func.min(consent.c.given_at).label("first"))
            .where(consent.c.person_id.in_(person_ids), consent.c.purpose == KEPT_DATA)
            .where(consent.c.withdrawn_at.is_(None))
            .group_by(consent.c.person_id)
        )
    }
    return {
        row.id: {
            "name": row.name,
            "community_id": row.community_id,
            "community": row.community or "",
            "phone": _open(session, row, "phone"),
            "address": _open(session, row, "address"),
            "registered_on": session.house.local(row.created_at).date().isoformat(),
            "consent_on": given.get(row.id),
        }
        for row in rows
    }


def _open(session: Session, row: Any, column: str) -> str | None:
    sealed = row._mapping[column]
    if not sealed:
        return None
    if column == "phone":
        return session.vault.unseal(sealed, place=f"person.phone:{row.uid}")
    return session.vault.unseal(sealed, place=f"person.address:{row.uid}")


def count_needs_by_area(
    session: Session, *, now: datetime, actor: Person, choice: Choice
) -> Mapping[str, int]:
    """Count the needs stated this year by their area, of the people whom the actor may see."""
    start = session.house.local(now).replace(month=1, day=1, hour=0, minute=0, second=0)
    counted = (
        select(need.c.area, func.count().label("stated"))
        .where(need.c.created_at >= start, need.c.state != "cancelled")
        .where(seen_communities(actor, need.c.community_id))
        .group_by(need.c.area)
        .order_by(func.count().desc(), need.c.area)
    )
    if choice.communities:
        counted = counted.where(need.c.community_id.in_(choice.communities))
    return {row.area: row.stated for row in session.all(counted)}
