"""Invented residents and volunteers, added in batches."""

import random
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select

from storage.communities import list_communities, seed
from storage.database import Database, Session
from storage.demo.registers import add_entries, choose_homes
from storage.rules.skills import Skill, TimeSlot
from storage.tables import person, role, volunteer

BATCH = 1000
FAMILY_NAMES = "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN_NAMES = [
    "素芬",
    "桂英",
    "秀兰",
    "建国",
    "志强",
    "小梅",
    "德明",
    "玉珍",
    "文华",
    "春燕",
    "国庆",
    "淑琴",
    "大勇",
    "晓丽",
    "正平",
    "光荣",
]
VERSION = "demo"


@dataclass(frozen=True, slots=True)
class DemoData:
    """How many were added."""

    residents: int
    volunteers: int


def make_demo_data(
    database: Database, *, now: datetime, residents: int, volunteers: int, seed: int
) -> DemoData:
    """Add invented people in batches; the same seed gives the same people.

    Phones are 11 digits beginning with 100, which no mobile number does, and nobody of them has a
    chat, so that no message can reach a stranger.
    """
    dice = random.Random(seed)
    kinds = ["resident"] * residents + ["volunteer"] * volunteers
    for first in range(0, len(kinds), BATCH):
        database.do(_add_batch, now=now, kinds=kinds[first : first + BATCH], dice=dice)
    return DemoData(residents=residents, volunteers=volunteers)


def _add_batch(session: Session, *, now: datetime, kinds: list[str], dice: random.Random) -> None:
    seed(session, now=now)
    homes = [community.id for community in list_communities(session)]
    last = session.value(select(func.max(person.c.id))) or 0
    chosen = choose_homes(kinds, homes, dice)
    people = [_person(session, now=now, home=home, dice=dice) for home, _ in chosen]
    session.execute(insert(person), people)
    ids = [
        row.id
        for row in session.all(select(person.c.id).where(person.c.id > last).order_by(person.c.id))
    ]
    roles = [
        {"person_id": i, "kind": kind, "state": "approved", "created_at": now, "version": 1}
        for i, kind in zip(ids, kinds, strict=True)
    ]
    session.execute(insert(role), roles)
    helpers = [
        _volunteer(person_id, now=now, dice=dice)
        for person_id, kind in zip(ids, kinds, strict=True)
        if kind == "volunteer"
    ]
    if helpers:
        session.execute(insert(volunteer), helpers)
    add_entries(session, now=now, ids=ids, kinds=kinds, chosen=chosen, dice=dice)


def _person(session: Session, *, now: datetime, home: int, dice: random.Random) -> dict[str, Any]:
    uid = secrets.token_hex(16)
    phone = f"+86100{dice.randrange(10**8):08d}"
    address = f"{dice.randint(1, 12)}组{dice.randint(1, 60)}号（虚构）"
    return {
        "uid": uid,
        "name": dice.choice(FAMILY_NAMES) + dice.choice(GIVEN_NAMES),
        "community_id": home,
        "phone": session.vault.seal(phone, place=f"person.phone:{uid}"),
        "phone_key": session.vault.fingerprint(phone, field="phone"),
        "address": session.vault.seal(address, place=f"person.address:{uid}"),
        "day_reminders": True,
        "created_at": now,
        "version": 1,
    }


def _volunteer(person_id: int, *, now: datetime, dice: random.Random) -> dict[str, Any]:
    skills = dice.sample(sorted(Skill), k=dice.randint(2, 5))
    return {
        "person_id": person_id,
        "skills": ",".join(skills),
        "times": dice.choice(sorted(TimeSlot)),
        "open_limit": 2,
        "pledge_version": VERSION,
        "pledged_at": now,
    }
