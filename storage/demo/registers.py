"""Invented entries of both registers: households, certificates, profiles, in the usual mix.

Shares of categories and grades as published for towns of this size; most people are over fifty.
The area 500299 is assigned to no place, so no number is anybody's.
"""

import json
import random
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select

from storage.database import Session
from storage.registers.certificates import REMIND_BEFORE, due_at
from storage.rules.certificate import (
    CertificateState,
    DisabilityCategory,
    ends_on,
    make_number,
)
from storage.rules.fields import OPTIONS
from storage.tables import (
    disability_certificate,
    household,
    household_member,
    resident,
    volunteer_profile,
)

AREA = "500299"
CATEGORIES = dict(zip(DisabilityCategory, (8, 8, 2, 64, 8, 7, 3), strict=True))
GRADES = {1: 14, 2: 22, 3: 30, 4: 34}
# Decades of birth, back from today, and how many per hundred.
AGES = {(3, 17): 6, (18, 49): 28, (50, 64): 34, (65, 89): 32}
VOLUNTEER_AGES = {(18, 29): 25, (30, 49): 35, (50, 69): 40}
# Of 3,000 residents about 2,500 households: one in six lives with the one before.
SHARES_A_HOME = 1 / 6
CERTIFIED = 0.92
RELATIONS = ("spouse", "child", "parent", "sibling")
DAY_LIMIT = 3650
STATES = (CertificateState.VALID, CertificateState.FROZEN, CertificateState.CANCELLED)
TEAMS = ("桂花志愿服务队", "青年志愿服务队", "校园芬芳助残志愿服务队")
# Columns of a profile that are called like the options they draw from.
CHOICES = ("cause", "hukou", "marital", "education", "self_care", "employment", "call_tier")
LISTS = ("welfare", "rehab_need", "insurance", "communication")


@dataclass
class Entries:
    """Rows of one batch, by table; a member knows the place of the home in the list."""

    residents: list[dict[str, Any]] = field(default_factory=list)
    certificates: list[dict[str, Any]] = field(default_factory=list)
    homes: list[dict[str, Any]] = field(default_factory=list)
    members: list[dict[str, Any]] = field(default_factory=list)
    volunteers: list[dict[str, Any]] = field(default_factory=list)


def choose_homes(kinds: list[str], homes: list[int], dice: random.Random) -> list[tuple[int, bool]]:
    """A community for each, and whether they share the home of the one before."""
    chosen: list[tuple[int, bool]] = []
    for kind in kinds:
        shares = kind == "resident" and bool(chosen) and dice.random() < SHARES_A_HOME
        chosen.append((chosen[-1][0], True) if shares else (dice.choice(homes), False))
    return chosen


def add_entries(
    session: Session,
    *,
    now: datetime,
    ids: list[int],
    kinds: list[str],
    chosen: list[tuple[int, bool]],
    dice: random.Random,
) -> None:
    """Write what the registers know of one batch of people."""
    entries, today = Entries(), session.house.local(now).date()
    for person_id, kind, (community_id, shares) in zip(ids, kinds, chosen, strict=True):
        if kind == "volunteer":
            entries.volunteers.append(_volunteer(session, person_id, now, today, dice))
            continue
        if not shares:
            entries.homes.append(_home(person_id, community_id, now, dice))
        relation = dice.choice(RELATIONS) if shares else "head"
        entries.members.append(
            {"person_id": person_id, "household_id": len(entries.homes) - 1, "relation": relation}
        )
        _add_resident(session, entries, person_id, now, today, dice)
    _write(session, entries, now)


def _write(session: Session, entries: Entries, now: datetime) -> None:
    last = session.value(select(func.max(household.c.id))) or 0
    if entries.homes:
        session.execute(insert(household), entries.homes)
        made = select(household.c.id).where(household.c.id > last).order_by(household.c.id)
        homes = [row.id for row in session.all(made)]
        for one in entries.members:
            one |= {"household_id": homes[one["household_id"]], "since": now}
    for table, rows in (
        (household_member, entries.members),
        (resident, entries.residents),
        (disability_certificate, entries.certificates),
        (volunteer_profile, entries.volunteers),
    ):
        if rows:
            session.execute(insert(table), rows)


