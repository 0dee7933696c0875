"""The practice room's people as the program knows them: everyone is invented."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from storage.communities import list_communities, seed
from storage.database import Session
from storage.duty import copy_round, fill_slot, works_at
from storage.people import add_person, get_person, set_address, set_phone
from storage.rules.duty import on_at, week_of
from storage.rules.pairs import ASK_EVERY
from storage.rules.skills import Skill, TimeSlot
from storage.tables import (
    caregiver,
    chat,
    check_in_plan,
    consent,
    household,
    household_member,
    pair,
    person,
    role,
    volunteer,
)

VERSION = "practice"
ADDRESS = "桂花小区 3 栋 2 单元 501（练习地址）"
# 11 digits that begin with 100 belong to nobody: no mobile number begins so.
PHONES = {"resident": "+8610012345678", "caregiver": "+8610012345679"}
CALL_IN = timedelta(hours=1)
BUILDING = "3栋"
# Who comes later: the newcomer by themselves, the neighbour with the ladder.
LATER = ("newcomer", "neighbour")


def seed_room(session: Session, *, now: datetime, people: Sequence[Mapping[str, Any]]) -> bool:
    """Register the cast, and put somebody on each rung behind the call; whether it did."""
    if not seed_cast(session, now=now, people=people):
        return False
    home = list_communities(session)[0].id
    resident, keeper, daughter = (
        _first(session, kind) for kind in ("resident", "coordinator", "caregiver")
    )
    neighbours = [one for one in people if one["role"] == "neighbour"]
    for number, one in enumerate(neighbours, start=len(people)):
        helper = _join(session, now=now, one=one, home=home, number=number)
        _pair(session, now=now, resident=resident, helper=helper, keeper=keeper, home=home)
    _contact_agreed(session, now=now, contact=daughter)
    _fill_rota(session, now=now, keeper=keeper)
    return True


def seed_cast(session: Session, *, now: datetime, people: Sequence[Mapping[str, Any]]) -> bool:
    """Register the sandbox's cast once, in an empty register; returns whether it did."""
    if session.find(select(person.c.id).limit(1)) is not None:
        return False
    seed(session, now=now)
    home = list_communities(session)[0].id
    ids: dict[str, list[int]] = {}
    for number, one in enumerate(people):
        if one["role"] in LATER:
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
    kind = "volunteer" if one["role"] == "neighbour" else one["role"]
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
        insert(role).values(**common, kind=kind, state="approved", decided_at=now, version=1)
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
    if kind == "volunteer":
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


def _first(session: Session, kind: str) -> int:
    found: int = session.value(
        select(role.c.person_id).where(role.c.kind == kind).order_by(role.c.person_id).limit(1)
    )
    return found


def _pair(
    session: Session, *, now: datetime, resident: int, helper: int, keeper: int, home: int
) -> None:
    """The two live in one building, and both said yes."""
    homes = []
    for one in (resident, helper):
        made = {"community_id": home, "group_code": BUILDING, "head_id": one, "created_at": now}
        homes.append(
            session.value(insert(household).values(**made, version=1).returning(household.c.id))
        )
        member = {"person_id": one, "household_id": homes[-1], "relation": "head", "since": now}
        session.execute(insert(household_member).values(member))
    session.execute(
        insert(pair).values(
            uid=secrets.token_hex(16),
            kind="neighbour",
            household_id=homes[0],
            resident_id=resident,
            helper_id=helper,
            state="active",
            acts="greet,look",
            frequency="weekly",
            resident_yes_at=now,
            resident_yes_by=resident,
            resident_ground="self",
            helper_yes_at=now,
            helper_yes_by=helper,
            helper_ground="self",
            agreed_at=now,
            due_at=now + ASK_EVERY,
            sign_at=now,
            keeper_id=keeper,
            made_by=keeper,
            created_at=now,
            version=1,
        )
    )


def _contact_agreed(session: Session, *, now: datetime, contact: int) -> None:
    """The daughter said yes to being the emergency contact of the plan."""
    session.change(
        update(check_in_plan).values(
            contact_id=contact,
            contact_answer="agreed",
            contact_agreed_at=now,
            contact_agreed_by=contact,
            contact_agreed_as="own",
        )
    )


def _fill_rota(session: Session, *, now: datetime, keeper: int) -> None:
    """The coordinator is on this week, and in those that are shown after it."""
    actor = get_person(session, person_id=keeper)
    today, _ = on_at(session.house.local(now))
    office = works_at(session, actor=actor)
    fill_slot(
        session,
        now=now,
        actor=actor,
        organisation_id=office,
        span=week_of(today),
        person_id=keeper,
        version=0,
    )
    copy_round(session, now=now, actor=actor, organisation_id=office)
