"""Ties with an organisation: school and pupil, institution and home, station and household.

The organisation's yes is its own staff's; where it has nobody in the chat, the office asks and
writes it down. A minor's yes is the guardian's, and young helpers go with an adult.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from storage.database import Session
from storage.guardians import is_known_minor
from storage.organisations import Organisation, get_organisation
from storage.pairs.proposing import ask_next
from storage.pairs.rows import Pair, get_pair, note_pair
from storage.pairs.ties.homes import home_of
from storage.pairs.ties.items import list_items
from storage.pairs.ties.mutual import are_members, write_tie
from storage.pairs.ties.refusals import TieNeedsLeader, TieNotTheirs, TieWrongKind
from storage.people import Person, get_person
from storage.refusals import AlreadyDone, NotAllowed, TooLate
from storage.registers import check_staff, find_household, list_members
from storage.rules.pairs import FREQUENCIES, PROPOSAL_WAITS, Kind, PairState
from storage.rules.ties import TIES
from storage.tables import attachment, pair, role

# Kinds of organisations that the office added: companies, party branches, clubs.
ADDED = "kind_"
LEADERS = 8


@dataclass(frozen=True, slots=True)
class TieDraft:
    """What is proposed: which organisation does what how often, and who leads its young people."""

    kind: Kind
    resident_id: int
    organisation_id: int
    acts: tuple[str, ...]
    frequency: str
    leader_id: int | None = None


def propose_tie(session: Session, *, now: datetime, actor: Person, draft: TieDraft) -> Pair:
    """Propose a tie of an organisation; the household is asked first, then the organisation."""
    one = get_organisation(session, organisation_id=draft.organisation_id)
    check_may_propose(session, actor=actor, one=one, draft=draft)
    check_kind(one, draft.kind)
    known = {item.key for item in list_items(session, kind=draft.kind)}
    if not draft.acts or not set(draft.acts) <= known or draft.frequency not in FREQUENCIES:
        raise TooLate
    if draft.kind is Kind.STUDY:
        _check_pupil(session, now=now, one=one, draft=draft)
    row = {
        "uid": secrets.token_hex(16),
        "kind": draft.kind.value,
        "household_id": home_of(session, now=now, actor=actor, resident_id=draft.resident_id),
        "resident_id": draft.resident_id,
        "organisation_id": one.id,
        "state": PairState.PROPOSED.value,
        "acts": ",".join(draft.acts),
        "frequency": draft.frequency,
        "due_at": now + PROPOSAL_WAITS,
        "keeper_id": actor.id,
        "made_by": actor.id,
        "created_at": now,
        "version": 1,
    }
    try:
        with session.savepoint():
            pair_id = session.add(insert(pair).values(row))
    except IntegrityError as error:
        raise AlreadyDone from error
    write_tie(session, pair_id=pair_id, row={"leader_id": draft.leader_id, "bars": ""})
    made = get_pair(session, pair_id=pair_id)
    note_pair(
        session, made, now=now, what="pair_proposed", actor_id=actor.id, detail=draft.kind.value
    )
    return ask_next(session, made, now=now)


def check_kind(one: Organisation, kind: Kind) -> None:
    """Raise TieWrongKind unless such an organisation makes ties of this kind."""
    added = kind is Kind.HOME and one.kind.startswith(ADDED)
    if not one.active or (one.kind not in TIES[kind].kinds and not added):
        raise TieWrongKind(name=one.name, kind=kind.value)


def check_may_propose(
    session: Session, *, actor: Person, one: Organisation, draft: TieDraft
) -> None:
    """The office, staff who see the household, or the organisation itself for its own people.

    A child's tie with a school is known to that school and the office alone (obligation 24).
    """
    if not actor.is_approved("coordinator") or actor.scope is None:
        raise NotAllowed
    works_there = one.path.startswith(actor.scope) and not actor.is_office
    if works_there and are_members(session, organisation_id=one.id, people=[draft.resident_id]):
        return
    if draft.kind is Kind.STUDY and not actor.is_office:
        raise NotAllowed
    check_staff(session, actor=actor, person_id=draft.resident_id)


def _check_pupil(session: Session, *, now: datetime, one: Organisation, draft: TieDraft) -> None:
    """Their own pupil, or a child of a disabled household, who need not be disabled."""
    home = find_household(session, person_id=draft.resident_id)
    members = list_members(session, household_id=home.id) if home else []
    disabled = any(member.is_resident for member in members)
    if not disabled and not are_members(
        session, organisation_id=one.id, people=[draft.resident_id]
    ):
        raise TieNotTheirs(name=get_person(session, person_id=draft.resident_id).name)
    if draft.leader_id is None or not is_leader(
        session, now=now, organisation_id=one.id, person_id=draft.leader_id
    ):
        raise TieNeedsLeader(name=one.name)


def is_leader(session: Session, *, now: datetime, organisation_id: int, person_id: int) -> bool:
    """An adult who works for the organisation, or belongs to it as an approved volunteer."""
    if is_known_minor(session, now=now, person_id=person_id):
        return False
    who = get_person(session, person_id=person_id)
    if who.is_approved("coordinator") and who.organisation_id == organisation_id:
        return True
    return who.is_approved("volunteer") and are_members(
        session, organisation_id=organisation_id, people=[person_id]
    )


def list_leaders(
    session: Session, *, now: datetime, actor: Person, organisation_id: int
) -> list[Person]:
    """Who could lead the young helpers of an organisation, for whoever may propose its ties."""
    if not actor.is_approved("coordinator"):
        raise NotAllowed
    staff = select(role.c.person_id).where(
        role.c.organisation_id == organisation_id,
        role.c.kind == "coordinator",
        role.c.state == "approved",
    )
    members = select(attachment.c.person_id).where(
        attachment.c.organisation_id == organisation_id, attachment.c.state == "active"
    )
    found = dict.fromkeys(
        [*session.execute(staff).scalars(), *session.execute(members.limit(LEADERS)).scalars()]
    )
    return [
        get_person(session, person_id=one)
        for one in found
        if is_leader(session, now=now, organisation_id=organisation_id, person_id=one)
    ][:LEADERS]
