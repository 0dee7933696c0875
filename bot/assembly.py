"""Assembly: the only place that knows every part; tests build the same program."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from telegram.error import InvalidToken, TelegramError

from bot.clock import Clock
from bot.delivery import Delivery
from bot.flood import Flood
from bot.health.server import serving
from bot.intake import Intake, TokenRefused
from bot.mail.post import Postman
from bot.office.runner import Runner
from bot.pace import Pace
from bot.papers.registry import MAKERS
from bot.settings import PRACTICE_TOKEN, Settings
from bot.ticks import next_due_at, run_ticks, stay_awake
from bot.today.keeping import TodayFile, remove_list
from bot.transport import BotApi
from bot.turns import Turner
from messages.render import LANGUAGES, Wording
from storage.database import UNREACHABLE, Database, Session
from storage.inbox import count_waiting
from storage.outbox.leasing import count_unsent
from storage.papers.carrying import count_open_jobs
from storage.vault import open_vault

# Telegram allows about 30 messages a second for all chats, and one a second in a chat.
MESSAGES_A_SECOND = 28.0
CHAT_GAP_SECONDS = 1.05
COMMANDS = ("start", "mine", "help", "language")

log = logging.getLogger(__name__)


def open_database(settings: Settings) -> Database:
    """Open the database with its keys; makes the data folder and the key file when absent."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    vault = open_vault(settings.key_file)
    return Database(settings.database, vault=vault, house=settings.house())


@dataclass(slots=True)
class Identity:
    """Who the bot is at Telegram."""

    id: int
    username: str


