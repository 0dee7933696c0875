"""The register of rehabilitation stations and rooms: who guides them, how often, what was noted."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.database import Session
from storage.journal import note
from storage.organisations import Organisation, get_organisation
from storage.people import Person
from storage.refusals import AlreadyDone, NotAllowed, TooLate
from storage.rehab.rating import ask_people
from storage.rules.recurring import Pattern, read_pattern
from storage.tables import guidance, organisation, rehab_site

DAY = timedelta(days=1)
LISTED_AT_MOST = 12
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Site:
    """One station or room of the register."""

    organisation_id: int
    name: str
    guided_by: int | None
    guide: str | None
    pattern: Pattern
    next_on: date | None
    version: int


@dataclass(frozen=True, slots=True)
class Guidance:
    """One guidance visit that was made."""

    on: date
    notes: str
    by: int


_guide = organisation.alias("guide")


def _sites() -> Select[Any]:
    return (
        select(rehab_site, organisation.c.name, _guide.c.name.label("guide"))
        .join(organisation, organisation.c.id == rehab_site.c.organisation_id)
        .outerjoin(_guide, _guide.c.id == rehab_site.c.guided_by)
    )


def _site(row: Row[Any]) -> Site:
    return Site(
        organisation_id=row.organisation_id,
        name=row.name,
        guided_by=row.guided_by,
        guide=row.guide,
        pattern=read_pattern(row.pattern),
        next_on=row.next_on,
        version=row.version,
    )


def find_site(session: Session, *, organisation_id: int) -> Site | None:
    """Return the station's entry in the register, or None."""
    row = session.find(_sites().where(rehab_site.c.organisation_id == organisation_id))
    return _site(row) if row is not None else None


def list_overdue(session: Session, *, actor: Person, today: date) -> Sequence[Site]:
    """List the sites whose guidance visit is overdue, of those whom a coordinator sees."""
    rows = session.all(
        _sites()
        .where(rehab_site.c.next_on < today, organisation.c.active)
        .where(organisation.c.path.startswith(actor.scope or "-", autoescape=True))
        .order_by(rehab_site.c.next_on)
        .limit(LISTED_AT_MOST)
    )
    return [_site(row) for row in rows]


def may_guide(session: Session, *, actor: Person, one: Organisation) -> bool:
    """Whether somebody works at the site, above it, or at the institution that guides it."""
    if actor.scope is None:
        return False
    if one.path.startswith(actor.scope):
        return True
    site = find_site(session, organisation_id=one.id)
    return site is not None and site.guided_by == actor.organisation_id is not None


def check_guides(session: Session, *, actor: Person, organisation_id: int) -> Organisation:
    """Return the site to those who may know of it; raises NotAllowed for everybody else."""
    one = get_organisation(session, organisation_id=organisation_id)
    if not may_guide(session, actor=actor, one=one):
        raise NotAllowed
    return one


def register_site(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    organisation_id: int,
    guided_by: int | None,
    pattern: Pattern,
) -> Site:
    """Put a station on the register, or change who guides it and how often."""
    one = get_organisation(session, organisation_id=organisation_id)
    if actor.scope is None or not one.path.startswith(actor.scope):
        raise NotAllowed
    if not one.active or guided_by == one.id:
        raise TooLate
    today = session.house.local(now).date()
    values = {
        "guided_by": guided_by,
        "pattern": str(pattern),
        "next_on": pattern.next_from(today),
    }
    mine = rehab_site.c.organisation_id == organisation_id
    changed = session.change(
        update(rehab_site).where(mine).values(**values, version=rehab_site.c.version + 1)
    )
    if changed == 0:
        row = {"organisation_id": organisation_id, "created_at": now, "version": 1, **values}
        try:
            with session.savepoint():
                session.execute(insert(rehab_site), row)
        except IntegrityError as error:
            raise AlreadyDone from error
    _note(session, now, actor, organisation_id, "site_registered")
    found = find_site(session, organisation_id=organisation_id)
    if found is None:
        raise LookupError(f"no site {organisation_id}")
    return found


def note_guidance(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    organisation_id: int,
    visited_on: date,
    notes: str,
) -> Site:
    """Write down a guidance visit; the next falls due, and the people there are asked gently."""
    one = check_guides(session, actor=actor, organisation_id=organisation_id)
    site = find_site(session, organisation_id=one.id)
    if site is None or visited_on > session.house.local(now).date():
        raise TooLate
    uid = secrets.token_hex(16)
    row = {
        "uid": uid,
        "organisation_id": one.id,
        "visited_on": visited_on,
        "notes": session.vault.seal(notes, place=f"guidance.notes:{uid}"),
        "written_by": actor.id,
        "created_at": now,
    }
    try:
        with session.savepoint():
            session.execute(insert(guidance), row)
    except IntegrityError as error:
        raise AlreadyDone from error
    following = site.pattern.next_from(max(visited_on, site.next_on or visited_on) + DAY)
    session.change(
        update(rehab_site)
        .where(rehab_site.c.organisation_id == one.id, rehab_site.c.version == site.version)
        .values(next_on=following, version=rehab_site.c.version + 1)
    )
    _note(session, now, actor, one.id, "guidance_noted")
    ask_people(session, now=now, organisation_id=one.id, name=one.name, day=visited_on)
    found = find_site(session, organisation_id=one.id)
    return found or site


def list_guidance(session: Session, *, actor: Person, organisation_id: int) -> Sequence[Guidance]:
    """Open the notes of the last guidance visits, to those who guide or run the site."""
    check_guides(session, actor=actor, organisation_id=organisation_id)
    rows = session.all(
        select(guidance)
        .where(guidance.c.organisation_id == organisation_id)
        .order_by(guidance.c.visited_on.desc())
        .limit(SHOWN)
    )
    vault = session.vault
    return [
        Guidance(
            row.visited_on,
            vault.unseal(row.notes, place=f"guidance.notes:{row.uid}"),
            row.written_by,
        )
        for row in rows
    ]


def _note(session: Session, now: datetime, actor: Person, organisation_id: int, what: str) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=actor.id,
        thing="organisation",
        thing_id=organisation_id,
    )
