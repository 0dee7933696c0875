"""Choosing people for a plan: residents to phone, and those who may phone them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, or_, select

from storage.apart import apart_from, held_back
from storage.database import Session
from storage.people import Person
from storage.scope import seen_people
from storage.tables import community, person, role

CALLER_ROLES = ("volunteer", "coordinator")
SHOWN_AT_MOST = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody to choose, told apart from a namesake by the community."""

    id: int
    name: str
    community: str | None


def search_residents(session: Session, *, actor: Person, words: str = "") -> list[Candidate]:
    """Return the approved residents whom staff see by these words in the name, newest first."""
    found = _statement(kinds=("resident",), words=words, without=()).where(seen_people(actor))
    return _candidates(session, found)


def search_callers(
    session: Session,
    *,
    actor: Person,
    words: str = "",
    without: Sequence[int] = (),
    for_whom: int | None = None,
) -> list[Candidate]:
    """Return who may phone, of those staff see, and staff themselves; only who uses the chat.

    Nobody who is kept apart from the resident (``for_whom``), or sent nowhere now.
    """
    if for_whom is not None:
        without = [*without, *apart_from(session, for_whom), *held_back(session)]
    theirs = or_(seen_people(actor), person.c.id == actor.id)
    found = _statement(kinds=CALLER_ROLES, words=words, without=without).where(theirs)
    return _candidates(session, found.where(person.c.telegram_id.is_not(None)))


def _statement(*, kinds: Sequence[str], words: str, without: Sequence[int]) -> Select[Any]:
    holders = select(role.c.person_id).where(role.c.kind.in_(kinds), role.c.state == "approved")
    return (
        select(person.c.id, person.c.name, community.c.name.label("community"))
        .outerjoin(community, community.c.id == person.c.community_id)
        .where(person.c.id.in_(holders), person.c.id.not_in(without))
        .where(person.c.name.contains(words.strip(), autoescape=True))
        .order_by(person.c.id.desc())
        .limit(SHOWN_AT_MOST)
    )


def _candidates(session: Session, statement: Select[Any]) -> list[Candidate]:
    return [Candidate(row.id, row.name, row.community) for row in session.all(statement)]
