"""A village to play in: the real bot and the real sandbox over real HTTP, with a moving clock."""

import asyncio
import mimetypes
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
from pydantic import SecretStr

from bot.assembly import Program, open_database
from bot.clock import Clock
from bot.practice import fetch_cast, serve_practice
from bot.sandbox.server import Sandbox
from bot.settings import PRACTICE_TOKEN, Settings
from storage.answers import plant_answers
from storage.communities import seed
from storage.documents import plant_documents
from storage.migrations import upgrade
from storage.practice_cast import seed_cast, seed_room
from tests.blank import lay_migrated

COORDINATOR, RESIDENT, DAUGHTER, ZHANG, LIU, NEWCOMER = 9001, 9002, 9003, 9004, 9005, 9006
# Wednesday, nine in the morning in Shanghai.
MORNING = "2026-11-25T01:00:00+00:00"

Message = dict[str, Any]


@dataclass
class Village:
    """What a person at the chat page can do and see, in one call each."""

    url: str
    http: aiohttp.ClientSession
    program: Program

    async def post(self, action: str, **fields: object) -> Any:
        async with self.http.post(f"{self.url}/control/{action}", json=fields) as response:
            body = await response.json()
            assert response.status == 200, (action, response.status, body)
            return body

    async def rest(self) -> None:
        """Wait until every update is handled and everything due is said."""
        await self.post("idle")

    async def send(self, chat: int, text: str, **more: object) -> None:
        """Type and send, then wait until the bot has answered."""
        await self.post("send", chat=chat, text=text, **more)
        await self.rest()

    async def send_file(self, chat: int, name: str, body: bytes, caption: str = "") -> None:
        """Attach a file and send it, then wait until the bot has answered."""
        # As a browser does, names of files go in plain UTF-8.
        form = aiohttp.FormData({"chat": str(chat), "caption": caption}, quote_fields=False)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        form.add_field("file", BytesIO(body), filename=name, content_type=kind)
        async with self.http.post(f"{self.url}/control/document", data=form) as response:
            assert response.status == 200, (response.status, await response.text())
        await self.rest()

    async def upload(self, chat: int, kind: str, body: bytes, **fields: object) -> None:
        """Send a voice, photo, film or the like, then wait until the bot has answered."""
        names = {"voice": "voice.ogg", "photo": "photo.png"}
        form = aiohttp.FormData(
            {"chat": str(chat), **{key: str(value) for key, value in fields.items()}},
            quote_fields=False,
        )
        form.add_field("file", BytesIO(body), filename=names.get(kind, "film.mp4"))
        async with self.http.post(f"{self.url}/control/{kind}", data=form) as response:
            assert response.status == 200, (response.status, await response.text())
        await self.rest()

    async def media(self, chat: int, kind: str) -> list[bytes]:
        """Download every voice or photo that the bot sent to a chat, oldest first."""
        bodies = []
        for message in await self.shown(chat):
            media = message["media"]
            if message["from"] == "bot" and media and media["kind"] == kind:
                async with self.http.get(self.url + media["url"]) as response:
                    assert response.status == 200
                    bodies.append(await response.read())
        return bodies

    async def file(self, chat: int) -> tuple[str, bytes]:
        """Download the newest file the bot sent to a chat: its name and its bytes."""
        for message in reversed(await self.shown(chat)):
            media = message["media"]
            if message["from"] == "bot" and media and media["kind"] == "document":
                async with self.http.get(self.url + media["url"]) as response:
                    assert response.status == 200
                    return media["file_name"], await response.read()
        raise AssertionError(f"no file in chat {chat}:\n{await self.transcript(chat)}")

    async def press(self, chat: int, label: str) -> None:
        """Press the newest button whose words contain the label."""
        message_id, data = await self.button(chat, label)
        await self.post("press", chat=chat, message_id=message_id, data=data)
        await self.rest()

    async def button(self, chat: int, label: str) -> tuple[int, str]:
        """Find a button by its words: the message and the data it carries."""
        for message in reversed(await self.shown(chat)):
            for row in message["buttons"] or []:
                for button in row:
                    if label in button["text"]:
                        return message["message_id"], button["data"]
        raise AssertionError(f"no button {label!r} in chat {chat}:\n{await self.transcript(chat)}")

    async def shown(self, chat: int, after: int = 0) -> list[Message]:
        """Every message of a chat as it is shown now."""
        params = {"chat": chat, "after": after}
        async with self.http.get(f"{self.url}/control/shown", params=params) as response:
            found: list[Message] = (await response.json())["messages"]
            return found

    async def said(self, chat: int) -> list[str]:
        """The texts the bot shows in a chat, oldest first."""
        return [one["text"] for one in await self.shown(chat) if one["from"] == "bot"]

    async def last(self, chat: int) -> str:
        """The bot's newest text in a chat."""
        said = await self.said(chat)
        assert said, f"the bot said nothing to {chat}"
        return said[-1]

    async def heard(self, chat: int, *words: str) -> str:
        """The bot's newest text in which all these words stand; fails with the transcript."""
        for text in reversed(await self.said(chat)):
            if all(word in text for word in words):
                return text
        raise AssertionError(f"{words} not said in {chat}:\n{await self.transcript(chat)}")

    async def never_heard(self, chat: int, *words: str) -> None:
        """None of these words was ever shown in the chat, edited texts included."""
        for message in await self.shown(chat):
            if message["from"] == "bot":
                for text in [message["text"], *message["history"]]:
                    assert not any(word in text for word in words), text

    async def clock(self, **fields: object) -> None:
        """Move the clock: hours=1, days=1, next=True, to="…"."""
        await self.post("clock", **fields)
        await self.rest()

    async def asleep(self, on: bool) -> None:
        """Play an outage, or end it."""
        await self.post("asleep", on=on)

    async def transcript(self, chat: int) -> str:
        """The chat as a page would show it, for a failing test and for reading."""
        lines = []
        for one in await self.shown(chat):
            who = "机器人" if one["from"] == "bot" else "本人"
            lines.append(f"[{one['date']}] {who}: {one['text']}")
            for row in one["buttons"] or []:
                lines.append("    " + "  ".join(f"[{button['text']}]" for button in row))
            for row in one["keyboard"] or []:
                lines.append("    " + "  ".join(f"<{_words(key)}>" for key in row))
        return "\n".join(lines)

    async def add_person(self, number: int, name: str, *, started: bool = True) -> None:
        """Somebody more who can use the messenger."""
        await self.post("people", id=number, name=name, started=started)


