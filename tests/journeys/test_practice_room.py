"""The practice room as `run` lays it out: what the README says to try about calls happens."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.village import COORDINATOR, DAUGHTER, LIU, ZHANG, Village, a_village

NEIGHBOUR = 9007


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Village]:
    async with a_village(tmp_path / "data", whole=True) as village:
        yield village


async def until(room: Village, chat: int, words: str) -> None:
    """Press 到下一件事 until somebody hears these words."""
    for _ in range(20):
        if any(words in text for text in await room.said(chat)):
            return
        await room.clock(next=True)
    raise AssertionError(f"{words} never said:\n{await room.transcript(chat)}")


async def test_a_newcomer_sees_the_whole_ladder(room: Village) -> None:
    await until(room, ZHANG, "约好的问候时间")
    await room.press(ZHANG, "没人接")
    await until(room, ZHANG, "再给陈素芬打一次电话")
    await room.press(ZHANG, "没人接")
    await until(room, ZHANG, "换个办法")
    await room.press(ZHANG, "没人接")
    await until(room, LIU, "后备人员")
    await room.press(LIU, "没人")
    await until(room, DAUGHTER, "陈素芬")
    await room.press(DAUGHTER, "没人")
    await until(room, NEIGHBOUR, "敲敲")
    await until(room, COORDINATOR, "请值班人员跟进")
    await room.press(COORDINATOR, "我来跟进")
    await room.press(COORDINATOR, "我到门口了")
    await room.press(COORDINATOR, "见到本人")
    await room.heard(ZHANG, "陈素芬", "平安")


async def test_pairs_calls_and_the_rota_have_something_to_show(room: Village) -> None:
    await room.send(COORDINATOR, "/duty")
    await room.heard(COORDINATOR, "王珊")
    await room.send(COORDINATOR, "/pairs")
    await room.send(COORDINATOR, "/calls")
    await room.send(NEIGHBOUR, "/pairs")
    await room.heard(NEIGHBOUR, "陈素芬")
    await room.send(ZHANG, "/calls")
    await room.heard(ZHANG, "陈素芬")
