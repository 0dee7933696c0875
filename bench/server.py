"""A lean Bot API server for the bench: the same for every contestant, kept out of their process.

The sandbox keeps every chat on disk and checks each call, so it would be measured too; this one
only queues updates, answers calls and tells the player what each chat was shown.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

TOKEN = "1000000002:bench-needs-no-real-token-at-all"
FIRST_UPDATE = 500_000_001
BATCH = 100
BOT: dict[str, Any] = {"id": 1000000002, "is_bot": True, "first_name": "Bench"}

Reply = web.StreamResponse
Call = Callable[[], Reply]


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as a chat shows it now."""

    chat: int
    message_id: int
    text: str
    buttons: tuple[tuple[str, str], ...]
    edited: bool
    markup: str


@dataclass(slots=True)
class Server:
    """Start it, give it a ``player``, push updates; ``url`` is what a bot is pointed at."""

    player: Callable[[Shown], None] = lambda shown: None
    # May answer in the server's place: for faults. Gets the method and what would be done.
    between: Callable[[str, web.BaseRequest, Call], Awaitable[Reply]] | None = None
    url: str = ""
    pushed: int = 0
    calls: dict[str, int] = field(default_factory=dict)
    polled: asyncio.Event = field(default_factory=asyncio.Event)
    _waiting: dict[int, str] = field(default_factory=dict)
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _messages: int = 0
    _runner: web.ServerRunner | None = None

    async def start(self) -> None:
        """Listen on a free port of this machine."""
        self._runner = web.ServerRunner(web.Server(self._handle), handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, shutdown_timeout=0.5).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def unconfirmed(self) -> int:
        """Updates that the bot has not yet confirmed."""
        return len(self._waiting)

    def say(self, chat: int, text: str) -> None:
        """Somebody types."""
        self._messages += 1
        self._push({"message": self._message(chat, self._messages, text)})

    def press(self, shown: Shown, data: str) -> None:
        """Somebody presses a button of a message."""
        message = self._message(shown.chat, shown.message_id, shown.text) | {"from": BOT}
        self._push(
            {
                "callback_query": {
                    "id": str(self.pushed),
                    "from": _person(shown.chat),
                    "chat_instance": str(shown.chat),
                    "message": message,
                    "data": data,
                }
            }
        )

    def forget_waiting(self) -> None:
        """Drop what no bot fetched, between two contestants."""
        self._waiting.clear()
        self.polled.clear()

    def _push(self, update: dict[str, Any]) -> None:
        number = FIRST_UPDATE + self.pushed
        self.pushed += 1
        self._waiting[number] = json.dumps({"update_id": number, **update})
        self._arrived.set()

    def _message(self, chat: int, number: int, text: str) -> dict[str, Any]:
        return {
            "message_id": number,
            "date": int(time.time()),
            "chat": {"id": chat, "type": "private", "first_name": f"P{chat}"},
            "from": _person(chat),
            "text": text,
        }

    async def _handle(self, request: web.BaseRequest) -> Reply:
        parts = request.path.split("/")
        if len(parts) != 3 or not parts[1].startswith("bot"):
            return web.Response(status=404)
        method = parts[2]
        self.calls[method] = self.calls.get(method, 0) + 1
        given = _parameters(request.content_type, await request.read())
        if method == "getUpdates":
            return await self._poll(given)
        if self.between is None:
            return self._answer(method, given)
        return await self.between(method, request, lambda: self._answer(method, given))

    def _answer(self, method: str, given: dict[str, Any]) -> Reply:
        if method == "getMe":
            return _ok({**BOT, "username": "bench_bot"})
        if method not in ("sendMessage", "editMessageText"):
            return _ok(True)
        chat = int(given["chat_id"])
        edited = method == "editMessageText"
        if not edited:
            self._messages += 1
        number = int(given["message_id"]) if edited else self._messages
        message = self._message(chat, number, given["text"]) | {"from": BOT}
        response = _ok(message)
        self.player(_shown(chat, number, given, edited=edited))
        return response

    async def _poll(self, given: dict[str, Any]) -> Reply:
        self.polled.set()
        offset = int(given.get("offset") or 0)
        for number in [one for one in self._waiting if one < offset]:
            del self._waiting[number]
        if not self._waiting:
            self._arrived.clear()
            try:
                await asyncio.wait_for(self._arrived.wait(), float(given.get("timeout") or 0))
            except TimeoutError:
                return _ok([])
        bodies = [body for body, _ in zip(self._waiting.values(), range(BATCH), strict=False)]
        return _json(f'{{"ok":true,"result":[{",".join(bodies)}]}}')


def _person(chat: int) -> dict[str, Any]:
    return {"id": chat, "is_bot": False, "first_name": f"P{chat}", "language_code": "zh"}


def _parameters(kind: str, body: bytes) -> dict[str, Any]:
    if kind == "application/json":
        found: dict[str, Any] = json.loads(body) if body else {}
        return found
    return dict(parse_qsl(body.decode()))


def _shown(chat: int, number: int, given: dict[str, Any], *, edited: bool) -> Shown:
    markup = given.get("reply_markup") or {}
    if isinstance(markup, str):
        markup = json.loads(markup)
    buttons = tuple(
        (button["text"], button["callback_data"])
        for line in markup.get("inline_keyboard", ())
        for button in line
    )
    return Shown(chat, number, given["text"], buttons, edited, written(markup))


def written(markup: object) -> str:
    """Buttons and keyboards as one comparable string."""
    return json.dumps(markup, ensure_ascii=False, sort_keys=True)


def _ok(result: object) -> web.Response:
    return _json(json.dumps({"ok": True, "result": result}))


def _json(text: str) -> web.Response:
    return web.Response(body=text.encode(), content_type="application/json")
