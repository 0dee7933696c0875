"""A yes that runs out: asked about once more in time, then it ends; nobody is nagged."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from storage.choices import Button
from storage.consenting.effects import take_effect
from storage.database import Database, Session
from storage.guardians import list_guardians
from storage.journal import note
from storage.outbox import MessageClass, say
from storage.people import get_person
from storage.rules.purposes import PURPOSES, Purpose
from storage.tables import consent


def move_consents(database: Database, *, now: datetime) -> bool:
    """Ask about, or end, one yes that is due; returns whether there may be more."""
    with database.transaction() as session:
        row = session.find(
            select(consent)
            .where(consent.c.due_at <= now, consent.c.withdrawn_at.is_(None))
            .where(consent.c.due_at.is_not(None))
            .order_by(consent.c.due_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if row is None:
            return False
        if row.expires_at is not None and row.expires_at <= now:
            _run_out(session, row, now=now)
        else:
            _ask_again(session, row, now=now)
        return True


def next_consent_at(session: Session) -> datetime | None:
    """Return when the next yes falls due, or None."""
    moment: datetime | None = session.value(
        select(consent.c.due_at)
        .where(consent.c.due_at.is_not(None), consent.c.withdrawn_at.is_(None))
        .order_by(consent.c.due_at)
        .limit(1)
    )
    return moment


def _run_out(session: Session, row: Row[Any], *, now: datetime) -> None:
    session.change(
        update(consent)
        .where(consent.c.id == row.id, consent.c.withdrawn_at.is_(None))
        .values(withdrawn_at=now, withdrawn_by=None, ended="expired", due_at=None)
    )
    _note(session, row, now=now, what="consent_expired")
    whose = get_person(session, person_id=row.person_id)
    take_effect(session, now=now, actor=whose, person_id=whose.id, purpose=Purpose(row.purpose))


def _ask_again(session: Session, row: Row[Any], *, now: datetime) -> None:
    """Once: what is not answered then runs out, or stands when it has no end."""
    session.change(
        update(consent)
        .where(consent.c.id == row.id, consent.c.due_at == row.due_at)
        .values(due_at=row.expires_at)
    )
    _note(session, row, now=now, what="consent_asked_again")
    whose = get_person(session, person_id=row.person_id)
    extra = f"{row.purpose}={PURPOSES[Purpose(row.purpose)].version}"
    for speaker in _speakers(session, row):
        say(
            session,
            now=now,
            to=speaker,
            key=f"consent:{row.id}:again:{speaker}",
            template="consent_ask_again",
            message_class=MessageClass.INFO,
            facts={
                "purpose": row.purpose,
                "name": None if speaker == whose.id else whose.name,
                "until": row.expires_at.isoformat() if row.expires_at else None,
            },
            buttons=[
                [Button("consent.yes", f"consent:yes:{whose.id}:0:{extra}")],
                [Button("consent.no", f"consent:no:{whose.id}:0:{extra}")],
            ],
            card=f"consent:{whose.id}:{row.purpose}"[:48],
        )


def _speakers(session: Session, row: Row[Any]) -> list[int]:
    """Who can say it again: the guardians where one said it, else the person themselves."""
    guardians = list_guardians(session, person_id=row.person_id)
    return guardians if row.given_by != row.person_id and guardians else [row.person_id]


def _note(session: Session, row: Row[Any], *, now: datetime, what: str) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=None,
        subject_id=row.person_id,
        ground=row.ground,
        detail=row.purpose,
    )
