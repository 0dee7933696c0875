"""Kinds of need: which are small, and which a volunteer does not want to be asked about."""

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from storage.categories import rule_of
from storage.database import Session
from storage.journal import note
from storage.people import Person
from storage.refusals import AlreadyDone, NotAllowed
from storage.rules.areas import Category, Urgency
from storage.tables import kind_off


def is_small(session: Session, *, category: Category, urgency: Urgency) -> bool:
    """Whether a need of this kind is a small task, unless staff say otherwise."""
    return urgency in (Urgency.U2, Urgency.U3) and rule_of(session, category).small


def switch_kind_off(session: Session, *, now: datetime, person: Person, category: Category) -> None:
    """Not to be asked about this kind any more, from now on."""
    _check(person)
    row = {"person_id": person.id, "category": category.value, "at": now}
    try:
        with session.savepoint():
            session.execute(insert(kind_off), row)
    except IntegrityError as error:
        raise AlreadyDone from error
    _note(session, now, person, category, "kind_off")


def switch_kind_on(session: Session, *, now: datetime, person: Person, category: Category) -> None:
    """To be asked about this kind again."""
    _check(person)
    gone = delete(kind_off).where(
        kind_off.c.person_id == person.id, kind_off.c.category == category.value
    )
    if session.change(gone) == 0:
        raise AlreadyDone
    _note(session, now, person, category, "kind_on")


def list_kinds_off(session: Session, *, person: Person) -> list[Category]:
    """List what somebody is not asked about, the first said first."""
    rows = session.all(
        select(kind_off.c.category)
        .where(kind_off.c.person_id == person.id)
        .order_by(kind_off.c.at, kind_off.c.category)
    )
    return [Category(row.category) for row in rows]


def _check(person: Person) -> None:
    if not person.is_approved("volunteer"):
        raise NotAllowed


def _note(session: Session, now: datetime, person: Person, category: Category, what: str) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=person.id,
        subject_id=person.id,
        detail=category.value,
    )
