"""The chat page: its files, its opening state, its live events."""

import asyncio
from pathlib import Path
from typing import Final
from urllib.parse import quote

from aiohttp import web

from bot.sandbox.cast import TITLES
from bot.sandbox.control.answers import route
from bot.sandbox.control.people import named_chat
from bot.sandbox.events import as_event
from bot.sandbox.records import Chat, Json
from bot.sandbox.requests import Ask
from bot.sandbox.shown import as_shown, keyboard_rows
from bot.sandbox.world import WORLD, World

STATIC: Final = Path(__file__).parent / "static"
HEARTBEAT_SECONDS: Final = 15.0
# Older messages stay in the store; the page needs what a person can scroll through.
NEWEST_SHOWN: Final = 200
_PAGE_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def page_routes() -> list[web.RouteDef]:
    return [
        web.get("/", index),
        web.get("/static/{name}", static_file),
        web.get("/page/state", route(state)),
        web.get("/page/events", events),
        web.get("/page/file/{file_id}", shared_file),
        web.post("/page/read", route(read)),
    ]


async def index(_request: web.Request) -> web.StreamResponse:
    return _served(STATIC / "index.html")


async def static_file(request: web.Request) -> web.StreamResponse:
    name = request.match_info["name"]
    # An encoded slash arrives here decoded: a name must be a name and not a way elsewhere.
    if Path(name).name != name:
        raise web.HTTPNotFound
    return _served(STATIC / name)


async def shared_file(request: web.Request) -> web.StreamResponse:
    """A photo, voice or document that somebody sent; never run as a page."""
    world = request.app[WORLD]
    file = world.files.get(request.match_info["file_id"])
    if file is None:
        raise web.HTTPNotFound
    kind = file.mime_type if file.mime_type.startswith(("image/", "audio/")) else ""
    headers = {**_PAGE_HEADERS, "Content-Type": kind or "application/octet-stream"}
    headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if not kind:
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
    return web.FileResponse(world.files_dir / file.path, headers=headers)


async def events(request: web.Request) -> web.StreamResponse:
    """Server-sent events, until the page is closed or the sandbox stops."""
    world = request.app[WORLD]
    response = web.StreamResponse(headers={**_PAGE_HEADERS, "Content-Type": "text/event-stream"})
    await response.prepare(request)
    with world.waits.listed(), world.events.listening() as listener:
        await response.write(b": hello\n\n")
        while (event := await _next_event(world, listener)) is not None:
            await response.write(event.encode())
    return response


async def _next_event(world: World, listener: asyncio.Queue[str | None]) -> str | None:
    """What comes next; in a quiet time the clock, which also says whether the bot is there."""
    try:
        async with asyncio.timeout(HEARTBEAT_SECONDS):
            return await listener.get()
    except TimeoutError:
        return as_event("clock", clock_state(world))


def state(world: World, _ask: Ask) -> Json:
    return {
        **clock_state(world),
        "language": "zh",
        "chats": [_chat(world, chat) for chat in world.chats.values()],
    }


def clock_state(world: World) -> Json:
    orders = world.orders
    return {
        "clock": world.clock.now().isoformat(),
        "asleep": orders.state.asleep,
        "attached": orders.attached,
        "next_due": orders.state.next_due,
    }


def read(world: World, ask: Ask) -> Json:
    """The person looked at the chat."""
    chat = named_chat(world, ask)
    if chat.unread:
        chat.unread = 0
        world.keep_chat(chat)
        world.events.publish("unread", lambda: {"chat": chat.id, "unread": 0})
    return {"ok": True}


def _chat(world: World, chat: Chat) -> Json:
    title_zh, title_en = TITLES.get(chat.role, ("", ""))
    messages = list(world.messages.get(chat.id, {}).values())[-NEWEST_SHOWN:]
    return {
        "id": chat.id,
        "name": chat.name,
        "role": chat.role,
        "title_zh": title_zh,
        "title_en": title_en,
        "unread": chat.unread,
        "blocked": chat.blocked,
        "messages": [as_shown(message) for message in messages],
        "keyboard": keyboard_rows(chat.keyboard),
    }


def _served(path: Path) -> web.StreamResponse:
    if not path.is_file():
        raise web.HTTPNotFound(text="The chat page is not here.")
    return web.FileResponse(path, headers=_PAGE_HEADERS)
