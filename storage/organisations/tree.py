"""The tree as the office changes it: added, renamed, moved, hidden; each change journalled."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select, update
from sqlalchemy.exc import IntegrityError

from storage.database import Session
from storage.journal import note
from storage.organisations.kinds import list_kinds
from storage.organisations.planting import OFFICE, VILLAGE, add_node
from storage.organisations.refusals import NameTaken
from storage.people import Person
from storage.refusals import AlreadyDone, NotAllowed, TooLate
from storage.tables import need, organisation, organisation_kind, person, referral

# The office itself, and what is above it, hold the tree together: they cannot be hidden or moved.
PILLARS = ("county_committee", "subdistrict", "dpf_office")
DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Organisation:
    """One organisation, with the names of its kind and its contact person."""

    id: int
    parent_id: int | None
    kind: str
    kind_name: str
    attaches: str | None
    name: str
    path: str
    community_id: int | None
    contact_id: int | None
    contact: str | None
    active: bool
    version: int

    @property
    def is_pillar(self) -> bool:
        """Whether the tree stands on it."""
        return self.kind in PILLARS


def get_organisation(session: Session, *, organisation_id: int) -> Organisation:
    """Return the organisation; one that does not exist is answered like one out of reach."""
    found = find_organisation(session, organisation_id=organisation_id)
    if found is None:
        raise NotAllowed
    return found


def find_organisation(session: Session, *, organisation_id: int) -> Organisation | None:
    """Return the organisation, hidden ones too, or None."""
    row = session.find(_organisations().where(organisation.c.id == organisation_id))
    return _organisation(row) if row else None


def find_office(session: Session) -> Organisation:
    """Return the programme's office (街道残联), where whoever works for the office works."""
    row = session.find(
        _organisations().where(organisation.c.kind == OFFICE).order_by(organisation.c.id).limit(1)
    )
    if row is None:
        raise NotAllowed
    return _organisation(row)


def find_by_name(session: Session, *, name: str) -> Organisation | None:
    """Return the active organisation of this name, or whose community has it; None when unsure."""
    names = (name, f"{name}残协")
    found = _organisations().where(organisation.c.name.in_(names), organisation.c.active)
    rows = session.all(found.limit(2))
    return _organisation(rows[0]) if len(rows) == 1 else None


def list_below(
    session: Session, *, parent_id: int | None, hidden: bool = True
) -> list[Organisation]:
    """List what hangs directly below an organisation; the roots for None."""
    below = _organisations().where(organisation.c.parent_id == parent_id)
    if parent_id is None:
        below = _organisations().where(organisation.c.parent_id.is_(None))
    if not hidden:
        below = below.where(organisation.c.active)
    ordered = below.order_by(organisation_kind.c.position, organisation.c.id)
    return [_organisation(row) for row in session.all(ordered)]


def add_organisation(
    session: Session, *, now: datetime, actor: Person, parent_id: int, kind: str, name: str
) -> int:
    """Hang a new organisation below another; a village's comes with its community instead."""
    check_reach(actor, get_organisation(session, organisation_id=parent_id))
    known = {one.key for one in list_kinds(session)}
    if kind not in known or kind in PILLARS or kind == VILLAGE:
        raise TooLate
    try:
        with session.savepoint():
            added = add_node(session, now=now, kind=kind, name=name, parent_id=parent_id)
    except IntegrityError as error:
        raise NameTaken(name=name) from error
    _note(session, now, actor, added, "organisation_added")
    return added


def rename_organisation(
    session: Session, *, now: datetime, actor: Person, organisation_id: int, name: str
) -> None:
    """Give an organisation another name."""
    check_reach(actor, get_organisation(session, organisation_id=organisation_id))
    try:
        with session.savepoint():
            _change(session, organisation_id, {"name": name})
    except IntegrityError as error:
        raise NameTaken(name=name) from error
    _note(session, now, actor, organisation_id, "organisation_renamed")


def hide_organisation(
    session: Session, *, now: datetime, actor: Person, organisation_id: int
) -> None:
    """Offer an organisation for nothing new; what it did stays on record.

    What was referred to it and is not done goes back to the desk with its next step, at once.
    """
    _switch(session, now=now, actor=actor, organisation_id=organisation_id, active=False)
    open_there = select(referral.c.need_id).where(
        referral.c.organisation_id == organisation_id, referral.c.ended_at.is_(None)
    )
    session.change(
        update(need)
        .where(need.c.id.in_(open_there), need.c.state == "referred")
        .values(next_step_at=now)
    )


def show_organisation(
    session: Session, *, now: datetime, actor: Person, organisation_id: int
) -> None:
    """Offer a hidden organisation again."""
    _switch(session, now=now, actor=actor, organisation_id=organisation_id, active=True)


def move_organisation(
    session: Session, *, now: datetime, actor: Person, organisation_id: int, parent_id: int
) -> None:
    """Hang an organisation, with all that is below it, below another; never below itself."""
    one = get_organisation(session, organisation_id=organisation_id)
    there = get_organisation(session, organisation_id=parent_id)
    check_reach(actor, one)
    check_reach(actor, there)
    if one.is_pillar or there.path.startswith(one.path) or there.path.count("/") > DEEPEST:
        raise TooLate
    if one.parent_id == parent_id:
        raise AlreadyDone
    path = f"{there.path}{one.id}/"
    try:
        with session.savepoint():
            _change(session, one.id, {"parent_id": parent_id})
    except IntegrityError as error:
        raise NameTaken(name=one.name) from error
    session.change(
        update(organisation)
        .where(organisation.c.path.startswith(one.path, autoescape=True))
        .values(path=path + func.substr(organisation.c.path, len(one.path) + 1))
    )
    _note(session, now, actor, one.id, "organisation_moved")


def check_reach(actor: Person, one: Organisation) -> None:
    """Raise NotAllowed unless the actor works there or above."""
    if actor.scope is None or not one.path.startswith(actor.scope):
        raise NotAllowed


def _switch(
    session: Session, *, now: datetime, actor: Person, organisation_id: int, active: bool
) -> None:
    one = get_organisation(session, organisation_id=organisation_id)
    check_reach(actor, one)
    if one.is_pillar:
        raise TooLate
    if one.active is active:
        raise AlreadyDone
    _change(session, organisation_id, {"active": active})
    what = "organisation_shown" if active else "organisation_hidden"
    _note(session, now, actor, organisation_id, what)


def _change(session: Session, organisation_id: int, values: dict[str, object]) -> None:
    session.change(
        update(organisation)
        .where(organisation.c.id == organisation_id)
        .values(**values, version=organisation.c.version + 1)
    )


def _organisations() -> Select[Any]:
    return (
        select(
            organisation,
            organisation_kind.c.name.label("kind_name"),
            organisation_kind.c.attaches,
            person.c.name.label("contact"),
        )
        .join(organisation_kind, organisation_kind.c.key == organisation.c.kind)
        .outerjoin(person, person.c.id == organisation.c.contact_id)
    )


def _organisation(row: Row[Any]) -> Organisation:
    return Organisation(
        id=row.id,
        parent_id=row.parent_id,
        kind=row.kind,
        kind_name=row.kind_name,
        attaches=row.attaches,
        name=row.name,
        path=row.path,
        community_id=row.community_id,
        contact_id=row.contact_id,
        contact=row.contact,
        active=row.active,
        version=row.version,
    )


def _note(session: Session, now: datetime, actor: Person, organisation_id: int, what: str) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=actor.id,
        thing="organisation",
        thing_id=organisation_id,
    )
