"""Serving health: /health for people and monitors, /health/live and /health/ready for machines."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from functools import partial

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import Clock
from bot.health.page import as_page
from bot.health.report import Report, as_json, judge
from storage.database import Database
from storage.health import read_health

# A database that does not answer for so long does not answer.
ANSWER_SECONDS = 5.0
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}

log = logging.getLogger(__name__)


class HealthServer:
    """Answers while the program runs, also while it waits for the messenger."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def look(self) -> Report:
        """Read and judge; a database that is away, or stuck, is what the report says."""
        now = self._clock.now()
        read = asyncio.to_thread(self._database.read, partial(read_health, now=now))
        try:
            health = await asyncio.wait_for(read, ANSWER_SECONDS)
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            log.error("health: the database does not answer (%s)", type(error).__name__)
            return judge(None, now=now)
        return judge(health, now=now)

    async def show(self, request: web.Request) -> web.Response:
        """A page for whoever asks for one, JSON for everybody else."""
        report = await self.look()
        status = 200 if report.is_well else 503
        if "text/html" in request.headers.get("Accept", ""):
            house = self._database.house
            text = as_page(report, language=house.language, zone=house.zone)
            return web.Response(
                text=text, content_type="text/html", charset="utf-8", status=status, headers=HEADERS
            )
        return web.json_response(as_json(report), status=status, headers=HEADERS)

    async def live(self, _request: web.Request) -> web.Response:
        """The loop turns: there is nothing that a restart would mend."""
        return web.json_response({"status": "ok"}, headers=HEADERS)

    async def ready(self, _request: web.Request) -> web.Response:
        """The database answers and the timed work runs; a messenger that is away is no reason."""
        report = await self.look()
        missing = [one for one in report.faults if one in ("database", "ticks")]
        return web.json_response(
            {"status": "failing" if missing else "ok", "faults": missing},
            status=503 if missing else 200,
            headers=HEADERS,
        )


@contextlib.asynccontextmanager
async def serving(
    address: tuple[str, int], *, database: Database, clock: Clock
) -> AsyncIterator[str]:
    """Listen there meanwhile; gives the address. Raises OSError when it is taken."""
    server = HealthServer(database=database, clock=clock)
    app = web.Application(client_max_size=1024)
    app.router.add_get("/health", server.show)
    app.router.add_get("/health/live", server.live)
    app.router.add_get("/health/ready", server.ready)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, *address)
        await site.start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}/health"
    finally:
        await runner.cleanup()
