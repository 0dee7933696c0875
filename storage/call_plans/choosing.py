"""Choosing people for a plan: residents to phone, and those who may phone them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from storage.database import Session
from storage.tables import community, person, role

CALLER_ROLES = ("volunteer", "coordinator")
SHOWN_AT_MOST = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody to choose, told apart from a namesake by the community."""

    id: int
    name: str
    community: str | None


def search_residents(session: Session, *, words: str = "") -> list[Candidate]:
    """Return approved residents whose name holds the words, the newest first."""
    return _search(session, kinds=("resident",), words=words, without=())


def search_callers(
    session: Session, *, words: str = "", without: Sequence[int] = ()
) -> list[Candidate]:
    """Return approved volunteers and coordinators who use the chat, without those named."""
    return _search(session, kinds=CALLER_ROLES, words=words, without=without, in_chat=True)


def _search(
    session: Session,
    *,
    kinds: Sequence[str],
    words: str,
    without: Sequence[int],
    in_chat: bool = False,
) -> list[Candidate]:
    holders = select(role.c.person_id).where(role.c.kind.in_(kinds), role.c.state == "approved")
    statement = (
        select(person.c.id, person.c.name, community.c.name.label("community"))
        .outerjoin(community, community.c.id == person.c.community_id)
        .where(person.c.id.in_(holders), person.c.id.not_in(without))
        .where(person.c.name.contains(words.strip(), autoescape=True))
        .order_by(person.c.id.desc())
        .limit(SHOWN_AT_MOST)
    )
    if in_chat:
        statement = statement.where(person.c.telegram_id.is_not(None))
    return [Candidate(row.id, row.name, row.community) for row in session.all(statement)]
