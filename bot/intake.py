"""Intake: long polling whose updates are written down before Telegram is told to forget them."""

import asyncio
import logging
from collections.abc import Callable

from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.clock import Clock
from bot.transport import BotApi, seconds_to_wait
from bot.turns import worth_handling
from storage.database import UNREACHABLE, Database
from storage.inbox import store_updates

HOLD_SECONDS = 25
ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member"]
LONGEST_WAIT = 30.0
CONFLICT_WAIT = 30.0

log = logging.getLogger(__name__)


class TokenRefused(Exception):
    """Telegram does not know this token any more; nothing can be sent or read with it."""


class Intake:
    """One poller; ``arrived`` is called after new updates are committed."""

    def __init__(
        self,
        api: BotApi,
        *,
        database: Database,
        bot_id: int,
        clock: Clock,
        arrived: Callable[[], None],
    ) -> None:
        self._api = api
        self._database = database
        self._bot_id = bot_id
        self._clock = clock
        self._arrived = arrived
        self._awake = asyncio.Event()
        self._awake.set()
        self.last_poll: float = 0.0

    def sleep(self, asleep: bool) -> None:
        """Play an outage, or end it."""
        if asleep:
            self._awake.clear()
        else:
            self._awake.set()

    async def run(self) -> None:
        """Poll until cancelled; raises TokenRefused."""
        offset: int | None = None
        wait = 1.0
        while True:
            await self._awake.wait()
            try:
                raw = await self._api.poll(offset=offset, hold=HOLD_SECONDS, allowed=ALLOWED)
            except InvalidToken as error:
                raise TokenRefused("the Bot API refuses the token") from error
            except Conflict as error:
                if "webhook" in error.message.casefold():
                    # Left by an earlier program; it is being deleted beside us.
                    await asyncio.sleep(wait)
                    continue
                log.error("another program polls with this token; trying again in 30 s")
                await asyncio.sleep(CONFLICT_WAIT)
                continue
            except RetryAfter as error:
                await asyncio.sleep(seconds_to_wait(error))
                continue
            except (NetworkError, TelegramError) as error:
                log.warning("polling: %s; again in %.0f s", type(error).__name__, wait)
                await asyncio.sleep(wait)
                wait = min(wait * 1.5, LONGEST_WAIT)
                continue
            wait = 1.0
            self.last_poll = self._clock.real()
            updates = worth_handling(raw)
            if not updates:
                continue
            # Only after this commit does the next call confirm them (law 4).
            try:
                await asyncio.to_thread(
                    self._database.do,
                    store_updates,
                    bot_id=self._bot_id,
                    updates=updates,
                    now=self._clock.now(),
                )
            except UNREACHABLE as error:
                log.error("inbox: %s; the updates are asked for again", type(error).__name__)
                await asyncio.sleep(wait)
                continue
            offset = max(int(str(one["update_id"])) for one in updates) + 1
            self._arrived()
