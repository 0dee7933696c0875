"""Facts of people and their households that follow from the register: counted, never typed.

老残一体: a disabled person from 60 on (老年人权益保障法 art. 2). 一户多残: two or more registered
residents in one household. 重点照顾: 重庆市残疾人保障条例 art. 32(1), see rules/severity.py.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from storage.database import Session
from storage.registers.disabilities import Disability, list_disabilities
from storage.registers.profiles import Profile, list_profiles
from storage.rules.ages import age_on, is_old, read_day
from storage.rules.severity import is_severe, needs_key_care
from storage.tables import household_member, role

BATCH = 500


@dataclass(frozen=True, slots=True)
class Facts:
    """What the office's lists count a resident under."""

    disability: Disability | None
    born_on: date | None
    age: int | None
    severe: bool
    key_care: bool
    elderly_disabled: bool
    several_disabled: bool
    lives_alone: bool
    household_id: int | None


def find_facts(session: Session, *, now: datetime, person_id: int) -> Facts:
    """Return the facts of one person. The caller checks who may see, and journals the look."""
    return list_facts(session, now=now, person_ids=[person_id])[person_id]


def list_facts(session: Session, *, now: datetime, person_ids: Collection[int]) -> dict[int, Facts]:
    """Return the facts of many, for lists and counts."""
    homes = _homes(session, person_ids)
    residents = _residents_of(session, set(homes.values()))
    everybody = set(person_ids).union(*residents.values())
    profiles = list_profiles(session, person_ids=everybody)
    disabilities = list_disabilities(session, person_ids=person_ids)
    today = session.house.local(now).date()
    facts: dict[int, Facts] = {}
    for person_id in person_ids:
        home = homes.get(person_id)
        others = residents[home] - {person_id} if home is not None else set()
        family = [profiles.get(one, {}) for one in (person_id, *others)]
        facts[person_id] = _facts(
            session,
            disability=disabilities.get(person_id),
            family=family,
            several=bool(others),
            household_id=home,
            today=today,
        )
    return facts


def _facts(
    session: Session,
    *,
    disability: Disability | None,
    family: list[Profile],
    several: bool,
    household_id: int | None,
    today: date,
) -> Facts:
    own = family[0]
    born_on = read_day(own.get("born_on"))
    old = born_on is not None and is_old(born_on, today)
    grade = disability.grade if disability else None
    policy = session.house.severity
    return Facts(
        disability=disability,
        born_on=born_on,
        age=age_on(born_on, today) if born_on else None,
        severe=is_severe(grade, policy),
        key_care=needs_key_care(
            category=disability.category if disability else None,
            grade=grade,
            welfare=[key for one in family for key in _listed(one.get("welfare"))],
            old=old,
            several=several,
            policy=policy,
        ),
        elderly_disabled=old and disability is not None,
        several_disabled=several,
        lives_alone=own.get("lives_alone") is True,
        household_id=household_id,
    )


def _listed(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


def _homes(session: Session, person_ids: Collection[int]) -> dict[int, int]:
    wanted = list(person_ids)
    return {
        row.person_id: row.household_id
        for first in range(0, len(wanted), BATCH)
        for row in session.all(
            select(household_member.c.person_id, household_member.c.household_id).where(
                household_member.c.person_id.in_(wanted[first : first + BATCH])
            )
        )
    }


def _residents_of(session: Session, homes: set[int]) -> defaultdict[int, set[int]]:
    """The registered residents of each household."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    wanted = sorted(homes)
    for first in range(0, len(wanted), BATCH):
        rows = session.all(
            select(household_member.c.household_id, household_member.c.person_id)
            .join(role, role.c.person_id == household_member.c.person_id)
            .where(
                household_member.c.household_id.in_(wanted[first : first + BATCH]),
                role.c.kind == "resident",
                role.c.state == "approved",
            )
        )
        for row in rows:
            found[row.household_id].add(row.person_id)
    return found
