"""Looks: who saw a person's data, when and for what, as the journal has it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, or_, select

from storage.database import Session
from storage.tables import journal, person, role

PAGE = 10
# Every look's word in the journal ends so.
ENDINGS = ("_seen", "_shown", "_looked_at")
# What a look was for, by the thing it hung on, or by its ground.
PURPOSES = frozenset({"need", "check_in", "alarm", "organisation", "notice", "incident"})
GROUNDS = frozenset({"caregiver_asked", "volunteer_applied", "caregiver", "guardian"})


@dataclass(frozen=True, slots=True)
class Look:
    """One look; ``role`` is what the person is now, None when nothing any more."""

    id: int
    at: datetime
    name: str
    role: str | None
    purpose: str


def list_looks(session: Session, *, person_id: int, before: int | None = None) -> list[Look]:
    """List a page of looks by others, the newest first; ``before`` an older page's last id."""
    statement = (
        select(journal, person.c.name)
        .join(person, person.c.id == journal.c.actor_id)
        .where(journal.c.subject_id == person_id, journal.c.actor_id != person_id)
        .where(or_(*(journal.c.what.endswith(one, autoescape=True) for one in ENDINGS)))
        .order_by(journal.c.id.desc())
        .limit(PAGE)
    )
    if before is not None:
        statement = statement.where(journal.c.id < before)
    rows = session.all(statement)
    roles = _roles_of(session, {row.actor_id for row in rows})
    return [
        Look(row.id, row.at, row.name, roles.get(row.actor_id), _purpose_of(row)) for row in rows
    ]


def _purpose_of(row: Row[Any]) -> str:
    if row.thing in PURPOSES:
        return str(row.thing)
    if row.ground in GROUNDS:
        return str(row.ground)
    return "search" if row.what == "person_seen" else "other"


def _roles_of(session: Session, people: set[int]) -> dict[int, str]:
    """The weightiest role of each: staff before helpers."""
    rows = session.all(
        select(role.c.person_id, role.c.kind).where(
            role.c.person_id.in_(people), role.c.state == "approved"
        )
    )
    order = ("coordinator", "volunteer", "caregiver", "resident", "leading_group")
    found: dict[int, str] = {}
    for row in sorted(rows, key=lambda row: order.index(row.kind)):
        found.setdefault(row.person_id, row.kind)
    return found
