"""Communities (村/社区): a shipped list that coordinators change in the chat."""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.database import Session
from storage.journal import note
from storage.organisations import plant
from storage.people import Person
from storage.refusals import AlreadyDone, NotAllowed, Refusal
from storage.services import plant_services
from storage.tables import community

# All of them are offered as buttons of one message, which Telegram ends at a hundred.
MOST = 80


@dataclass(frozen=True, slots=True)
class Community:
    """A community; a hidden one is offered to nobody new, those who live there stay."""

    id: int
    name: str
    active: bool


class CommunityExists(Refusal):
    """Another community has this name."""

    key = "community_exists"


class CommunitiesFull(Refusal):
    """There are as many as one message can offer."""

    key = "communities_full"


def seed(session: Session, *, now: datetime) -> int:
    """Fill an empty register with the shipped list, the tree and the catalogue; returns how many
    communities came.
    """
    added = _seed_names(session)
    plant(session, now=now)
    plant_services(session, now=now)
    return added


def _seed_names(session: Session) -> int:
    if session.find(select(community.c.id).limit(1)) is not None:
        return 0
    shipped = files("storage") / "rules" / "data" / "communities.toml"
    names = tomllib.loads(shipped.read_text(encoding="utf-8"))["names"]
    rows = [{"name": name, "position": at, "active": True} for at, name in enumerate(names)]
    session.execute(insert(community), rows)
    return len(rows)


def list_communities(session: Session, *, hidden: bool = False) -> list[Community]:
    """List the communities on offer, with ``hidden`` also those that are not."""
    statement = select(community).order_by(community.c.position, community.c.id)
    if not hidden:
        statement = statement.where(community.c.active)
    return [
        Community(id=row.id, name=row.name, active=row.active) for row in session.all(statement)
    ]


def find_community(session: Session, *, community_id: int) -> Community | None:
    """Return a community, hidden ones too."""
    row = session.find(select(community).where(community.c.id == community_id))
    return Community(id=row.id, name=row.name, active=row.active) if row else None


def get_name(session: Session, *, community_id: int) -> str:
    """Return the community's name; raises LookupError when there is none."""
    found = find_community(session, community_id=community_id)
    if found is None:
        raise LookupError(f"no community {community_id}")
    return found.name


def add_community(session: Session, *, now: datetime, actor: Person, name: str) -> int:
    """Add a community at the end of the list; a hidden one of this name is shown again."""
    _check(actor)
    known = session.find(select(community).where(community.c.name == name))
    if known is not None and not known.active:
        show_community(session, now=now, actor=actor, community_id=known.id)
        return int(known.id)
    _check_room(session)
    last = session.value(select(func.max(community.c.position)))
    row = {"name": name, "position": (last or 0) + 1, "active": True}
    try:
        with session.savepoint():
            added = session.value(insert(community).values(row).returning(community.c.id))
    except IntegrityError as error:
        raise CommunityExists(name=name) from error
    community_id = int(added)
    plant(session, now=now)
    _note(session, now, actor, community_id, "community_added")
    return community_id


def rename_community(
    session: Session, *, now: datetime, actor: Person, community_id: int, name: str
) -> None:
    """Give a community another name."""
    _check(actor)
    try:
        with session.savepoint():
            renamed = session.change(
                update(community).where(community.c.id == community_id).values(name=name)
            )
    except IntegrityError as error:
        raise CommunityExists(name=name) from error
    if renamed == 0:
        raise NotAllowed
    _note(session, now, actor, community_id, "community_renamed")


def hide_community(session: Session, *, now: datetime, actor: Person, community_id: int) -> None:
    """Offer a community to nobody new."""
    _check(actor)
    _switch(session, community_id, active=False)
    _note(session, now, actor, community_id, "community_hidden")


def show_community(session: Session, *, now: datetime, actor: Person, community_id: int) -> None:
    """Offer a hidden community again."""
    _check(actor)
    _check_room(session)
    _switch(session, community_id, active=True)
    _note(session, now, actor, community_id, "community_shown")


def _check(actor: Person) -> None:
    if not actor.is_office:
        raise NotAllowed


def _check_room(session: Session) -> None:
    offered = session.value(select(func.count()).select_from(community).where(community.c.active))
    if offered >= MOST:
        raise CommunitiesFull(most=MOST)


def _switch(session: Session, community_id: int, *, active: bool) -> None:
    switched = session.change(
        update(community)
        .where(community.c.id == community_id, community.c.active.is_(not active))
        .values(active=active)
    )
    if switched == 0:
        raise AlreadyDone


def _note(session: Session, now: datetime, actor: Person, community_id: int, what: str) -> None:
    note(session, now=now, what=what, actor_id=actor.id, thing="community", thing_id=community_id)
