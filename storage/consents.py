"""Consents: one yes for one purpose, with the words it was given to, on whose word, and its end."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.database import Session
from storage.journal import note
from storage.rules.purposes import PURPOSES, Channel, Ground, Purpose
from storage.tables import consent, consent_refusal, person

# Raised when the words of the notice change in substance: everybody is then asked again.
NOTICE_VERSION = PURPOSES[Purpose.KEEP_DATA].version
# Words that put nothing in the place of the person's own, or a guardian's.
WEAK = frozenset({Ground.CAREGIVER, Ground.STAFF})

# Written once: they are run with every need, and putting one together cost ten times running it.
_OF_IT = (consent.c.person_id == bindparam("whose"), consent.c.purpose == bindparam("what"))
_LIVE = select(consent).where(*_OF_IT, consent.c.withdrawn_at.is_(None))
_LIVE_LOCKED = _LIVE.with_for_update()
_LIVE_HELD = _LIVE.with_for_update(read=True)
_LATEST = select(consent).where(*_OF_IT).order_by(consent.c.id.desc()).limit(1)
_GIVE = insert(consent)
_LAST = (
    update(consent)
    .where(consent.c.id == bindparam("which"))
    .values(expires_at=bindparam("ends"), due_at=bindparam("due"))
)
_REFUSED = (
    select(consent_refusal)
    .where(consent_refusal.c.person_id == bindparam("whose"))
    .where(consent_refusal.c.purpose == bindparam("what"))
    .order_by(consent_refusal.c.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Consent:
    """How one purpose stands for one person: the yes if there is one, else the last no."""

    purpose: str
    essential: bool
    given: bool
    given_at: datetime | None = None
    given_by: str | None = None
    own: bool = False
    ground: str | None = None
    channel: str | None = None
    version: str | None = None
    expires_at: datetime | None = None
    last_no_at: datetime | None = None


def give_consent(
    session: Session,
    *,
    now: datetime,
    person_id: int,
    purpose: str,
    given_by: int,
    version: str | None = None,
    ground: str = "self",
    channel: str = "chat",
    statement_id: int | None = None,
) -> bool:
    """Write a yes down; returns whether it is new. The same yes again lasts longer, if it ends.

    The caller has checked who may speak. A caregiver's or staff's word puts nothing in the place
    of the person's own: their yes stays as it is, and where they said no it stays no.
    """
    rule = PURPOSES[Purpose(purpose)]
    row = {
        "person_id": person_id,
        "purpose": purpose,
        "version": version or rule.version,
        "given_by": given_by,
        "ground": ground,
        "channel": channel,
        "statement_id": statement_id,
        "given_at": now,
        "expires_at": rule.expires_at(now),
        "due_at": rule.due_at(now),
    }
    weak = ground in WEAK
    if weak and own_no_stands(session, person_id=person_id, purpose=purpose):
        return False
    standing = _lock_standing(session, person_id=person_id, purpose=purpose)
    if standing is not None:
        if weak and standing.ground not in WEAK:
            return False
        if _is_same(standing, row):
            _renew(session, standing, row)
            return False
        _end(session, consent.c.id == standing.id, now=now, actor_id=given_by, how="replaced")
    try:
        with session.savepoint():
            session.execute(_GIVE, row)
    except IntegrityError:
        return False  # the same was said at this moment from another place
    _note(session, now, given_by, person_id, "consent_given", f"{purpose} {row['version']}", ground)
    return True


def give_first(
    session: Session,
    *,
    now: datetime,
    person_id: int,
    purposes: Collection[str],
    given_by: int,
    ground: str,
    channel: str,
) -> None:
    """Write down yeses for somebody who was registered a moment ago: nothing can stand against."""
    if not purposes:
        return
    rules = {purpose: PURPOSES[Purpose(purpose)] for purpose in purposes}
    rows = [
        {
            "person_id": person_id,
            "purpose": purpose,
            "version": rule.version,
            "given_by": given_by,
            "ground": ground,
            "channel": channel,
            "given_at": now,
            "expires_at": rule.expires_at(now),
            "due_at": rule.due_at(now),
        }
        for purpose, rule in rules.items()
    ]
    session.execute(insert(consent), rows)
    for purpose, rule in rules.items():
        _note(
            session, now, given_by, person_id, "consent_given", f"{purpose} {rule.version}", ground
        )


def has_consent(
    session: Session,
    *,
    person_id: int,
    purpose: str,
    version: str | None = None,
    now: datetime | None = None,
    hold: bool = False,
) -> bool:
    """Whether the person's yes stands, to these words or (without ``version``) to any.

    With ``now`` one that has run out does not count, even before the tick has seen it. ``hold``:
    whoever takes it back waits until this transaction has ended, and so sees what it showed.
    """
    statement = _LIVE_HELD if hold else _LIVE
    row = session.execute(statement, {"whose": person_id, "what": purpose}).first()
    if row is None or (version is not None and row.version != version):
        return False
    return now is None or row.expires_at is None or row.expires_at > now


def withdraw(
    session: Session,
    *,
    now: datetime,
    person_id: int,
    purpose: str,
    actor_id: int,
    entered_by: int | None = None,
) -> bool:
    """Take the yes back, whatever its version; returns whether there was one.

    ``entered_by``: the member of staff who wrote down what somebody said.
    """
    where = _standing(person_id, purpose)
    if not _end(session, where, now=now, actor_id=actor_id, how="withdrawn"):
        return False
    _note(session, now, entered_by or actor_id, person_id, "consent_withdrawn", purpose, "")
    return True


def refuse(
    session: Session,
    *,
    now: datetime,
    person_id: int,
    purpose: str,
    actor_id: int,
    channel: str = "chat",
    entered_by: int | None = None,
) -> None:
    """Write a no down where no yes stood: it is not asked about again for a while."""
    row = {
        "person_id": person_id,
        "purpose": purpose,
        "version": PURPOSES[Purpose(purpose)].version,
        "refused_by": actor_id,
        "channel": Channel(channel).value,
        "refused_at": now,
    }
    session.execute(insert(consent_refusal), row)
    _note(session, now, entered_by or actor_id, person_id, "consent_refused", purpose, channel)


def last_no_at(session: Session, *, person_id: int, purpose: str) -> datetime | None:
    """Return when the person, or who speaks for them, last said no or took a yes back."""
    refused = _last_refusal(session, person_id, purpose)
    taken_back = session.value(
        select(func.max(consent.c.withdrawn_at))
        .where(consent.c.person_id == person_id, consent.c.purpose == purpose)
        .where(consent.c.ended == "withdrawn")
    )
    moments = [refused.refused_at if refused is not None else None, taken_back]
    return max((moment for moment in moments if moment is not None), default=None)


def own_no_stands(session: Session, *, person_id: int, purpose: str) -> bool:
    """Whether the person themselves said no, and nobody who may has said yes since."""
    last = session.execute(_LATEST, {"whose": person_id, "what": purpose}).first()
    refused = _last_refusal(session, person_id, purpose)
    if refused is not None and (last is None or last.given_at < refused.refused_at):
        return bool(refused.refused_by == person_id)
    return last is not None and last.ended == "withdrawn" and last.withdrawn_by == person_id


def list_consents(session: Session, *, person_id: int) -> list[Consent]:
    """List every purpose as it stands for somebody, in the order of the table of purposes."""
    rows = session.all(
        select(consent, person.c.name)
        .join(person, person.c.id == consent.c.given_by)
        .where(consent.c.person_id == person_id, consent.c.withdrawn_at.is_(None))
    )
    live = {row.purpose: row for row in rows}
    return [
        _as_consent(session, purpose, live.get(purpose.value), person_id) for purpose in PURPOSES
    ]


def _as_consent(
    session: Session, purpose: Purpose, row: Row[Any] | None, person_id: int
) -> Consent:
    essential = PURPOSES[purpose].essential
    if row is None:
        no_at = last_no_at(session, person_id=person_id, purpose=purpose)
        return Consent(purpose.value, essential, given=False, last_no_at=no_at)
    return Consent(
        purpose=purpose.value,
        essential=essential,
        given=True,
        given_at=row.given_at,
        given_by=row.name,
        own=row.given_by == person_id,
        ground=row.ground,
        channel=row.channel,
        version=row.version,
        expires_at=row.expires_at,
    )


def _standing(person_id: int, purpose: str) -> ColumnElement[bool]:
    return (
        (consent.c.person_id == person_id)
        & (consent.c.purpose == purpose)
        & consent.c.withdrawn_at.is_(None)
    )


def _lock_standing(session: Session, *, person_id: int, purpose: str) -> Row[Any] | None:
    return session.execute(_LIVE_LOCKED, {"whose": person_id, "what": purpose}).first()


def _is_same(standing: Row[Any], row: dict[str, Any]) -> bool:
    # A statement is a paper of its own, even when it says the same.
    alike = ("version", "ground", "given_by", "statement_id")
    return all(getattr(standing, name) == row[name] for name in alike)


def _renew(session: Session, standing: Row[Any], row: dict[str, Any]) -> None:
    """The same yes again: it only lasts longer."""
    if standing.expires_at is None:
        return
    lasting = {"ends": row["expires_at"], "due": row["due_at"]}
    session.execute(_LAST, {"which": standing.id, **lasting})
    said = f"{row['purpose']} {row['version']}"
    by, whose, ground = row["given_by"], row["person_id"], row["ground"]
    _note(session, row["given_at"], by, whose, "consent_renewed", said, ground)


def _end(
    session: Session, where: ColumnElement[bool], *, now: datetime, actor_id: int, how: str
) -> bool:
    ended = session.change(
        update(consent)
        .where(where, consent.c.withdrawn_at.is_(None))
        .values(withdrawn_at=now, withdrawn_by=actor_id, ended=how, due_at=None)
    )
    return ended > 0


def _last_refusal(session: Session, person_id: int, purpose: str) -> Row[Any] | None:
    return session.execute(_REFUSED, {"whose": person_id, "what": purpose}).first()


def _note(
    session: Session,
    now: datetime,
    actor_id: int,
    person_id: int,
    what: str,
    detail: str,
    ground: str,
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
