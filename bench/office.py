"""The office's own work, over the register of a subdistrict and of a county, and its growth."""

import secrets
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import insert, select

from bench.register import COORDINATOR, NOW, open_register
from storage.database import Database, Session
from storage.demo import make_demo_data
from storage.demo.people import FAMILY_NAMES
from storage.office import figure_facts, find_people, list_waiting, next_page, send_digests
from storage.people import Person, add_person, find_person
from storage.tables import digest, need, role

SIZES = ((3_000, 1_000), (30_000, 10_000))
REPEATS = 30
WAITING = 40
# What a register remembers: needs closed over a year, so many for each resident. So a week of
# the larger one holds ten times as much, and its figures count ten times as many rows.
CLOSED_FOR_EACH = 2
BATCH = 2_000
# The Monday after.
MONDAY = NOW + timedelta(days=5)


@dataclass(frozen=True, slots=True)
class OfficeFigures:
    """Milliseconds of each act, the median."""

    people: int
    acts: dict[str, float]


def print_office(out: Console) -> None:
    """Measure both sizes and say how much each act grew."""
    small, large = (measure_office(residents=r, volunteers=v) for r, v in SIZES)
    table = Table(title=f"The office's work in ms (medians of {REPEATS})")
    for heading in ("", f"{small.people:,} people", f"{large.people:,} people", "growth"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, one in small.acts.items():
        other = large.acts[name]
        table.add_row(name, f"{one:.2f}", f"{other:.2f}", f"{other / one:.1f}x")
    out.print(table)


def measure_office(*, residents: int, volunteers: int) -> OfficeFigures:
    """Time the list, the search, the figures and the digest over one register."""
    with tempfile.TemporaryDirectory(prefix="jiai-bench-") as name:
        database = open_register(Path(name))
        make_demo_data(database, now=NOW, residents=residents, volunteers=volunteers, seed=1)
        actor = _settle(database)
        acts = {name: _median(database, act) for name, act in _acts(actor).items()}
        acts["Monday digest, one person"] = _time_digests(database)
        database.close()
    return OfficeFigures(residents + volunteers, acts)


def _acts(actor: Person) -> dict[str, Callable[[Session], object]]:
    def find(words: str) -> Callable[[Session], object]:
        return lambda session: find_people(session, now=NOW, actor=actor, words=words)

    def turn(session: Session) -> object:
        page = find_people(session, now=NOW, actor=actor, words=FAMILY_NAMES[0])
        if page is None or page.after is None:
            raise RuntimeError("there is no second page to measure")
        return next_page(session, actor=actor, after=page.after, version=page.version)

    return {
        "the list": lambda session: list_waiting(session, now=NOW, actor=actor),
        "search: family name": find(FAMILY_NAMES[0]),
        "search: and the next page": turn,
        "search: whole name": find("李素芬"),
        "search: community": find("青山村"),
        "search: phone": find("10012345678"),
        "search: identity number": find("500299195001010017"),
        "figures of the week": lambda session: figure_facts(session, now=NOW, actor=actor),
    }


def _median(database: Database, act: Callable[[Session], object]) -> float:
    taken = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        database.do(act)
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def _time_digests(database: Database) -> float:
    taken = []
    for _ in range(REPEATS):
        with database.transaction() as session:
            session.execute(digest.delete())
        began = time.perf_counter()
        if not send_digests(database, now=MONDAY):
            raise RuntimeError("no digest was due")
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def _settle(database: Database) -> Person:
    with database.transaction() as session:
        number = add_person(session, now=NOW, name="王珊", telegram_id=COORDINATOR)
        granted = {"person_id": number, "kind": "coordinator", "state": "approved", "version": 1}
        session.execute(insert(role), granted | {"created_at": NOW, "decided_at": NOW})
        residents = [
            row.person_id
            for row in session.all(select(role.c.person_id).where(role.c.kind == "resident"))
        ]
    needs = [
        _need(one, days=1 + at % 365, is_open=at < WAITING)
        for at, one in enumerate(residents * CLOSED_FOR_EACH)
    ]
    for first in range(0, len(needs), BATCH):
        with database.transaction() as session:
            session.execute(insert(need), needs[first : first + BATCH])
    with database.transaction() as session:
        waiting = select(role.c.id).where(role.c.kind == "volunteer").limit(WAITING)
        session.change(role.update().where(role.c.id.in_(waiting)).values(state="waiting"))
    found = database.do(find_person, telegram_id=COORDINATOR)
    if found is None:
        raise RuntimeError("the coordinator is not there")
    return found


def _need(resident: int, *, days: int, is_open: bool) -> dict[str, object]:
    stated = NOW - timedelta(days=days)
    return {
        "uid": secrets.token_hex(16),
        "resident_id": resident,
        "stated_by": resident,
        "area": "livelihood",
        "category": "errand",
        "action": "health",
        "urgency": "U2",
        "words": b"-",
        "origin": "chat",
        "state": "unclaimed" if is_open else "closed",
        "next_step_at": NOW + timedelta(days=9) if is_open else None,
        "due_at": NOW + timedelta(days=9) if is_open else None,
        "ended_at": None if is_open else stated,
        "round": 1,
        "wave": 0,
        "asked": 0,
        "created_at": stated,
        "version": 1,
    }
