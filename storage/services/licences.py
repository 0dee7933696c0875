"""What an organisation is allowed to do, as the office has seen it in writing (定点, 资质)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.database import Session
from storage.journal import note
from storage.organisations import get_organisation
from storage.people import Person
from storage.refusals import AlreadyDone, NotAllowed, TooLate
from storage.rules.licences import Licence
from storage.tables import licence


@dataclass(frozen=True, slots=True)
class HeldLicence:
    """A licence with its last day, if it has one, and whether it still holds today."""

    id: int
    version: int
    organisation_id: int
    kind: Licence
    expires_on: date | None
    holds: bool


def list_licences(session: Session, *, now: datetime, organisation_id: int) -> list[HeldLicence]:
    """Return what an organisation holds, also what has run out."""
    today = session.house.local(now).date()
    rows = session.all(
        select(licence)
        .where(licence.c.organisation_id == organisation_id, licence.c.state == "live")
        .order_by(licence.c.id)
    )
    return [
        HeldLicence(
            id=row.id,
            version=row.version,
            organisation_id=row.organisation_id,
            kind=Licence(row.kind),
            expires_on=row.expires_on,
            holds=row.expires_on is None or row.expires_on >= today,
        )
        for row in rows
    ]


def add_licence(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    organisation_id: int,
    kind: Licence,
    expires_on: date | None,
) -> int:
    """The office notes what it has seen; one of a kind at a time."""
    if not actor.is_office:
        raise NotAllowed
    get_organisation(session, organisation_id=organisation_id)
    row = {
        "organisation_id": organisation_id,
        "kind": kind.value,
        "expires_on": expires_on,
        "state": "live",
        "made_by": actor.id,
        "created_at": now,
        "version": 1,
    }
    try:
        with session.savepoint():
            added = session.add(insert(licence).values(row))
    except IntegrityError as error:
        raise AlreadyDone from error
    _note(session, now, actor, organisation_id, "licence_added", kind.value)
    return added


def end_licence(
    session: Session, *, now: datetime, actor: Person, licence_id: int, version: int
) -> int:
    """The office takes a licence off; returns whose it was."""
    if not actor.is_office:
        raise NotAllowed
    row = session.find(select(licence).where(licence.c.id == licence_id))
    if row is None:
        raise NotAllowed
    changed = session.change(
        update(licence)
        .where(licence.c.id == licence_id, licence.c.version == version)
        .where(licence.c.state == "live")
        .values(state="ended", version=version + 1)
    )
    if changed != 1:
        raise TooLate
    _note(session, now, actor, row.organisation_id, "licence_ended", row.kind)
    return int(row.organisation_id)


def _note(
    session: Session,
    now: datetime,
    actor: Person,
    organisation_id: int,
    what: str,
    detail: str,
) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=actor.id,
        thing="organisation",
        thing_id=organisation_id,
        detail=detail,
    )
