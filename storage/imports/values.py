"""Values of the register as they stand for a person, to be compared with those of a row."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select

from storage.database import Session
from storage.registers import Certificate, list_certificates, list_profiles
from storage.rules.fields import FIELDS, Place, Register
from storage.rules.importing.rows import Values
from storage.tables import household, household_member, person, volunteer

BATCH = 500
# What a certificate's number says by itself.
_IN_THE_NUMBER = frozenset({"category", "grade", "born_on", "sex", "id_number"})
# Whoever uses the chat has said these themselves, and their word is newer than a list.
_OWN_WORD = frozenset({"name", "phone", "address"})


def open_values(
    session: Session, *, register: Register, person_ids: Collection[int]
) -> dict[int, Values]:
    """Open what the register holds of these people. The caller checks who may."""
    wanted = list(person_ids)
    found: dict[int, Values] = {}
    for first in range(0, len(wanted), BATCH):
        found |= _open(session, register, wanted[first : first + BATCH])
    return found


def _open(session: Session, register: Register, wanted: list[int]) -> dict[int, Values]:
    people = session.all(
        select(person, household.c.group_code, household.c.code)
        .outerjoin(household_member, household_member.c.person_id == person.c.id)
        .outerjoin(household, household.c.id == household_member.c.household_id)
        .where(person.c.id.in_(wanted))
    )
    profiles = list_profiles(session, person_ids=wanted, register=register)
    certificates = list_certificates(session, person_ids=wanted)
    helpers = {
        row.person_id: row
        for row in session.all(select(volunteer).where(volunteer.c.person_id.in_(wanted)))
    }
    return {
        row.id: {
            **profiles.get(row.id, {}),
            **_of_person(session, row),
            **_of_certificate(certificates.get(row.id)),
            **_of_helper(helpers.get(row.id)),
        }
        for row in people
    }


def _of_person(session: Session, row: Any) -> Values:
    unseal = session.vault.unseal
    values: Values = {"name": row.name, "community": row.community_id}
    for column in ("phone", "address"):
        sealed = getattr(row, column)
        values[column] = unseal(sealed, place=f"person.{column}:{row.uid}") if sealed else None
    values["group"] = row.group_code or None
    values["household"] = row.code
    return values


def _of_certificate(certificate: Certificate | None) -> Values:
    if certificate is None:
        return {}
    issued, expires = certificate.issued_on, certificate.expires_on
    return {
        "certificate_number": certificate.number,
        "certificate_state": certificate.state.value,
        "certificate_issued_on": issued.isoformat() if issued else None,
        "certificate_expires_on": expires.isoformat() if expires else None,
        "category": certificate.category.value,
        "grade": str(certificate.grade),
    }


def _of_helper(row: Any) -> Values:
    if row is None:
        return {}
    return {
        "skills": [part for part in row.skills.split(",") if part],
        "times": [part for part in row.times.split(",") if part],
    }


def find_changes(
    register: Register, *, new: Values, old: Values, uses_chat: bool
) -> dict[str, Any]:
    """The values of a row that are not so in the register yet: key to value.

    What the certificate's number says changes with it; a household is only given to whoever has
    none. An empty cell changes nothing.
    """
    changes: dict[str, Any] = {}
    numbered = new.get("certificate_number") or old.get("certificate_number")
    for key, value in new.items():
        before = old.get(key)
        if value in (None, "", []) or _is_like(value, before):
            continue
        if numbered and key in _IN_THE_NUMBER:
            continue
        if key == "household" and before is not None:
            continue
        if _needs_number(register, key) and not numbered:
            continue
        if uses_chat and key in _OWN_WORD and before:
            continue
        changes[key] = value
    return changes


def _needs_number(register: Register, key: str) -> bool:
    field = FIELDS[register].get(key)
    return (
        field is not None
        and field.place is Place.CERTIFICATE
        and key not in ("category", "grade", "certificate_number")
    )


def _is_like(value: object, before: object) -> bool:
    if isinstance(value, list) and isinstance(before, list):
        return sorted(value) == sorted(before)
    if isinstance(value, str) and isinstance(before, str) and len(before) > len(value) == 7:
        # A month says nothing against the day that is known of it.
        return value == before or (before.startswith(value) and before[4] == before[7] == "-")
    return value == before


def before_of(changes: Mapping[str, Any], old: Values) -> Values:
    """What stood where the changes go."""
    return {key: old.get(key) for key in changes}
