"""The practice channel: orders to a bot, played here by hand, and its reports."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.sandbox.room import NOON, RESIDENT, Room, opened

LATER = (datetime.fromisoformat(NOON) + timedelta(hours=1)).isoformat()


async def carry_out(room: Room, clock: str, after: int = 0) -> dict[str, object]:
    """The bot's part: take the next order, say that it is done."""
    (order,) = await room.orders(after, wait=10)
    await room.report(id=order["id"], ok=True, clock=clock, asleep=False, next_due=None)
    found: dict[str, object] = order
    return found


async def test_the_cast_names_everyones_role(room: Room) -> None:
    people = (await room.get("/practice/cast")).body["people"]
    assert [person["role"] for person in people] == [
        "coordinator",
        "resident",
        "caregiver",
        "volunteer",
        "volunteer",
        "newcomer",
        "neighbour",
    ]
    assert people[1] == {"id": 9002, "name": "陈素芬", "role": "resident", "language": "zh"}


async def test_without_a_bot_the_clock_cannot_be_moved(room: Room) -> None:
    for act in ("clock", "asleep", "idle"):
        answer = await room.do(act, hours=1)
        assert (answer.status, answer.body) == (503, {"error": "no bot is attached"})


async def test_moving_the_clock_waits_for_the_bot_and_stamps_what_follows(room: Room) -> None:
    await room.orders()
    bot = asyncio.create_task(carry_out(room, LATER))
    answer = await room.do("clock", hours=1)
    assert answer.body["clock"] == LATER
    assert await bot == {"id": 1, "do": "advance", "hours": 1}
    message = (await room.do("send", chat=RESIDENT, text="在吗")).body
    shift = message["date"] - datetime.fromisoformat(LATER).timestamp()
    assert 0 <= shift < 30


async def test_each_way_to_move_the_clock_reaches_the_bot(room: Room) -> None:
    await room.orders()
    ways: list[dict[str, object]] = [{"days": 2}, {"next": True}, {"to": LATER}]
    for number, asked in enumerate(ways, start=1):
        bot = asyncio.create_task(carry_out(room, LATER, after=number - 1))
        await room.do("clock", **asked)
        assert await bot == {"id": number, "do": "advance", **asked}
    bot = asyncio.create_task(carry_out(room, LATER, after=3))
    await room.do("asleep", on=True)
    assert await bot == {"id": 4, "do": "asleep", "on": True}


async def test_a_time_without_a_zone_is_refused(room: Room) -> None:
    await room.orders()
    assert (await room.do("clock", to="2026-11-24T04:00:00")).status == 400
    assert (await room.do("clock", hours=-1)).status == 400
    assert (await room.report(id=0, ok=True, clock="noon")).status == 400


async def test_an_unreported_order_is_given_again_after_a_restart(room: Room) -> None:
    await room.orders()
    asking = asyncio.create_task(room.do("clock", hours=1))
    (order,) = await room.orders(wait=10)
    assert await room.orders() == [order]
    await room.report(id=order["id"], ok=True, clock=LATER)
    assert await room.orders() == []
    assert (await asking).status == 200


async def test_a_long_move_is_waited_for_as_long_as_the_bot_speaks(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    await room.orders()
    loop = asyncio.get_running_loop()
    real, passed = loop.time, [0.0]
    monkeypatch.setattr(loop, "time", lambda: real() + passed[0])
    asking = asyncio.create_task(room.do("clock", days=1))
    await room.orders(wait=10)
    for _ in range(3):
        passed[0] += 45
        await room.report(id=0, ok=True, clock=LATER)
    assert not asking.done()
    passed[0] += 61
    answer = await asking
    assert (answer.status, answer.body["error"]) == (504, "the bot did not report in time")


async def test_idle_waits_until_every_update_is_confirmed(room: Room) -> None:
    await room.orders()
    await room.do("send", chat=RESIDENT, text="在吗")
    idle = asyncio.create_task(room.do("idle"))
    assert await room.orders(wait=0.05) == []
    (update,) = await room.updates()
    await room.updates(update["update_id"] + 1)
    assert (await carry_out(room, NOON))["do"] == "idle"
    assert (await idle).body == {"ok": True, "clock": NOON}


async def test_the_moved_clock_survives_a_restart_of_the_sandbox(tmp_path: Path) -> None:
    far = "2031-05-18T01:00:00+00:00"
    async with opened(tmp_path) as room:
        await room.report(id=0, ok=True, clock=far, asleep=True, next_due=LATER)
    async with opened(tmp_path) as room:
        state = (await room.get("/page/state")).body
    assert state["clock"] >= far
    assert (state["asleep"], state["next_due"], state["attached"]) == (True, LATER, False)
