"""What a volunteer can do, when, how much at a time, and until when they rest."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from storage.database import Session
from storage.journal import note
from storage.people import Person
from storage.refusals import NotAllowed
from storage.rules.skills import Skill, TimeSlot
from storage.tables import volunteer


@dataclass(frozen=True, slots=True)
class Volunteer:
    """What a volunteer can do, when, how many tasks at a time, and until when they rest."""

    person_id: int
    skills: tuple[Skill, ...]
    times: tuple[TimeSlot, ...]
    open_limit: int
    paused_until: datetime | None
    pledge_version: str


def find_volunteer(session: Session, *, person_id: int) -> Volunteer | None:
    """Return what somebody who ever applied said of themselves."""
    row = session.find(select(volunteer).where(volunteer.c.person_id == person_id))
    if row is None:
        return None
    return Volunteer(
        person_id=row.person_id,
        skills=tuple(Skill(key) for key in split_keys(row.skills)),
        times=tuple(TimeSlot(key) for key in split_keys(row.times)),
        open_limit=row.open_limit,
        paused_until=row.paused_until,
        pledge_version=row.pledge_version,
    )


def get_volunteer(session: Session, *, person_id: int) -> Volunteer:
    """Return the volunteer; raises LookupError when the person never applied."""
    found = find_volunteer(session, person_id=person_id)
    if found is None:
        raise LookupError(f"person {person_id} never volunteered")
    return found


def change_skills(
    session: Session,
    *,
    now: datetime,
    person: Person,
    skills: Collection[Skill],
    times: Collection[TimeSlot],
) -> None:
    """Say anew what one can do and when."""
    values = {"skills": join_keys(Skill, skills), "times": join_keys(TimeSlot, times)}
    _change(session, now=now, person=person, what="volunteer_changed", values=values)


def pause_volunteer(session: Session, *, now: datetime, person: Person, until: datetime) -> None:
    """Rest until a moment: no offers come before it."""
    _change(
        session, now=now, person=person, what="volunteer_paused", values={"paused_until": until}
    )


def resume_volunteer(session: Session, *, now: datetime, person: Person) -> None:
    """Be there again."""
    _change(
        session, now=now, person=person, what="volunteer_resumed", values={"paused_until": None}
    )


def _change(
    session: Session, *, now: datetime, person: Person, what: str, values: dict[str, Any]
) -> None:
    mine = update(volunteer).where(volunteer.c.person_id == person.id).values(**values)
    if "volunteer" not in person.roles or session.change(mine) == 0:
        raise NotAllowed
    note(session, now=now, what=what, actor_id=person.id, subject_id=person.id)


def join_keys(kind: type[Skill] | type[TimeSlot], keys: Collection[Skill | TimeSlot]) -> str:
    """The keys in the order in which they are offered."""
    return ",".join(key.value for key in kind if key in keys)


def split_keys(joined: str) -> list[str]:
    """Undo ``join_keys``."""
    return joined.split(",") if joined else []
