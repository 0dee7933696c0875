"""Waiting: while nobody can be written to, an open case climbs on nothing."""

from datetime import datetime

from storage.check_ins.cases import MISSED, Case, change_case, wait_until
from storage.check_ins.day.households import prompt_key
from storage.database import Session
from storage.journal import note
from storage.outages import find_lasting
from storage.outbox.outcomes import sent_at
from storage.rules.ladder import ORDER, Rung


def wait_for_messenger(session: Session, case: Case, *, now: datetime, until: datetime) -> None:
    """Nobody can be written to, or answers are still being read: the case climbs on nothing.

    A call that nobody could be asked for is not asked for later as if it were on time: it goes on
    the list of those on duty.
    """
    lasting = find_lasting(session)
    unasked = case.rung is Rung.CALL and case.last_outcome is None and case.holder_id is None
    is_out = case.asked and sent_at(session, key=prompt_key(session, case)) is not None
    if lasting is None or not unasked or is_out:
        wait_until(session, case, moment=until, asked=case.asked)
        return
    change_case(
        session,
        case,
        {
            "rung": ORDER[Rung.NO_SUPPORT],
            "repeat": 0,
            "last_outcome": MISSED,
            "next_step_at": until,
        },
    )
    note(
        session,
        now=now,
        what="check_in_missed",
        actor_id=None,
        subject_id=case.resident_id,
        thing="check_in",
        thing_id=case.id,
        detail=case.due_at.isoformat(),
    )
