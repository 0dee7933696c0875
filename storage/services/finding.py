"""Who provides a kind of help for a community: allowed to, with room left, the nearest first."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, or_, select

from storage.database import Session
from storage.people import OFFICES, Person
from storage.rules.areas import Category
from storage.rules.licences import LICENCES_FOR, is_fit
from storage.tables import (
    chat,
    licence,
    organisation,
    person,
    referral,
    role,
    service,
    service_area,
)

# An entry works until it is paused or ended, confirmed or not.
OPEN = ("unconfirmed", "active")


@dataclass(frozen=True, slots=True)
class Provider:
    """An entry of the catalogue that could help; ``free`` is None where there is no limit."""

    service_id: int
    organisation_id: int
    organisation: str
    kind: str
    provider: str
    hours: str
    contact: str
    text: str
    confirmed: bool
    # For this community in particular, not the whole subdistrict.
    near: bool
    free: int | None


def find_providers(
    session: Session, *, category: Category, community_id: int | None, now: datetime
) -> list[Provider]:
    """Return who provides this for people of the community and may, with room this week.

    Their own community's first, then those for it by name, then the subdistrict's.
    """
    rows = session.all(
        select(service, organisation.c.name, organisation.c.kind, organisation.c.community_id)
        .join(organisation, organisation.c.id == service.c.organisation_id)
        .where(service.c.category == category.value, service.c.state.in_(OPEN))
        .where(organisation.c.active)
        .order_by(service.c.id)
    )
    areas = _areas(session, [row.id for row in rows])
    taken = _taken(session, [row.id for row in rows], since=_monday(session, now))
    fit = list_fit(
        session,
        organisation_ids={row.organisation_id for row in rows},
        category=category,
        today=session.house.local(now).date(),
    )
    found = []
    for row in rows:
        nearness = _nearness(row, areas.get(row.id, frozenset()), community_id)
        free = None if row.capacity is None else max(0, row.capacity - taken.get(row.id, 0))
        if nearness is not None and free != 0 and row.organisation_id in fit:
            found.append((nearness, row.id, _provider(row, near=nearness < 2, free=free)))
    return [provider for _, _, provider in sorted(found, key=lambda one: one[:2])]


def list_fit(
    session: Session, *, organisation_ids: Set[int], category: Category, today: date
) -> Set[int]:
    """Return those of the organisations that hold what this kind of work asks for, today."""
    if category not in LICENCES_FOR:
        return organisation_ids
    held: dict[int, list[tuple[str, date | None]]] = {one: [] for one in organisation_ids}
    for row in session.all(
        select(licence.c.organisation_id, licence.c.kind, licence.c.expires_on).where(
            licence.c.organisation_id.in_(organisation_ids), licence.c.state == "live"
        )
    ):
        held[row.organisation_id].append((row.kind, row.expires_on))
    return {one for one in organisation_ids if is_fit(category, held[one], today)}


def list_org_staff(
    session: Session, *, organisation_id: int, reachable: bool = False
) -> list[tuple[int, str]]:
    """Return (id, name) of the coordinators who work in an organisation itself.

    Whoever works for the office as such works in 残联. ``reachable``: who can be written to.
    """
    works_there = role.c.organisation_id == organisation_id
    kind = session.value(select(organisation.c.kind).where(organisation.c.id == organisation_id))
    if kind == OFFICES[-1]:
        works_there = or_(works_there, role.c.organisation_id.is_(None))
    statement = (
        select(person.c.id, person.c.name)
        .join(role, and_(role.c.person_id == person.c.id, role.c.kind == "coordinator"))
        .where(role.c.state == "approved", works_there)
        .order_by(person.c.id)
    )
    if reachable:
        gone = exists().where(
            chat.c.id == person.c.telegram_id, or_(chat.c.closed, ~chat.c.reachable)
        )
        statement = statement.where(person.c.telegram_id.is_not(None), ~gone)
    return [(row.id, row.name) for row in session.all(statement)]


def works_at(session: Session, *, person_id: int, organisation_id: int) -> bool:
    """Whether somebody is a coordinator of this very organisation."""
    staff = list_org_staff(session, organisation_id=organisation_id)
    return any(one == person_id for one, _ in staff)


def referral_works_there(actor: Person) -> ColumnElement[bool]:
    """Condition over referrals: those laid before the organisation that the actor works at."""
    if actor.organisation_id is not None:
        return referral.c.organisation_id == actor.organisation_id
    # The office as such works in 残联.
    return referral.c.organisation_id.in_(
        select(organisation.c.id).where(organisation.c.kind == OFFICES[-1])
    )


def _nearness(row: Row[Any], area: frozenset[int], community_id: int | None) -> int | None:
    """0 of the very community, 1 for it by name, 2 for everybody; None for others only."""
    if row.community_id is not None and row.community_id == community_id:
        return 0
    if area:
        return 1 if community_id in area else None
    return 2 if row.community_id is None else None


def _areas(session: Session, service_ids: Sequence[int]) -> Mapping[int, frozenset[int]]:
    rows = session.all(select(service_area).where(service_area.c.service_id.in_(service_ids)))
    areas: dict[int, frozenset[int]] = {}
    for row in rows:
        areas[row.service_id] = areas.get(row.service_id, frozenset()) | {row.community_id}
    return areas


def _taken(session: Session, service_ids: Sequence[int], *, since: datetime) -> dict[int, int]:
    """Count what each was given this week and did not turn down."""
    rows = session.all(
        select(referral.c.service_id, func.count().label("needs"))
        .where(referral.c.service_id.in_(service_ids), referral.c.created_at >= since)
        .where(referral.c.state.not_in(("declined", "withdrawn")))
        .group_by(referral.c.service_id)
    )
    return {row.service_id: int(row.needs) for row in rows}


def _monday(session: Session, now: datetime) -> datetime:
    local = session.house.local(now)
    monday = local.date() - timedelta(days=local.weekday())
    return datetime.combine(monday, time(), tzinfo=session.house.zone)


def _provider(row: Row[Any], *, near: bool, free: int | None) -> Provider:
    return Provider(
        service_id=row.id,
        organisation_id=row.organisation_id,
        organisation=row.name,
        kind=row.kind,
        provider=row.provider,
        hours=row.hours,
        contact=row.contact,
        text=row.text,
        confirmed=row.state == "active",
        near=near,
        free=free,
    )
