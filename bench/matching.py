"""Ranking many volunteers for one need, and many needs stated while many people chat."""

import itertools
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import event, select

from bench.register import NOW, open_register
from storage.database import Database, Session
from storage.demo import make_demo_data
from storage.needs import NeedCard, Statement, list_own_needs, state_need
from storage.needs.cards import read_need
from storage.needs.matching.choosing import choose_volunteers, what_is_sought
from storage.rules.areas import Category, Urgency
from storage.rules.matching import Helper, Wanted, rank
from storage.rules.skills import Skill, TimeSlot
from storage.rules.waves import WAVES, Wave
from storage.tables import role

SIZES = (1_000, 10_000)
REPEATS = 15
NEEDS, CHATTING, PLAYERS = 500, 50, 5
# A wave near by, and the one that reaches everybody.
NEAR, ANYWHERE = WAVES[Urgency.U2][1], WAVES[Urgency.U2][2]
SAID = Statement(Category.ERRAND, Urgency.U2, "想请人帮忙买一袋米")


@dataclass(frozen=True, slots=True)
class MatchFigures:
    """Milliseconds of each act, the medians, and how many statements the widest wave needs."""

    acts: dict[str, float]
    statements: int


@dataclass(frozen=True, slots=True)
class NeedFigures:
    """How long so many needs took, and how long people who chatted meanwhile waited."""

    seconds: float
    need_ms: float
    chat_ms: float
    late_ms: float


def print_matching(out: Console) -> None:
    """Rank few and many volunteers and say how it grew; then many needs beside many chats."""
    small, large = map(measure_matching, SIZES)
    table = Table(title=f"Whom to ask for one need, in ms (medians of {REPEATS})")
    for heading in ("", *(f"{size:,} volunteers" for size in SIZES), "growth"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, one in small.acts.items():
        other = large.acts[name]
        table.add_row(name, f"{one:.1f}", f"{other:.1f}", f"{other / one:.1f}x")
    grown = large.statements / small.statements
    table.add_row("statements", str(small.statements), str(large.statements), f"{grown:.1f}x")
    out.print(table)
    found = measure_needs()
    out.print(
        f"{NEEDS} needs stated while {CHATTING} people chat, {SIZES[0]:,} volunteers: "
        f"{found.seconds:.1f} s ({NEEDS / found.seconds * 60:,.0f} a minute), "
        f"{found.need_ms:.1f} ms a need; a chat waited {found.chat_ms:.1f} ms, "
        f"one of a hundred {found.late_ms:.0f} ms\n"
    )


def measure_matching(volunteers: int) -> MatchFigures:
    """Time the rules alone, a wave in one community, and one that reaches everybody."""
    with tempfile.TemporaryDirectory(prefix="jiai-bench-") as name:
        database = open_register(Path(name))
        make_demo_data(database, now=NOW, residents=100, volunteers=volunteers, seed=1)
        card = database.do(_stated, resident_id=_residents(database)[0])
        helpers, local = _helpers(volunteers), database.house.local(NOW)
        wanted = Wanted(SAID.category, SAID.urgency, community_id=1)
        acts: dict[str, Callable[[], object]] = {
            "the rules alone": lambda: rank(helpers, wanted, local),
            "a wave in one community": lambda: database.do(_choose, card=card, wave=NEAR),
            "a wave that reaches everybody": lambda: database.do(_choose, card=card, wave=ANYWHERE),
        }
        times = {title: _median(act) for title, act in acts.items()}
        statements = _count(database, acts["a wave that reaches everybody"])
        database.close()
    return MatchFigures(times, statements)


def _stated(session: Session, *, resident_id: int) -> NeedCard:
    need_id = state_need(session, now=NOW, actor_id=resident_id, resident_id=resident_id, said=SAID)
    return read_need(session, need_id=need_id)


def _choose(session: Session, *, card: NeedCard, wave: Wave) -> object:
    sought = what_is_sought(session, card, now=NOW)
    return choose_volunteers(session, card, wave=wave, sought=sought, moment=NOW, now=NOW)


def _helpers(count: int) -> list[Helper]:
    dice = random.Random(1)
    return [
        Helper(
            person_id=number,
            community_id=dice.randint(1, 15),
            skills=frozenset(dice.sample(sorted(Skill), k=3)),
            slots=frozenset(dice.sample(sorted(TimeSlot), k=1)),
            active_claims=dice.randint(0, 2),
        )
        for number in range(count)
    ]


def _residents(database: Database) -> Sequence[int]:
    with database.transaction() as session:
        rows = session.all(select(role.c.person_id).where(role.c.kind == "resident"))
    return [row.person_id for row in rows]


def _median(act: Callable[[], object]) -> float:
    return statistics.median(_time(act) for _ in range(REPEATS))


def _time(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def _count(database: Database, act: Callable[[], object]) -> int:
    ran = itertools.count()

    def count(*_: Any) -> None:
        next(ran)

    event.listen(database.engine, "before_cursor_execute", count)
    act()
    event.remove(database.engine, "before_cursor_execute", count)
    return next(ran)


def measure_needs() -> NeedFigures:
    """State needs one after the other while people look at their own, a few at a time."""
    with tempfile.TemporaryDirectory(prefix="jiai-bench-") as name:
        database = open_register(Path(name))
        make_demo_data(database, now=NOW, residents=NEEDS, volunteers=SIZES[0], seed=1)
        residents = _residents(database)
        over, chats = threading.Event(), list[float]()

        def chat(people: Sequence[int]) -> None:
            for person_id in itertools.cycle(people):
                if over.is_set():
                    return
                look = partial(database.do, list_own_needs, person_id=person_id)
                chats.append(_time(look))

        players = [
            threading.Thread(target=chat, args=(residents[at:CHATTING:PLAYERS],))
            for at in range(PLAYERS)
        ]
        began = time.perf_counter()
        for one in players:
            one.start()
        needs = [_time(partial(database.do, _stated, resident_id=who)) for who in residents]
        seconds = time.perf_counter() - began
        over.set()
        for one in players:
            one.join()
        database.close()
    late = statistics.quantiles(chats, n=100)[-1]
    return NeedFigures(seconds, statistics.median(needs), statistics.median(chats), late)
