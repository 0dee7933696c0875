"""The residents' register as rows, some hundred at a time."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from storage.database import Session
from storage.exports.choosing import Choice
from storage.exports.rows import Page, Row, list_ids, list_people
from storage.people import Person
from storage.registers import list_certificates, list_profiles
from storage.registers.families import Facts, list_facts
from storage.rules.ages import age_band
from storage.tables import household, household_member, resident


def list_residents(
    session: Session, *, now: datetime, actor: Person, choice: Choice, after: int, limit: int
) -> Page:
    """The next rows, with what follows from them; the caller checked who may see what."""
    ids = list_ids(session, actor=actor, choice=choice, after=after, limit=limit)
    people = list_people(session, person_ids=ids)
    profiles = list_profiles(session, person_ids=ids)
    facts = list_facts(session, now=now, person_ids=ids)
    certificates = list_certificates(session, person_ids=ids)
    homes = _homes(session, ids)
    changed = _changed(session, ids)
    rows: list[Row] = []
    for person_id in ids:
        found = facts[person_id]
        row: Row = {
            **profiles.get(person_id, {}),
            **people[person_id],
            **homes.get(person_id, {}),
            **_follows(found, session, now),
            "updated_on": changed.get(person_id),
        }
        if (certificate := certificates.get(person_id)) is not None:
            issued, expires = certificate.issued_on, certificate.expires_on
            row |= {
                "certificate_number": certificate.number,
                "certificate_state": certificate.state.value,
                "certificate_issued_on": issued.isoformat() if issued else None,
                "certificate_expires_on": expires.isoformat() if expires else None,
            }
        if _is_meant(row, choice):
            rows.append(row)
    return Page(rows=rows, scanned=len(ids), last=ids[-1] if len(ids) == limit else None)


def _follows(found: Facts, session: Session, now: datetime) -> Row:
    disability, today = found.disability, session.house.local(now).date()
    grade = disability.grade if disability else None
    return {
        "category": disability.category.value if disability else None,
        "grade": str(grade) if grade else None,
        "several_disabled": found.several_disabled,
        "elderly_disabled": found.elderly_disabled,
        "severe": found.severe,
        "key_care": found.key_care,
        "age_band": age_band(found.born_on, today) if found.born_on else None,
    }


def _is_meant(row: Row, choice: Choice) -> bool:
    return (not choice.categories or row["category"] in choice.categories) and (
        not choice.grades or row["grade"] in choice.grades
    )


def _homes(session: Session, person_ids: Collection[int]) -> dict[int, Row]:
    rows = session.all(
        select(household_member.c.person_id, household.c.code, household.c.group_code)
        .join(household, household.c.id == household_member.c.household_id)
        .where(household_member.c.person_id.in_(person_ids))
    )
    return {row.person_id: {"household": row.code, "group": row.group_code} for row in rows}


def _changed(session: Session, person_ids: Collection[int]) -> dict[int, str]:
    rows = session.all(
        select(resident.c.person_id, resident.c.updated_at).where(
            resident.c.person_id.in_(person_ids)
        )
    )
    return {row.person_id: session.house.local(row.updated_at).date().isoformat() for row in rows}