def _words(key: object) -> str:
    return str(key.get("text")) if isinstance(key, Mapping) else str(key)


def settings_for(folder: Path, url: str, *, database_url: str = "") -> Settings:
    """Settings of a test's own, whatever the environment says."""
    return Settings(
        _env_file=None,
        bot_token=SecretStr(PRACTICE_TOKEN),
        bot_api_url=url,
        data_dir=folder,
        database_url=database_url,
        # The bell does not ring by itself: tests move the clock.
        tick_seconds=300,
        # Tests type faster than people.
        updates_per_minute=0,
    )


@asynccontextmanager
async def running(settings: Settings, *, cast: bool, whole: bool = False) -> AsyncIterator[Program]:
    """The bot as assembled for everybody, in this loop."""
    database = open_database(settings)
    upgrade(settings.database)
    clock = Clock(kept_in=settings.data_dir / "clock.json")
    program = Program(settings, database=database, clock=clock)
    database.do(seed, now=clock.now())
    database.do(plant_documents, now=clock.now())
    database.do(plant_answers, now=clock.now())
    if cast:
        people = await fetch_cast(settings.bot_api_url)
        database.do(seed_room if whole else seed_cast, now=clock.now(), people=people)
    ready = asyncio.Event()
    tasks = [
        asyncio.create_task(program.run(ready=ready)),
        asyncio.create_task(serve_practice(program)),
    ]
    started = asyncio.create_task(ready.wait())
    done, _ = await asyncio.wait([started, *tasks], return_when=asyncio.FIRST_COMPLETED)
    for task in done - {started}:
        task.result()
    try:
        yield program
    finally:
        for task in [*tasks, started]:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
        database.close()


@asynccontextmanager
async def a_village(
    folder: Path, *, cast: bool = True, whole: bool = False, database_url: str = ""
) -> AsyncIterator[Village]:
    """Sandbox, bot and cast, on a Wednesday morning; ``whole``: as `run` lays the room out."""
    sandbox = Sandbox(folder / "sandbox")
    await sandbox.start()
    settings = settings_for(folder, sandbox.url, database_url=database_url)
    if not database_url:
        lay_migrated(folder / "jiai.sqlite3")
    clock = Clock(kept_in=folder / "clock.json")
    clock.move_to(datetime.fromisoformat(MORNING))
    try:
        async with (
            running(settings, cast=cast, whole=whole) as program,
            aiohttp.ClientSession() as http,
        ):
            village = Village(sandbox.url, http, program)
            await _attached(village)
            yield village
    finally:
        await sandbox.stop()


async def _attached(village: Village) -> None:
    """Wait until the bot follows the sandbox's orders."""
    for _ in range(200):
        async with village.http.post(f"{village.url}/control/idle", json={}) as response:
            if response.status == 200:
                return
        await asyncio.sleep(0.02)
    raise AssertionError("the bot did not attach to the sandbox")


def numbers_in(text: str) -> list[str]:
    """Phone numbers shown in a text."""
    return re.findall(r"1\d{2} ?\d{4} ?\d{4}", text)
