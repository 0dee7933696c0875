"""Somebody is gone from the programme: their pairs end before their name is taken."""

from datetime import datetime

from sqlalchemy import or_, select

from storage.database import Session
from storage.pairs.checking import find_why_over
from storage.pairs.rows import get_pair
from storage.pairs.settling import settle
from storage.tables import pair


def part_pairs(session: Session, *, now: datetime, person_id: int) -> None:
    """End each pair of somebody that cannot stand any more, as the registers are now."""
    theirs = select(pair.c.id).where(
        or_(pair.c.resident_id == person_id, pair.c.helper_id == person_id),
        pair.c.state != "ended",
    )
    for pair_id in list(session.execute(theirs.order_by(pair.c.id)).scalars()):
        one = get_pair(session, pair_id=pair_id, hold=True)
        why = find_why_over(session, one)
        if one.is_live and why is not None:
            settle(session, one, now=now, ending=why, by=None)
