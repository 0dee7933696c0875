"""Ending a pair: each side at any time, and staff who see the household; what was done stays."""

from datetime import datetime

from storage.database import Session
from storage.pairs.rows import Pair, check_staff_of, get_pair, side_of
from storage.pairs.settling import settle
from storage.people import Person
from storage.refusals import TooLate
from storage.rules.pairs import Ending, PairState, Side


def end_pair(session: Session, *, now: datetime, actor: Person, pair_id: int, version: int) -> Pair:
    """End an agreed pair, by one of the two, a guardian or staff; no reason is asked for."""
    one = get_pair(session, pair_id=pair_id, hold=True)
    found = side_of(session, one, actor)
    if found is None:
        check_staff_of(session, one, actor)
        ending = Ending.STAFF_ENDED
    elif found[0] is Side.RESIDENT:
        ending = Ending.RESIDENT_ENDED
    else:
        ending = Ending.HELPER_ENDED
    if one.state is PairState.PROPOSED or not one.is_live or one.version != version:
        raise TooLate
    return settle(session, one, now=now, ending=ending, by=actor.id)
