"""One volunteer asked: why them, and what their yes means; the facts of the card they get."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, select

from storage.database import Session
from storage.needs.cards import NeedCard
from storage.refusals import Fact
from storage.rules.areas import Mode
from storage.rules.matching import read_parts, why_you
from storage.tables import offer

# Of somebody asked in several rounds the newest counts.
_MINE = (
    select(offer)
    .where(offer.c.need_id == bindparam("need"), offer.c.volunteer_id == bindparam("who"))
    .order_by(offer.c.round.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Asked:
    """An offer as it stands; ``mode``: the first yes has it, or somebody chooses among them."""

    offer_id: int
    volunteer_id: int
    state: str
    round: int
    assigned: bool
    mode: Mode
    reasons: str

    def facts(self, card: NeedCard) -> dict[str, Fact]:
        """What the volunteer may read on the card: the need without names, and why them."""
        why = [part.value for part in why_you(read_parts(self.reasons))]
        return {**card.public_facts, "why": why, "mode": self.mode.value}

    @property
    def is_chosen_among(self) -> bool:
        """Whether a yes only says "I would like to"; who is asked in person simply goes."""
        return self.mode is Mode.CHOSEN and not self.assigned


def as_asked(row: Row[Any]) -> Asked:
    """Read an offer's row."""
    return Asked(
        offer_id=row.id,
        volunteer_id=row.volunteer_id,
        state=row.state,
        round=row.round,
        assigned=row.assigned,
        mode=Mode(row.mode),
        reasons=row.reasons,
    )


def find_asked(session: Session, *, need_id: int, volunteer_id: int) -> Asked | None:
    """Return how a volunteer was asked about a need, the newest time; None when never."""
    row = session.execute(_MINE, {"need": need_id, "who": volunteer_id}).first()
    return as_asked(row) if row is not None else None
