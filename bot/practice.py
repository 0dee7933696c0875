"""The practice room: orders from the sandbox move the clock, play an outage, wait for rest."""

import asyncio
import logging
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import aiohttp

from bot.assembly import Program
from bot.ticks import next_due_at
from storage.database import UNREACHABLE

HOLD_SECONDS = 25

log = logging.getLogger(__name__)


async def serve_practice(program: Program) -> None:
    """Follow the sandbox's orders until cancelled; a sandbox that went away is waited for."""
    root = program.settings.bot_api_url
    after = 0
    async with aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=HOLD_SECONDS + 15)
    ) as http:
        program.clock_moved = partial(_tell_time, http, root, program)
        while True:
            try:
                if after == 0:
                    await _report(http, root, program, {"id": 0, "ok": True})
                params = {"after": after, "timeout": HOLD_SECONDS}
                async with http.get(f"{root}/practice/orders", params=params) as response:
                    response.raise_for_status()
                    orders = (await response.json())["orders"]
                for order in orders:
                    done = await _obey(program, order)
                    await _report(http, root, program, {"id": order["id"], **done})
                    after = int(order["id"])
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                log.debug("practice room: %s", type(error).__name__)
                after = 0
                await asyncio.sleep(0.5)


async def _obey(program: Program, order: dict[str, Any]) -> dict[str, Any]:
    try:
        match order["do"]:
            case "advance":
                await program.move_clock(await _target(program, order))
            case "asleep":
                program.sleep(bool(order["on"]))
                if not order["on"]:
                    while await program.tick():
                        pass
            case "idle":
                await program.settle()
                while await program.tick():
                    await program.settle()
                    if program.clock_moved is not None:
                        await program.clock_moved()
    except (KeyError, TypeError, ValueError, *UNREACHABLE) as error:
        return {"ok": False, "note": f"{type(error).__name__}: {error}"}
    return {"ok": True}


async def _target(program: Program, order: dict[str, Any]) -> datetime:
    now = program.clock.now()
    if order.get("next"):
        due = await asyncio.to_thread(program.database.do, next_due_at)
        return max(due, now) if due else now
    if "to" in order:
        return datetime.fromisoformat(order["to"])
    return now + timedelta(hours=float(order.get("hours", 0)), days=float(order.get("days", 0)))


async def _report(
    http: aiohttp.ClientSession, root: str, program: Program, report: dict[str, Any]
) -> None:
    due = await asyncio.to_thread(program.database.do, next_due_at)
    body = report | {
        "clock": program.clock.now().isoformat(),
        "asleep": program.asleep,
        "next_due": due.isoformat() if due else None,
        "note": report.get("note", ""),
    }
    async with http.post(f"{root}/practice/report", json=body) as response:
        response.raise_for_status()


async def _tell_time(http: aiohttp.ClientSession, root: str, program: Program) -> None:
    """Between two due times of one move: the messages of each moment bear its time."""
    with suppress(aiohttp.ClientError, TimeoutError, OSError):
        await _report(http, root, program, {"id": 0, "ok": True})


async def fetch_cast(root: str) -> list[dict[str, Any]]:
    """Return the people of the practice room; raises aiohttp.ClientError when it is no sandbox."""
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as http,
        http.get(f"{root}/practice/cast") as response,
    ):
        response.raise_for_status()
        people: list[dict[str, Any]] = (await response.json())["people"]
        return people