def _home(person_id: int, community_id: int, now: datetime, dice: random.Random) -> dict[str, Any]:
    return {
        "community_id": community_id,
        "group_code": f"{dice.randint(1, 12)}组",
        "head_id": person_id,
        "created_at": now,
        "version": 1,
    }


def _add_resident(
    session: Session,
    entries: Entries,
    person_id: int,
    now: datetime,
    today: date,
    dice: random.Random,
) -> None:
    category = dice.choices(list(CATEGORIES), weights=list(CATEGORIES.values()))[0]
    grade = dice.choices(list(GRADES), weights=list(GRADES.values()))[0]
    born_on, sequence = _birthday(AGES, today, dice), dice.randrange(1000)
    profile = {
        "sex": "male" if sequence % 2 else "female",
        "born_on": born_on.isoformat(),
        "ethnicity": "汉族",
        "lives_alone": dice.random() < 0.15,
        **{name: _one(name, dice) for name in CHOICES},
        **{name: [_one(name, dice)] for name in LISTS},
    }
    if dice.random() < CERTIFIED:
        number = make_number(
            area=AREA, born_on=born_on, sequence=sequence, category=category, grade=grade
        )
        profile["id_number"] = number[:18]
        entries.certificates.append(
            _certificate(session, person_id, number, born_on, now, today, dice)
        )
    else:
        profile |= {"category": category.value, "grade": str(grade)}
    uid = secrets.token_hex(16)
    sealed = session.vault.seal(_json(profile), place=f"resident.profile:{uid}")
    entries.residents.append(
        {"person_id": person_id, "uid": uid, "profile": sealed, "updated_at": now, "version": 1}
    )


def _certificate(
    session: Session,
    person_id: int,
    number: str,
    born_on: date,
    now: datetime,
    today: date,
    dice: random.Random,
) -> dict[str, Any]:
    uid = secrets.token_hex(16)
    issued_on = max(born_on, today - timedelta(days=dice.randrange(DAY_LIMIT)))
    expires_on = ends_on(issued_on)
    ending = expires_on - today <= REMIND_BEFORE
    state = dice.choices(STATES, weights=(96, 2, 2))[0]
    if state == CertificateState.VALID and ending:
        state = CertificateState.RENEWAL_DUE
    return {
        "uid": uid,
        "person_id": person_id,
        "number": session.vault.seal(number, place=f"disability_certificate.number:{uid}"),
        "number_key": session.vault.fingerprint(number, field="certificate"),
        "state": state.value,
        "issued_on": issued_on,
        "expires_on": expires_on,
        "due_at": due_at(session, state, expires_on),
        "latest": True,
        "created_at": now,
        "version": 1,
    }


def _volunteer(
    session: Session, person_id: int, now: datetime, today: date, dice: random.Random
) -> dict[str, Any]:
    uid = secrets.token_hex(16)
    profile = {
        "sex": _one("sex", dice),
        "born_on": _birthday(VOLUNTEER_AGES, today, dice).isoformat(),
        "political": _one("political", dice),
        "education": _one("education", dice),
        "volunteer_kind": [_one("volunteer_kind", dice)],
        "team": dice.choice(TEAMS),
    }
    languages = ["mandarin", "chongqing"] + (["sign_language"] if dice.random() < 0.05 else [])
    return {
        "person_id": person_id,
        "uid": uid,
        "profile": session.vault.seal(_json(profile), place=f"volunteer_profile.profile:{uid}"),
        "languages": ",".join(languages),
        "updated_at": now,
        "version": 1,
    }


def _birthday(ages: dict[tuple[int, int], int], today: date, dice: random.Random) -> date:
    low, high = dice.choices(list(ages), weights=list(ages.values()))[0]
    return today - timedelta(days=dice.randint(low * 366, high * 365 + 364))


def _one(name: str, dice: random.Random) -> str:
    return dice.choice(OPTIONS[name]).key


def _json(profile: dict[str, Any]) -> str:
    return json.dumps(profile, ensure_ascii=False, separators=(",", ":"))
