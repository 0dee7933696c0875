"""The catalogue as the organisations keep it: added, changed, paused, confirmed, ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.database import Session
from storage.journal import note
from storage.organisations import check_reach, get_organisation
from storage.people import Person
from storage.refusals import NotAllowed, Refusal, TooLate
from storage.rules.areas import Category
from storage.rules.providers import provider_of
from storage.tables import community, organisation, service, service_area

CHANGEABLE = ("capacity", "hours", "contact", "text")


class ServiceExists(Refusal):
    """The organisation lists this kind of help already."""

    key = "service_exists"


@dataclass(frozen=True, slots=True)
class Service:
    """One entry of the catalogue, with the names that people know; no communities: everywhere."""

    id: int
    version: int
    organisation_id: int
    organisation: str
    category: Category
    provider: str
    state: str
    communities: Sequence[str]
    capacity: int | None
    hours: str
    contact: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What an organisation says of one kind of help."""

    category: Category
    communities: Sequence[int] = ()
    capacity: int | None = None
    hours: str = ""
    contact: str = ""
    text: str = ""


def add_service(
    session: Session, *, now: datetime, actor: Person, organisation_id: int, entry: Entry
) -> int:
    """List a kind of help that the organisation provides."""
    one = get_organisation(session, organisation_id=organisation_id)
    check_reach(actor, one)
    row = {
        "organisation_id": organisation_id,
        "category": entry.category.value,
        "provider": provider_of(one.kind),
        "capacity": entry.capacity,
        "hours": entry.hours,
        "contact": entry.contact,
        "text": entry.text,
        "state": "active",
        "made_by": actor.id,
        "created_at": now,
        "version": 1,
    }
    try:
        with session.savepoint():
            added = session.add(insert(service).values(row))
    except IntegrityError as error:
        raise ServiceExists(category=entry.category.value) from error
    _write_area(session, added, entry.communities)
    _note(session, now, actor, added, "service_added", entry.category.value)
    return added


def change_service(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    service_id: int,
    version: int,
    field: str,
    value: str | int | Sequence[int] | None,
) -> Service:
    """Say one thing of an entry differently; whoever reads it next sees it."""
    before = get_kept(session, actor=actor, service_id=service_id)
    if field == "area":
        _step(session, before, version, {})
        _write_area(session, service_id, value if isinstance(value, list | tuple) else ())
    elif field in CHANGEABLE:
        _step(session, before, version, {field: value})
    else:
        raise TooLate
    _note(session, now, actor, service_id, "service_changed", field)
    return get_kept(session, actor=actor, service_id=service_id)


def switch_service(
    session: Session, *, now: datetime, actor: Person, service_id: int, version: int, state: str
) -> Service:
    """Pause an entry, take it up again, say as the office that it is right, or end it for good."""
    before = get_kept(session, actor=actor, service_id=service_id)
    allowed = {
        "paused": ("unconfirmed", "active"),
        "active": ("paused", "unconfirmed"),
        "ended": ("unconfirmed", "active", "paused"),
    }
    if before.state not in allowed.get(state, ()):
        raise TooLate
    if before.state == "unconfirmed" and state == "active" and not actor.is_office:
        raise NotAllowed
    values: dict[str, Any] = {"state": state}
    if state == "ended":
        values["ended_at"] = now
    _step(session, before, version, values)
    _note(session, now, actor, service_id, f"service_{state}", before.category.value)
    return read_service(session, service_id=service_id)


def get_kept(session: Session, *, actor: Person, service_id: int) -> Service:
    """Return an entry to whoever keeps it; raises NotAllowed."""
    found = find_service(session, service_id=service_id)
    if found is None:
        raise NotAllowed
    check_reach(actor, get_organisation(session, organisation_id=found.organisation_id))
    if found.state == "ended":
        raise TooLate
    return found


def read_service(session: Session, *, service_id: int) -> Service:
    """Return an entry that is known to exist."""
    found = find_service(session, service_id=service_id)
    if found is None:
        raise LookupError(f"no service {service_id}")
    return found


def find_service(session: Session, *, service_id: int) -> Service | None:
    """Return an entry, ended ones too, or None."""
    found = _read(session, _services().where(service.c.id == service_id))
    return found[0] if found else None


def list_kept(session: Session, *, actor: Person, organisation_id: int) -> list[Service]:
    """Return what an organisation lists, to whoever keeps it."""
    check_reach(actor, get_organisation(session, organisation_id=organisation_id))
    return _read(
        session,
        _services()
        .where(service.c.organisation_id == organisation_id, service.c.state != "ended")
        .order_by(service.c.id),
    )


def list_unconfirmed(session: Session, *, actor: Person, limit: int) -> list[Service]:
    """Return the shipped entries that the office has not looked at yet."""
    if not actor.is_office:
        raise NotAllowed
    return _read(
        session,
        _services().where(service.c.state == "unconfirmed").order_by(service.c.id).limit(limit),
    )


def count_by_category(session: Session) -> dict[Category, int]:
    """Count what may be asked for now, by kind."""
    rows = session.all(
        select(service.c.category, func.count().label("entries"))
        .join(organisation, organisation.c.id == service.c.organisation_id)
        .where(service.c.state.in_(("unconfirmed", "active")), organisation.c.active)
        .group_by(service.c.category)
    )
    return {Category(row.category): int(row.entries) for row in rows}


def list_offered(session: Session, *, category: Category, limit: int) -> list[Service]:
    """Return the entries of a kind that people may ask for."""
    return _read(
        session,
        _services()
        .where(service.c.category == category.value, organisation.c.active)
        .where(service.c.state.in_(("unconfirmed", "active")))
        .order_by(service.c.id)
        .limit(limit),
    )


def _services() -> Select[Any]:
    return select(service, organisation.c.name.label("organisation")).join(
        organisation, organisation.c.id == service.c.organisation_id
    )


def _read(session: Session, wanted: Select[Any]) -> list[Service]:
    """The entries with the communities each is for: two statements, however many there are."""
    rows = session.all(wanted)
    names: dict[int, list[str]] = {row.id: [] for row in rows}
    for one in session.all(
        select(service_area.c.service_id, community.c.name)
        .join(community, community.c.id == service_area.c.community_id)
        .where(service_area.c.service_id.in_(names))
        .order_by(community.c.position, community.c.id)
    ):
        names[one.service_id].append(one.name)
    return [_service(row, names[row.id]) for row in rows]


def _service(row: Row[Any], communities: list[str]) -> Service:
    return Service(
        id=row.id,
        version=row.version,
        organisation_id=row.organisation_id,
        organisation=row.organisation,
        category=Category(row.category),
        provider=row.provider,
        state=row.state,
        communities=communities,
        capacity=row.capacity,
        hours=row.hours,
        contact=row.contact,
        text=row.text,
    )


def _step(session: Session, before: Service, version: int, values: dict[str, Any]) -> None:
    changed = session.change(
        update(service)
        .where(service.c.id == before.id, service.c.version == version)
        .where(service.c.state == before.state)
        .values(version=version + 1, **values)
    )
    if changed != 1:
        raise TooLate


def _write_area(session: Session, service_id: int, communities: Sequence[int]) -> None:
    session.change(delete(service_area).where(service_area.c.service_id == service_id))
    rows = [{"service_id": service_id, "community_id": one} for one in dict.fromkeys(communities)]
    if rows:
        session.execute(insert(service_area), rows)


def _note(
    session: Session, now: datetime, actor: Person, service_id: int, what: str, detail: str
) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=actor.id,
        thing="service",
        thing_id=service_id,
        detail=detail,
    )
