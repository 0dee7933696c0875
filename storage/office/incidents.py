"""Incidents on the office's list: shown with what should have arrived, and said to be done."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select, update

from storage.choices import Button
from storage.database import Session
from storage.incidents import SET_ASIDE, UNDELIVERED
from storage.journal import note
from storage.looks import check_look
from storage.people import ContactData, Person, open_contact
from storage.refusals import AlreadyDone, Fact, NotAllowed
from storage.scope import seen_through
from storage.tables import incident, outbox, person

KINDS = (UNDELIVERED, SET_ASIDE)
# Messages that show a helper somebody else's phone or address are not shown again here.
CONFIDENTIAL = ("claim_contact", "check_in_", "alarm_", "plan_")


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident; ``lost`` is the message that did not arrive, while it is kept."""

    id: int
    kind: str
    name: str | None
    at: datetime
    number: int
    version: int
    lost: tuple[str, dict[str, Fact]] | None

    @property
    def card(self) -> str:
        """The card of its message."""
        return f"incident:{self.id}"

    @property
    def buttons(self) -> list[list[Button]]:
        """What can be done with it."""
        data = f"{self.id}:{self.version}"
        lines = [[Button("incident.done", f"incident:done:{data}")]]
        if self.name is not None:
            lines.insert(0, [Button("incident.phone", f"incident:phone:{data}")])
        return lines


def incident_seen(actor: Person) -> ColumnElement[bool]:
    """Whether an incident is the actor's to see: a stranger's is the office's."""
    seen = seen_through(actor, incident.c.person_id)
    return or_(incident.c.person_id.is_(None), seen) if actor.is_office else seen


def list_incidents(session: Session, *, actor: Person, kind: str, limit: int) -> list[Incident]:
    """List what is not done, the oldest first."""
    _check(actor)
    rows = session.all(
        _all()
        .where(incident.c.kind == kind, incident.c.done_at.is_(None), incident_seen(actor))
        .order_by(incident.c.id)
        .limit(limit)
    )
    return [_incident(session, row) for row in rows]


def open_incident(
    session: Session, *, now: datetime, actor: Person, incident_id: int
) -> ContactData:
    """Open the phone of whom it is about, for the call; the look is journalled."""
    row = _get(session, actor, incident_id)
    if row.person_id is None or row.done_at is not None:
        raise NotAllowed
    check_look(session, now=now, actor=actor, person_id=row.person_id)
    note(
        session,
        now=now,
        what="contact_seen",
        actor_id=actor.id,
        subject_id=row.person_id,
        thing="incident",
        thing_id=incident_id,
        ground=row.kind,
    )
    return open_contact(session, person_id=row.person_id)


def finish_incident(session: Session, *, now: datetime, actor: Person, incident_id: int) -> None:
    """Say that the person was told, or the update looked at: it leaves the list."""
    row = _get(session, actor, incident_id)
    done = session.change(
        update(incident)
        .where(incident.c.id == incident_id, incident.c.done_at.is_(None))
        .values(done_by=actor.id, done_at=now, version=incident.c.version + 1)
    )
    if done == 0:
        raise AlreadyDone
    note(
        session,
        now=now,
        what="incident_done",
        actor_id=actor.id,
        subject_id=row.person_id,
        thing="incident",
        thing_id=incident_id,
        detail=row.kind,
    )


def _check(actor: Person) -> None:
    if not actor.is_approved("coordinator"):
        raise NotAllowed


def _get(session: Session, actor: Person, incident_id: int) -> Row[Any]:
    _check(actor)
    row = session.find(_all().where(incident.c.id == incident_id, incident_seen(actor)))
    if row is None:
        raise NotAllowed
    return row


def _all() -> Any:
    return select(incident, person.c.name).outerjoin(person, person.c.id == incident.c.person_id)


def _incident(session: Session, row: Row[Any]) -> Incident:
    lost = _lost(session, row.thing_id) if row.kind == UNDELIVERED else None
    return Incident(row.id, row.kind, row.name, row.at, row.thing_id, row.version, lost)


def _lost(session: Session, parcel_id: int) -> tuple[str, dict[str, Fact]] | None:
    """The message as it was to be said; wiped a day after its end, as every message is."""
    row = session.find(
        select(outbox.c.key, outbox.c.template, outbox.c.facts).where(outbox.c.id == parcel_id)
    )
    if row is None or row.facts is None or row.template.startswith(CONFIDENTIAL):
        return None
    return row.template, json.loads(session.vault.unseal(row.facts, place=f"outbox:{row.key}"))
