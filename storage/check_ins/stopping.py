"""Stopping: staff know where the person is; and going on, when that was a slip."""

from datetime import datetime

from sqlalchemy import update

from storage.check_ins.cases import AWAY, close_case, get_case_for
from storage.check_ins.facts import name_of
from storage.check_ins.holding import CheckInOver
from storage.check_ins.news import list_contacted, tell_over
from storage.check_ins.together import reopen_earlier
from storage.database import Session
from storage.journal import note
from storage.refusals import TooLate
from storage.rules.access import Act
from storage.tables import check_in


def stop_check_in(session: Session, *, now: datetime, actor_id: int, check_in_id: int) -> str:
    """End an open case because staff say where the person is; returns the person's name.

    Who was asked is told, so that nobody goes to an empty home.
    """
    case = get_case_for(session, check_in_id=check_in_id, actor_id=actor_id, act=Act.CLOSE_CHECK_IN)
    name = name_of(session, case.resident_id) or ""
    if not case.is_open:
        ended_by = name_of(session, case.ended_by)
        raise CheckInOver(name=name, ending=case.ending, ended_by=ended_by)
    contacted = list_contacted(session, case, now=now)
    closed = close_case(session, case, now=now, ending=AWAY, ended_by=actor_id)
    tell_over(session, closed, now=now, actor_id=actor_id, contacted=contacted, held=case)
    note(
        session,
        now=now,
        what="check_in_stopped",
        actor_id=actor_id,
        subject_id=case.resident_id,
        thing="check_in",
        thing_id=case.id,
        ground=case.rung.value,
    )
    return name


def reopen_check_in(session: Session, *, now: datetime, actor_id: int, check_in_id: int) -> None:
    """An outcome was written down by a slip: the case goes on from the rung where it stood.

    Only by whoever ended it; false comfort is worse than one call too many.
    """
    case = get_case_for(session, check_in_id=check_in_id, actor_id=actor_id, act=Act.CLOSE_CHECK_IN)
    if case.is_open:
        return
    reopen_earlier(session, case, now=now, actor_id=actor_id)
    reopened = session.change(
        update(check_in)
        .where(check_in.c.id == case.id, check_in.c.version == case.version)
        .where(check_in.c.state == "closed", check_in.c.ended_by == actor_id)
        .values(
            state="open",
            repeat=0,
            next_step_at=now,
            # What was written down by a slip is not what came back.
            last_outcome=None,
            ending=None,
            found=None,
            handed_to=None,
            ended_by=None,
            closed_at=None,
            version=case.version + 1,
        )
    )
    if reopened != 1:
        raise TooLate
    note(
        session,
        now=now,
        what="check_in_reopened",
        actor_id=actor_id,
        subject_id=case.resident_id,
        thing="check_in",
        thing_id=case.id,
        ground=case.rung.value,
    )
