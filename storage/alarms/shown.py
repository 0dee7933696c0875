"""Who was shown an alarm: they may act on it, and whoever is kept apart sees no other."""

from sqlalchemy import ColumnElement, exists, or_, select

from storage.alarms.rows import Alarm
from storage.apart import apart_from, may_they_meet
from storage.database import Session
from storage.people import Person
from storage.rules.access import Relation
from storage.scope import staff_relations
from storage.tables import alarm, journal


def relations_to(session: Session, row: Alarm, *, actor: Person) -> list[Relation]:
    """How somebody stands to an alarm: as staff of the person, or because they were rung for it.

    Rung from farther away, for want of anybody nearer, they are on duty for this one. Whoever is
    kept apart from the person, and was not rung, has nothing to do with it.
    """
    if was_shown(session, row, person_id=actor.id):
        return [Relation.ON_DUTY]
    about = row.person_id
    if about is not None and not may_they_meet(session, helper_id=actor.id, person_id=about):
        return []
    return list(staff_relations(session, actor=actor, person_id=about))


def was_shown(session: Session, row: Alarm, *, person_id: int) -> bool:
    """Whether somebody was shown who it is, and where."""
    shown = select(alarm.c.id).where(alarm.c.id == row.id, shown_to(person_id))
    return session.find(shown) is not None


def may_be_shown(session: Session, actor: Person) -> ColumnElement[bool]:
    """Condition over alarms: of nobody from whom the actor is kept apart, but where they rang."""
    return or_(
        alarm.c.person_id.is_(None),
        alarm.c.person_id.not_in(apart_from(session, actor.id)),
        shown_to(actor.id),
    )


def shown_to(person_id: int) -> ColumnElement[bool]:
    """Condition over alarms: this person was shown who it is."""
    return exists().where(
        journal.c.subject_id == alarm.c.person_id,
        journal.c.actor_id == person_id,
        journal.c.what == "contact_shown",
        journal.c.thing == "alarm",
        journal.c.thing_id == alarm.c.id,
    )
