"""A statement before staff: the yes or no of somebody who does not use the chat."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from storage.consenting.answering import ChildNeedsGuardian
from storage.consenting.effects import take_effect
from storage.consents import give_consent, refuse, withdraw
from storage.database import Session
from storage.guardians import is_known_child, is_known_minor
from storage.journal import note
from storage.people import Person
from storage.refusals import NotAllowed
from storage.rules.purposes import PURPOSES, Channel, Ground, Purpose
from storage.scope import check_sees
from storage.tables import person, statement


@dataclass(frozen=True, slots=True)
class SpokenTo:
    """What was read out, when and where it was said, and who was there."""

    read_out: str
    present: str
    where: str
    said_at: datetime
    channel: Channel
    by_guardian: bool = False


def list_statable(session: Session, *, now: datetime, person_id: int) -> list[Purpose]:
    """List the purposes on which somebody can be heard by staff."""
    minor = is_known_minor(session, now=now, person_id=person_id)
    return [
        purpose
        for purpose, rule in PURPOSES.items()
        if Ground.WITNESSED in rule.grounds and (minor or purpose is not Purpose.VOLUNTEER_MINOR)
    ]


def enter_statement(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    person_id: int,
    purposes: list[Purpose],
    yes: bool,
    spoken: SpokenTo,
) -> int:
    """Write down what somebody said to this member of staff, about one or several purposes.

    Of two who enter one at the same moment both statements are kept, and the later one stands.
    Under 14 it must be the guardian who spoke.
    """
    check_sees(session, actor=actor, person_id=person_id)
    if actor.id == person_id or spoken.said_at > now or not purposes:
        raise NotAllowed
    if not set(purposes) <= set(list_statable(session, now=now, person_id=person_id)):
        raise NotAllowed
    if is_known_child(session, now=now, person_id=person_id) and not spoken.by_guardian:
        raise ChildNeedsGuardian
    session.find(select(person.c.id).where(person.c.id == person_id).with_for_update())
    statement_id = _write(session, now=now, actor=actor, person_id=person_id, spoken=spoken)
    for purpose in purposes:
        if yes:
            _say_yes(session, now, actor, person_id, purpose, statement_id, spoken)
        else:
            _say_no(session, now, actor, person_id, purpose, spoken)
    return statement_id


def _write(
    session: Session, *, now: datetime, actor: Person, person_id: int, spoken: SpokenTo
) -> int:
    uid = secrets.token_hex(16)
    words = {
        "read_out": spoken.read_out,
        "present": spoken.present,
        "where": spoken.where,
        "by_guardian": spoken.by_guardian,
    }
    row = {
        "uid": uid,
        "person_id": person_id,
        "witness_id": actor.id,
        "channel": spoken.channel.value,
        "words": session.vault.seal(
            json.dumps(words, ensure_ascii=False), place=f"statement.words:{uid}"
        ),
        "said_at": spoken.said_at,
        "created_at": now,
    }
    statement_id = session.add(insert(statement).values(row))
    note(
        session,
        now=now,
        what="statement_entered",
        actor_id=actor.id,
        subject_id=person_id,
        thing="statement",
        thing_id=statement_id,
        ground=spoken.channel.value,
    )
    return statement_id


def _say_yes(
    session: Session,
    now: datetime,
    actor: Person,
    person_id: int,
    purpose: Purpose,
    statement_id: int,
    spoken: SpokenTo,
) -> None:
    give_consent(
        session,
        now=now,
        person_id=person_id,
        purpose=purpose,
        given_by=actor.id,
        ground=Ground.WITNESSED,
        channel=spoken.channel,
        statement_id=statement_id,
    )


def _say_no(
    session: Session,
    now: datetime,
    actor: Person,
    person_id: int,
    purpose: Purpose,
    spoken: SpokenTo,
) -> None:
    # It is the person's own no, spoken to staff: a caregiver's word does not go over it.
    said: Any = {"person_id": person_id, "purpose": purpose, "actor_id": person_id}
    if withdraw(session, now=now, **said, entered_by=actor.id):
        take_effect(session, now=now, actor=actor, person_id=person_id, purpose=purpose)
    else:
        refuse(session, now=now, **said, channel=spoken.channel, entered_by=actor.id)
