"""The register a run starts with: invented residents and volunteers who have a chat."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from storage.consents import NOTICE_VERSION
from storage.database import Database, Session
from storage.house import House
from storage.migrations import upgrade
from storage.people import add_person, set_address, set_phone
from storage.rules.sending import DEFAULT_QUIET_HOURS
from storage.rules.skills import Skill, TimeSlot
from storage.tables import chat, check_in_plan, community, consent, person, role, volunteer
from storage.vault import open_vault

# Where the bot keeps it when no other database is named.
REGISTER = "jiai.sqlite3"
RESIDENTS_FROM, VOLUNTEERS_FROM, COORDINATOR = 20_000, 50_000, 90_000
# A Wednesday, ten in the morning in Shanghai: nothing waits for the end of the quiet hours, and
# no commemorative day is near.
CLOCK = "2027-02-10T10:00:00+08:00"
NOW = datetime.fromisoformat(CLOCK).astimezone(UTC)
BATCH = 1_000
# Those who are not due in the measured hour fall due over so many minutes, until the evening.
LATER_MINUTES = 420


def open_register(folder: Path) -> Database:
    """Open, and make when absent, the database that ``python -m bot run`` finds in the folder."""
    address = f"sqlite:///{folder / REGISTER}"
    house = House(zone=ZoneInfo("Asia/Shanghai"), quiet=DEFAULT_QUIET_HOURS, language="zh")
    upgrade(address)
    return Database(address, vault=open_vault(folder / "secret.key"), house=house)


def settle_village(folder: Path, *, groups: int, residents: int, volunteers: int) -> None:
    """Settle ``groups`` communities, each with so many residents and volunteers, all joined."""
    database = open_register(folder)
    database.do(_settle, groups=groups, residents=residents, volunteers=volunteers)
    database.close()


def _settle(session: Session, *, groups: int, residents: int, volunteers: int) -> None:
    for group in range(groups):
        home = session.add(
            insert(community).values(name=f"社区 {group}", position=group, active=True)
        )
        for number in range(group * residents, (group + 1) * residents):
            _join(session, RESIDENTS_FROM + number, kind="resident", home=home)
        for number in range(group * volunteers, (group + 1) * volunteers):
            person_id = _join(session, VOLUNTEERS_FROM + number, kind="volunteer", home=home)
            session.execute(
                insert(volunteer).values(
                    person_id=person_id,
                    skills=",".join(Skill),
                    times=TimeSlot.ANY_TIME.value,
                    open_limit=10,
                    pledge_version=NOTICE_VERSION,
                    pledged_at=NOW,
                )
            )
    _join(session, COORDINATOR, kind="coordinator", home=None)


def _join(session: Session, number: int, *, kind: str, home: int | None) -> int:
    person_id = add_person(
        session, now=NOW, name=f"某{number}", telegram_id=number, community_id=home
    )
    # 11 digits that begin with 100 belong to nobody.
    set_phone(session, person_id=person_id, phone=f"+86100{number:08d}")
    set_address(session, person_id=person_id, address=f"{number} 号（虚构）")
    session.execute(insert(chat).values(id=number, language="zh", reachable=True, shared=False))
    known = {"person_id": person_id, "created_at": NOW, "version": 1}
    session.execute(insert(role).values(**known, kind=kind, state="approved", decided_at=NOW))
    session.execute(
        insert(consent).values(
            person_id=person_id,
            purpose="keep_data",
            version=NOTICE_VERSION,
            given_by=person_id,
            ground="self",
            given_at=NOW,
        )
    )
    return person_id


def plan_calls(
    folder: Path,
    *,
    plans: int,
    due: int,
    first: timedelta = timedelta(),
    within: timedelta = timedelta(),
    own_callers: bool = False,
) -> None:
    """Make so many call plans; ``due`` of them are due from ``first`` on, spread over ``within``.

    They have one caller, or with ``own_callers`` each their own.
    """
    database = open_register(folder)
    with database.transaction() as session:
        home = session.add(insert(community).values(name="社区", position=0, active=True))
        caller = _join(session, VOLUNTEERS_FROM, kind="volunteer", home=home)
        _join(session, COORDINATOR, kind="coordinator", home=None)
    rows: list[dict[str, object]] = []
    for start in range(0, due, BATCH):
        with database.transaction() as session:
            for number in range(start, min(due, start + BATCH)):
                resident = _join(session, RESIDENTS_FROM + number, kind="resident", home=home)
                if own_callers and number:
                    caller = _join(session, VOLUNTEERS_FROM + number, kind="volunteer", home=home)
                moment = NOW + first + within * number // due
                rows.append(_plan(database, resident=resident, caller=caller, moment=moment))
    rows += _plans_of_others(database, plans - due, home=home, fallback=caller)
    for start in range(0, len(rows), BATCH):
        with database.transaction() as session:
            session.execute(insert(check_in_plan), rows[start : start + BATCH])
    database.close()


def _plans_of_others(
    database: Database, count: int, *, home: int, fallback: int
) -> Iterator[dict[str, object]]:
    """Residents of whom only what a plan needs is known: they are not due for hours.

    One in twenty of them phones the others.
    """
    for start in range(0, count, BATCH):
        numbers = range(start, min(count, start + BATCH))
        with database.transaction() as session:
            uids = [secrets.token_hex(16) for _ in numbers]
            common = {"community_id": home, "day_reminders": True, "created_at": NOW, "version": 1}
            session.execute(
                insert(person), [{"uid": uid, "name": f"某{uid[:8]}", **common} for uid in uids]
            )
            ids = [row.id for row in session.all(select(person.c.id).where(person.c.uid.in_(uids)))]
            held = {"kind": "resident", "state": "approved", "created_at": NOW, "version": 1}
            session.execute(
                insert(role), [{"person_id": one, "decided_at": NOW, **held} for one in ids]
            )
        callers = ids[::20]
        for number, resident in zip(numbers, ids, strict=True):
            caller = callers[number % len(callers)]
            if caller == resident:
                caller = fallback
            moment = NOW + timedelta(hours=3, minutes=number % LATER_MINUTES)
            yield _plan(database, resident=resident, caller=caller, moment=moment)


def _plan(database: Database, *, resident: int, caller: int, moment: datetime) -> dict[str, object]:
    return {
        "uid": secrets.token_hex(16),
        "resident_id": resident,
        "caller_id": caller,
        "weekdays": 127,
        "local_time": f"{database.house.local(moment):%H:%M}",
        "next_due_at": moment,
        "state": "active",
        "created_by": caller,
        "created_at": NOW - timedelta(days=1),
        "version": 1,
    }
