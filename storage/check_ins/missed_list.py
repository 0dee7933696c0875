"""The calls not made in time, as those on duty work through them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, update

from storage.check_ins.missed import AT_ONCE, NAMES_AT_MOST, facts_of, list_buttons, missed_calls
from storage.database import Session
from storage.journal import note
from storage.outbox import Button
from storage.people import Person
from storage.refusals import Fact, NotAllowed
from storage.rules.ladder import ORDER, Rung
from storage.scope import seen_through
from storage.tables import check_in


def show_missed(
    session: Session, *, actor: Person, after: int
) -> tuple[dict[str, Fact], list[list[Button]]]:
    """Return the calls not made in time and in nobody's hand, from after that one on.

    Raises NotAllowed.
    """
    rows = _theirs(session, actor)
    ids = [row.id for row in rows]
    rest = rows[ids.index(after) + 1 :] if after in ids else rows
    shown = rest[:NAMES_AT_MOST]
    return facts_of(rest), list_buttons(shown, bumped=0, more=len(rest) > len(shown))


def ask_usual_callers(session: Session, *, now: datetime, actor: Person) -> int:
    """Ask those who usually call after all, late as it is; returns how many calls."""
    rows = _theirs(session, actor)
    for row in rows:
        session.change(
            update(check_in)
            .where(check_in.c.id == row.id, check_in.c.version == row.version)
            .values(
                rung=ORDER[Rung.CALL],
                repeat=0,
                last_outcome=None,
                next_step_at=now,
                version=row.version + 1,
            )
        )
        note(
            session,
            now=now,
            what="check_in_missed_asked",
            actor_id=actor.id,
            subject_id=row.resident_id,
            thing="check_in",
            thing_id=row.id,
        )
    return len(rows)


def _theirs(session: Session, actor: Person) -> Sequence[Row[Any]]:
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    return session.all(
        missed_calls().where(seen_through(actor, check_in.c.resident_id)).limit(AT_ONCE)
    )
