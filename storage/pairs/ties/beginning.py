"""What begins with a tie that both agreed on: when the institution is to come next."""

from datetime import datetime

from sqlalchemy import update

from storage.database import Session
from storage.pairs.rows import Pair
from storage.registers import find_born_on
from storage.rules.ages import is_minor
from storage.rules.pairs import Kind
from storage.rules.ties import find_next_on
from storage.tables import tie


def begin_tie(session: Session, one: Pair, *, now: datetime) -> None:
    """Say when an institution is to come first; others are asked from time to time."""
    if one.kind is Kind.REHAB:
        first = find_next_on(session.house.local(now).date(), one.frequency)
        session.change(update(tie).where(tie.c.pair_id == one.id).values(next_on=first))


def is_grown(session: Session, *, now: datetime, person_id: int) -> bool:
    """Whether the register says that somebody is 18; of a pupil without a birthday it does not."""
    born_on = find_born_on(session, person_id=person_id)
    return born_on is not None and not is_minor(born_on, session.house.local(now).date())
