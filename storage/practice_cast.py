"""The practice room's people as the program knows them: everyone is invented."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import insert, select

from storage.communities import list_communities, seed
from storage.database import Session
from storage.people import add_person, set_address, set_phone
from storage.rules.skills import Skill, TimeSlot
from storage.tables import caregiver, chat, check_in_plan, consent, person, role, volunteer

VERSION = "practice"
ADDRESS = "桂花小区 3 栋 2 单元 501（练习地址）"
# 11 digits that begin with 100 belong to nobody: no mobile number begins so.
PHONES = {"resident": "+8610012345678", "caregiver": "+8610012345679"}
CALL_IN = timedelta(hours=1)


def seed_cast(session: Session, *, now: datetime, people: Sequence[Mapping[str, Any]]) -> bool:
    """Register the sandbox's cast once, in an empty register; returns whether it did."""
    if session.find(select(person.c.id).limit(1)) is not None:
        return False
    seed(session, now=now)
    home = list_communities(session)[0].id
    ids: dict[str, list[int]] = {}
    for number, one in enumerate(people):
        if one["role"] == "newcomer":
            continue
        ids.setdefault(one["role"], []).append(
            _join(session, now=now, one=one, home=home, number=number)
        )
    resident, daughter = ids["resident"][0], ids["caregiver"][0]
    set_address(session, person_id=resident, address=ADDRESS)
    session.execute(
        insert(caregiver).values(
            resident_id=resident,
            caregiver_id=daughter,
            state="confirmed",
            decided_by=resident,
            decided_at=now,
            created_at=now,
            version=1,
        )
    )
    _plan_call(session, now=now, resident=resident, ids=ids)
    return True


def _join(
    session: Session, *, now: datetime, one: Mapping[str, Any], home: int, number: int
) -> int:
    person_id = add_person(
        session, now=now, name=one["name"], telegram_id=int(one["id"]), community_id=home
    )
    phone = PHONES.get(one["role"], f"+86100{number:08d}")
    set_phone(session, person_id=person_id, phone=phone)
    session.execute(
        insert(chat).values(id=int(one["id"]), language="zh", reachable=True, shared=False)
    )
    common = {"person_id": person_id, "created_at": now}
    session.execute(
        insert(role).values(**common, kind=one["role"], state="approved", decided_at=now, version=1)
    )
    for purpose in ("keep_data", "abroad"):
        session.execute(
            insert(consent).values(
                person_id=person_id,
                purpose=purpose,
                version=VERSION,
                given_by=person_id,
                ground="self",
                given_at=now,
            )
        )
    if one["role"] == "volunteer":
        session.execute(
            insert(volunteer).values(
                person_id=person_id,
                skills=",".join(Skill),
                times=TimeSlot.ANY_TIME.value,
                open_limit=2,
                pledge_version=VERSION,
                pledged_at=now,
            )
        )
    return person_id


def _plan_call(
    session: Session, *, now: datetime, resident: int, ids: Mapping[str, list[int]]
) -> None:
    """A call that is due soon, in the next working hours, with a stand-in and a contact."""
    zone = session.house.zone
    due = (now + CALL_IN).astimezone(zone).replace(minute=0, second=0, microsecond=0)
    if not 9 <= due.hour < 18:
        morrow = due + timedelta(days=1 if due.hour >= 18 else 0)
        due = datetime.combine(morrow.date(), time(9), tzinfo=zone)
    uid = secrets.token_hex(16)
    caller, stand_in = ids["volunteer"][:2]
    session.execute(
        insert(check_in_plan).values(
            uid=uid,
            resident_id=resident,
            caller_id=caller,
            stand_in_id=stand_in,
            contact_name="李梅",
            contact_phone=session.vault.seal(
                PHONES["caregiver"], place=f"check_in_plan.contact_phone:{uid}"
            ),
            weekdays=127,
            local_time=f"{due:%H:%M}",
            next_due_at=due,
            state="active",
            created_by=ids["coordinator"][0],
            created_at=now,
            version=1,
        )
    )
