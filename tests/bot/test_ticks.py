"""Ticks and the clock: what is due moves in order, and one that fails holds nobody up."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot import ticks
from bot.assembly import Program
from bot.clock import Clock
from bot.settings import PRACTICE_TOKEN, Settings
from bot.ticks import Tick, next_due_at, run_ticks
from storage.database import Database, Session
from storage.heartbeats import list_heartbeats
from storage.outbox import MessageClass
from storage.tables import outage
from storage.vault import VaultError
from tests.storage.post import RESIDENT, Post


class Due:
    """Something that falls due at these moments; ``moved`` are those it handled, and when."""

    def __init__(self, *moments: datetime, fails: bool = False) -> None:
        self.moments = sorted(moments)
        self.moved: list[tuple[datetime, datetime]] = []
        self.fails = fails

    def step(self, database: Database, *, now: datetime) -> bool:
        if not self.moments or self.moments[0] > now:
            return False
        if self.fails:
            raise VaultError("somebody's words")
        self.moved.append((self.moments.pop(0), now))
        return True

    def next_at(self, session: Session) -> datetime | None:
        return self.moments[0] if self.moments else None


@pytest.fixture
def tick(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Put ticks of the test's own in the place of the program's."""

    def put(**due: Due) -> None:
        made = tuple(Tick(name, one.step, one.next_at) for name, one in due.items())
        monkeypatch.setattr(ticks, "TICKS", made)

    return put


@pytest.fixture
def program(database: Database, now: datetime) -> Program:
    settings = Settings(_env_file=None, bot_token=PRACTICE_TOKEN, bot_api_url="http://127.0.0.1:1")
    clock = Clock()
    clock.move_to(now)
    return Program(settings, database=database, clock=clock)


def test_everything_due_moves_once_and_each_tick_leaves_its_heartbeat(
    database: Database, now: datetime, tick: Callable[..., None]
) -> None:
    first, second = Due(now, now - timedelta(days=1)), Due(now + timedelta(seconds=1))
    tick(first=first, second=second)
    assert run_ticks(database, now=now) is True
    assert [due for due, _ in first.moved] == [now - timedelta(days=1), now]
    assert second.moved == []
    assert run_ticks(database, now=now) is False
    assert database.do(list_heartbeats) == {"first": now, "second": now}


def test_a_tick_that_fails_keeps_no_other_from_running(
    database: Database, now: datetime, tick: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    good = Due(now)
    tick(bad=Due(now, fails=True), good=good)
    assert run_ticks(database, now=now) is True
    assert len(good.moved) == 1
    assert set(database.do(list_heartbeats)) == {"good", "failed:bad"}
    assert "tick bad failed: VaultError" in caplog.text
    assert "words" not in caplog.text


def test_an_alarm_does_not_wait_for_the_end_of_a_long_sweep(
    database: Database, now: datetime, tick: Callable[..., None]
) -> None:
    alarms, calls = Due(), Due(*[now] * 1000)
    waited = []

    class Crowded(Due):
        def step(self, database: Database, *, now: datetime) -> bool:
            if len(calls.moved) == 120:
                alarms.moments.append(now)
            waited.append(len(alarms.moments))
            return calls.step(database, now=now)

    tick(alarms=alarms, calls=Crowded())
    assert run_ticks(database, now=now) is True
    assert len(calls.moved) == 1000
    assert len(alarms.moved) == 1
    assert sum(waited) <= ticks.STEPS_IN_A_ROW


def test_the_next_due_moment_is_the_earliest_of_all_and_of_what_waits_to_be_said(
    database: Database, now: datetime, tick: Callable[..., None]
) -> None:
    tick(none=Due())
    assert database.do(next_due_at) is None
    post = Post(database, now + timedelta(hours=13))
    post.say("at night", chat=RESIDENT, message_class=MessageClass.INFO)
    morning = now + timedelta(hours=22)
    assert database.do(next_due_at) == morning
    tick(later=Due(now + timedelta(days=2)), sooner=Due(now + timedelta(hours=1)))
    assert database.do(next_due_at) == now + timedelta(hours=1)


def test_the_programs_own_ticks_run_on_an_empty_register(database: Database, now: datetime) -> None:
    assert run_ticks(database, now=now) is False
    assert set(database.do(list_heartbeats)) == {one.name for one in ticks.TICKS}
    assert ticks.housekeep(database, now=now) is False


async def test_moving_the_clock_goes_through_every_due_moment_in_order(
    program: Program, now: datetime, tick: Callable[..., None]
) -> None:
    hour = timedelta(hours=1)
    first, second = Due(now + 3 * hour, now + 5 * hour), Due(now + 4 * hour, now + 9 * hour)
    tick(first=first, second=second)
    await program.move_clock(now + 6 * hour)
    moved = sorted((at, due) for due, at in (*first.moved, *second.moved))
    assert [due for _, due in moved] == [now + 3 * hour, now + 4 * hour, now + 5 * hour]
    for at, due in moved:
        assert timedelta(0) <= at - due < timedelta(minutes=1)
    assert timedelta(0) <= program.clock.now() - (now + 6 * hour) < timedelta(minutes=1)


async def test_a_tick_of_the_bell_in_the_middle_of_a_leap_takes_it_for_no_outage(
    program: Program, now: datetime
) -> None:
    async def ring() -> None:
        while True:
            await program.tick()

    await program.tick()
    bells = [asyncio.create_task(ring()) for _ in range(3)]
    for hours in range(2, 12, 2):
        await program.move_clock(now + timedelta(hours=hours))
    for bell in bells:
        bell.cancel()
    await asyncio.gather(*bells, return_exceptions=True)
    with program.database.transaction() as session:
        assert session.all(select(outage.c.began)) == []


async def test_a_tick_that_fails_each_time_does_not_hold_the_clock_up(
    program: Program, now: datetime, tick: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    tick(bad=Due(now + timedelta(hours=1), fails=True))
    await program.move_clock(now + timedelta(hours=2))
    assert program.clock.now() >= now + timedelta(hours=2)
    assert "does not move" in caplog.text


async def test_asleep_the_clock_goes_on_and_nothing_moves(
    program: Program, now: datetime, tick: Callable[..., None]
) -> None:
    due = Due(now + timedelta(hours=1))
    tick(due=due)
    program.sleep(True)
    await program.move_clock(now + timedelta(hours=2))
    assert due.moved == []
    assert await program.tick() is False
    program.sleep(False)
    assert await program.tick() is True
    assert len(due.moved) == 1, "after an outage it acts once"


def test_what_only_speaks_stands_still_while_the_messenger_is_away(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    speaks, acts, calls = Due(now), Due(now), Due()
    made = (
        Tick("speaks", speaks.step, speaks.next_at, speaks=True),
        Tick("acts", acts.step, acts.next_at),
        Tick("calls", calls.step),
    )
    monkeypatch.setattr(ticks, "TICKS", made)
    run_ticks(database, now=now - timedelta(minutes=7), reached=True)
    for minutes in range(6, 0, -1):
        run_ticks(database, now=now - timedelta(minutes=minutes), reached=False)
    run_ticks(database, now=now, reached=False)
    assert (len(speaks.moved), len(acts.moved)) == (0, 1)
    assert database.do(next_due_at) is None, "the clock is not held up by it"
    assert database.do(list_heartbeats)["speaks"] == now, "it stands still on purpose"
    run_ticks(database, now=now + timedelta(minutes=1), reached=True)
    assert len(speaks.moved) == 1
