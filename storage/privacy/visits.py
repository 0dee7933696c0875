"""What was said and written around visits, for the copy of the one it is about or who wrote it."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, or_, select

from storage.database import Session
from storage.privacy.lines import Line
from storage.privacy.unsealing import opened
from storage.tables import call_back, claim, need, reopening, visit_word


def visits(session: Session, *, person_id: int) -> Iterator[Line]:
    """Remarks and reflections, what came of it, why it was opened again, and call-backs."""
    rows = session.all(
        select(visit_word)
        .join(claim, claim.c.id == visit_word.c.claim_id)
        .join(need, need.c.id == claim.c.need_id)
        .where(visit_word.c.words.is_not(None))
        .where(is_of(person_id))
        .order_by(visit_word.c.id)
    )
    for row in rows:
        yield Line("at", row.written_at)
        yield Line(row.kind, opened(session, visit_word.name, "words", row))
    yield from _judged(session, person_id)
    yield from _called_back(session, person_id)


def is_of(person_id: int) -> ColumnElement[bool]:
    """Condition over words of visits and their needs: who wrote them, and whom they are about.

    A reflection is its writer's alone.
    """
    about = and_(need.c.resident_id == person_id, visit_word.c.kind != "reflection")
    return or_(visit_word.c.written_by == person_id, about)


def _judged(session: Session, person_id: int) -> Iterator[Line]:
    mine = need.c.resident_id == person_id
    rows = session.all(
        select(claim.c.done_at, claim.c.outcome, claim.c.rating)
        .join(need, need.c.id == claim.c.need_id)
        .where(mine, claim.c.outcome.is_not(None))
        .order_by(claim.c.id)
    )
    for row in rows:
        yield Line("at", row.done_at)
        yield Line("outcome", row.outcome, "outcome")
        if row.rating is not None:
            yield Line("rating", str(row.rating), "satisfied")
    again = select(reopening).join(need, need.c.id == reopening.c.need_id).where(mine)
    for row in session.all(again.order_by(reopening.c.id)):
        yield Line("at", row.reopened_at)
        yield Line("why", row.reason, "outcome_reason")
        yield Line("words", opened(session, reopening.name, "words", row))


def _called_back(session: Session, person_id: int) -> Iterator[Line]:
    mine = call_back.c.resident_id == person_id
    for row in session.all(select(call_back).where(mine).order_by(call_back.c.id)):
        if row.done_at is not None and row.outcome is not None:
            yield Line("at", row.done_at)
            yield Line("outcome", row.outcome, "outcome")
            if row.satisfied is not None:
                yield Line("rating", str(row.satisfied), "satisfied")
            yield Line("words", opened(session, call_back.name, "words", row))
