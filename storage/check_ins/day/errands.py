"""Errands: what somebody asked for on a call that went well becomes a need of its own."""

from datetime import datetime

from storage.check_ins.day.notes import get_reported, open_own_note
from storage.check_ins.needing import open_need_of
from storage.database import Session
from storage.refusals import TooLate
from storage.rules.call_form import Asked


def state_errand(session: Session, *, now: datetime, actor_id: int, check_in_id: int) -> int:
    """Open the need in the words of the form; pressed twice it is one."""
    words = open_own_note(session, actor_id=actor_id, check_in_id=check_in_id).get(Asked.ERRAND)
    if not isinstance(words, str) or not words:
        raise TooLate
    case = get_reported(session, check_in_id=check_in_id, actor_id=actor_id)
    return open_need_of(session, case, now=now, stated_by=actor_id, words=words, urgent=False)
