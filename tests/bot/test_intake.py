"""Intake: what Telegram was told to forget is written down here, whatever fails in between."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot import intake as intake_file
from bot.intake import Intake, TokenRefused
from bot.transport import BotApi
from storage.database import Database
from storage.inbox import list_new
from tests.bot.office import Watch, until
from tests.sandbox.room import RESIDENT, TOKEN, Room

BOT = 1_000_000_001


@dataclass
class Desk:
    """An intake on a room; ``arrivals`` counts the calls after a commit."""

    room: Room
    database: Database
    intake: Intake
    arrivals: list[int]
    task: asyncio.Task[None] | None = None

    def open(self) -> None:
        self.task = asyncio.create_task(self.intake.run())

    def texts(self) -> list[str]:
        letters = self.database.do(list_new, bot_id=BOT, limit=50)
        return [letter.body["message"]["text"] for letter in letters if letter.body]

    async def send(self, words: str) -> None:
        assert (await self.room.do("send", chat=RESIDENT, text=words)).status == 200


@pytest.fixture
async def desk(
    room: Room, database: Database, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Desk]:
    arrivals: list[int] = []
    async with BotApi(token=TOKEN, root=room.url) as api:
        intake = Intake(
            api,
            database=database,
            bot_id=BOT,
            clock=Watch(),
            arrived=lambda: arrivals.append(1),
        )
        made = Desk(room, database, intake, arrivals)
        monkeypatch.setattr(intake_file, "HOLD_SECONDS", 1)
        yield made
        if made.task is not None:
            made.task.cancel()
            with suppress(asyncio.CancelledError, TokenRefused):
                await made.task


async def test_updates_are_written_down_in_order_and_then_confirmed(desk: Desk) -> None:
    for words in ("一", "二"):
        await desk.send(words)
    desk.open()
    await until(lambda: desk.texts() == ["一", "二"])
    await desk.send("三")
    await until(lambda: desk.texts() == ["一", "二", "三"])
    assert desk.arrivals
    assert desk.intake.last_poll > 0


async def test_what_the_database_did_not_take_is_not_confirmed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    do, failures = desk.database.do, [OperationalError("BEGIN", None, Exception("locked"))] * 2

    def sometimes(step: Any, *given: Any, **more: Any) -> Any:
        if step.__name__ == "store_updates" and failures:
            raise failures.pop()
        return do(step, *given, **more)

    monkeypatch.setattr(desk.database, "do", sometimes)
    await desk.send("一")
    desk.open()
    await until(lambda: desk.texts() == ["一"])
    assert failures == []


@pytest.mark.parametrize("kind", ["500", "502html", "drop", "drop_before", "429"])
async def test_a_poll_that_fails_is_made_again_and_nothing_is_lost(desk: Desk, kind: str) -> None:
    await desk.room.do("fault", method="getUpdates", kind=kind)
    await desk.send("一")
    desk.open()
    await until(lambda: desk.texts() == ["一"])


async def test_another_poller_is_waited_for(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_file, "CONFLICT_WAIT", 0.01)
    await desk.room.do("fault", method="getUpdates", kind="409")
    await desk.send("一")
    desk.open()
    await until(lambda: desk.texts() == ["一"])


async def test_a_webhook_of_an_earlier_program_is_waited_out_quickly(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_file, "CONFLICT_WAIT", 3600)
    await desk.room.api("setWebhook", url="https://example.org/hook")
    await desk.send("一")
    desk.open()
    await desk.room.api("deleteWebhook")
    await until(lambda: desk.texts() == ["一"])


async def test_a_token_that_is_refused_ends_it(desk: Desk) -> None:
    await desk.room.do("fault", method="getUpdates", kind="401")
    with pytest.raises(TokenRefused):
        await desk.intake.run()


async def test_asleep_it_reads_nothing_until_it_wakes(desk: Desk) -> None:
    desk.intake.sleep(True)
    desk.open()
    await desk.send("一")
    await asyncio.to_thread(desk.texts)
    assert desk.texts() == []
    desk.intake.sleep(False)
    await until(lambda: desk.texts() == ["一"])


async def test_garbage_among_the_updates_is_stored_like_any_other(desk: Desk) -> None:
    await desk.room.do("update", message={"text": 5})
    await desk.room.do("update", nonsense=[1, {"x": None}])
    await desk.send("一")
    desk.open()
    await until(lambda: len(desk.database.do(list_new, bot_id=BOT, limit=9)) == 3)
