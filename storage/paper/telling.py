"""Telling by word of mouth: what waits for somebody without a chat, and that it was said."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import literal_column, select, update

from storage.database import Session
from storage.journal import note
from storage.looks import check_look
from storage.people import ContactData, Person, find_person, open_contact
from storage.refusals import Fact, NotAllowed, TooLate
from storage.scope import check_sees
from storage.tables import tables_by_name, to_tell

HOW = ("phone", "door", "no")


@dataclass(frozen=True, slots=True)
class Telling:
    """What is to be told, to whom, and how to reach them."""

    id: int
    version: int
    contact: ContactData
    template: str
    facts: dict[str, Fact]


def open_telling(session: Session, *, now: datetime, actor: Person, telling_id: int) -> Telling:
    """Open what is to be told, with the number to call; the look is journalled."""
    row = session.find(select(to_tell).where(to_tell.c.id == telling_id))
    if row is None or not actor.is_approved("coordinator"):
        raise NotAllowed
    check_sees(session, actor=actor, person_id=row.person_id)
    if row.state != "open" or row.facts is None:
        raise TooLate
    facts = json.loads(session.vault.unseal(row.facts, place=f"to_tell:{row.key}"))
    return Telling(
        id=row.id,
        version=row.version,
        contact=open_to_call(session, now=now, actor=actor, person_id=row.person_id),
        template=row.template,
        facts=facts,
    )


def open_to_call(session: Session, *, now: datetime, actor: Person, person_id: int) -> ContactData:
    """Open name, number and address to staff who are about to call; the look is journalled."""
    if not actor.is_approved("coordinator") or find_person(session, person_id=person_id) is None:
        raise NotAllowed
    check_sees(session, actor=actor, person_id=person_id)
    check_look(session, now=now, actor=actor, person_id=person_id)
    note(
        session,
        now=now,
        what="contact_shown",
        actor_id=actor.id,
        subject_id=person_id,
        ground="today",
    )
    return open_contact(session, person_id=person_id)


def tick_telling(
    session: Session, *, now: datetime, actor: Person, telling_id: int, version: int, how: str
) -> None:
    """It was said on the phone or at the door, or need not be; the words are forgotten then."""
    row = session.find(select(to_tell).where(to_tell.c.id == telling_id))
    if row is None or how not in HOW or not actor.is_approved("coordinator"):
        raise NotAllowed
    check_sees(session, actor=actor, person_id=row.person_id)
    told = session.change(
        update(to_tell)
        .where(to_tell.c.id == telling_id, to_tell.c.version == version)
        .where(to_tell.c.state == "open")
        .values(
            state="dropped" if how == "no" else "told",
            how=how,
            facts=None,
            done_by=actor.id,
            done_at=now,
            version=version + 1,
        )
    )
    if told != 1:
        raise TooLate
    note(
        session,
        now=now,
        what="told_by_word",
        actor_id=actor.id,
        subject_id=row.person_id,
        thing="to_tell",
        thing_id=telling_id,
        detail=how,
    )


def drop_stale(session: Session, *, now: datetime) -> int:
    """Drop what has been overtaken: an arrival said anew, a need that moved on; returns how many.

    Like a queued message it is wanted only while its row has the version it was said about.
    """
    dropped = 0
    for row in session.all(
        select(to_tell.c.id, to_tell.c.wanted).where(
            to_tell.c.state == literal_column("'open'"), to_tell.c.wanted.is_not(None)
        )
    ):
        name, thing_id, version = row.wanted.split(":")
        table = tables_by_name[name]
        present = session.value(select(table.c.version).where(table.c.id == int(thing_id)))
        if present != int(version):
            dropped += session.change(
                update(to_tell)
                .where(to_tell.c.id == row.id, to_tell.c.state == "open")
                .values(state="dropped", facts=None, done_at=now, version=to_tell.c.version + 1)
            )
    return dropped
