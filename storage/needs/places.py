"""The places of a need that several help with: how many are wanted, found, and still open."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, or_, select

from storage.database import Session
from storage.needs.cards import NeedCard
from storage.refusals import Fact
from storage.rules.lifecycle import NeedState
from storage.rules.places import count_found, count_wanted, state_of
from storage.tables import claim, need, offer, person


@dataclass(frozen=True, slots=True)
class Place:
    """One place: a need of its own, with at most one helper."""

    need_id: int
    number: int
    version: int
    state: NeedState
    helper_id: int | None
    helper: str | None


@dataclass(frozen=True, slots=True)
class Places:
    """All places of a need, the first one first."""

    places: tuple[Place, ...]

    @property
    def is_several(self) -> bool:
        """Whether more than one helper is, or was, wanted."""
        return len(self.places) > 1

    @property
    def state(self) -> NeedState:
        """Where the need stands as a whole."""
        return state_of([one.state for one in self.places])

    @property
    def wanted(self) -> int:
        """How many helpers are wanted."""
        return count_wanted([one.state for one in self.places])

    @property
    def found(self) -> int:
        """How many of them are found."""
        return count_found([one.state for one in self.places])

    @property
    def facts(self) -> dict[str, Fact]:
        """Plain facts for wording; none of a need with one place."""
        if not self.is_several:
            return {}
        helpers = [one.helper for one in self.places if one.helper]
        return {"wanted": self.wanted, "found": self.found, "helpers": helpers}


_live, _helper = claim.alias("live"), person.alias("helper")
_OF_ROOT = (
    select(
        need.c.id,
        need.c.place_number,
        need.c.version,
        need.c.state,
        _live.c.volunteer_id,
        _helper.c.name,
    )
    .outerjoin(_live, (_live.c.need_id == need.c.id) & _live.c.state.in_(("active", "done")))
    .outerjoin(_helper, _helper.c.id == _live.c.volunteer_id)
    .where(or_(need.c.id == bindparam("root"), need.c.parent_id == bindparam("root")))
    .order_by(need.c.id)
)


def list_places(session: Session, *, card: NeedCard) -> Places:
    """Return the places of the need that this card belongs to; one when nobody wanted more."""
    rows = session.execute(_OF_ROOT, {"root": card.root_id})
    return Places(
        tuple(
            Place(
                need_id=row.id,
                number=row.place_number or 1,
                version=row.version,
                state=NeedState(row.state),
                helper_id=row.volunteer_id,
                helper=row.name,
            )
            for row in rows
        )
    )


def of_the_same(card: NeedCard) -> ColumnElement[bool]:
    """Condition over ``tables.need``: the places of the need that this card belongs to."""
    return or_(need.c.id == card.root_id, need.c.parent_id == card.root_id)


def list_waiting_offers(session: Session, *, card: NeedCard) -> list[tuple[int, int]]:
    """Return (offer, need) of what nobody has answered at the other places of this need."""
    rows = session.all(
        select(offer.c.id, offer.c.need_id)
        .join(need, need.c.id == offer.c.need_id)
        .where(of_the_same(card), need.c.id != card.id)
        .where(offer.c.round == need.c.round, offer.c.state == "offered")
        .order_by(offer.c.id)
    )
    return [(row.id, row.need_id) for row in rows]
