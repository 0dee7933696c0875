"""What waits for the office to be read and answered: complaints, questions, kept answers."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, literal, literal_column, or_, select, true

from storage.people import Person
from storage.rules.answers import GOOD_FOR
from storage.scope import seen_through
from storage.tables import answer, complaint, question


def count_complaints(actor: Person, now: datetime) -> Select[int, Any]:
    """What went wrong and is not dealt with; nothing about the actor, and about staff the office's.

    The first falls due soonest, so what is late stands at its head.
    """
    visible = true() if actor.is_office else seen_through(actor, complaint.c.for_id)
    return select(func.count(), func.min(complaint.c.due_at)).where(
        # Word for word the condition of the index: SQLite takes it for nothing else.
        complaint.c.due_at.is_not(None),
        or_(complaint.c.reported_id.is_(None), complaint.c.reported_id != actor.id),
        complaint.c.reporter_id != actor.id,
        or_(~complaint.c.to_office, literal(actor.is_office)),
        visible,
    )


def count_questions(actor: Person, now: datetime) -> Select[int, Any]:
    """Questions that a person is to answer."""
    return select(func.count(), func.min(question.c.created_at)).where(
        # Word for word the condition of the index: SQLite takes it for nothing else.
        question.c.due_at.is_not(None),
        seen_through(actor, question.c.person_id),
    )


def count_answers(actor: Person, now: datetime) -> Select[int, Any]:
    """Answers that nobody of the office has read against their source for a year."""
    return select(func.count(), func.min(answer.c.reviewed_on)).where(
        # Word for word the condition of the index.
        answer.c.state == literal_column("'kept'"),
        answer.c.reviewed_on < now.date() - GOOD_FOR,
        literal(actor.is_office),
    )
