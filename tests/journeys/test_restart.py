"""Story 7: the bot is killed ten times, and nobody has to begin anew or hears a thing twice."""

import asyncio
import os
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import func, select

from bot.assembly import open_database
from bot.sandbox.server import Sandbox
from bot.settings import PRACTICE_TOKEN
from storage.database import Database
from storage.tables import claim, inbox, journal, need, office_job, outbox
from tests.journeys.village import (
    COORDINATOR,
    DAUGHTER,
    LIU,
    MORNING,
    RESIDENT,
    ZHANG,
    Village,
    settings_for,
)

ROOT = Path(__file__).parents[2]
ROUNDS = 8
# Half a minute, a look every five thousandths of a second.
LOOKS = 6000
MARK = "（这条消息可能已经发过一次）"
# What happens to one need once, however often the bot dies over it.
ONCE = ("need_stated", "need_claimed", "arrival_said", "claim_done", "need_closed")


class Mortal(Village):
    """The same village, with the bot as a process of its own that can be killed."""

    def __init__(self, sandbox: Sandbox, http: aiohttp.ClientSession, folder: Path) -> None:
        self.url = sandbox.url
        self.http = http
        self.folder = folder
        self._bot: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """``python -m bot run --polling`` on the data that is there."""
        clean = {name: value for name, value in os.environ.items() if "JIAI_" not in name}
        self._bot = subprocess.Popen(
            [sys.executable, "-m", "bot", "run", "--polling"],
            cwd=ROOT,
            env=clean
            | {
                "JIAI_BOT_TOKEN": PRACTICE_TOKEN,
                "JIAI_BOT_API_URL": self.url,
                "JIAI_DATA_DIR": str(self.folder),
                "JIAI_CLOCK": MORNING,
                "JIAI_TICK_SECONDS": "300",
                "JIAI_UPDATES_PER_MINUTE": "0",
            },
            stdout=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        """kill -9: nothing is written down any more, nothing is said good-bye to."""
        if self._bot is not None:
            self._bot.kill()
            self._bot.wait()
            self._bot = None

    async def post_at_once(self, *actions: tuple[str, dict[str, object]]) -> None:
        """Many people act in one moment, and nobody waits for an answer."""
        await asyncio.gather(*(self.post(action, **fields) for action, fields in actions))

    async def until(self, holds: Callable[[], Awaitable[bool]]) -> None:
        """Look again and again until it holds."""
        for _ in range(LOOKS):
            if await holds():
                return
            await asyncio.sleep(0.005)
        raise AssertionError(f"never came about: {holds.__qualname__}")

    async def is_attached(self) -> bool:
        """Whether the bot follows the sandbox's orders."""
        async with self.http.post(f"{self.url}/control/idle", json={}) as response:
            return response.status == 200

    async def count_calls(self, method: str) -> int:
        """How often the bot has called a method, answered or not."""
        async with self.http.get(f"{self.url}/control/calls") as response:
            calls: Counter[str] = Counter((await response.json())["counts"])
            return sum(n for name, n in calls.items() if name.casefold() == method.casefold())


@pytest.fixture
async def mortal(tmp_path: Path) -> AsyncIterator[Mortal]:
    """A sandbox, and a bot that is not yet started."""
    sandbox = Sandbox(tmp_path / "sandbox")
    await sandbox.start()
    async with aiohttp.ClientSession() as http:
        village = Mortal(sandbox, http, tmp_path / "data")
        try:
            village.start()
            await village.until(village.is_attached)
            yield village
        finally:
            village.kill()
            await sandbox.stop()


@contextmanager
def register(folder: Path, url: str) -> Iterator[Database]:
    database = open_database(settings_for(folder, url))
    yield database
    database.close()


def words_of(number: int) -> str:
    return f"第{number}次：想请人帮我买一袋米"


async def die_in_the_form(village: Mortal, words: str) -> None:
    """Between the question and the answer, which is given while no bot is there."""

    async def asked() -> bool:
        return words in await village.last(RESIDENT) if await village.said(RESIDENT) else False

    await village.post("send", chat=RESIDENT, text=words)
    await village.until(asked)
    village.kill()
    message_id, data = await village.button(RESIDENT, "发出")
    await village.post("press", chat=RESIDENT, message_id=message_id, data=data)
    village.start()
    await village.rest()


async def die_in_a_burst(village: Mortal, words: str, *, after: int) -> None:
    """Everybody writes at once, and the bot dies after some of its answers."""
    before = await village.count_calls("sendMessage")

    async def answered() -> bool:
        return await village.count_calls("sendMessage") >= before + after

    await village.post_at_once(
        ("send", {"chat": RESIDENT, "text": words}),
        *(
            ("send", {"chat": chat, "text": "/help"})
            for chat in (DAUGHTER, ZHANG, LIU, COORDINATOR) * 4
        ),
    )
    await village.until(answered)
    village.kill()
    village.start()
    await village.rest()
    await village.press(RESIDENT, "发出")


async def die_while_sending(village: Mortal, words: str) -> None:
    """Twice: messages have reached people, but the bot never hears of it."""
    await die_after(village, 1, village.post("send", chat=RESIDENT, text=words))
    # An answer is sent once more, and says so.
    await village.heard(RESIDENT, MARK, words)
    message_id, data = await village.button(RESIDENT, "发出")
    press = village.post("press", chat=RESIDENT, message_id=message_id, data=data)
    await die_after(village, 2, press)
    for chat in (ZHANG, LIU):
        offers = [text for text in await village.said(chat) if words in text]
        assert len(offers) == 1


async def die_after(village: Mortal, messages: int, act: Awaitable[object]) -> None:
    """Somebody acts; the bot dies while so many messages were delivered and none confirmed."""
    before = await village.count_calls("sendMessage")

    async def hanging() -> bool:
        return await village.count_calls("sendMessage") >= before + messages

    await village.post("fault", method="sendMessage", kind="hang", times=100)
    await act
    await village.until(hanging)
    village.kill()
    async with village.http.delete(f"{village.url}/control/fault") as response:
        assert response.status == 200
    village.start()
    await village.rest()


async def carry_out(village: Mortal, words: str) -> None:
    """Both volunteers press at once; who has it goes, and the resident says yes."""
    presses: list[tuple[str, dict[str, object]]] = []
    for chat in (ZHANG, LIU):
        message_id, data = await village.button(chat, "我去")
        presses.append(("press", {"chat": chat, "message_id": message_id, "data": data}))
    await village.post_at_once(*presses)
    await village.rest()
    winners = [chat for chat in (ZHANG, LIU) if await asks_when(village, chat, words)]
    assert len(winners) == 1
    await village.press(winners[0], "30分钟内")
    await village.press(winners[0], "办好了")
    await village.send(winners[0], "40分钟")
    await village.send(winners[0], "跳过")
    await village.press(RESIDENT, "办好了")


async def asks_when(village: Mortal, chat: int, words: str) -> bool:
    shown = [one["text"] for one in await village.shown(chat)]
    return any(words in text and "什么时候" in text for text in shown)


async def test_ten_kills_lose_nothing_and_do_nothing_twice(mortal: Mortal) -> None:
    # Three deaths in a form, three in a burst, and two times two while sending.
    for number in range(ROUNDS):
        words = words_of(number)
        if number % 3 == 0:
            await die_in_the_form(mortal, words)
        elif number % 3 == 1:
            await die_in_a_burst(mortal, words, after=number)
        else:
            await die_while_sending(mortal, words)
        await mortal.heard(RESIDENT, words, "发出去了")
        await carry_out(mortal, words)
    mortal.kill()
    with register(mortal.folder, mortal.url) as database:
        assert_nothing_lost_or_doubled(database)
    await assert_repeats_are_marked(mortal)


async def test_a_register_is_made_and_sent_whatever_is_killed_meanwhile(mortal: Mortal) -> None:
    await mortal.send(COORDINATOR, "/export")
    for label in ("残疾人登记册", "跳过", "跳过", "跳过", "常用几列"):
        await mortal.press(COORDINATOR, label)
    message_id, data = await mortal.button(COORDINATOR, "开始导出")
    with register(mortal.folder, mortal.url) as database:

        async def working() -> bool:
            with database.transaction() as session:
                return bool(session.value(select(office_job.c.state)) == "working")

        await mortal.post("press", chat=COORDINATOR, message_id=message_id, data=data)
        await mortal.until(working)
    mortal.kill()
    assert await files(mortal) == []

    async def sending() -> bool:
        return await mortal.count_calls("sendDocument") > 0

    await mortal.post("fault", method="sendDocument", kind="hang", times=9)
    mortal.start()
    await mortal.until(sending)
    mortal.kill()
    async with mortal.http.delete(f"{mortal.url}/control/fault"):
        mortal.start()
    await mortal.rest()
    # It arrived before the second kill, of which the bot knows nothing: once more, marked.
    first, again = await files(mortal)
    assert (MARK in first, MARK in again) == (False, True)


async def files(village: Mortal) -> list[str]:
    """The words under each file that the coordinator was sent."""
    return [one["text"] for one in await village.shown(COORDINATOR) if one["media"]]


def assert_nothing_lost_or_doubled(database: Database) -> None:
    with database.transaction() as session:
        left = session.all(select(inbox.c.update_id).where(inbox.c.state != "done"))
        waiting = session.all(select(outbox.c.key).where(outbox.c.state.in_(["pending", "dead"])))
        needs = [row.state for row in session.all(select(need.c.state))]
        claims = [row.state for row in session.all(select(claim.c.state))]
        noted = session.all(
            select(journal.c.what, func.count().label("times"))
            .where(journal.c.what.in_(ONCE))
            .group_by(journal.c.what)
        )
    assert left == []
    assert waiting == []
    assert needs == ["closed"] * ROUNDS
    assert claims == ["confirmed"] * ROUNDS
    assert {row.what: row.times for row in noted} == dict.fromkeys(ONCE, ROUNDS)


async def assert_repeats_are_marked(village: Mortal) -> None:
    for chat in (RESIDENT, DAUGHTER, ZHANG, LIU, COORDINATOR):
        # Only words of a need of their own: others may well be said twice.
        said = [text for text in await village.said(chat) if "次：想请人" in text]
        bare = Counter(text.removeprefix(MARK).strip() for text in said)
        marked = Counter(text.removeprefix(MARK).strip() for text in said if text.startswith(MARK))
        assert {text: n for text, n in bare.items() if n > 1 + marked[text] or n > 2} == {}
