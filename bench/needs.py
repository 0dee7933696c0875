"""The sweep of what is late, and the figures of a year, beside few and beside many past needs."""

import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from bench.register import NOW, open_register
from storage.communities import list_communities, seed
from storage.database import Database, Session
from storage.figures import count_needs, show_counts
from storage.needs import climb_needs
from storage.people import Person, add_person, get_person
from storage.rules.areas import Category
from storage.rules.periods import Stretch, period_of
from storage.tables import claim, need, person, role

DUE, PAST = 50, (3_000, 30_000, 300_000)
BATCH, RESIDENTS, DAYS, PRESSES = 5_000, 3_000, 400, 50
CATEGORIES = [one.value for one in Category][:31]
ACTIONS = ("home_help", "neighbour_watch", "hand_in_hand", "rehab_support", "study_support")


@dataclass(frozen=True, slots=True)
class NeedFigures:
    """Milliseconds beside so many past needs; ``pressed`` is the slowest of small writes."""

    past: int
    idle_ms: float
    sweep_ms: float
    year_ms: float
    month_ms: float
    shown_ms: float
    pressed_ms: float
    pressed_while_counting_ms: float


def measure_needs(*, past: int, runs: int) -> NeedFigures:
    """Lay a register and time each act on it; raises RuntimeError when nothing climbed."""
    with tempfile.TemporaryDirectory(prefix="jiai-bench-") as name:
        database = _lay(Path(name), past=past)
        actor = _settle_office(database)
        year = partial(_count, database, actor, Stretch.LAST_YEAR)
        found = NeedFigures(
            past=past,
            idle_ms=_median(partial(climb_needs, database, now=NOW), runs),
            sweep_ms=_sweeps(database, runs),
            year_ms=_median(year, runs),
            month_ms=_median(partial(_count, database, actor, Stretch.LAST_MONTH), runs),
            shown_ms=_median(partial(show_counts, year(), sees_people=False), runs),
            pressed_ms=_presses(database),
            pressed_while_counting_ms=_presses_beside(database, year),
        )
        database.close()
    return found


def _time(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def _median(act: Callable[[], object], runs: int) -> float:
    return statistics.median(_time(act) for _ in range(runs))


def _count(database: Database, actor: Person, stretch: Stretch) -> Any:
    span = period_of(stretch, NOW.date()).span(database.house.zone)
    return database.read(count_needs, actor=actor, span=span)


def _sweeps(database: Database, runs: int) -> float:
    """Fifty fall due, climb, and are told; the register behind them is not looked at."""
    taken = []
    for _ in range(runs):
        with database.transaction() as session:
            live = need.c.due_at.is_not(None)
            session.change(need.update().where(live).values(due_at=NOW - timedelta(minutes=1)))
        began = time.perf_counter()
        if not climb_needs(database, now=NOW):
            raise RuntimeError("nothing climbed")
        while climb_needs(database, now=NOW):
            pass
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def _presses(database: Database) -> float:
    return max(_time(lambda: database.do(_touch)) for _ in range(PRESSES))


def _presses_beside(database: Database, counting: Callable[[], object]) -> float:
    """The same while a year is counted: whoever presses must not wait for figures."""
    thread = threading.Thread(target=counting)
    thread.start()
    slowest = _presses(database)
    thread.join()
    return slowest


def _touch(session: Session) -> None:
    session.change(person.update().where(person.c.id == 1).values(name="某1"))


def _settle_office(database: Database) -> Person:
    with database.transaction() as session:
        number = add_person(session, now=NOW, name="王珊", telegram_id=9)
        granted = {"person_id": number, "kind": "coordinator", "state": "approved", "version": 1}
        session.execute(insert(role), granted | {"created_at": NOW, "decided_at": NOW})
        return get_person(session, person_id=number)


def _lay(folder: Path, *, past: int) -> Database:
    """So many needs of the last 400 days that are over, and fifty that nobody took."""
    database = open_register(folder)
    with database.transaction() as session:
        seed(session, now=NOW)
        places = [one.id for one in list_communities(session)]
        people = [
            add_person(session, now=NOW, name=f"某{n}", community_id=places[n % len(places)])
            for n in range(RESIDENTS)
        ]
    rows = list(_needs(people, places, past=past))
    for first in range(0, len(rows), BATCH):
        with database.transaction() as session:
            session.execute(insert(need), rows[first : first + BATCH])
    with database.transaction() as session:
        over = session.all(select(need.c.id, need.c.created_at).where(need.c.state == "closed"))
    for first in range(0, len(over), BATCH):
        with database.transaction() as session:
            visits = [_visit(row, helper=people[0]) for row in over[first : first + BATCH]]
            session.execute(insert(claim), visits)
    return database


def _needs(people: list[int], places: list[int], *, past: int) -> Iterator[dict[str, object]]:
    for at in range(past + DUE):
        live = at >= past
        stated = NOW - timedelta(minutes=at * DAYS * 1440 // (past + DUE))
        yield {
            "uid": f"{at:032d}",
            "resident_id": people[at % len(people)],
            "stated_by": people[at % len(people)],
            "community_id": places[at % len(places)],
            "area": "livelihood",
            "category": CATEGORIES[at * 7 % len(CATEGORIES)],
            "action": ACTIONS[at % len(ACTIONS)],
            "urgency": "U2",
            "words": b"-",
            "origin": "chat",
            "state": "unclaimed" if live else "closed",
            "level": "coordinator",
            "next_step_at": NOW + timedelta(days=9) if live else None,
            "due_at": NOW + timedelta(days=9) if live else None,
            "ended_at": None if live else stated + timedelta(days=2),
            "answered_at": stated + timedelta(minutes=at % 700),
            "claimed_at": None if live else stated + timedelta(minutes=at % 900),
            "done_at": None if live else stated + timedelta(minutes=1000 + at % 3000),
            "created_at": stated,
        }


def _visit(row: Any, *, helper: int) -> dict[str, object]:
    return {
        "uid": f"{row.id:032d}",
        "need_id": row.id,
        "volunteer_id": helper,
        "state": "confirmed",
        "done_at": row.created_at + timedelta(days=1),
        "ended_at": row.created_at + timedelta(days=1),
        "minutes": 30,
        "outcome": "solved",
        "rating": 3 + row.id % 3,
        "created_at": row.created_at,
    }
