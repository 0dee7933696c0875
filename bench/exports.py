"""What exporting both registers costs: rows a second, growth, and memory of child and bot."""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from bench.register import NOW, open_register
from bot.office.child_process import Office
from bot.office.work import Paper, Work
from bot.papers.registry import MAKERS
from messages.render import Wording
from storage.database import Database, Session
from storage.demo import make_demo_data
from storage.exports import Choice
from storage.papers.carrying import Job
from storage.people import add_person
from storage.roles import grant
from storage.rules.fields import Register

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Exported:
    """One export: its size, its time, what the child took, the longest it held the database."""

    rows: int
    seconds: float
    megabytes: float
    bot_mb: float
    child_mb: float
    longest_ms: float

    @property
    def per_second(self) -> float:
        return self.rows / self.seconds


@dataclass(slots=True)
class TimedWork(Work):
    """Notes the longest transaction: an alarm can wait no longer behind an export."""

    longest: float = 0.0

    def do(
        self, step: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        began = time.perf_counter()
        try:
            # A dataclass with slots is made anew, so super() without arguments finds the old one.
            return Work.do(self, step, *args, **kwargs)
        finally:
            self.longest = max(self.longest, time.perf_counter() - began)


def measure_export(kind: str, *, residents: int, volunteers: int) -> Exported:
    """Export one register of this size in a process of its own, whose memory is this export's."""
    asked = json.dumps({"kind": kind, "residents": residents, "volunteers": volunteers})
    done = subprocess.run(
        [sys.executable, "-m", "bench.exports", asked],
        capture_output=True,
        text=True,
        check=True,
    )
    return Exported(**json.loads(done.stdout.splitlines()[-1]))


def _export(kind: str, *, residents: int, volunteers: int) -> Exported:
    """Export with all columns."""
    with tempfile.TemporaryDirectory() as folder:
        database = open_register(Path(folder))
        clerk = settle_registers(database, residents=residents, volunteers=volunteers)
        register = Register.RESIDENT if kind == "residents" else Register.VOLUNTEER
        facts = Choice(register, columns="all").as_facts()
        work = TimedWork(
            job=Job(1, kind, clerk, facts, None, 1),
            language="zh",
            database=database,
            wording=Wording(zone="Asia/Shanghai"),
            office=Office(),
            clock=lambda: NOW,
        )
        began = time.perf_counter()
        made = MAKERS[kind].make(work)
        seconds = time.perf_counter() - began
        database.close()
    assert isinstance(made, Paper)
    people = made.facts["people"]
    return Exported(
        rows=int(str(people)),
        seconds=seconds,
        megabytes=len(made.body) / 2**20,
        bot_mb=_megabytes(resource.RUSAGE_SELF),
        child_mb=_megabytes(resource.RUSAGE_CHILDREN),
        longest_ms=work.longest * 1000,
    )


def _megabytes(who: int) -> float:
    """The largest resident size so far; Linux counts in KiB."""
    return resource.getrusage(who).ru_maxrss / 1024


def settle_registers(database: Database, *, residents: int, volunteers: int) -> int:
    """Invent both registers; returns the id of a coordinator."""
    make_demo_data(database, now=NOW, residents=residents, volunteers=volunteers, seed=1)
    return database.do(_add_clerk)


def _add_clerk(session: Session) -> int:
    clerk = add_person(session, now=NOW, name="王珊", telegram_id=1)
    grant(session, now=NOW, person_id=clerk, kind="coordinator", actor_id=None)
    return clerk


if __name__ == "__main__":
    print(json.dumps(asdict(_export(**json.loads(sys.argv[1])))))
