"""One tick with many call plans of which ten are due: the time of the whole sweep."""

import shutil
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from bench.register import NOW, open_register, plan_calls
from bot.ticks import run_ticks
from storage.database import Database
from storage.tables import check_in

DUE = 10


@dataclass(frozen=True, slots=True)
class TickFigures:
    """Milliseconds of one tick: the calls fall due, their callers are asked, nothing is due."""

    plans: int
    due_ms: float
    asked_ms: float
    idle_ms: float


def measure_ticks(*, plans: int, runs: int) -> TickFigures:
    """Time a tick on fresh copies of the same register; raises RuntimeError if calls are missed."""
    due: list[float] = []
    asked: list[float] = []
    idle: list[float] = []
    with tempfile.TemporaryDirectory(prefix="jiai-bench-") as name:
        first = Path(name) / "first"
        first.mkdir()
        plan_calls(first, plans=plans, due=DUE)
        for run in range(runs):
            folder = Path(name) / f"run{run}"
            shutil.copytree(first, folder)
            database = open_register(folder)
            due.append(_tick(database))
            with database.transaction() as session:
                started = session.value(select(func.count()).select_from(check_in))
            if started != DUE:
                raise RuntimeError(f"{started} check-ins were started instead of {DUE}")
            asked.append(_tick(database))
            idle.append(_tick(database))
            database.close()
    return TickFigures(plans, *map(statistics.median, (due, asked, idle)))


def _tick(database: Database) -> float:
    began = time.perf_counter()
    run_ticks(database, now=NOW)
    return (time.perf_counter() - began) * 1000
