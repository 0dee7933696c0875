"""run: the bot itself, with the practice room beside it when there is no token."""

import asyncio
import contextlib
import fcntl
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import aiohttp

from bot.assembly import Program, open_database
from bot.clock import Clock
from bot.intake import TokenRefused
from bot.logs import quiet_logs
from bot.practice import fetch_cast, serve_practice
from bot.settings import Settings, SettingsError
from storage.answers import plant_answers
from storage.communities import seed
from storage.documents import plant_documents
from storage.keys import check_keys
from storage.migrations import upgrade
from storage.practice_cast import seed_room

SANDBOX_START_SECONDS = 20

Announce = Callable[[str], None]
log = logging.getLogger(__name__)


@contextlib.contextmanager
def only_copy(data_dir: Path) -> Iterator[None]:
    """Hold the data folder; raises SettingsError when another copy runs on it."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise SettingsError(
                f"another copy is already running on {data_dir}; stop it, "
                "or give this one its own JIAI_DATA_DIR"
            ) from error
        yield


async def run(settings: Settings, *, sandbox: bool, announce: Announce) -> None:
    """Run until stopped; raises SettingsError or TokenRefused."""
    async with contextlib.AsyncExitStack() as stack:
        if sandbox:
            settings = settings.model_copy(update={"data_dir": settings.data_dir / "sandbox"})
        elif (settings.data_dir / "sandbox.sqlite3").exists():
            raise SettingsError(
                f"{settings.data_dir} holds practice data; use another JIAI_DATA_DIR"
            )
        stack.enter_context(only_copy(settings.data_dir))
        if sandbox:
            url = await _start_sandbox(settings, stack)
            settings = settings.model_copy(update={"bot_api_url": url})
            announce(f"No JIAI_BOT_TOKEN is set, so this is the practice room. Open {url}")
        program = _program(settings, announce)
        stack.callback(program.database.close)
        if settings.is_loopback:
            await _practise(program, stack)
        await _until_stopped(program)


def _program(settings: Settings, announce: Announce) -> Program:
    quiet_logs()
    database = open_database(settings)
    if upgrade(settings.database):
        announce("The database is ready.")
    database.do(check_keys)
    kept = settings.data_dir / "clock.json" if settings.is_loopback else None
    clock = Clock(kept_in=kept)
    if settings.start_clock is not None and clock.moved:
        announce("JIAI_CLOCK is passed over: the clock of this data folder has been moved before.")
    elif settings.start_clock is not None:
        clock.move_to(settings.start_clock)
    database.do(seed, now=clock.now())
    database.do(plant_documents, now=clock.now())
    database.do(plant_answers, now=clock.now())
    return Program(settings, database=database, clock=clock)


async def _start_sandbox(settings: Settings, stack: contextlib.AsyncExitStack) -> str:
    """Start the practice room as its own process and return its address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "sandbox",
        "--port",
        str(settings.http_port),
        "--data-dir",
        str(settings.data_dir),
        "--plain",
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"JIAI_DATA_DIR": str(settings.data_dir)},
    )

    async def stop() -> None:
        if process.returncode is None:
            process.terminate()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), 5)

    stack.push_async_callback(stop)
    assert process.stdout is not None
    try:
        line = await asyncio.wait_for(process.stdout.readline(), SANDBOX_START_SECONDS)
    except TimeoutError:
        line = b""
    url = line.decode().strip()
    if not url.startswith("http://"):
        raise SettingsError("the practice room did not start; its message stands above")
    return url


async def _practise(program: Program, stack: contextlib.AsyncExitStack) -> None:
    """On a sandbox: make its cast known, and follow its orders."""
    try:
        people = await fetch_cast(program.settings.bot_api_url)
    except (aiohttp.ClientError, TimeoutError, OSError, KeyError, ValueError):
        return
    program.database.do(seed_room, now=program.clock.now(), people=people)
    task = asyncio.create_task(serve_practice(program))

    async def stop() -> None:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    stack.push_async_callback(stop)


async def _until_stopped(program: Program) -> None:
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(program.run())
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        log.info("stopped")
    except BaseExceptionGroup as group:
        refused, _rest = group.split(TokenRefused)
        if refused is not None:
            raise TokenRefused("the Bot API refuses JIAI_BOT_TOKEN") from group
        raise
