"""What exporting both registers costs: rows a second, growth, and memory of child and bot."""

import json
import random
import resource
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import insert, select

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
from storage.rules.fields import OPTIONS, Register
from storage.tables import disability_certificate, resident, role, volunteer_profile

P = ParamSpec("P")
R = TypeVar("R")

BATCH = 500
TEAMS = ("青年志愿队", "邻里互助队", "助残联络站", "")


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
    """Invent both registers with their profiles; returns the id of a coordinator."""
    make_demo_data(database, now=NOW, residents=residents, volunteers=volunteers, seed=1)
    dice = random.Random(1)
    with database.transaction() as session:
        rows = session.all(select(role.c.person_id, role.c.kind).order_by(role.c.person_id))
    people = [(row.person_id, row.kind) for row in rows]
    for first in range(0, len(people), BATCH):
        database.do(_know, people=people[first : first + BATCH], dice=dice)
    return database.do(_add_clerk)


def _add_clerk(session: Session) -> int:
    clerk = add_person(session, now=NOW, name="王珊", telegram_id=1)
    grant(session, now=NOW, person_id=clerk, kind="coordinator", actor_id=None)
    return clerk


def _know(session: Session, *, people: list[tuple[int, str]], dice: random.Random) -> None:
    """Profiles of everybody, certificates of two residents in three."""
    profiles: dict[str, list[dict[str, Any]]] = {"resident": [], "volunteer": []}
    certificates: list[dict[str, Any]] = []
    for person_id, kind in people:
        uid = secrets.token_hex(16)
        made = _resident(dice) if kind == "resident" else _volunteer(dice)
        table = "resident" if kind == "resident" else "volunteer_profile"
        text = json.dumps(made, ensure_ascii=False)
        row = {
            "person_id": person_id,
            "uid": uid,
            "profile": session.vault.seal(text, place=f"{table}.profile:{uid}"),
            "updated_at": NOW,
            "version": 1,
        }
        profiles[kind].append(row | ({"languages": "chongqing"} if kind == "volunteer" else {}))
        if kind == "resident" and dice.random() < 0.66:
            certificates.append(_certificate(session, person_id, made, dice))
    for rows, table_of in (
        (profiles["resident"], resident),
        (profiles["volunteer"], volunteer_profile),
        (certificates, disability_certificate),
    ):
        if rows:
            session.execute(insert(table_of), rows)


def _resident(dice: random.Random) -> dict[str, Any]:
    born = NOW.date() - timedelta(days=dice.randint(2000, 34_000))
    return {
        "sex": dice.choice(("male", "female")),
        "born_on": born.isoformat(),
        "ethnicity": "汉族",
        "category": dice.choice(OPTIONS["category"]).key,
        "grade": dice.choice(OPTIONS["grade"]).key,
        "lives_alone": dice.random() < 0.2,
        "education": dice.choice(OPTIONS["education"]).key,
        "marital": dice.choice(OPTIONS["marital"]).key,
        "welfare": [dice.choice(OPTIONS["welfare"]).key],
        "contact_name": "李梅（虚构）",
        "contact_phone": f"+86100{dice.randrange(10**8):08d}",
        "remarks": "上门前请先打电话",
    }


def _volunteer(dice: random.Random) -> dict[str, Any]:
    return {"sex": dice.choice(("male", "female")), "team": dice.choice(TEAMS)}


def _certificate(
    session: Session, person_id: int, made: dict[str, Any], dice: random.Random
) -> dict[str, Any]:
    """An invented number: area 500299 is nobody's."""
    order = [one.key for one in OPTIONS["category"]]
    day = str(made["born_on"]).replace("-", "")
    kind = f"{order.index(made['category']) + 1}{made['grade']}"
    number = f"500299{day}{dice.randrange(1000):03d}X{kind}"
    uid = secrets.token_hex(16)
    return {
        "uid": uid,
        "person_id": person_id,
        "number": session.vault.seal(number, place=f"disability_certificate.number:{uid}"),
        "number_key": session.vault.fingerprint(number, field="certificate"),
        "state": "valid",
        "issued_on": NOW.date() - timedelta(days=900),
        "expires_on": NOW.date() + timedelta(days=2700),
        "latest": True,
        "created_at": NOW,
        "version": 1,
    }


if __name__ == "__main__":
    print(json.dumps(asdict(_export(**json.loads(sys.argv[1])))))
