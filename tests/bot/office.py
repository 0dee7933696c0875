"""A post office over the real sandbox: delivery sends what the outbox holds, in real HTTP."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.clock import Clock
from bot.delivery import Delivery
from bot.pace import Pace
from bot.transport import BotApi
from messages.render import Fact, Wording
from storage.database import Database
from tests.sandbox.room import TOKEN, Room
from tests.storage.post import COORDINATOR, RESIDENT, VOLUNTEER, Post

PATIENCE = 60.0


class Watch(Clock):
    """A clock whose real seconds can be put forward too, so that no test waits for them."""

    def __init__(self) -> None:
        super().__init__()
        self.ahead = 0.0

    def real(self) -> float:
        return super().real() + self.ahead


class Calm(Pace):
    """A pace without waiting; it notes what Telegram asked for."""

    def __init__(self) -> None:
        super().__init__(rate=None, chat_gap=0)
        self.halts: list[float] = []
        self.holds = 0.0

    def held(self, chat_id: int) -> float:
        return self.holds

    def halt(self, chat_id: int, seconds: float) -> None:
        self.halts.append(seconds)


class Words(Wording):
    """The real wording, and a few occasions of the tests' own."""

    def __init__(self) -> None:
        super().__init__(zone="Asia/Shanghai")
        self.own: dict[str, str] = {}

    def text(self, template: str, *, language: str, facts: Mapping[str, Fact]) -> str:
        own = self.own.get(template)
        return own if own is not None else super().text(template, language=language, facts=facts)


@dataclass
class Office:
    """The room, the outbox, and delivery between them."""

    room: Room
    post: Post
    delivery: Delivery
    clock: Watch
    pace: Calm
    words: Words
    task: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Begin to send."""
        self.task = asyncio.create_task(self.delivery.run())

    async def close(self) -> None:
        """Stop as on SIGTERM."""
        if self.task is not None:
            self.task.cancel()
            with suppress(asyncio.CancelledError):
                await self.task
            self.task = None

    def say(self, key: str, words: str | None = None, **more: Any) -> None:
        """Queue a message with words of the test's own, and wake delivery as a commit does."""
        self.words.own.setdefault(f"own_{key}", words or key)
        self.post.now = self.clock.now()
        self.post.say(key, template=f"own_{key}", chosen_time=True, **more)
        self.delivery.wake()

    async def fault(self, kind: str, **more: object) -> None:
        answer = await self.room.do("fault", **{"method": "sendMessage", "kind": kind, **more})
        assert answer.status == 200, answer

    async def skip(self, seconds: float) -> None:
        """Put real seconds forward."""
        self.clock.ahead += seconds
        self.delivery.wake()

    async def until(self, key: str, state: str) -> None:
        """Wait until a row has this state."""
        await until(lambda: self.post.states().get(key) == state and self.delivery.idle, self.look)

    async def tried(self, key: str, times: int = 1) -> None:
        """Wait until a row went this many times and waits again."""

        def again() -> bool:
            row = self.post.row(key)
            return bool(row.state == "pending" and row.attempts == times and self.delivery.idle)

        await until(again, self.look)

    async def look(self) -> str:
        return f"{self.post.states()}"

    async def heard(self, chat: int = RESIDENT) -> list[str]:
        """The bot's texts in a chat."""
        return [one["text"] for one in await self.room.shown(chat) if one["from"] == "bot"]


async def until(
    condition: Callable[[], bool], look: Callable[[], Awaitable[str]] | None = None
) -> None:
    """Wait for a condition; fails with what is to be seen instead."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not condition():  # noqa: ASYNC110 - the condition is a row, not an event
                await asyncio.sleep(0.005)
    except TimeoutError:
        raise AssertionError(await look() if look else "it never came about") from None


@asynccontextmanager
async def an_office(room: Room, database: Database, noon: datetime) -> AsyncIterator[Office]:
    """An office on this room and database; it is not open yet."""
    clock, pace, words = Watch(), Calm(), Words()
    clock.move_to(noon)
    post = Post(database, clock.now(), real=clock.real())
    post.join(RESIDENT, "陈素芬", kind="resident")
    post.join(VOLUNTEER, "张强", kind="volunteer")
    post.join(COORDINATOR, "王珊", kind="coordinator")
    async with BotApi(token=TOKEN, root=room.url) as api:
        delivery = Delivery(api, database=database, wording=words, clock=clock, pace=pace)
        office = Office(room, post, delivery, clock, pace, words)
        try:
            yield office
        finally:
            await office.close()
