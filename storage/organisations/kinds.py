"""Kinds of organisations, as the office names them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.database import Session
from storage.journal import note
from storage.organisations.refusals import NameTaken
from storage.people import Person
from storage.refusals import NotAllowed, TooLate
from storage.tables import organisation_kind

# What an added kind may know of the people tied to it: little, until the next release says more.
FIELDS_OF_ADDED = "name,community"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of organisation."""

    key: str
    name: str
    attaches: str | None


def list_kinds(session: Session) -> list[Kind]:
    """List the kinds in their order."""
    rows = session.all(select(organisation_kind).order_by(organisation_kind.c.position))
    return [Kind(row.key, row.name, row.attaches) for row in rows]


def add_kind(session: Session, *, now: datetime, actor: Person, name: str) -> str:
    """Add a kind, whose people are members; returns its key."""
    if not actor.is_office:
        raise NotAllowed
    last = session.value(select(func.max(organisation_kind.c.position))) or 0
    key = f"kind_{last + 1}"
    row = {
        "key": key,
        "name": name,
        "attaches": "member",
        "fields": FIELDS_OF_ADDED,
        "position": last + 1,
    }
    try:
        with session.savepoint():
            session.execute(insert(organisation_kind), row)
    except IntegrityError as error:
        raise NameTaken(name=name) from error
    note(session, now=now, what="kind_added", actor_id=actor.id, detail=key)
    return key


def rename_kind(session: Session, *, now: datetime, actor: Person, key: str, name: str) -> None:
    """Call a kind of organisation by another name."""
    if not actor.is_office:
        raise NotAllowed
    try:
        with session.savepoint():
            changed = session.change(
                update(organisation_kind).where(organisation_kind.c.key == key).values(name=name)
            )
    except IntegrityError as error:
        raise NameTaken(name=name) from error
    if changed == 0:
        raise TooLate
    note(session, now=now, what="kind_renamed", actor_id=actor.id, detail=key)
