"""Consents: one yes for one purpose, with the version of the words it was given to, and its end."""

from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.database import Session
from storage.journal import note
from storage.tables import consent

# Raised when the words of the notice change in substance: everybody is then asked again.
NOTICE_VERSION = "1"


def give_consent(
    session: Session,
    *,
    now: datetime,
    person_id: int,
    purpose: str,
    version: str,
    given_by: int,
    ground: str = "self",
) -> bool:
    """Write a yes down; returns whether it is new. ``ground``: self, caregiver or staff."""
    row = {
        "person_id": person_id,
        "purpose": purpose,
        "version": version,
        "given_by": given_by,
        "ground": ground,
        "given_at": now,
    }
    try:
        with session.savepoint():
            session.execute(insert(consent), row)
    except IntegrityError:
        return False
    _note(session, now, given_by, person_id, "consent_given", purpose, version, ground)
    return True


def has_consent(
    session: Session, *, person_id: int, purpose: str, version: str | None = None
) -> bool:
    """Whether the person's yes stands, to these words or (without ``version``) to any."""
    statement = select(consent.c.id).where(
        consent.c.person_id == person_id,
        consent.c.purpose == purpose,
        consent.c.withdrawn_at.is_(None),
    )
    if version is not None:
        statement = statement.where(consent.c.version == version)
    return session.find(statement.limit(1)) is not None


def withdraw(
    session: Session, *, now: datetime, person_id: int, purpose: str, actor_id: int
) -> bool:
    """Take the yes back, whatever its version; returns whether there was one."""
    standing = session.change(
        update(consent)
        .where(
            consent.c.person_id == person_id,
            consent.c.purpose == purpose,
            consent.c.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now)
    )
    if standing:
        _note(session, now, actor_id, person_id, "consent_withdrawn", purpose, "", "")
    return standing > 0


def _note(
    session: Session,
    now: datetime,
    actor_id: int,
    person_id: int,
    what: str,
    purpose: str,
    version: str,
    ground: str,
) -> None:
    note(
        session,
        now=now,
        what=what,
        actor_id=actor_id,
        subject_id=person_id,
        ground=ground,
        detail=f"{purpose} {version}".strip(),
    )
