"""The sandbox as one server on loopback: Bot API, chat page, control, practice channel."""

import asyncio
import errno
import os
import signal
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from aiohttp import web

from bot.sandbox.api.dispatch import answer_call
from bot.sandbox.api.downloads import download
from bot.sandbox.control.routes import control_routes
from bot.sandbox.gate import gate
from bot.sandbox.page import page_routes
from bot.sandbox.practice import practice_routes
from bot.sandbox.requests import LARGEST_BODY
from bot.sandbox.world import WORLD, World

LOOPBACK: Final = "127.0.0.1"
PORTS_TRIED: Final = 20
PARENT_WATCH_SECONDS: Final = 0.5


class Sandbox:
    """One sandbox: `start`, use `url`, `stop`."""

    def __init__(self, data_dir: Path, port: int = 0) -> None:
        self._data_dir = data_dir
        self._port = port
        self._runner: web.AppRunner | None = None
        self._world: World | None = None
        self.url = ""

    async def start(self) -> None:
        """Listen. Raises OSError when the port is taken, FolderInUseError when the folder is."""
        listener = socket.create_server((LOOPBACK, self._port), backlog=512)
        try:
            self._world = World(self._data_dir)
        except BaseException:
            listener.close()
            raise
        # Requests that wait on purpose end when their client goes away.
        self._runner = web.AppRunner(
            build_app(self._world),
            access_log=None,
            handler_cancellation=True,
            shutdown_timeout=1.0,
        )
        await self._runner.setup()
        await web.SockSite(self._runner, listener).start()
        self.url = f"http://{LOOPBACK}:{listener.getsockname()[1]}"

    async def stop(self) -> None:
        """Stop listening, end every wait, write everything down."""
        world, runner = self._world, self._runner
        self._world = self._runner = None
        if world is not None and runner is not None:
            world.waits.end_all()
            await runner.cleanup()
            world.close()


def build_app(world: World) -> web.Application:
    app = web.Application(middlewares=[gate], client_max_size=LARGEST_BODY)
    app[WORLD] = world
    app.router.add_route("*", "/bot{token:[^/]+}/{method:[^/]*}", answer_call)
    app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", download)
    app.add_routes([*page_routes(), *practice_routes(), *control_routes()])
    return app


async def serve(
    *, data_dir: Path, port: int, announce: Callable[[str], None], with_parent: bool = True
) -> None:
    """Serve on `port` or the next free one until cancelled or terminated; `announce` gets the url.

    `with_parent` also ends it with the process that started it: a killed bot must not leave a
    sandbox behind that keeps the folder from the next one.
    """
    # Read before anybody hears of the address: whoever is killed right after it was the parent.
    parent = os.getppid()
    sandbox = await _started(data_dir, range(port, min(port + PORTS_TRIED, 65536)) if port else [0])
    announce(sandbox.url)
    terminated = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, terminated.set)
    try:
        while not (terminated.is_set() or (with_parent and os.getppid() != parent)):
            with suppress(TimeoutError):
                async with asyncio.timeout(PARENT_WATCH_SECONDS):
                    await terminated.wait()
    finally:
        loop.remove_signal_handler(signal.SIGTERM)
        await sandbox.stop()


async def _started(data_dir: Path, ports: Sequence[int]) -> Sandbox:
    """On the first port that is free; any other failure than a taken port is raised at once."""
    for port in ports[:-1]:
        sandbox = Sandbox(data_dir, port)
        try:
            await sandbox.start()
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
        else:
            return sandbox
    sandbox = Sandbox(data_dir, ports[-1])
    await sandbox.start()
    return sandbox
