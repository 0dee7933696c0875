"""Certificates: the number fills in what it says, older numbers are kept, states move on."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.database import Session
from storage.journal import note
from storage.people import Person
from storage.refusals import AlreadyDecided, AlreadyDone, NotAllowed, Refusal, TooLate
from storage.registers.dues import end_of_day, morning_before
from storage.registers.permission import check_staff
from storage.registers.profiles import change_profile, check_may_record
from storage.rules.certificate import (
    CertificateNumber,
    CertificateState,
    DisabilityCategory,
    NumberProblem,
    ends_on,
    may_become,
    read_certificate,
)
from storage.rules.fields import Register
from storage.scope import check_sees
from storage.tables import disability_certificate

REMIND_BEFORE = timedelta(days=60)
BATCH = 500
# Written once: an import reads it three times for each row.
_NEWEST = select(disability_certificate).where(
    disability_certificate.c.person_id.in_(bindparam("some", expanding=True)),
    disability_certificate.c.latest,
)


class NumberUnfit(Refusal):
    """This is no certificate number; ``problem`` says why."""

    key = "number_unfit"


class CheckDigitWrong(Refusal):
    """The check digit does not fit: copied wrongly, or printed so; staff look at the card."""

    key = "check_digit_wrong"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate with what its number says."""

    id: int
    person_id: int
    number: str
    category: DisabilityCategory
    grade: int
    reissue: int
    state: CertificateState
    issued_on: date | None
    expires_on: date | None
    latest: bool
    check_confirmed: bool
    version: int


def record_certificate(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    person_id: int,
    number: str,
    ground: str,
    state: CertificateState = CertificateState.VALID,
    issued_on: date | None = None,
    expires_on: date | None = None,
    seen_on_card: bool = False,
) -> Certificate:
    """Write a number down as the newest; it fills category, grade, day of birth and sex.

    ``seen_on_card``: a wrong check digit was compared with the card. The same number again
    changes its dates and state, nothing else. Raises NumberUnfit or CheckDigitWrong.
    """
    check_staff(session, actor=actor, person_id=person_id)
    check_may_record(
        session, person_id=person_id, register=Register.RESIDENT, values={"category": number}
    )
    read = read_certificate(number, today=session.house.local(now).date())
    if isinstance(read, NumberProblem):
        raise NumberUnfit(problem=read.value)
    if not read.check_right and not seen_on_card:
        raise CheckDigitWrong
    expires_on = expires_on or (ends_on(issued_on) if issued_on else None)
    row = {
        "state": state.value,
        "issued_on": issued_on,
        "expires_on": expires_on,
        "due_at": due_at(session, state, expires_on),
        "confirmed_by": None if read.check_right else actor.id,
    }
    known = find_certificate(session, person_id=person_id)
    if known is not None and known.number == read.number:
        _renew(session, known, row)
    else:
        _replace(session, now, actor, person_id, read, known, row)
    note(
        session,
        now=now,
        what="certificate_recorded",
        actor_id=actor.id,
        subject_id=person_id,
        ground=ground[:64],
        detail="" if read.check_right else "check digit confirmed from the card",
    )
    values: dict[str, str | int | bool | list[str] | None] = {
        "born_on": read.identity.born_on.isoformat(),
        "sex": read.identity.sex.value,
        "id_number": read.identity.number,
        "category": None,
        "grade": None,
    }
    change_profile(
        session, now=now, actor=actor, person_id=person_id, values=values, ground="certificate"
    )
    found = find_certificate(session, person_id=person_id)
    if found is None:
        raise LookupError(f"no certificate of person {person_id}")
    return found


def change_certificate_state(
    session: Session,
    *,
    now: datetime,
    actor: Person,
    certificate_id: int,
    version: int,
    state: CertificateState,
    expires_on: date | None = None,
    ground: str = "",
) -> Certificate:
    """Freeze, cancel, renew …: of two that decide at once one does, the other hears it."""
    row = _get_seen(session, actor=actor, certificate_id=certificate_id)
    old = CertificateState(row.state)
    if old is state and row.version == version:
        raise AlreadyDone
    if row.version != version:
        raise AlreadyDecided(by=None, state=old.value)
    if not may_become(old, state):
        raise TooLate
    ends = expires_on or row.expires_on
    moved = session.change(
        update(disability_certificate)
        .where(
            disability_certificate.c.id == certificate_id,
            disability_certificate.c.version == version,
            disability_certificate.c.latest,
        )
        .values(
            state=state.value,
            expires_on=ends,
            due_at=due_at(session, state, ends),
            version=version + 1,
        )
    )
    if moved == 0:
        raise TooLate
    note(
        session,
        now=now,
        what="certificate_moved",
        actor_id=actor.id,
        subject_id=row.person_id,
        thing="disability_certificate",
        thing_id=certificate_id,
        ground=ground[:64],
        detail=f"{old.value} {state.value}",
    )
    found = find_certificate(session, person_id=row.person_id)
    if found is None:
        raise LookupError(f"no certificate {certificate_id}")
    return found


