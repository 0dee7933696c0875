"""One person's cases together: who was reached at a later call was well at the earlier one too."""

from datetime import datetime

from sqlalchemy import select, true, update

from storage.check_ins.cases import Case, close_case, get_case
from storage.check_ins.news import list_contacted, tell_over
from storage.database import Session
from storage.journal import note
from storage.rules.ladder import Outcome
from storage.tables import check_in


def end_earlier(session: Session, case: Case, *, now: datetime, actor_id: int) -> None:
    """End the person's open cases that were due before the one that just ended well.

    A visit after something grave is ended by nobody on a telephone: they have to be seen.
    """
    rows = session.all(
        select(check_in.c.id)
        .where(check_in.c.resident_id == case.resident_id, check_in.c.state == "open")
        .where(check_in.c.due_at <= case.due_at)
        .where(true() if case.ending == Outcome.SEEN else check_in.c.kind != "change")
        .order_by(check_in.c.due_at, check_in.c.id)
    )
    for row in rows:
        before = get_case(session, check_in_id=row.id)
        contacted = list_contacted(session, before, now=now)
        ending = case.ending or Outcome.SPOKE_FINE.value
        closed = close_case(session, before, now=now, ending=ending, ended_by=actor_id)
        _note(session, closed, now=now, actor_id=actor_id, what="check_in_ended", ground=ending)
        tell_over(
            session,
            closed,
            now=now,
            actor_id=actor_id,
            contacted=contacted,
            held=before,
            resident=False,
        )


def list_ended_with(session: Session, case: Case) -> list[int]:
    """Return the person's earlier cases that ended at the same stroke as this one."""
    rows = session.all(
        select(check_in.c.id)
        .where(check_in.c.resident_id == case.resident_id, check_in.c.id != case.id)
        .where(check_in.c.state == "closed", check_in.c.closed_at == case.closed_at)
        .where(check_in.c.ended_by == case.ended_by, check_in.c.ending == case.ending)
        .where(check_in.c.due_at <= case.due_at)
        .order_by(check_in.c.id)
    )
    return [row.id for row in rows]


def reopen_earlier(session: Session, case: Case, *, now: datetime, actor_id: int) -> None:
    """The ending was a slip: what ended with it goes on from its rung, each as it stood."""
    for one in list_ended_with(session, case):
        reopened = session.change(
            update(check_in)
            .where(check_in.c.id == one, check_in.c.state == "closed")
            .where(check_in.c.ended_by == actor_id)
            .values(
                state="open",
                repeat=0,
                next_step_at=now,
                ending=None,
                ended_by=None,
                closed_at=None,
                version=check_in.c.version + 1,
            )
        )
        if reopened:
            again = get_case(session, check_in_id=one)
            what = "check_in_reopened"
            _note(session, again, now=now, actor_id=actor_id, what=what, ground=again.rung.value)


def _note(
    session: Session, case: Case, *, now: datetime, actor_id: int, what: str, ground: str
) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=actor_id,
        subject_id=case.resident_id,
        thing="check_in",
        thing_id=case.id,
        ground=ground,
    )