class Program:
    """The running bot: intake, turns, ticks and delivery around one database."""

    def __init__(self, settings: Settings, *, database: Database, clock: Clock) -> None:
        token = settings.bot_token
        self.settings = settings
        self.database = database
        self.clock = clock
        self.wording = Wording(zone=settings.timezone)
        self.api = BotApi(
            token=token.get_secret_value() if token else PRACTICE_TOKEN,
            root=settings.bot_api_url,
            proxy=settings.proxy,
        )
        rate = None if settings.is_loopback else MESSAGES_A_SECOND
        self.delivery = Delivery(
            self.api,
            database=database,
            wording=self.wording,
            clock=clock,
            pace=Pace(rate=rate, chat_gap=CHAT_GAP_SECONDS),
        )
        self.papers = Runner(database=database, wording=self.wording, clock=clock, makers=MAKERS)
        self.postman = Postman(settings, database=database, wording=self.wording, clock=clock)
        self.identity = Identity(0, "")
        self.asleep = False
        # The practice room stamps its messages with the time it was last told.
        self.clock_moved: Callable[[], Awaitable[None]] | None = None
        self._arrived = asyncio.Event()
        self._turning = asyncio.Lock()
        self._ticking = asyncio.Lock()
        self._answers: set[asyncio.Task[None]] = set()
        self._intake: Intake | None = None

    async def run(self, *, ready: asyncio.Event | None = None) -> None:
        """Run until cancelled; raises TokenRefused."""
        loop = asyncio.get_running_loop()
        self.database.wake_on_commit(partial(_wake, loop, self.delivery))
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.api)
            if self.settings.health is not None:
                health = serving(self.settings.health, database=self.database, clock=self.clock)
                log.info("health page: %s", await stack.enter_async_context(health))
            await stack.enter_async_context(self._todays_list())
            if self.database.house.mail_to:
                task = asyncio.create_task(self.postman.run())
                stack.callback(task.cancel)
            # Before the messenger is waited for: alarms go on by other ways, and the page says so.
            scheduler = self._scheduler()
            scheduler.start()
            stack.callback(scheduler.shutdown, wait=False)
            self.identity = await self._wait_for_api()
            self._turner = Turner(
                self.api.bot,
                self.identity.id,
                self.identity.username,
                self.wording,
                Flood(per_minute=self.settings.updates_per_minute),
            )
            self._intake = Intake(
                self.api,
                database=self.database,
                bot_id=self.identity.id,
                clock=self.clock,
                arrived=self._arrived.set,
            )
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._intake.run())
                tasks.create_task(self._take_turns())
                tasks.create_task(self.delivery.run())
                tasks.create_task(self.papers.run())
                # Beside the work: a server that is slow with this must not keep people waiting.
                tasks.create_task(self._introduce())
                if ready is not None:
                    ready.set()

    @asynccontextmanager
    async def _todays_list(self) -> AsyncIterator[None]:
        """Keep the list up to date meanwhile; where it is switched off, none is left lying."""
        folder = self.settings.data_dir
        if not self.settings.today_file:
            if remove_list(folder):
                log.info("today's list is switched off; the file is deleted")
            yield
            return
        log.warning("today.txt is kept in the data folder: names and numbers in clear")
        kept = TodayFile(folder, database=self.database, wording=self.wording, now=self.clock.now)
        task = asyncio.create_task(kept.run())
        try:
            yield
        finally:
            # The file stays: it is for the time in which nothing runs.
            task.cancel()

    def _scheduler(self) -> AsyncIOScheduler:
        """The bell. With its default grace of a second, a late ring would be dropped silently."""
        scheduler = AsyncIOScheduler(timezone="UTC")
        scheduler.add_job(
            self.tick,
            "interval",
            seconds=self.settings.tick_seconds,
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
        return scheduler

    async def _wait_for_api(self) -> Identity:
        """Only getMe has to succeed; a server that is down is waited for."""
        wait = 1.0
        while True:
            try:
                me = await self.api.call("getMe", {})
            except InvalidToken as error:
                raise TokenRefused("the Bot API refuses the token") from error
            except TelegramError as error:
                if wait == 1.0:
                    log.warning("the Bot API is not reachable yet (%s); waiting", _kind(error))
                await asyncio.sleep(wait)
                wait = min(wait * 2, 30.0)
                continue
            return Identity(int(me["id"]), str(me.get("username", "")))

    async def _introduce(self) -> None:
        """Tell Telegram the commands, in each language; what fails is a warning."""
        with suppress(TelegramError):
            await self.api.call("deleteWebhook", {})
        for language in LANGUAGES:
            commands = [
                {
                    "command": name,
                    "description": self.wording.label(f"command.{name}", language=language),
                }
                for name in COMMANDS
            ]
            scope = {} if language == self.settings.language else {"language_code": language}
            try:
                await self.api.call("setMyCommands", {"commands": commands, **scope})
            except TelegramError as error:
                log.warning("setMyCommands failed: %s", type(error).__name__)

    async def _take_turns(self) -> None:
        while True:
            self._arrived.clear()
            try:
                while not self.asleep and await self._turn_once():
                    pass
            except UNREACHABLE as error:
                log.error("turns: %s; again in a second", type(error).__name__)
                await asyncio.sleep(1.0)
                continue
            await self._arrived.wait()

    async def _turn_once(self) -> bool:
        async with self._turning:
            count, presses = await asyncio.to_thread(
                self.database.do, self._turner.take, now=self.clock.now()
            )
        for query_id in presses:
            task = asyncio.create_task(self._acknowledge(query_id))
            self._answers.add(task)
            task.add_done_callback(self._answers.discard)
        return count > 0

    async def _acknowledge(self, query_id: str) -> None:
        """Stop the button's spinner. It goes out directly, may fail, and carries no words."""
        with suppress(TelegramError):
            await self.api.call("answerCallbackQuery", {"callback_query_id": query_id})

    async def tick(self) -> bool:
        """Let what is due move; returns whether anything did."""
        if self.asleep:
            return False
        async with self._ticking:
            return await asyncio.to_thread(
                run_ticks, self.database, now=self.clock.now(), reached=self.api.reached
            )

    def sleep(self, asleep: bool) -> None:
        """Play an outage, or end it: nothing is read, moved or sent meanwhile."""
        self.asleep = asleep
        self.delivery.asleep = asleep
        self.papers.asleep = asleep
        self.postman.asleep = asleep
        if self._intake is not None:
            self._intake.sleep(asleep)
        self._arrived.set()
        self.delivery.wake()

    async def settle(self) -> None:
        """Wait until every update is handled, every paper made, every due message sent or aside."""
        while not self.asleep:
            left = await asyncio.to_thread(self.database.do, self._count_left)
            if not left and self.delivery.idle and not self._answers:
                return
            self._arrived.set()
            self.delivery.wake()
            self.papers.wake()
            await asyncio.sleep(0.01)

    def _count_left(self, session: Session) -> int:
        unsent = count_unsent(session, now=self.clock.now())
        return count_waiting(session) + unsent + count_open_jobs(session)

    async def move_clock(self, target: datetime) -> None:
        """Go to ``target`` through every due time in order, the outbox drained between (law 1)."""
        overdue: datetime | None = None
        while not self.asleep:
            while await self.tick():
                pass
            await self.settle()
            due = await asyncio.to_thread(self.database.do, next_due_at)
            if due is None or due > target:
                break
            if due == overdue:
                # Its tick fails each time: it must not hold the clock up for ever.
                log.error("what was due at %s does not move", due.isoformat())
                break
            overdue = due if due <= self.clock.now() else None
            await self._move_to(due)
        await self._move_to(target)
        while not self.asleep and await self.tick():
            await self.settle()

    async def _move_to(self, moment: datetime) -> None:
        if moment > self.clock.now():
            # A tick of the bell in between would take the leap for an outage.
            async with self._ticking:
                self.clock.move_to(moment)
                if not self.asleep:
                    await asyncio.to_thread(
                        self.database.do, stay_awake, now=moment, reached=self.api.reached
                    )
            if self.clock_moved is not None:
                await self.clock_moved()


def _kind(error: TelegramError) -> str:
    return type(error).__name__


def _wake(loop: asyncio.AbstractEventLoop, delivery: Delivery) -> None:
    """A commit, in whatever thread: delivery has something to send. A stopped loop needs none."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(delivery.wake)