def get_certificate(session: Session, *, actor: Person, certificate_id: int) -> Certificate:
    """Return the newest certificate of somebody whom this coordinator may see."""
    return _as_certificate(session, _get_seen(session, actor=actor, certificate_id=certificate_id))


def _get_seen(session: Session, *, actor: Person, certificate_id: int) -> Row[Any]:
    row = session.find(
        select(disability_certificate).where(disability_certificate.c.id == certificate_id)
    )
    if row is None or not actor.is_approved("coordinator"):
        raise NotAllowed
    check_sees(session, actor=actor, person_id=row.person_id)
    if not row.latest:
        raise TooLate
    return row


def find_certificate(session: Session, *, person_id: int) -> Certificate | None:
    """Return the newest certificate. The caller checks who may see, and journals the look."""
    return list_certificates(session, person_ids=[person_id]).get(person_id)


def list_certificates(session: Session, *, person_ids: Collection[int]) -> dict[int, Certificate]:
    """Return the newest certificate of each, for lists and counts."""
    wanted = list(person_ids)
    found: dict[int, Certificate] = {}
    for first in range(0, len(wanted), BATCH):
        rows = session.execute(_NEWEST, {"some": wanted[first : first + BATCH]})
        found |= {row.person_id: _as_certificate(session, row) for row in rows}
    return found


def list_same_number(session: Session, *, number: str) -> list[int]:
    """The people with this certificate number, newest or older: two are likely one person."""
    key = session.vault.fingerprint(number, field="certificate")
    rows = session.all(
        select(disability_certificate.c.person_id)
        .where(disability_certificate.c.number_key == key)
        .distinct()
        .order_by(disability_certificate.c.person_id)
    )
    return [row.person_id for row in rows]


def due_at(session: Session, state: CertificateState, expires_on: date | None) -> datetime | None:
    """When the office and the person are to be reminded, or the ten years end."""
    if expires_on is None or state not in (CertificateState.VALID, CertificateState.RENEWAL_DUE):
        return None
    if state is CertificateState.VALID:
        return morning_before(session, expires_on, REMIND_BEFORE)
    return end_of_day(session, expires_on)


def _renew(session: Session, known: Certificate, row: dict[str, Any]) -> None:
    # What is not said this time stays as it was.
    said = {name: value for name, value in row.items() if value is not None or name == "due_at"}
    if row["expires_on"] is None:
        said["due_at"] = due_at(session, CertificateState(row["state"]), known.expires_on)
    renewed = session.change(
        update(disability_certificate)
        .where(
            disability_certificate.c.id == known.id,
            disability_certificate.c.version == known.version,
            disability_certificate.c.latest,
        )
        .values(**said, version=known.version + 1)
    )
    if renewed == 0:
        raise TooLate  # another hand has just moved it, or written a newer number down


def _replace(
    session: Session,
    now: datetime,
    actor: Person,
    person_id: int,
    read: CertificateNumber,
    known: Certificate | None,
    row: dict[str, Any],
) -> None:
    if known is not None:
        left = session.change(
            update(disability_certificate)
            .where(disability_certificate.c.id == known.id, disability_certificate.c.latest)
            .values(latest=False, due_at=None, version=disability_certificate.c.version + 1)
        )
        if left == 0:
            raise TooLate
    uid = secrets.token_hex(16)
    place = f"disability_certificate.number:{uid}"
    try:
        with session.savepoint():
            session.execute(
                insert(disability_certificate),
                row
                | {
                    "uid": uid,
                    "person_id": person_id,
                    "number": session.vault.seal(read.number, place=place),
                    "number_key": session.vault.fingerprint(read.number, field="certificate"),
                    "latest": True,
                    "recorded_by": actor.id,
                    "created_at": now,
                    "version": 1,
                },
            )
    except IntegrityError as error:
        raise TooLate from error


def _as_certificate(session: Session, row: Row[Any]) -> Certificate:
    number = session.vault.unseal(row.number, place=f"disability_certificate.number:{row.uid}")
    # What was once written down stays readable: 130 years later, too.
    read = read_certificate(number, today=session.house.local(row.created_at).date())
    if isinstance(read, NumberProblem):
        raise LookupError(f"certificate {row.id} holds no number")
    return Certificate(
        id=row.id,
        person_id=row.person_id,
        number=number,
        category=read.category,
        grade=read.grade,
        reissue=read.reissue,
        state=CertificateState(row.state),
        issued_on=row.issued_on,
        expires_on=row.expires_on,
        latest=row.latest,
        check_confirmed=row.confirmed_by is not None,
        version=row.version,
    )
