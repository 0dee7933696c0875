"""What calls cost: an hour among very many plans, and one minute in which all are due."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select

from bench.process import jiai_paced
from bench.register import NOW, RESIDENTS_FROM, open_register, plan_calls
from bench.runs import run_once
from bench.server import Server, Shown
from bot.assembly import MESSAGES_A_SECOND
from bot.ticks import run_ticks
from storage.database import Database
from storage.outbox.leasing import lease
from storage.outbox.outcomes import End, SendResult, record
from storage.tables import check_in, outbox

# So many plans, and how many of them are due within the hour.
ROUNDS = ((3_000, 100), (3_000, 1_000), (30_000, 1_000), (300_000, 1_000))
MINUTES, IDLE_TICKS = 60, 9
# A hundred times as many plans may cost this much more; ten times as many calls ten times as much.
GROWTH, EACH_GROWTH = 2.0, 2.0
CROWD, CHATTING, CHAT_EVERY = 5_000, 20, 5.0
# The bot starts within this; then all are due in one minute.
FIRST_DUE = timedelta(seconds=15)
LATEST = 1.25
WAIT_AT_MOST = 420.0


@dataclass(frozen=True, slots=True)
class HourFigures:
    """An hour's ticks: CPU ms of all, of one in which nothing is due; real ms of the slowest.

    What is compared is CPU time: what else the machine does meets one run and not another.
    """

    plans: int
    due: int
    hour_ms: float
    slowest_ms: float
    idle_ms: float

    @property
    def each_ms(self) -> float:
        return (self.hour_ms - self.idle_ms * MINUTES) / self.due


@dataclass(frozen=True, slots=True)
class CrowdFigures:
    """Seconds from the due minute to the prompts, and how long people who chatted waited."""

    median: float
    worst: float
    chat: float
    chat_worst: float
    chats: int


def print_calls(out: Console) -> None:
    """Print both; raises RuntimeError when a bound is passed."""
    found = [measure_hour(plans=plans, due=due) for plans, due in ROUNDS]
    table = Table(title="An hour of calls, a tick each minute")
    for heading in ("call plans", "due", "all ticks, CPU s", "CPU ms a call", "slowest tick, ms"):
        table.add_column(heading, justify="right")
    table.add_column("nothing due, CPU ms", justify="right")
    for one in found:
        table.add_row(
            f"{one.plans:,}",
            f"{one.due:,}",
            f"{one.hour_ms / 1000:.1f}",
            f"{one.each_ms:.2f}",
            f"{one.slowest_ms:.0f}",
            f"{one.idle_ms:.2f}",
        )
    out.print(table)
    few, small, *_, large = found
    _bound(out, "a call, of 100 times as many plans", large.each_ms / small.each_ms, GROWTH)
    _bound(out, "a call, of 10 times as many due", small.each_ms / few.each_ms, EACH_GROWTH)
    crowd = asyncio.run(measure_crowd())
    # Whoever chats is answered before the prompts, at the same pace.
    ideal = (CROWD + crowd.chats) / MESSAGES_A_SECOND
    out.print(
        f"{CROWD:,} calls due in one minute, {MESSAGES_A_SECOND} messages a second: half were "
        f"out after {crowd.median:.0f} s, the last after {crowd.worst:.0f} s (the pace alone "
        f"{ideal:.0f} s); {CHATTING} people chatted meanwhile ({crowd.chats} answers) and "
        f"waited {crowd.chat:.2f} s, at worst {crowd.chat_worst:.2f} s"
    )
    _bound(out, "the last call beside the pace alone", crowd.worst / ideal, LATEST)


def _bound(out: Console, what: str, ratio: float, limit: float) -> None:
    out.print(f"{what}: {ratio:.2f} times, {limit:.2f} at most")
    if ratio > limit:
        raise RuntimeError(f"{what}: {ratio:.2f} times, more than {limit:.2f}")


def measure_hour(*, plans: int, due: int) -> HourFigures:
    """Let an hour pass tick by tick, each message taken as sent; nobody of them reports."""
    with tempfile.TemporaryDirectory(prefix="jiai-bench-") as name:
        plan_calls(Path(name), plans=plans, due=due, within=timedelta(minutes=MINUTES - 1))
        database = open_register(Path(name))
        # What a day begins with is done: it is no call.
        run_ticks(database, now=NOW - timedelta(minutes=1))
        idle = partial(run_ticks, database, now=NOW - timedelta(minutes=1))
        idle_ms = statistics.median(_cpu(idle) for _ in range(IDLE_TICKS))
        taken, spent = list[float](), 0.0
        for minute in range(MINUTES):
            now = NOW + timedelta(minutes=minute)
            ticking = partial(run_ticks, database, now=now)
            began = time.process_time()
            taken.append(_time(ticking))
            spent += (time.process_time() - began) * 1000
            _send_all(database, minute)
        with database.transaction() as session:
            started = session.value(select(func.count()).select_from(check_in))
        database.close()
    if started != due:
        raise RuntimeError(f"{started} calls were started instead of {due}")
    return HourFigures(plans, due, spent, max(taken), idle_ms)


def _send_all(database: Database, minute: int) -> None:
    now = NOW + timedelta(minutes=minute)
    while True:
        with database.transaction() as session:
            parcels = lease(session, owner="bench", limit=500, now=now, real=time.time())
            ends = [SendResult(one.id, End.SENT, message_id=one.id) for one in parcels]
            record(session, owner="bench", results=ends, now=now, real=time.time())
        if not parcels:
            return


def _time(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def _cpu(act: Callable[[], object]) -> float:
    began = time.process_time()
    act()
    return (time.process_time() - began) * 1000


class Crowd:
    """Everybody is asked to call in one minute, while some look at what they asked for."""

    def __init__(self) -> None:
        self.done = asyncio.Event()
        self.waited: list[float] = []
        self._since: dict[int, float] = {}
        self._asked: set[int] = set()

    def begin(self, server: Server) -> None:
        """Those who chat begin."""
        self._server = server
        for number in range(CHATTING):
            self._say(RESIDENTS_FROM + number)

    def shown(self, shown: Shown) -> None:
        """A prompt went out, or an answer came."""
        asked = next((data for _, data in shown.buttons if data.startswith("check_in:")), None)
        if asked is not None:
            self._asked.add(int(asked.split(":")[2]))
            if len(self._asked) == CROWD:
                self.done.set()
        elif since := self._since.pop(shown.chat, None):
            self.waited.append(time.monotonic() - since)
            asyncio.get_running_loop().call_later(CHAT_EVERY, self._say, shown.chat)

    def _say(self, chat: int) -> None:
        self._since[chat] = time.monotonic()
        self._server.say(chat, "/mine")


async def measure_crowd() -> CrowdFigures:
    """Run the bot itself at Telegram's pace until each caller was asked."""
    crowd, delays = Crowd(), list[float]()
    await run_once(
        jiai_paced,
        crowd,
        prepare=partial(plan_calls, plans=CROWD, due=CROWD, first=FIRST_DUE, own_callers=True),
        after=lambda folder: delays.extend(_delays(folder)),
        longest=WAIT_AT_MOST,
    )
    return CrowdFigures(
        median=statistics.median(delays),
        worst=max(delays),
        chat=statistics.median(crowd.waited),
        chat_worst=max(crowd.waited),
        chats=len(crowd.waited),
    )


def _delays(folder: Path) -> list[float]:
    """From the due time to the sending of each prompt."""
    database = open_register(folder)
    with database.transaction() as session:
        sent = session.all(select(outbox.c.sent_at).where(outbox.c.template == "check_in_call"))
    database.close()
    due = NOW + FIRST_DUE
    return [(row.sent_at - due).total_seconds() for row in sent if row.sent_at is not None]
