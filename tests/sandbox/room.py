"""A hand in the practice room: it plays the people, calls the Bot API, and plays the bot's part."""

import asyncio
import json
import mimetypes
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, FormData, StreamReader
from telegram import Bot

from bot.sandbox.server import Sandbox

TOKEN = "1000000001:practice-token-of-the-tests"
COORDINATOR, RESIDENT, NEWCOMER = 9001, 9002, 9006
NOON = "2026-11-24T04:00:00+00:00"


@dataclass
class Answer:
    """An HTTP answer: its status and its JSON, read without a schema because tests probe it."""

    status: int
    body: Any


@dataclass
class Room:
    url: str
    session: ClientSession

    def bot(self) -> Bot:
        """python-telegram-bot's own Bot, as the product uses it."""
        return Bot(TOKEN, base_url=f"{self.url}/bot", base_file_url=f"{self.url}/file/bot")

    async def api(self, method: str, **fields: object) -> Answer:
        return await self._ask("POST", f"/bot{TOKEN}/{method}", fields)

    async def do(self, action: str, **fields: object) -> Answer:
        """A person's act, or a test's."""
        return await self._ask("POST", f"/control/{action}", fields)

    async def report(self, **fields: object) -> Answer:
        return await self._ask("POST", "/practice/report", fields)

    async def upload(
        self, action: str, content: bytes, *, name: str = "给您看.png", **fields: str
    ) -> Answer:
        # As a browser does, names of files go in plain UTF-8.
        form = FormData(fields, quote_fields=False)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        form.add_field("file", BytesIO(content), filename=name, content_type=kind)
        async with self.session.post(f"{self.url}/control/{action}", data=form) as response:
            return Answer(response.status, await response.json())

    async def get(self, path: str) -> Answer:
        async with self.session.get(self.url + path) as response:
            return Answer(response.status, await response.json())

    async def shown(self, chat: int) -> list[Any]:
        messages: list[Any] = (await self.get(f"/control/shown?chat={chat}")).body["messages"]
        return messages

    async def updates(self, offset: int = 0, wait: int = 0) -> list[Any]:
        answer = await self.api("getUpdates", offset=offset, timeout=wait)
        assert answer.status == 200, answer
        found: list[Any] = answer.body["result"]
        return found

    async def orders(self, after: int = 0, wait: float = 0) -> list[Any]:
        answer = await self.get(f"/practice/orders?after={after}&timeout={wait}")
        found: list[Any] = answer.body["orders"]
        return found

    async def _ask(self, verb: str, path: str, fields: dict[str, object]) -> Answer:
        async with self.session.request(verb, self.url + path, json=fields) as response:
            return Answer(response.status, await response.json())


@asynccontextmanager
async def opened(data_dir: Path) -> AsyncIterator[Room]:
    """A sandbox on this folder, for as long as the block lasts."""
    sandbox = Sandbox(data_dir)
    await sandbox.start()
    try:
        async with ClientSession() as session:
            yield Room(sandbox.url, session)
    finally:
        await sandbox.stop()


@asynccontextmanager
async def listening(room: Room) -> AsyncIterator[StreamReader]:
    async with room.session.get(f"{room.url}/page/events") as response:
        assert response.content_type == "text/event-stream"
        await response.content.readuntil(b"\n\n")
        yield response.content


async def next_event(stream: StreamReader) -> tuple[str, Any]:
    async with asyncio.timeout(30):
        lines = (await stream.readuntil(b"\n\n")).decode().splitlines()
    return lines[0].removeprefix("event: "), json.loads(lines[1].removeprefix("data: "))
