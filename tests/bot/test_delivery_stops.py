"""Delivery that is stopped, killed, or cut off from its database loses and doubles nothing."""

import asyncio
import threading
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot import delivery as delivery_file
from bot import transport
from bot.delivery import Delivery
from bot.pace import Pace
from storage.outbox import MessageClass
from tests.bot.office import Office, until
from tests.storage.post import COORDINATOR, RESIDENT, VOLUNTEER

INFO, ANSWER = MessageClass.INFO, MessageClass.ANSWER
LOCKED = OperationalError("BEGIN IMMEDIATE", None, Exception("database is locked"))
REPEATED = "已经发过一次"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery_file, "IDLE_SECONDS", 0.01)


async def test_what_a_killed_process_left_is_sent_once_more_and_marked(office: Office) -> None:
    office.say("call")
    office.say("thanks", chat=VOLUNTEER, message_class=INFO)
    office.post.now, office.post.real = office.clock.now(), office.clock.real()
    assert len(office.post.lease(owner="killed")) == 2
    office.open()
    await office.until("call", "sent")
    (text,) = await office.heard()
    assert REPEATED in text
    assert office.post.states()["thanks"] == "unknown"
    assert await office.heard(VOLUNTEER) == []


async def test_an_idle_bot_leaves_the_database_alone(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_file, "IDLE_SECONDS", 60)
    steps = 0
    step = office.delivery._step

    def counted(*given: Any, **more: Any) -> Any:
        nonlocal steps
        steps += 1
        return step(*given, **more)

    monkeypatch.setattr(office.delivery, "_step", counted)
    loop = asyncio.get_running_loop()

    def wake() -> None:
        loop.call_soon_threadsafe(office.delivery.wake)

    office.post.database.wake_on_commit(wake)
    office.open()
    office.say("hello")
    await office.until("hello", "sent")
    done = steps
    # Ten rounds of the loop's own thread pool: time enough to wake itself.
    for _ in range(10):
        await asyncio.to_thread(office.post.states)
    assert steps - done <= 1


async def test_on_a_stop_what_waits_for_its_turn_goes_back_unmarked(office: Office) -> None:
    office.delivery._pace = Pace(rate=1000, chat_gap=3600)
    for number in range(3):
        office.say(f"thanks{number}", message_class=INFO)
    office.open()
    await until(lambda: office.post.states()["thanks1"] == "sending")
    await until(lambda: office.delivery._finished != [] or office.post.row("thanks0").message_id)
    await office.close()
    assert office.post.states() == {"thanks0": "sent", "thanks1": "pending", "thanks2": "pending"}
    assert office.post.row("thanks1").unclear == 0
    assert await office.heard() == ["thanks0"]


@pytest.mark.parametrize(("patience", "state"), [(15.0, "pending"), (0.0, "sending")])
async def test_on_a_stop_what_is_on_the_wire_may_end_for_a_while(
    office: Office, monkeypatch: pytest.MonkeyPatch, patience: float, state: str
) -> None:
    monkeypatch.setattr(delivery_file, "FINISH_SECONDS", patience)
    monkeypatch.setattr(transport, "READ_SECONDS", 0.3)
    await office.fault("hang")
    office.say("call")
    office.open()
    while not await office.heard():
        pass
    wires = set(office.delivery._under_way)
    await office.close()
    assert office.post.states() == {"call": state}, "unclear, so its repeat will be marked"
    assert office.post.row("call").unclear == (1 if state == "pending" else 0)
    await asyncio.wait(wires)


async def test_what_was_leased_while_the_stop_came_goes_back_unmarked(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    leased, go_on = threading.Event(), threading.Event()
    step = office.delivery._step

    def slow(*given: Any, **more: Any) -> Any:
        parcels = step(*given, **more)
        if parcels:
            leased.set()
            go_on.wait(10)
        return parcels

    monkeypatch.setattr(office.delivery, "_step", slow)
    office.say("thanks", message_class=INFO)
    office.open()
    await asyncio.to_thread(leased.wait, 10)
    stop = asyncio.create_task(office.close())
    await asyncio.sleep(0)
    go_on.set()
    await stop
    assert office.post.states() == {"thanks": "pending"}
    assert await office.heard() == []


async def test_a_stop_while_the_database_is_away_ends_too(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered, go_on = threading.Event(), threading.Event()

    def away(*_: Any, **__: Any) -> Any:
        entered.set()
        go_on.wait(10)
        raise LOCKED

    monkeypatch.setattr(office.delivery, "_step", away)
    office.say("thanks", message_class=INFO)
    office.open()
    await asyncio.to_thread(entered.wait, 10)
    monkeypatch.setattr(delivery_file, "record", away)
    stop = asyncio.create_task(office.close())
    await asyncio.sleep(0)
    go_on.set()
    await stop
    assert office.post.states() == {"thanks": "pending"}


async def test_a_database_that_is_away_for_a_moment_stops_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    do, failures = office.post.database.do, [LOCKED, LOCKED]

    def sometimes(step: Any, *given: Any, **more: Any) -> Any:
        name = getattr(step, "__name__", "")
        if name in ("recover", "_step") and failures:
            raise failures.pop()
        return do(step, *given, **more)

    office.say("call")
    monkeypatch.setattr(office.post.database, "do", sometimes)
    office.open()
    await office.until("call", "sent")
    assert await office.heard() == ["call"]


async def test_the_end_of_a_send_outlives_a_database_that_is_away(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    do, failures = office.post.database.do, [LOCKED]

    def sometimes(step: Any, *given: Any, **more: Any) -> Any:
        if more.get("finished") and failures:
            raise failures.pop()
        return do(step, *given, **more)

    monkeypatch.setattr(office.post.database, "do", sometimes)
    office.open()
    office.say("call")
    office.say("next")
    await office.until("next", "sent")
    assert office.post.states()["call"] == "sent"
    assert await office.heard() == ["call", "next"]


async def test_a_lease_whose_commit_went_unanswered_is_sent_once_unmarked(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    do, failures = office.post.database.do, [LOCKED]

    def unanswered(step: Any, *given: Any, **more: Any) -> Any:
        result = do(step, *given, **more)
        if getattr(step, "__name__", "") == "_step" and result and failures:
            raise failures.pop()
        return result

    monkeypatch.setattr(office.post.database, "do", unanswered)
    office.open()
    office.say("thanks", message_class=INFO)
    await office.until("thanks", "sent")
    assert await office.heard() == ["thanks"]
    assert office.post.row("thanks").attempts == 2


async def test_more_than_fits_at_once_goes_out_in_rounds(office: Office) -> None:
    for number in range(delivery_file.AT_ONCE + 8):
        office.say(f"m{number:02d}", chat=(RESIDENT, VOLUNTEER, COORDINATOR)[number % 3])
    office.open()
    last = f"m{delivery_file.AT_ONCE + 7:02d}"
    await office.until(last, "sent")
    await until(lambda: set(office.post.states().values()) == {"sent"})
    heard = await office.heard()
    assert heard == sorted(heard)


async def test_nothing_new_is_taken_while_all_hands_are_full(office: Office) -> None:
    office.say("call")
    office.delivery._in_flight = set(range(delivery_file.AT_ONCE))
    assert await Delivery._round(office.delivery) is False
    assert office.post.states() == {"call": "pending"}
