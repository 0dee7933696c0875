"""``python -m bench.chaos``: kill -9 at random moments under load, one clean drain, the accounts.

Exits with 1 when anything was lost silently or doubled without a mark.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from aiohttp import web

from bench.accounts import Account, Delivered, count_left, draw_up
from bench.players import Village
from bench.process import jiai, stopped_at_the_end, wait_for_poll
from bench.register import settle_village
from bench.server import Call, Reply, Server, Shown
from messages.render import Wording

GROUPS, RESIDENTS, VOLUNTEERS = 12, 3, 3
# How long a bot lives after its first poll; its start is a chance to be killed, too.
SHORTEST_LIFE, LONGEST_LIFE = -0.3, 0.7
DRAIN_SECONDS = 90.0
QUIET_LOOKS = 5
# Of a hundred calls: refused with 429, failed, failed after delivery, cut off after and before.
FAULTS = (("429", 1), ("500", 2), ("502", 1), ("cut_after", 1), ("cut_before", 1))


class Chaos:
    """One run: the server, the village, and the deliveries that were seen."""

    def __init__(self, folder: Path, *, seed: int, faults: bool) -> None:
        self.dice = random.Random(seed)
        self.server = Server(between=self._fault if faults else None)
        self.village = Village(residents=GROUPS * RESIDENTS, rounds=1_000_000)
        self.pressed: set[tuple[int, str]] = set()
        mark = Wording(zone="Asia/Shanghai").text("possibly_repeated", language="zh", facts={})
        self.delivered = Delivered(mark)
        self._folder = folder

    async def run(self, kills: int) -> Account:
        """Kill so many times, drain, and draw up the accounts."""
        settle_village(self._folder, groups=GROUPS, residents=RESIDENTS, volunteers=VOLUNTEERS)
        self.server.player = self._shown
        self.village.pressed = lambda shown, data: self.pressed.add((shown.chat, data))
        await self.server.start()
        try:
            self.village.begin(self.server)
            for _ in range(kills):
                await self._one_life()
            self.village.stopped = True
            self.server.between = None
            await self._drain()
        finally:
            await self.server.stop()
        return draw_up(
            self._folder,
            pushed=self.server.pushed,
            delivered=self.delivered,
            pressed=self.pressed,
        )

    def _shown(self, shown: Shown) -> None:
        self.delivered.note(shown)
        self.village.shown(shown)

    async def _one_life(self) -> None:
        self.server.polled.clear()
        with stopped_at_the_end(jiai(self._folder, self.server.url)) as bot:
            await wait_for_poll(self.server, bot)
            life = self.dice.uniform(SHORTEST_LIFE, LONGEST_LIFE)
            if life > 0:
                # People press again where nothing came back.
                self.village.nudge(self.dice)
                await asyncio.sleep(life)
            bot.kill()

    async def _drain(self) -> None:
        """Let one bot come to rest; raises RuntimeError when it does not."""
        self.server.polled.clear()
        with stopped_at_the_end(jiai(self._folder, self.server.url)) as bot:
            await wait_for_poll(self.server, bot)
            deadline = time.monotonic() + DRAIN_SECONDS
            quiet = 0
            while quiet < QUIET_LOOKS:
                await asyncio.sleep(0.5)
                left = await asyncio.to_thread(count_left, self._folder)
                quiet = quiet + 1 if left == (0, 0) and not self.server.unconfirmed else 0
                if time.monotonic() > deadline:
                    raise RuntimeError(f"{left} updates and messages left:\n{bot.said()}")

    async def _fault(self, method: str, request: web.BaseRequest, call: Call) -> Reply:
        if method not in ("sendMessage", "editMessageText"):
            return call()
        at = self.dice.uniform(0, 100)
        kind = None
        for name, share in FAULTS:
            at -= share
            if at < 0:
                kind = name
                break
        if kind in (None, "502", "cut_after"):
            answer = call()
            if kind is None:
                return answer
        if kind in ("cut_after", "cut_before"):
            if request.transport is not None:
                request.transport.close()
            return web.Response()
        code = int(str(kind))
        parameters = {"retry_after": 1} if code == 429 else {}
        return web.json_response(
            {"ok": False, "error_code": code, "description": "chaos", "parameters": parameters},
            status=code,
        )


def main() -> None:
    """Run, print every count, and say by the exit code whether the accounts are clean."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", action="store_true", help="6 of 100 sends go wrong, too")
    chosen = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="jiai-chaos-") as name:
        chaos = Chaos(Path(name), seed=chosen.seed, faults=chosen.faults)
        account = asyncio.run(chaos.run(chosen.kills))
    print(f"{chosen.kills} kills, seed {chosen.seed}, {time.monotonic() - began:.0f} s")
    for words, count in asdict(account).items():
        print(f"  {words.replace('_', ' '):<20}{count:>8}")
    print("clean" if account.is_clean else "NOT CLEAN")
    sys.exit(0 if account.is_clean else 1)


if __name__ == "__main__":
    main()
