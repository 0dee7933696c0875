"""Delivery: the only sender. Takes rows, renders, paces, sends, and writes each end down."""

import asyncio
import contextlib
import logging
import secrets
from datetime import datetime
from itertools import groupby

from sqlalchemy.exc import SQLAlchemyError
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.clock import Clock
from bot.letters import CaptionTooLong, method_of, parameters_of, plain
from bot.pace import Pace
from bot.porter import Porter
from bot.taking_back import TAKEN_BACK, take_back
from bot.transport import BotApi, NotSent, seconds_to_wait
from messages.render import Wording, WordingError
from storage.database import UNREACHABLE, Database, Session
from storage.files import FileGone
from storage.outbox.leasing import Parcel, lease
from storage.outbox.outcomes import End, SendResult, record, recover, release
from storage.vault import VaultError

AT_ONCE = 32
IDLE_SECONDS = 1.0
UNCLEAR_WAIT = 5.0
# A halt longer than this is not waited for with a row in the hand.
WORTH_WAITING = 1.0
FINISH_SECONDS = 15.0

log = logging.getLogger(__name__)


class Delivery:
    """Sends what the outbox holds until stopped."""

    def __init__(
        self, api: BotApi, *, database: Database, wording: Wording, clock: Clock, pace: Pace
    ) -> None:
        self._api = api
        self._porter = Porter(api, database)
        self._database = database
        self._wording = wording
        self._clock = clock
        self._pace = pace
        self._owner = secrets.token_hex(8)
        self._wake = asyncio.Event()
        self._finished: list[SendResult] = []
        self._under_way: set[asyncio.Task[None]] = set()
        # The rows that tasks hold, so that a lease whose commit went unanswered can be told apart.
        self._in_flight: set[int] = set()
        self._in_doubt = False
        self.asleep = False

    def wake(self) -> None:
        """There may be something to send; call it in the loop's thread."""
        self._wake.set()

    async def run(self) -> None:
        """Send until cancelled; on cancelling, what is in flight may end and is written down."""
        try:
            await self._take_over()
            while True:
                self._wake.clear()
                if not await self._round():
                    # wait_for of Python 3.11 swallows a stop that comes with the wake.
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(IDLE_SECONDS):
                            await self._wake.wait()
        finally:
            await self._finish()

    async def _take_over(self) -> None:
        """Take back what a killed process left in flight; a database that is away is waited for."""
        while True:
            try:
                await asyncio.to_thread(
                    self._database.do,
                    recover,
                    owner=self._owner,
                    now=self._clock.now(),
                    real=self._clock.real(),
                )
            except UNREACHABLE as error:
                log.error("delivery: %s; again in a second", type(error).__name__)
                await asyncio.sleep(IDLE_SECONDS)
            else:
                return

    async def _round(self) -> bool:
        """Write down what ended and take what is due; returns whether there was anything."""
        limit = 0 if self.asleep else AT_ONCE - len(self._in_flight)
        if not self._finished and limit < 1:
            return False
        finished, self._finished = self._finished, []
        step = asyncio.ensure_future(
            asyncio.to_thread(
                self._database.do,
                self._step,
                finished=finished,
                limit=limit,
                keep=self._in_flight | {result.parcel_id for result in finished},
                now=self._clock.now(),
                real=self._clock.real(),
            )
        )
        try:
            parcels = await asyncio.shield(step)
        except UNREACHABLE as error:
            log.error("delivery: %s; again in a second", type(error).__name__)
            self._finished = finished + self._finished
            self._in_doubt = True
            return False
        except asyncio.CancelledError:
            # The thread goes on: what it still leases must not look as if it had been sent.
            with contextlib.suppress(*UNREACHABLE):
                leased = await step
                self._finished += [SendResult(one.id, End.LATER) for one in leased]
            raise
        self._in_doubt = False
        self._send_out(parcels)
        return bool(finished or parcels)

    def _send_out(self, parcels: list[Parcel]) -> None:
        by_chat = sorted(parcels, key=lambda parcel: parcel.chat_id)
        for _, group in groupby(by_chat, key=lambda parcel: parcel.chat_id):
            batch = list(group)
            self._in_flight |= {parcel.id for parcel in batch}
            task = asyncio.create_task(self._send_in_order(batch))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    def _step(
        self,
        session: Session,
        *,
        finished: list[SendResult],
        limit: int,
        keep: set[int],
        now: datetime,
        real: float,
    ) -> list[Parcel]:
        if self._in_doubt:
            release(session, owner=self._owner, keep=keep)
        record(session, owner=self._owner, results=finished, now=now, real=real)
        return lease(session, owner=self._owner, limit=limit, now=now, real=real)

    async def _send_in_order(self, parcels: list[Parcel]) -> None:
        """Send one chat's messages one after another; after a failure the rest waits its turn."""
        blocked = False
        for parcel in parcels:
            if blocked:
                result = SendResult(parcel_id=parcel.id, end=End.LATER)
            else:
                result = await self._attempt(parcel)
                blocked = result.end not in (End.SENT, End.REFUSED)
            self._in_flight.discard(parcel.id)
            self._finished.append(result)
        self._wake.set()

    async def _attempt(self, parcel: Parcel) -> SendResult:
        """Whatever goes wrong, there is an end: without one the chat would stay shut for ever."""
        try:
            return await self._send(parcel)
        except Exception as error:
            # Only the kind of error: its text could hold somebody's words.
            log.error("message %s: %s", parcel.id, type(error).__name__)
            return SendResult(parcel_id=parcel.id, end=End.UNCLEAR, error=type(error).__name__)

    async def _send(self, parcel: Parcel) -> SendResult:
        if parcel.kind == "fetch":
            return await self._porter.fetch(parcel)
        try:
            parameters = parameters_of(parcel, self._wording)
        except CaptionTooLong:
            return SendResult(parcel_id=parcel.id, end=End.SPLIT)
        except Exception as error:
            # Of a WordingError the text is ours; any other's could hold somebody's words.
            why = str(error) if isinstance(error, WordingError) else type(error).__name__
            log.error("message %s (%s) cannot be worded: %s", parcel.id, parcel.template, why)
            return SendResult(parcel_id=parcel.id, end=End.REFUSED, error=type(error).__name__)
        held = self._pace.held(parcel.chat_id)
        if held > WORTH_WAITING:
            # Back into the queue rather than in line: when the flood is over, what is most urgent
            # is leased first, however much had been under way before it.
            return SendResult(parcel_id=parcel.id, end=End.LATER, wait=held)
        if not await self._pace.turn(parcel.chat_id):
            return SendResult(parcel_id=parcel.id, end=End.LATER)
        try:
            sent = await self._call(parcel, parameters)
        except (FileGone, VaultError):
            log.error("message %s: its file is gone, or no key opens it", parcel.id)
            return SendResult(parcel_id=parcel.id, end=End.REFUSED, error="the file is gone")
        except BadRequest as error:
            return await self._refused(parcel, parameters, error)
        except TelegramError as error:
            return self._failed(parcel, error)
        return _sent(parcel, sent)

    async def _call(self, parcel: Parcel, parameters: dict[str, object]) -> object:
        """Call the method of a parcel; raises TelegramError or FileGone."""
        if parcel.kind == "document":
            return await self._porter.send(parcel, parameters)
        if parcel.kind == "edit" and parcel.template == TAKEN_BACK:
            return await take_back(self._api, parcel, self._wording)
        return await self._api.call(method_of(parcel), parameters)

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
        if parcel.kind == "edit" and not _is_about_words(why):
            return SendResult(parcel_id=parcel.id, end=End.ANEW)
        log.error("message %s was refused (%s); sent plain", parcel.id, error.message[:60])
        try:
            sent = await self._call(parcel, plain(parameters))
        except BadRequest as second:
            return SendResult(parcel_id=parcel.id, end=End.REFUSED, error=second.message)
        except TelegramError as second:
            return self._failed(parcel, second)
        return _sent(parcel, sent)

    def _failed(self, parcel: Parcel, error: TelegramError) -> SendResult:
        kind = type(error).__name__
        if isinstance(error, RetryAfter):
            wait = seconds_to_wait(error)
            self._pace.halt(parcel.chat_id, wait)
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
        """Let what is on the wire end; what only waits for its turn goes back untouched."""
        self._pace.stop()
        try:
            if self._under_way:
                await asyncio.wait(self._under_way, timeout=FINISH_SECONDS)
        finally:
            finished, self._finished = self._finished, []
            try:
                self._database.do(
                    record,
                    owner=self._owner,
                    results=finished,
                    now=self._clock.now(),
                    real=self._clock.real(),
                )
            except SQLAlchemyError as error:
                # The next start takes them for killed in flight.
                log.error("delivery: the last ends are lost (%s)", type(error).__name__)

    @property
    def idle(self) -> bool:
        """Whether nothing is in flight and nothing waits to be written down."""
        return not self._in_flight and not self._finished


def _sent(parcel: Parcel, sent: object) -> SendResult:
    number = sent.get("message_id") if isinstance(sent, dict) else None
    return SendResult(parcel_id=parcel.id, end=End.SENT, message_id=number)


def _is_about_words(why: str) -> bool:
    """Whether a 400 is about what is said, not about the message that was to be rewritten."""
    return any(words in why for words in ("parse", "too long", "text is empty", "button"))
