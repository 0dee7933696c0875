"""Asking to be somebody's caregiver: the asker learns nothing of who is registered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from storage.caregivers.ties import Tie, as_tie, select_ties, tie_buttons
from storage.database import Session
from storage.duty import tell_duty
from storage.guardians import is_known_child
from storage.journal import note
from storage.outbox import MessageClass, Wanted, say
from storage.people import Person, add_person, find_by_phone, set_phone
from storage.tables import caregiver, person, role

# After a no, the same person is not asked about the same caregiver again for so long.
REST_AFTER_NO = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Described:
    """A resident as the one who asks describes them."""

    name: str
    community_id: int | None
    phone: str | None


def ask_to_care(
    session: Session,
    *,
    now: datetime,
    asker: Person,
    name: str,
    community_id: int | None,
    phone: str | None,
) -> None:
    """Ask the resident, or staff where the resident cannot answer.

    Nothing comes back: whether somebody is registered, has said no before, or is already tied,
    must not be learnt by asking.
    """
    described = Described(name=name, community_id=community_id, phone=phone)
    _wait_as_caregiver(session, now=now, asker=asker)
    resident_id = _find_resident(session, asker=asker, described=described)
    if resident_id is None:
        resident_id = _make_resident(session, now=now, described=described)
    elif _rests(session, now=now, resident_id=resident_id, caregiver_id=asker.id):
        return
    row: dict[str, Any] = {"resident_id": resident_id, "caregiver_id": asker.id, "state": "asked"}
    row |= {"created_at": now, "version": 1}
    if is_known_child(session, now=now, person_id=resident_id):
        # A child does not decide who speaks for it: staff look at the papers.
        row |= {"kind": "guardian"}
    try:
        with session.savepoint():
            tie_id = session.value(insert(caregiver).values(row).returning(caregiver.c.id))
    except IntegrityError:
        return
    note(
        session,
        now=now,
        what="caregiver_asked",
        actor_id=asker.id,
        subject_id=resident_id,
        thing="caregiver",
        thing_id=tie_id,
    )
    tie = as_tie(session.all(select_ties().where(caregiver.c.id == tie_id))[0])
    _put_the_question(session, now=now, tie=tie)


def _wait_as_caregiver(session: Session, *, now: datetime, asker: Person) -> None:
    if "caregiver" in asker.roles:
        return
    row = {"person_id": asker.id, "kind": "caregiver", "state": "waiting"}
    session.execute(insert(role), row | {"created_at": now, "version": 1})


def _find_resident(session: Session, *, asker: Person, described: Described) -> int | None:
    """By phone, the name deciding among those who share one; else by name and community."""
    others = (
        select(person.c.id, person.c.name)
        .join(role, role.c.person_id == person.c.id)
        .where(role.c.kind == "resident", role.c.state.in_(("waiting", "approved")))
        .where(person.c.id != asker.id)
    )
    if described.phone is not None:
        sharing = find_by_phone(session, phone=described.phone)
        found = session.all(others.where(person.c.id.in_(sharing)))
        if len(found) > 1:
            found = [row for row in found if row.name == described.name]
        if len(found) == 1:
            return int(found[0].id)
    if described.community_id is None:
        # A name alone fits too many.
        return None
    same = session.all(
        others.where(
            person.c.name == described.name, person.c.community_id == described.community_id
        )
    )
    return int(same[0].id) if len(same) == 1 else None


def _make_resident(session: Session, *, now: datetime, described: Described) -> int:
    """Somebody without a chat, known until now only by what the asker says."""
    resident_id = add_person(
        session, now=now, name=described.name, community_id=described.community_id
    )
    if described.phone is not None:
        set_phone(session, person_id=resident_id, phone=described.phone)
    row = {"person_id": resident_id, "kind": "resident", "state": "waiting"}
    session.execute(insert(role), row | {"created_at": now, "version": 1})
    return resident_id


def _rests(session: Session, *, now: datetime, resident_id: int, caregiver_id: int) -> bool:
    lately = select(caregiver.c.id).where(
        caregiver.c.resident_id == resident_id,
        caregiver.c.caregiver_id == caregiver_id,
        caregiver.c.state == "declined",
        caregiver.c.decided_at > now - REST_AFTER_NO,
    )
    return session.find(lately) is not None


def _put_the_question(session: Session, *, now: datetime, tie: Tie) -> None:
    card = f"caregiver:{tie.id}"
    wanted = Wanted("caregiver", tie.id, tie.version)
    if tie.by_staff:
        tell_duty(
            session,
            now=now,
            key=f"{card}:v{tie.version}:card",
            template="caregiver_waits",
            message_class=MessageClass.INFO,
            facts={
                "name": tie.resident_name,
                "community": tie.community,
                "caregiver": tie.caregiver_name,
                "asked_at": tie.asked_at.isoformat(),
            },
            buttons=tie_buttons(tie),
            card=card,
            wanted=wanted,
            about=tie.resident_id,
        )
        return
    say(
        session,
        now=now,
        to=tie.resident_id,
        key=f"{card}:v{tie.version}:resident",
        template="caregiver_asks",
        message_class=MessageClass.MUST,
        facts={"name": tie.caregiver_name},
        buttons=tie_buttons(tie),
        card=card,
        wanted=wanted,
    )
