"""Delivery: the only sender. Takes rows, renders, paces, sends, and writes each end down."""

import asyncio
import contextlib
import html
import logging
import re
import secrets
from datetime import datetime
from itertools import groupby

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.clock import Clock
from bot.letters import method_of, parameters_of, plain
from bot.pace import Pace
from bot.transport import BotApi, NotSent
from messages.render import Wording, WordingError
from storage.database import Database, Session
from storage.outbox.leasing import Parcel, lease
from storage.outbox.outcomes import End, SendResult, record, recover

AT_ONCE = 32
IDLE_SECONDS = 1.0
UNCLEAR_WAIT = 5.0

log = logging.getLogger(__name__)


class Delivery:
    """Sends what the outbox holds until stopped."""

    def __init__(
        self, api: BotApi, *, database: Database, wording: Wording, clock: Clock, pace: Pace
    ) -> None:
        self._api = api
        self._database = database
        self._wording = wording
        self._clock = clock
        self._pace = pace
        self._owner = secrets.token_hex(8)
        self._wake = asyncio.Event()
        self._finished: list[SendResult] = []
        self._under_way: set[asyncio.Task[None]] = set()
        self._in_flight = 0
        self.asleep = False

    def wake(self) -> None:
        """There may be something to send; call it in the loop's thread."""
        self._wake.set()

    async def run(self) -> None:
        """Send until cancelled; on cancelling, what is in flight may end and is written down."""
        await asyncio.to_thread(
            self._database.do,
            recover,
            owner=self._owner,
            now=self._clock.now(),
            real=self._clock.real(),
        )
        try:
            while True:
                self._wake.clear()
                if not await self._round():
                    # Not wait_for: before Python 3.12 it can swallow a cancellation.
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(IDLE_SECONDS):
                            await self._wake.wait()
        finally:
            await self._finish()

    async def _round(self) -> bool:
        """Write down what ended and take what is due; returns whether there was anything."""
        finished, self._finished = self._finished, []
        if self.asleep and not finished:
            return False
        limit = 0 if self.asleep else AT_ONCE - self._in_flight
        if not finished and limit < 1:
            return False
        parcels = await asyncio.to_thread(
            self._database.do,
            self._step,
            finished=finished,
            limit=limit,
            now=self._clock.now(),
            real=self._clock.real(),
        )
        by_chat = sorted(parcels, key=lambda parcel: parcel.chat_id)
        for _, group in groupby(by_chat, key=lambda parcel: parcel.chat_id):
            batch = list(group)
            self._in_flight += len(batch)
            task = asyncio.create_task(self._send_in_order(batch))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        return bool(finished or parcels)

    def _step(
        self,
        session: Session,
        *,
        finished: list[SendResult],
        limit: int,
        now: datetime,
        real: float,
    ) -> list[Parcel]:
        record(session, owner=self._owner, results=finished, now=now, real=real)
        return lease(session, owner=self._owner, limit=limit, now=now, real=real)

    async def _send_in_order(self, parcels: list[Parcel]) -> None:
        """Send one chat's messages one after another; after a failure the rest waits its turn."""
        blocked = False
        for parcel in parcels:
            if blocked:
                result = SendResult(parcel_id=parcel.id, end=End.LATER)
            else:
                result = await self._send(parcel)
                blocked = result.end in (End.LATER, End.UNCLEAR)
            self._in_flight -= 1
            self._finished.append(result)
        self._wake.set()

    async def _send(self, parcel: Parcel) -> SendResult:
        try:
            parameters = parameters_of(parcel, self._wording)
        except WordingError as error:
            log.error("message %s cannot be worded: %s", parcel.id, error)
            return SendResult(parcel_id=parcel.id, end=End.REFUSED, error="WordingError")
        await self._pace.turn(parcel.chat_id)
        method = method_of(parcel)
        try:
            sent = await self._api.call(method, parameters)
        except BadRequest as error:
            return await self._refused(parcel, parameters, error)
        except TelegramError as error:
            return self._failed(parcel, error)
        number = sent.get("message_id") if isinstance(sent, dict) else None
        return SendResult(parcel_id=parcel.id, end=End.SENT, message_id=number)

    async def _refused(
        self, parcel: Parcel, parameters: dict[str, object], error: BadRequest
    ) -> SendResult:
        """A 400: said already, to be said anew, or once more without markup."""
        why = error.message.casefold()
        if "message is not modified" in why:
            return SendResult(parcel_id=parcel.id, end=End.SENT, message_id=parcel.edits)
        if "chat not found" in why or "user is deactivated" in why:
            return SendResult(parcel_id=parcel.id, end=End.GONE, error=error.message)
        if parcel.kind == "leave":
            return SendResult(parcel_id=parcel.id, end=End.REFUSED, error=error.message)
        if parcel.kind == "edit":
            again = {name: one for name, one in parameters.items() if name != "message_id"}
        else:
            log.error("message %s was refused (%s); sent plain", parcel.id, error.message[:60])
            bare = html.unescape(re.sub(r"<[^>]*>", "", str(parameters["text"])))
            again = plain(parameters, bare)
        try:
            sent = await self._api.call("sendMessage", again)
        except BadRequest as second:
            return SendResult(parcel_id=parcel.id, end=End.REFUSED, error=second.message)
        except TelegramError as second:
            return self._failed(parcel, second)
        return SendResult(parcel_id=parcel.id, end=End.SENT, message_id=sent.get("message_id"))

    def _failed(self, parcel: Parcel, error: TelegramError) -> SendResult:
        kind = type(error).__name__
        if isinstance(error, RetryAfter):
            after = error.retry_after
            wait = float(after if isinstance(after, int | float) else after.total_seconds())
            self._pace.halt(wait)
            return SendResult(parcel_id=parcel.id, end=End.LATER, wait=wait, error=kind)
        if isinstance(error, Forbidden | ChatMigrated):
            return SendResult(parcel_id=parcel.id, end=End.GONE, error=kind)
        if isinstance(error, InvalidToken):
            log.error("the Bot API refuses the token; messages wait")
            return SendResult(parcel_id=parcel.id, end=End.LATER, wait=60.0, error=kind)
        if isinstance(error, NotSent):
            return SendResult(parcel_id=parcel.id, end=End.LATER, wait=2.0, error=kind)
        return SendResult(parcel_id=parcel.id, end=End.UNCLEAR, wait=UNCLEAR_WAIT, error=kind)

    async def _finish(self) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=15)
        finished, self._finished = self._finished, []
        with contextlib.suppress(Exception):
            self._database.do(
                record,
                owner=self._owner,
                results=finished,
                now=self._clock.now(),
                real=self._clock.real(),
            )

    @property
    def idle(self) -> bool:
        """Whether nothing is in flight and nothing waits to be written down."""
        return not self._in_flight and not self._finished
