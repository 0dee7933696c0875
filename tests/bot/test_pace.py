"""Pace: even spacing, a slot for each chat, and a 429 that nothing releases early."""

import asyncio
from collections.abc import Callable, Coroutine
from types import SimpleNamespace

import pytest

from bot import pace as pace_file
from bot.pace import Pace

PATIENT = 1000.0


class Seconds:
    """A monotonic clock that moves when somebody waits."""

    def __init__(self) -> None:
        self.now = PATIENT
        self.waits: list[float] = []
        self.meanwhile: list[Callable[[], None]] = []

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Seconds:
    """Waiting moves the clock instead of taking time."""
    clock = Seconds()

    async def wait_for(waiting: Coroutine[object, object, bool], wait: float) -> None:
        waiting.close()
        clock.waits.append(round(wait, 3))
        clock.now += wait
        if clock.meanwhile:
            clock.meanwhile.pop()()
        raise TimeoutError

    monkeypatch.setattr(pace_file, "time", clock)
    faked = SimpleNamespace(Event=asyncio.Event, wait_for=wait_for)
    monkeypatch.setattr(pace_file, "asyncio", faked)
    return clock


async def test_without_a_rate_nobody_waits(seconds: Seconds) -> None:
    pace = Pace(rate=None, chat_gap=5)
    assert [await pace.turn(1) for _ in range(5)] == [True] * 5
    assert seconds.waits == []


async def test_sends_to_many_chats_are_evenly_spaced(seconds: Seconds) -> None:
    pace = Pace(rate=10, chat_gap=1)
    for chat in range(4):
        assert await pace.turn(chat)
    assert seconds.waits == [0.1, 0.1, 0.1]


async def test_one_chat_gets_its_own_gap(seconds: Seconds) -> None:
    pace = Pace(rate=10, chat_gap=1)
    for _ in range(3):
        assert await pace.turn(7)
    assert seconds.waits == [1.0, 1.0]


async def test_a_429_holds_back_its_own_chat_and_nobody_else(seconds: Seconds) -> None:
    pace = Pace(rate=None, chat_gap=0)
    pace.halt(7, 30)
    pace.halt(7, 5)
    assert (pace.held(7), pace.held(8)) == (30, 0)
    await pace.turn(8)
    assert seconds.waits == []
    await pace.turn(7)
    assert seconds.waits == [30.0]


async def test_when_a_second_chat_meets_one_everybody_waits(seconds: Seconds) -> None:
    pace = Pace(rate=None, chat_gap=0)
    pace.halt(7, 5)
    pace.halt(8, 30)
    assert (pace.held(7), pace.held(8), pace.held(9)) == (30, 30, 30)
    await pace.turn(9)
    assert seconds.waits == [30.0]


async def test_a_flood_that_is_over_no_longer_counts(seconds: Seconds) -> None:
    pace = Pace(rate=None, chat_gap=0)
    pace.halt(7, 5)
    seconds.now += 6
    pace.halt(8, 30)
    assert (pace.held(7), pace.held(8), pace.held(9)) == (0, 30, 0)


async def test_a_flood_of_all_slows_the_rest_of_the_run_once_for_a_window(
    seconds: Seconds,
) -> None:
    pace = Pace(rate=10, chat_gap=0)
    for chat in range(20):
        pace.halt(chat, 30)  # twenty sends were under way and each met it
    assert pace._gap == pytest.approx(0.11)
    seconds.now += 31
    pace.halt(1, 1)
    pace.halt(2, 1)
    assert pace._gap == pytest.approx(0.121)


async def test_a_429_holds_back_also_those_who_wait_already(seconds: Seconds) -> None:
    pace = Pace(rate=None, chat_gap=0)
    pace.halt(1, 1)
    seconds.meanwhile.append(lambda: pace.halt(1, 60))
    assert await pace.turn(1)
    assert seconds.waits == [1.0, 60.0]


async def test_after_a_stop_nobody_goes_any_more() -> None:
    pace = Pace(rate=None, chat_gap=0)
    pace.halt(1, 3600)
    waiting = asyncio.create_task(pace.turn(1))
    await asyncio.sleep(0)
    pace.stop()
    assert await waiting is False
    assert await pace.turn(2) is False


async def test_the_memory_of_chats_does_not_grow_for_ever(seconds: Seconds) -> None:
    pace = Pace(rate=1e9, chat_gap=0.001)
    for chat in range(12_000):
        await pace.turn(chat)
        seconds.now += 0.001
    assert len(pace._chats) < 6000
