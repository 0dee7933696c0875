"""Orders to the bot (move the clock, fall asleep, say when idle) and the bot's reports."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Final

from bot.sandbox.clock import MovedClock
from bot.sandbox.records import Json, Row
from bot.sandbox.store import Store
from bot.sandbox.waiting import Bell

# A bot that asked for orders within this time counts as attached.
ATTACHED_SECONDS: Final = 40.0


@dataclass
class Order(Row):
    """One order that is not yet reported."""

    id: int
    body: Json


@dataclass
class BotState(Row):
    """What the bot said of itself last; `offset_seconds` is its clock minus real time."""

    offset_seconds: float = 0.0
    asleep: bool = False
    next_due: str | None = None


class Orders:
    """Orders wait here until the bot reports on them, over its restarts and the sandbox's."""

    def __init__(self, store: Store) -> None:
        self._store = store
        orders = sorted(map(Order.from_row, store.load("order")), key=lambda order: order.id)
        self._open = {order.id: order for order in orders}
        self._reports: dict[int, asyncio.Future[Json]] = {}
        self._limits: dict[int, tuple[asyncio.Timeout, float]] = {}
        self._asked_at: float | None = None
        self.given = Bell()
        self.state = BotState()
        for row in store.load("bot"):
            self.state = BotState.from_row(row)

    @property
    def attached(self) -> bool:
        return self._asked_at is not None and monotonic() - self._asked_at <= ATTACHED_SECONDS

    def attach(self) -> None:
        """The bot is there: it asks for orders."""
        self._asked_at = monotonic()

    async def after(self, last: int, *, seconds: float) -> list[Json]:
        """The open orders with a higher id than `last`; waits for one when there is none."""
        self.attach()
        ends = monotonic() + seconds
        while not (found := self._found(last)) and (left := ends - monotonic()) > 0:
            await self.given.wait(left)
        self.attach()
        return found

    async def give(self, body: Json, *, seconds: float) -> Json:
        """Give the order and wait for its report.

        Raises TimeoutError after so many seconds without a word from the bot: a day in which an
        alarm rings every few minutes takes a slow machine its time.
        """
        number = self._store.next_id("order")
        self._open[number] = Order(number, body)
        self._store.put("order", number, self._open[number])
        report: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._reports[number] = report
        self.given.ring()
        try:
            async with asyncio.timeout(seconds) as limit:
                self._limits[number] = limit, seconds
                return await report
        finally:
            del self._reports[number]
            self._limits.pop(number, None)
            # An idle order makes sense only while somebody waits; a moved clock was wished.
            if body.get("do") == "idle":
                self._close(number)

    def report(self, body: Json, clock: MovedClock) -> None:
        """The bot says how it stands, and perhaps that an order is done."""
        told = body.get("clock")
        if isinstance(told, str):
            clock.follow(datetime.fromisoformat(told))
        next_due = body.get("next_due")
        self.state = BotState(
            offset_seconds=clock.offset.total_seconds(),
            asleep=bool(body.get("asleep", self.state.asleep)),
            next_due=next_due if isinstance(next_due, str) else None,
        )
        self._store.put("bot", "state", self.state)
        for limit, seconds in self._limits.values():
            limit.reschedule(asyncio.get_running_loop().time() + seconds)
        number = body.get("id")
        if isinstance(number, int) and number:
            self._close(number)
            waiting = self._reports.get(number)
            if waiting is not None and not waiting.done():
                waiting.set_result(body)

    def _found(self, last: int) -> list[Json]:
        return [{"id": order.id, **order.body} for order in self._open.values() if order.id > last]

    def _close(self, number: int) -> None:
        if self._open.pop(number, None) is not None:
            self._store.drop("order", number)
