"""One run of one contestant: start it, let it rest, give it the load, and measure its process."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Protocol

from bench.process import Contestant, stopped_at_the_end, wait_for_poll
from bench.server import Server, Shown

REST_SECONDS = 1.0
LONGEST_RUN = 150.0


class Player(Protocol):
    """Plays the people: begins, answers what each chat is shown, and knows when all is done."""

    done: asyncio.Event

    def begin(self, server: Server) -> None:
        """Send what starts everything."""

    def shown(self, shown: Shown) -> None:
        """React to a message."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run measured; times in seconds, CPU in ms for each update, memory in MB."""

    start: float
    rest_mb: float
    after_mb: float
    updates: float
    per_second: float
    cpu_ms: float
    calls: float
    server_ms: float


async def run_once(
    launch: Callable[[Path, str], Contestant],
    player: Player,
    *,
    prepare: Callable[[Path], None] = lambda folder: None,
    after: Callable[[Path], None] = lambda folder: None,
    longest: float = LONGEST_RUN,
) -> Figures:
    """Run one contestant once; raises RuntimeError when it does not come to an end."""
    server = Server()
    await server.start()
    with tempfile.TemporaryDirectory(prefix="jiai-bench-") as name:
        folder = Path(name)
        prepare(folder)
        began = time.monotonic()
        try:
            with stopped_at_the_end(launch(folder, server.url)) as contestant:
                await wait_for_poll(server, contestant)
                start = time.monotonic() - began
                await asyncio.sleep(REST_SECONDS)
                figures = await _measure(server, contestant, player, start, longest)
            after(folder)
            return figures
        finally:
            await server.stop()


async def _measure(
    server: Server, contestant: Contestant, player: Player, start: float, longest: float
) -> Figures:
    rest_mb = contestant.memory_mb
    cpu, own, calls = contestant.cpu_seconds, time.process_time(), sum(server.calls.values())
    server.player = player.shown
    contestant.load_begins()
    began = time.monotonic()
    player.begin(server)
    try:
        await asyncio.wait_for(player.done.wait(), longest)
    except TimeoutError:
        raise RuntimeError(
            f"{server.pushed} updates pushed, no end:\n{contestant.said()}"
        ) from None
    took = time.monotonic() - began
    updates = server.pushed
    return Figures(
        start=start,
        rest_mb=rest_mb,
        after_mb=contestant.memory_mb,
        updates=updates,
        per_second=updates / took,
        cpu_ms=(contestant.cpu_seconds - cpu) * 1000 / updates,
        calls=(sum(server.calls.values()) - calls) / updates,
        server_ms=(time.process_time() - own) * 1000 / updates,
    )


def medians(runs: Iterable[Figures]) -> Figures:
    """The median of each figure."""
    found = list(runs)
    return Figures(
        **{
            field.name: statistics.median(getattr(run, field.name) for run in found)
            for field in fields(Figures)
        }
    )
