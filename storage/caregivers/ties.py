"""Ties between residents and caregivers: listed, and who answers for the resident."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, exists, or_, select

from storage.database import Session
from storage.journal import note
from storage.looks import check_look
from storage.outbox import Button
from storage.people import ContactData, Person, open_contact
from storage.refusals import NotAllowed
from storage.scope import check_sees, seen_communities
from storage.tables import caregiver, chat, community, person

LIVE = ("asked", "confirmed")
_resident = person.alias("resident")
_caregiver = person.alias("carer")


@dataclass(frozen=True, slots=True)
class Tie:
    """One caregiver of one resident; ``by_staff`` when the resident has no chat to answer in,
    or it is to be a guardian, whose papers staff must see.
    """

    id: int
    version: int
    state: str
    resident_id: int
    resident_name: str
    community: str | None
    caregiver_id: int
    caregiver_name: str
    asked_at: datetime
    by_staff: bool
    kind: str
    copies: bool


@dataclass(frozen=True, slots=True)
class Resident:
    """A resident for whom a caregiver may ask."""

    id: int
    name: str


def list_residents_of(session: Session, *, caregiver_id: int) -> list[Resident]:
    """List the residents for whom this person may ask now."""
    rows = session.all(
        select(person.c.id, person.c.name)
        .join(caregiver, caregiver.c.resident_id == person.c.id)
        .where(caregiver.c.caregiver_id == caregiver_id, caregiver.c.state == "confirmed")
        .order_by(caregiver.c.id)
    )
    return [Resident(id=row.id, name=row.name) for row in rows]


def may_ask_for(session: Session, *, caregiver_id: int, resident_id: int) -> bool:
    """Whether this person may ask for that resident now."""
    residents = list_residents_of(session, caregiver_id=caregiver_id)
    return resident_id in {resident.id for resident in residents}


def list_ties(session: Session, *, person_id: int) -> list[Tie]:
    """List the live ties of a person, from either side."""
    mine = (caregiver.c.resident_id == person_id) | (caregiver.c.caregiver_id == person_id)
    live = select_ties().where(caregiver.c.state.in_(LIVE), mine).order_by(caregiver.c.id)
    return [as_tie(row) for row in session.all(live)]


def list_staff_ties(session: Session, *, actor: Person, limit: int = 20) -> list[Tie]:
    """List the ties that this member of staff may decide, the longest waiting first."""
    waiting = (
        select_ties()
        .where(caregiver.c.state == "asked")
        .where(or_(caregiver.c.kind == "guardian", ~_answers_in_chat(caregiver.c.resident_id)))
        .where(seen_communities(actor, _resident.c.community_id))
        .order_by(caregiver.c.id)
        .limit(limit)
    )
    return [as_tie(row) for row in session.all(waiting)]


def find_tie(session: Session, *, tie_id: int) -> Tie | None:
    """Return a tie in whatever state."""
    row = session.find(select_ties().where(caregiver.c.id == tie_id))
    return as_tie(row) if row else None


def open_tie(
    session: Session, *, now: datetime, actor: Person, tie_id: int
) -> tuple[ContactData, ContactData]:
    """Open the contact of resident and caregiver, for the office's calls before it decides."""
    tie = find_tie(session, tie_id=tie_id)
    allowed = tie is not None and tie.by_staff and tie.state == "asked"
    if tie is None or not allowed:
        raise NotAllowed
    check_sees(session, actor=actor, person_id=tie.resident_id)
    check_look(session, now=now, actor=actor, person_id=tie.resident_id)
    for subject_id in (tie.resident_id, tie.caregiver_id):
        note(
            session,
            now=now,
            what="contact_seen",
            actor_id=actor.id,
            subject_id=subject_id,
            ground="caregiver_asked",
        )
    return (
        open_contact(session, person_id=tie.resident_id),
        open_contact(session, person_id=tie.caregiver_id),
    )


def tie_buttons(tie: Tie) -> list[list[Button]]:
    """What the one who decides can press."""
    data = f"{tie.id}:{tie.version}"
    words = "caregiver.staff_" if tie.by_staff else "caregiver."
    lines = [
        [
            Button(f"{words}yes", f"caregiver:yes:{data}"),
            Button(f"{words}no", f"caregiver:no:{data}"),
        ]
    ]
    if tie.by_staff:
        lines.append([Button("caregiver.staff_guardian", f"caregiver:guardian:{data}")])
        lines.append([Button("caregiver.phones", f"caregiver:phones:{data}")])
    return lines


def select_ties() -> Select[Any]:
    """Ties with the names on both sides."""
    return (
        select(
            caregiver,
            _resident.c.name.label("resident_name"),
            community.c.name.label("community"),
            _caregiver.c.name.label("caregiver_name"),
            _answers_in_chat(caregiver.c.resident_id).label("answers"),
        )
        .join(_resident, _resident.c.id == caregiver.c.resident_id)
        .join(_caregiver, _caregiver.c.id == caregiver.c.caregiver_id)
        .outerjoin(community, community.c.id == _resident.c.community_id)
    )


def as_tie(row: Row[Any]) -> Tie:
    """One row of ``select_ties``."""
    return Tie(
        id=row.id,
        version=row.version,
        state=row.state,
        resident_id=row.resident_id,
        resident_name=row.resident_name,
        community=row.community,
        caregiver_id=row.caregiver_id,
        caregiver_name=row.caregiver_name,
        asked_at=row.created_at,
        by_staff=row.kind == "guardian" or not row.answers,
        kind=row.kind,
        copies=row.copies,
    )


def _answers_in_chat(resident_id: Any) -> Any:
    """Whether the resident has a chat that can be written to, and so answers for themselves."""
    someone = person.alias("someone")
    return exists().where(
        someone.c.id == resident_id,
        chat.c.id == someone.c.telegram_id,
        chat.c.reachable,
        ~chat.c.closed,
    )
