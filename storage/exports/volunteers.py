"""The volunteers' register as rows, some hundred at a time."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select

from storage.database import Session
from storage.exports.choosing import Choice
from storage.exports.rows import Page, Row, list_ids, list_people
from storage.people import Person
from storage.registers import list_profiles
from storage.rules.fields import Register
from storage.tables import claim, qualification, volunteer


def list_volunteers(
    session: Session, *, now: datetime, actor: Person, choice: Choice, after: int, limit: int
) -> Page:
    """The next rows; the caller checked who may see what. ``now`` as for the residents."""
    ids = list_ids(session, actor=actor, choice=choice, after=after, limit=limit)
    people = list_people(session, person_ids=ids)
    profiles = list_profiles(session, person_ids=ids, register=Register.VOLUNTEER)
    helping = _helping(session, ids)
    minutes = _minutes(session, ids)
    papers = _papers(session, ids)
    rows: list[Row] = [
        {
            **profiles.get(person_id, {}),
            **people[person_id],
            **helping.get(person_id, {}),
            "qualifications": papers[person_id],
            "minutes": minutes.get(person_id, 0),
        }
        for person_id in ids
    ]
    return Page(rows=rows, scanned=len(ids), last=ids[-1] if len(ids) == limit else None)


def _helping(session: Session, person_ids: Collection[int]) -> dict[int, Row]:
    rows = session.all(
        select(volunteer.c.person_id, volunteer.c.skills, volunteer.c.times).where(
            volunteer.c.person_id.in_(person_ids)
        )
    )
    return {row.person_id: {"skills": _keys(row.skills), "times": _keys(row.times)} for row in rows}


def _keys(text: str) -> list[str]:
    return [key for key in text.split(",") if key]


def _minutes(session: Session, person_ids: Collection[int]) -> dict[int, int]:
    """What was done and confirmed; stars are made of it in time."""
    rows = session.all(
        select(claim.c.volunteer_id, func.sum(claim.c.minutes).label("minutes"))
        .where(claim.c.volunteer_id.in_(person_ids), claim.c.state == "confirmed")
        .group_by(claim.c.volunteer_id)
    )
    return {row.volunteer_id: int(row.minutes or 0) for row in rows}


def _papers(session: Session, person_ids: Collection[int]) -> defaultdict[int, list[str]]:
    """Confirmed qualifications as "nurse:2027-01-31", the day empty where there is none."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    rows = session.all(
        select(qualification.c.person_id, qualification.c.kind, qualification.c.expires_on)
        .where(qualification.c.person_id.in_(person_ids), qualification.c.state == "confirmed")
        .order_by(qualification.c.id)
    )
    for row in rows:
        found[row.person_id].append(f"{row.kind}:{row.expires_on or ''}")
    return found
