"""The places of a need that several help with: how many are wanted, found, and still open."""

from dataclasses import dataclass

from sqlalchemy import or_, select

from storage.database import Session
from storage.needs.cards import NeedCard, list_places_of, read_need
from storage.refusals import Fact
from storage.rules.lifecycle import NeedState
from storage.rules.places import count_found, count_wanted, state_of
from storage.tables import claim, need


@dataclass(frozen=True, slots=True)
class Places:
    """All places of a need, the first one first; each is a need with at most one helper."""

    cards: tuple[NeedCard, ...]

    @property
    def is_several(self) -> bool:
        """Whether more than one helper is, or was, wanted."""
        return len(self.cards) > 1

    @property
    def state(self) -> NeedState:
        """Where the need stands as a whole."""
        return state_of([one.state for one in self.cards])

    @property
    def wanted(self) -> int:
        """How many helpers are wanted."""
        return count_wanted([one.state for one in self.cards])

    @property
    def found(self) -> int:
        """How many of them are found."""
        return count_found([one.state for one in self.cards])

    @property
    def facts(self) -> dict[str, Fact]:
        """Plain facts for those who speak for the resident; none of a need with one place."""
        if not self.is_several:
            return {}
        helpers = [one.claim.volunteer for one in self.cards if one.claim is not None]
        return {"wanted": self.wanted, "found": self.found, "helpers": helpers}


def list_places(session: Session, *, card: NeedCard) -> Places:
    """Return the places of the need that this card belongs to; one when nobody wanted more."""
    return Places(tuple(list_places_of(session, card=card)))


def holds_place(session: Session, *, card: NeedCard, volunteer_id: int) -> bool:
    """Whether somebody has one of the places of this need already."""
    statement = (
        select(claim.c.id)
        .join(need, need.c.id == claim.c.need_id)
        .where(or_(need.c.id == card.root_id, need.c.parent_id == card.root_id))
        .where(claim.c.volunteer_id == volunteer_id, claim.c.state.in_(("active", "done")))
    )
    return session.find(statement) is not None


def lock_places(session: Session, *, card: NeedCard) -> NeedCard:
    """Hold the need, so that whoever wants more places or withdraws it waits; read it anew."""
    session.find(select(need.c.id).where(need.c.id == card.root_id).with_for_update())
    return read_need(session, need_id=card.id)
