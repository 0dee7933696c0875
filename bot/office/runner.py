"""The runner: takes papers one at a time in each lane, reports on them, and ends each once."""

import asyncio
import contextlib
import logging
import secrets
import threading
import traceback
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from bot.clock import Clock
from bot.office.child_process import Office, OfficeFailed, sweep
from bot.office.work import Finish, Maker, NotMade, Paper, Stopped, Work
from messages.render import Wording
from storage.database import UNREACHABLE, Database, Session
from storage.dialogues import find_language
from storage.files import keep_file
from storage.outbox import MessageClass, say
from storage.papers.carrying import (
    TRIES,
    Job,
    fail_job,
    finish_job,
    recover_jobs,
    release_job,
    report_job,
    take_job,
)
from storage.people import get_person
from storage.refusals import Fact

REPORT_SECONDS = 2.0
IDLE_SECONDS = 0.5
STOP_SECONDS = 5.0

log = logging.getLogger(__name__)


class Runner:
    """Does what the table of jobs holds until stopped."""

    def __init__(
        self,
        *,
        database: Database,
        wording: Wording,
        clock: Clock,
        makers: Mapping[str, Maker],
        report_seconds: float = REPORT_SECONDS,
    ) -> None:
        self._database = database
        self._wording = wording
        self._clock = clock
        self._makers = makers
        self._report_seconds = report_seconds
        self._owner = secrets.token_hex(8)
        self._office = Office()
        self._stopping = threading.Event()
        self._wakers: list[asyncio.Event] = []
        self.asleep = False

    def wake(self) -> None:
        """There may be something to do; call it in the loop's thread."""
        for waker in self._wakers:
            waker.set()

    async def run(self) -> None:
        """Work until cancelled; what is half made then is begun anew at the next start."""
        await asyncio.to_thread(sweep)
        await self._recover()
        lanes: dict[str, list[str]] = {}
        for kind, maker in self._makers.items():
            lanes.setdefault(maker.lane, []).append(kind)
        try:
            async with asyncio.TaskGroup() as tasks:
                for kinds in lanes.values():
                    tasks.create_task(self._lane(kinds))
        finally:
            self._stopping.set()
            self._office.close()

    async def _recover(self) -> None:
        while True:
            try:
                await asyncio.to_thread(self._database.do, recover_jobs, owner=self._owner)
            except UNREACHABLE as error:
                log.error("papers: %s; again in a second", type(error).__name__)
                await asyncio.sleep(1.0)
            else:
                return

    async def _lane(self, kinds: Collection[str]) -> None:
        """One paper after another, in a thread that belongs to nothing else."""
        waker = asyncio.Event()
        self._wakers.append(waker)
        pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="office")
        try:
            while True:
                waker.clear()
                try:
                    busy = not self.asleep and await self._one(kinds, pool)
                except Exception as error:
                    # Whatever it is: calls and alarms go on without papers.
                    log.error("papers: %s; again in a second", _where(error))
                    await asyncio.sleep(1.0)
                    continue
                if not busy:
                    # wait_for of Python 3.11 swallows a stop that comes with the wake.
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(IDLE_SECONDS):
                            await waker.wait()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    async def _one(self, kinds: Collection[str], pool: ThreadPoolExecutor) -> bool:
        """Do the next paper; returns whether there was one."""
        found = await asyncio.to_thread(self._database.do, self._take, kinds=kinds)
        if found is None:
            return False
        job, language = found
        work = Work(
            job=job,
            language=language,
            database=self._database,
            wording=self._wording,
            office=self._office,
            clock=self._clock.now,
        )
        made = asyncio.wrap_future(pool.submit(self._makers[job.kind].make, work))
        try:
            await self._watch(work, made)
        except asyncio.CancelledError:
            # Its thread ends when its child is gone, or with its next step.
            work.stop.set()
            self._office.close()
            await asyncio.wait([made], timeout=STOP_SECONDS)
            with contextlib.suppress(*UNREACHABLE):
                self._release(job, tried=False)
            raise
        await self._end(job, made)
        return True

    def _take(self, session: Session, *, kinds: Collection[str]) -> tuple[Job, str] | None:
        job = take_job(
            session,
            owner=self._owner,
            kinds=kinds,
            now=self._clock.now(),
            real=self._clock.real(),
        )
        if job is None:
            return None
        chat_id = get_person(session, person_id=job.asker_id).telegram_id
        language = find_language(session, chat_id=chat_id) if chat_id is not None else None
        return job, language or session.house.language

    async def _watch(self, work: Work, made: asyncio.Future[Paper | Finish]) -> None:
        """Report until it is made; a paper that another worker took over is let go."""
        while True:
            done, _ = await asyncio.wait([made], timeout=self._report_seconds)
            if done:
                return
            try:
                mine = await asyncio.to_thread(
                    self._database.do,
                    report_job,
                    job_id=work.job.id,
                    owner=self._owner,
                    done=work.done,
                    total=work.total,
                    now=self._clock.now(),
                    real=self._clock.real(),
                )
            except UNREACHABLE:
                continue  # the next report renews the lease
            if not mine:
                work.stop.set()

    async def _end(self, job: Job, made: asyncio.Future[Paper | Finish]) -> None:
        try:
            result = made.result()
            await asyncio.to_thread(self._database.do, self._hand_over, job=job, result=result)
        except Stopped:
            return
        except NotMade as refused:
            await self._fail(job, refused.reason, template=refused.template, facts=refused.facts)
        except OfficeFailed as failed:
            if failed.reason in ("crashed", "bad_spec"):
                await self._crashed(job, failed)
            elif failed.reason != "stopped":
                await self._fail(job, failed.reason)
        except UNREACHABLE:
            await asyncio.to_thread(self._release, job, tried=False)
            raise
        except Exception as error:
            await self._crashed(job, error)

    async def _crashed(self, job: Job, error: Exception) -> None:
        """Once more, and after the third time a human is told."""
        # Only the kind of error: its text could hold somebody's words.
        log.error("paper %s (%s) failed: %s", job.id, job.kind, _where(error))
        if job.attempts < TRIES:
            await asyncio.to_thread(self._release, job, tried=True)
        else:
            await self._fail(job, "crashed")

    def _release(self, job: Job, *, tried: bool) -> None:
        self._database.do(release_job, job_id=job.id, owner=self._owner, tried=tried)

    async def _fail(
        self,
        job: Job,
        reason: str,
        *,
        template: str = "paper_failed",
        facts: Mapping[str, Fact] | None = None,
    ) -> None:
        await asyncio.to_thread(
            self._database.do,
            fail_job,
            job_id=job.id,
            owner=self._owner,
            now=self._clock.now(),
            reason=reason,
            template=template,
            facts=facts,
        )

    def _hand_over(self, session: Session, *, job: Job, result: Paper | Finish) -> None:
        """End the job and say what came of it, together: a kill before it makes the paper anew."""
        now = self._clock.now()
        if not finish_job(session, job_id=job.id, owner=self._owner, now=now):
            return
        if isinstance(result, Paper):
            _send(session, job, result, now=now)
            if result.also is not None:
                result.also(session)
        else:
            result(session)


def _send(session: Session, job: Job, paper: Paper, *, now: datetime) -> None:
    file_id = keep_file(
        session,
        now=now,
        name=paper.name,
        media_type=paper.media_type,
        body=paper.body,
        purpose="paper",
        owner_id=job.asker_id,
    )
    say(
        session,
        now=now,
        to=job.asker_id,
        key=f"paper:{job.id}:file",
        template=paper.template,
        message_class=MessageClass.ANSWER,
        facts={"paper": job.kind, **paper.facts},
        document=file_id,
    )


def _where(error: Exception) -> str:
    """Name the kind and the place of an error, without its text."""
    frames = traceback.extract_tb(error.__traceback__)
    last = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return f"{type(error).__name__} at {last}"
