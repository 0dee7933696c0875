"""What a tie has beside its pair: what is given back, who leads, who brought the two together."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from storage.database import Session
from storage.pairs.rows import Pair
from storage.refusals import Fact
from storage.tables import organisation, person, tie


@dataclass(frozen=True, slots=True)
class Tie:
    """One tie's own facts."""

    pair_id: int
    uid: str
    gives_back: str | None = None
    bars: tuple[str, ...] = ()
    leader_id: int | None = None
    leader: str | None = None
    organiser_id: int | None = None
    organiser: str | None = None
    next_on: date | None = None


def find_tie(session: Session, *, pair_id: int) -> Tie | None:
    """Return what a pair has as a tie; None for a neighbour."""
    row = session.find(
        select(tie, person.c.name.label("leader"), organisation.c.name.label("organiser"))
        .outerjoin(person, person.c.id == tie.c.leader_id)
        .outerjoin(organisation, organisation.c.id == tie.c.organiser_id)
        .where(tie.c.pair_id == pair_id)
    )
    if row is None:
        return None
    back = row.gives_back
    return Tie(
        pair_id=row.pair_id,
        uid=row.uid,
        gives_back=session.vault.unseal(back, place=f"tie.gives_back:{row.uid}") or None
        if back
        else None,
        bars=tuple(one for one in row.bars.split(",") if one),
        leader_id=row.leader_id,
        leader=row.leader,
        organiser_id=row.organiser_id,
        organiser=row.organiser,
        next_on=row.next_on,
    )


def tie_facts(session: Session, one: Pair) -> dict[str, Fact]:
    """What both sides may know of a tie; never a grade, a category or an override."""
    found = find_tie(session, pair_id=one.id)
    return {
        "gives_back": found.gives_back if found else None,
        "leader": found.leader if found else None,
        "organiser": found.organiser if found else None,
        "next_on": found.next_on.isoformat() if found and found.next_on else None,
    }
