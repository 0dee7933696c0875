"""The card of a door as it is kept: written, corrected and forgotten by those who speak there."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, or_, select, update

from storage.database import Session
from storage.journal import note
from storage.outbox import Button, MessageClass, say
from storage.people import find_person
from storage.refusals import NotAllowed
from storage.rules.access import Act, Relation, Role, may
from storage.rules.details import sort_access
from storage.rules.door_cards import DoorCard, DoorField, Side
from storage.scope import staff_relations
from storage.tables import caregiver, home_access, household_member

# What the fields are called in the sealed facts of the door.
_KEYS = {
    DoorField.CODE: ("code",),
    DoorField.PETS: ("pets",),
    DoorField.SIDE: ("side",),
    DoorField.KEY: ("key_name", "key_phone", "key_agreed_at"),
}


def read_door(session: Session, *, person_id: int) -> DoorCard:
    """Open the card of somebody's household; what they said themselves goes before the others.

    Who asks was checked.
    """
    facts: dict[str, Any] = {}
    for row in _rows(session, person_id):
        facts |= _open(session, row)
    return _card(facts)


def get_door(session: Session, *, now: datetime, actor_id: int, person_id: int) -> DoorCard:
    """Return the card to those who speak for the resident, or work for them; else NotAllowed.

    Staff see who has the key, and the number only when they hold something; their look is noted.
    """
    speaks = check_door(session, actor_id=actor_id, person_id=person_id)
    card = read_door(session, person_id=person_id)
    if speaks & {Relation.OWN, Relation.CAREGIVER}:
        return card
    if card:
        _note(session, now=now, actor_id=actor_id, person_id=person_id, what="door_card_seen")
    return replace(card, key_phone=None)


def write_door(
    session: Session,
    *,
    now: datetime,
    actor_id: int,
    person_id: int,
    field: DoorField,
    values: Mapping[str, str],
    ground: str,
) -> None:
    """Write one part of the card in the place of what stood there; with no values it is forgotten.

    ``ground`` says whose yes it is. A key-holder is kept only with their own yes noted.
    """
    check_door(session, actor_id=actor_id, person_id=person_id)
    kept = {key: values[key] for key in _KEYS[field] if values.get(key)}
    if field is DoorField.KEY and kept and "key_agreed_at" not in kept:
        raise NotAllowed
    _put(session, now=now, actor_id=actor_id, person_id=person_id, field=field, kept=kept)
    _note(
        session,
        now=now,
        actor_id=actor_id,
        person_id=person_id,
        what="door_card_kept" if kept else "door_card_forgotten",
        ground=ground,
        detail=field.value,
    )
    _tell_resident(session, now=now, actor_id=actor_id, person_id=person_id, field=field)


def forget_door(session: Session, *, now: datetime, actor_id: int, person_id: int) -> None:
    """Forget everything that is kept of the door."""
    check_door(session, actor_id=actor_id, person_id=person_id)
    for row in _rows(session, person_id):
        session.change(delete(home_access).where(home_access.c.person_id == row.person_id))
    _note(
        session,
        now=now,
        actor_id=actor_id,
        person_id=person_id,
        what="door_card_forgotten",
        detail="all",
    )


def check_door(session: Session, *, actor_id: int, person_id: int) -> set[Relation]:
    """Return how the actor stands to the resident; raises NotAllowed to anybody else."""
    actor = find_person(session, person_id=actor_id)
    if actor is None or find_person(session, person_id=person_id) is None:
        raise NotAllowed
    relations: set[Relation] = {Relation.OWN} if actor_id == person_id else set()
    tie = select(caregiver.c.id).where(
        caregiver.c.resident_id == person_id,
        caregiver.c.caregiver_id == actor_id,
        caregiver.c.state == "confirmed",
    )
    relations |= {Relation.CAREGIVER} if session.find(tie) is not None else set()
    relations |= staff_relations(session, actor=actor, person_id=person_id)
    roles = {Role(kind) for kind in actor.roles if actor.is_approved(kind)}
    if not may(Act.STATE_NEED, roles, *relations):
        raise NotAllowed
    return relations


def _rows(session: Session, person_id: int) -> list[Row[Any]]:
    """What is kept of the household's door, the person's own last."""
    home = select(household_member.c.household_id).where(household_member.c.person_id == person_id)
    mates = select(household_member.c.person_id).where(
        household_member.c.household_id == home.scalar_subquery()
    )
    mine = home_access.c.person_id == person_id
    return list(
        session.all(
            select(home_access)
            .where(or_(mine, home_access.c.person_id.in_(mates)))
            .order_by(mine, home_access.c.told_at)
            .with_for_update()
        )
    )


def _put(
    session: Session,
    *,
    now: datetime,
    actor_id: int,
    person_id: int,
    field: DoorField,
    kept: Mapping[str, str],
) -> None:
    """One door is one: what stood there is gone from whoever of the household it was said of."""
    told = {"told_by": actor_id, "told_at": now}
    own = False
    for row in _rows(session, person_id):
        before = _open(session, row)
        facts = {key: value for key, value in before.items() if key not in _KEYS[field]}
        if row.person_id == person_id:
            own, facts = True, {**facts, **kept}
        if facts == before:
            continue
        one = home_access.c.person_id == row.person_id
        if facts.get("access") or set(facts) - {"access", "floor"}:
            sealed = _seal(session, row.uid, facts)
            session.change(update(home_access).where(one).values(facts=sealed, **told))
        else:
            session.change(delete(home_access).where(one))
    if kept and not own:
        uid = secrets.token_hex(16)
        sealed = _seal(session, uid, kept)
        session.execute(
            insert(home_access).values(person_id=person_id, uid=uid, facts=sealed, **told)
        )


def _seal(session: Session, uid: str, facts: Mapping[str, Any]) -> bytes:
    text = json.dumps(facts, ensure_ascii=False)
    return session.vault.seal(text, place=f"home_access.facts:{uid}")


def _open(session: Session, row: Row[Any]) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(
        session.vault.unseal(row.facts, place=f"home_access.facts:{row.uid}")
    )
    return kept


def _card(facts: Mapping[str, Any]) -> DoorCard:
    side = facts.get("side")
    return DoorCard(
        access=sort_access(facts.get("access") or ()),
        floor=facts.get("floor"),
        code=facts.get("code"),
        pets=facts.get("pets"),
        side=Side(side) if side in tuple(Side) else None,
        key_name=facts.get("key_name"),
        key_phone=facts.get("key_phone"),
    )


def _tell_resident(
    session: Session, *, now: datetime, actor_id: int, person_id: int, field: DoorField
) -> None:
    """Written by another hand: the resident hears it, and may look and correct."""
    if actor_id == person_id:
        return
    actor = find_person(session, person_id=actor_id)
    say(
        session,
        now=now,
        to=person_id,
        key=f"door:{person_id}:{field.value}:{now:%Y%m%d%H%M%S}",
        template="door_changed",
        message_class=MessageClass.INFO,
        facts={"by": actor.name if actor else None, "field": field.value},
        buttons=[[Button("door.look", f"door:see:{person_id}:0")]],
        card="door",
    )


def _note(
    session: Session,
    *,
    now: datetime,
    actor_id: int,
    person_id: int,
    what: str,
    ground: str = "",
    detail: str = "",
) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=actor_id,
        subject_id=person_id,
        ground=ground,
        detail=detail,
    )
