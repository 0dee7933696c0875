"""Choosing whom to tie: residents, helpers who may, organisations of the kind, people of a school.

Staff choose among those they see; an association and a school among their own people.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from storage.apart import apart_from, held_back
from storage.database import Session
from storage.pairs.ties.mutual import RULE, list_slots
from storage.pairs.ties.standing import ADDED
from storage.people import Person, get_person
from storage.refusals import NotAllowed
from storage.registers import list_disabilities
from storage.rules.pairs import Kind
from storage.rules.severity import is_mild
from storage.rules.ties import TIES
from storage.scope import seen_people
from storage.tables import attachment, community, organisation, person, role

SHOWN = 8
# So many are looked at closely: a certificate is sealed.
LOOKED_AT = 40


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody, or an organisation, to choose; told apart from a namesake by the place."""

    id: int
    name: str
    place: str | None


def search_recipients(
    session: Session, *, actor: Person, kind: Kind, words: str = ""
) -> list[Choice]:
    """Whom a tie could be for: residents, and for a school also children who are not registered."""
    found = _people(words).where(_reached(actor, kind))
    if kind is not Kind.STUDY:
        found = found.where(_holds("resident"))
    elif not words:
        # Without a name the office is shown nobody's child.
        found = found.where(_attached(actor))
    return [_choice(row) for row in session.all(found.limit(SHOWN))]


def search_helpers(
    session: Session, *, actor: Person, resident_id: int, words: str = ""
) -> list[Choice]:
    """Who could help this resident: by name, or those lightly disabled who have a place free."""
    found = (
        _people(words)
        .where(_reached(actor, Kind.MUTUAL), or_(_holds("resident"), _holds("volunteer")))
        .where(person.c.id != resident_id)
    )
    if words.strip():
        return [_choice(row) for row in session.all(found.limit(SHOWN))]
    rows = session.all(found.where(_holds("volunteer")).limit(LOOKED_AT))
    known = list_disabilities(session, person_ids=[row.id for row in rows])
    barred = apart_from(session, resident_id) | held_back(session)
    home = get_person(session, person_id=resident_id).community_id
    fit = [
        row
        for row in rows
        if row.id in known
        and row.id not in barred
        and is_mild(known[row.id].grade, session.house.severity)
        and len(list_slots(session, helper_id=row.id)) < RULE.at_most
    ]
    fit.sort(key=lambda row: row.community_id != home)
    return [_choice(row) for row in fit[:SHOWN]]


def search_organisations(
    session: Session, *, actor: Person, kind: Kind, words: str = ""
) -> list[Choice]:
    """Organisations that make ties of a kind; of a school or clinic its own staff see only it."""
    kinds: ColumnElement[bool] = organisation.c.kind.in_(TIES[kind].kinds)
    if kind is Kind.HOME:
        kinds = or_(kinds, organisation.c.kind.startswith(ADDED))
    found = (
        select(organisation.c.id, organisation.c.name)
        .where(kinds, organisation.c.active)
        .where(organisation.c.name.contains(words.strip(), autoescape=True))
        .order_by(organisation.c.id)
        .limit(SHOWN)
    )
    if kind is Kind.STUDY and not actor.is_office:
        found = found.where(organisation.c.path.startswith(actor.scope or "-", autoescape=True))
    return [Choice(row.id, row.name, None) for row in session.all(found)]


def _people(words: str) -> Select[Any]:
    return (
        select(person.c.id, person.c.name, person.c.community_id, community.c.name.label("place"))
        .outerjoin(community, community.c.id == person.c.community_id)
        .where(person.c.name.contains(words.strip(), autoescape=True), person.c.name != "")
        .where(person.c.merged_into.is_(None))
        .order_by(person.c.id.desc())
    )


def _reached(actor: Person, kind: Kind) -> ColumnElement[bool]:
    """Staff's own people; of an organisation those who are tied to it."""
    if actor.scope is None or not actor.is_approved("coordinator"):
        raise NotAllowed
    if kind is Kind.STUDY and not actor.is_office:
        return _attached(actor)
    return or_(seen_people(actor), _attached(actor))


def _attached(actor: Person) -> ColumnElement[bool]:
    return exists().where(
        attachment.c.person_id == person.c.id,
        attachment.c.organisation_id == func.coalesce(actor.organisation_id, 0),
        attachment.c.state == "active",
    )


def _holds(kind: str) -> ColumnElement[bool]:
    return exists().where(
        role.c.person_id == person.c.id, role.c.kind == kind, role.c.state == "approved"
    )


def _choice(row: Any) -> Choice:
    return Choice(row.id, row.name, row.place)
