"""Which communities lie side by side, as the office says; and which are below the same office."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, union
from sqlalchemy.exc import IntegrityError

from storage.database import Session
from storage.journal import note
from storage.people import Person
from storage.refusals import NotAllowed
from storage.tables import community, neighbour, organisation

# Written once: they are asked with every need.
_BESIDE = union(
    select(neighbour.c.other_id).where(neighbour.c.community_id == bindparam("one")),
    select(neighbour.c.community_id).where(neighbour.c.other_id == bindparam("one")),
)
_own = organisation.alias("own")
_BELOW_THE_SAME = (
    select(organisation.c.community_id)
    .join(_own, _own.c.parent_id == organisation.c.parent_id)
    .where(_own.c.community_id == bindparam("one"), organisation.c.community_id.is_not(None))
)


@dataclass(frozen=True, slots=True)
class Near:
    """The communities beside one, and those below the same organisation."""

    neighbours: frozenset[int] = frozenset()
    siblings: frozenset[int] = frozenset()


def list_near(session: Session, *, community_id: int | None) -> Near:
    """Return what lies near a community; where the office named no neighbours, only siblings."""
    if community_id is None:
        return Near()
    here = {"one": community_id}
    beside = frozenset(session.execute(_BESIDE, here).scalars())
    same = frozenset(session.execute(_BELOW_THE_SAME, here).scalars())
    return Near(beside, same - {community_id})


def set_neighbour(
    session: Session, *, now: datetime, actor: Person, one: int, other: int, beside: bool
) -> bool:
    """Say that two communities lie side by side, or do not; returns whether that is new."""
    if not actor.is_office or one == other:
        raise NotAllowed
    for place in (one, other):
        if session.find(select(community.c.id).where(community.c.id == place)) is None:
            raise NotAllowed
    low, high = sorted((one, other))
    changed = _add(session, low, high) if beside else _remove(session, low, high)
    if changed:
        note(
            session,
            now=now,
            what="neighbour_set" if beside else "neighbour_unset",
            actor_id=actor.id,
            thing="community",
            thing_id=low,
            detail=str(high),
        )
    return changed


def _add(session: Session, low: int, high: int) -> bool:
    try:
        with session.savepoint():
            session.execute(insert(neighbour), {"community_id": low, "other_id": high})
    except IntegrityError:
        return False
    return True


def _remove(session: Session, low: int, high: int) -> bool:
    gone = delete(neighbour).where(neighbour.c.community_id == low, neighbour.c.other_id == high)
    return session.change(gone) == 1
