"""The runner: papers made beside everything else, ended once, with words whatever happens."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from bot.office import lines
from bot.office.child_process import OfficeFailed
from bot.office.lines import Column
from bot.office.runner import Runner
from bot.office.work import Finish, Maker, NotMade, Paper, Work
from bot.papers.registry import MAKERS
from messages.render import Wording
from storage.database import Database, Session
from storage.files import keep_file, open_file
from storage.journal import note
from storage.outbox.outcomes import End
from storage.papers import ask_for_paper
from storage.papers.carrying import count_open_jobs
from storage.people import get_person
from storage.tables import journal, office_job, outbox
from tests.bot.office import Watch, until
from tests.office.books import book
from tests.storage.post import COORDINATOR, RESIDENT, Post

WORDING = Wording(zone="Asia/Shanghai")
Make = Callable[[Work], Paper | Finish]


class Desk:
    """A database, a post office and a runner with makers of the test's own."""

    def __init__(self, database: Database, now: datetime) -> None:
        self.database = database
        self.post = Post(database, now)
        self.post.join(RESIDENT, "陈素芬", kind="resident")
        self.post.join(COORDINATOR, "王珊", kind="coordinator")
        self.clock = Watch()
        self.clock.move_to(now)

    def ask(self, kind: str = "residents", file_id: int | None = None, **facts: Any) -> int:
        def step(session: Session) -> int:
            actor = get_person(session, person_id=self.post.people[RESIDENT])
            return ask_for_paper(
                session, now=self.post.now, actor=actor, kind=kind, facts=facts, file_id=file_id
            )

        return self.database.do(step)

    @asynccontextmanager
    async def running(self, makers: Mapping[str, Make] | Make) -> AsyncIterator[Runner]:
        known = makers if isinstance(makers, Mapping) else {"residents": makers}
        runner = Runner(
            database=self.database,
            wording=WORDING,
            clock=self.clock,
            makers={kind: Maker(make, lane=kind) for kind, make in known.items()},
            report_seconds=0.01,
        )
        task = asyncio.create_task(runner.run())
        try:
            yield runner
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def rest(self, runner: Runner) -> None:
        def idle() -> bool:
            runner.wake()
            return self.database.do(count_open_jobs) == 0

        await until(idle)

    def state(self, job_id: int) -> tuple[str, str | None, int]:
        with self.database.transaction() as session:
            row = session.find(select(office_job).where(office_job.c.id == job_id))
        assert row is not None
        return row.state, row.reason, row.attempts

    def templates(self, chat: int = RESIDENT) -> list[str]:
        with self.database.transaction() as session:
            rows = session.all(
                select(outbox.c.template).where(outbox.c.chat_id == chat).order_by(outbox.c.id)
            )
        return [row.template for row in rows]


@pytest.fixture
def desk(database: Database, now: datetime) -> Desk:
    return Desk(database, now)


def small(work: Work) -> Paper:
    def parts() -> Any:
        yield lines.workbook("名册")
        yield lines.sheet("名册", [Column("姓名")])
        yield [str(work.facts["name"])]

    return Paper("名册.xlsx", work.make(parts()))


async def test_a_paper_is_made_and_sent_with_its_words(desk: Desk) -> None:
    job_id = desk.ask(name="陈素芬")
    async with desk.running(small) as runner:
        await desk.rest(runner)
    assert desk.state(job_id) == ("done", None, 1)
    assert desk.templates() == ["paper_card", "paper_done"]
    row = desk.post.row(f"paper:{job_id}:file")
    made = desk.database.do(open_file, file_id=row.file_id)
    assert made.name == "名册.xlsx"
    assert made.body.startswith(b"PK")


async def test_a_paper_whose_work_says_everything_itself_sends_no_file(desk: Desk) -> None:
    def reading(work: Work) -> Finish:
        rows = [line for line in work.read() if isinstance(line, list)]

        def finish(session: Session) -> None:
            note(session, now=work.now(), what="seen", actor_id=None, detail=str(len(rows)))

        return finish

    kept = desk.database.do(
        keep_file,
        now=desk.post.now,
        name="a.xlsx",
        media_type="x/y",
        body=book([["姓名"], ["陈"]]),
        purpose="import",
    )
    desk.ask(file_id=kept)
    async with desk.running(reading) as runner:
        await desk.rest(runner)
    with desk.database.transaction() as session:
        assert session.value(select(journal.c.detail).where(journal.c.what == "seen")) == "2"
    assert desk.templates() == ["paper_card"]


@pytest.mark.parametrize(
    ("error", "reason"),
    [(NotMade("nobody"), "nobody"), (OfficeFailed("too_many_rows"), "too_many_rows")],
)
async def test_what_cannot_be_made_is_said_kindly_and_not_tried_again(
    desk: Desk, error: Exception, reason: str
) -> None:
    def refusing(_: Work) -> Paper:
        raise error

    job_id = desk.ask()
    async with desk.running(refusing) as runner:
        await desk.rest(runner)
    assert desk.state(job_id) == ("failed", reason, 1)
    assert desk.templates() == ["paper_card", "paper_failed"]
    assert desk.templates(COORDINATOR) == []
    words = WORDING.text(
        "paper_failed", language="zh", facts={"paper": "residents"} | {"reason": reason}
    )
    assert "没有办成" in words


async def test_a_crash_is_tried_three_times_and_then_told_to_the_office(desk: Desk) -> None:
    def crashing(_: Work) -> Paper:
        raise KeyError("陈素芬")

    job_id = desk.ask()
    async with desk.running(crashing) as runner:
        await desk.rest(runner)
    assert desk.state(job_id) == ("failed", "crashed", 3)
    assert desk.templates(COORDINATOR) == ["paper_crashed"]


async def test_a_finish_that_fails_takes_everything_back_and_counts_as_a_crash(
    desk: Desk,
) -> None:
    def finish(session: Session) -> None:
        note(session, now=desk.post.now, what="half", actor_id=None)
        raise KeyError("a row that is gone")

    def reading(_: Work) -> Finish:
        return finish

    job_id = desk.ask()
    async with desk.running(reading) as runner:
        await desk.rest(runner)
    assert desk.state(job_id) == ("failed", "crashed", 3)
    with desk.database.transaction() as session:
        assert session.find(select(journal).where(journal.c.what == "half")) is None


async def test_after_a_kill_in_the_middle_one_file_is_sent(desk: Desk) -> None:
    began, go = threading.Event(), threading.Event()

    def slow(work: Work) -> Paper:
        if not go.is_set():
            began.set()
            while True:
                # Ends when the program stops; a killed one simply never comes back.
                work.do(count_open_jobs)
        return Paper("a.xlsx", b"PK")

    job_id = desk.ask()
    async with desk.running(slow) as runner:
        await until(began.is_set)
        runner._release = lambda *_, **__: None  # type: ignore[method-assign]
    assert desk.state(job_id)[0] == "working", "as a kill leaves it"
    go.set()
    async with desk.running(slow) as runner:
        await desk.rest(runner)
    assert desk.state(job_id) == ("done", None, 2)
    assert desk.templates().count("paper_done") == 1


async def test_a_clean_stop_gives_the_paper_back(desk: Desk) -> None:
    began = threading.Event()

    def endless(work: Work) -> Paper:
        def parts() -> Any:
            yield lines.workbook("名册")
            yield lines.sheet("名册", [Column("姓名")])
            began.set()
            while True:
                yield ["陈"]

        return Paper("a.xlsx", work.make(parts()))

    job_id = desk.ask()
    async with desk.running(endless):
        await until(began.is_set)
    assert desk.state(job_id) == ("waiting", None, 0)


async def test_a_paper_that_another_worker_took_over_is_let_go(desk: Desk) -> None:
    began = threading.Event()

    def slow(work: Work) -> Paper:
        began.set()
        while True:
            work.do(count_open_jobs)

    job_id = desk.ask()
    async with desk.running(slow):
        await until(began.is_set)
        with desk.database.transaction() as session:
            session.change(
                office_job.update().where(office_job.c.id == job_id).values(owner="another")
            )
        # Its lane is free again: the next paper begins.
        began.clear()
        desk.ask(again=True)
        await until(began.is_set)
    assert desk.state(job_id)[0] == "working"
    assert "paper_done" not in desk.templates()


async def test_how_far_it_is_stands_on_the_card(desk: Desk) -> None:
    seen = threading.Event()

    def counting(work: Work) -> Paper:
        work.progress(1200, 3000)
        while not seen.is_set():
            work.progress(1200, 3000)
        return Paper("a.xlsx", b"PK")

    job_id = desk.ask()
    desk.post.keys()
    desk.post.end(f"paper:{job_id}:card", End.SENT, message_id=7)
    async with desk.running(counting) as runner:
        await until(lambda: len(desk.templates()) > 1)
        seen.set()
        await desk.rest(runner)
    with desk.database.transaction() as session:
        row = session.find(select(outbox).where(outbox.c.kind == "edit").order_by(outbox.c.id))
    assert row is not None
    facts = json.loads(desk.post.facts(row.key))
    assert (facts["done"], facts["percent"]) == (1200, 40)
    words = WORDING.text("paper_card", language="zh", facts=facts)
    assert words == "正在导出残疾人登记册：已办好 1200 / 3000，40%。"


async def test_one_lane_does_not_wait_for_the_other(desk: Desk) -> None:
    go = threading.Event()

    def slow(work: Work) -> Paper:
        while not go.is_set():
            work.do(count_open_jobs)
        return Paper("a.xlsx", b"PK")

    first, second = desk.ask(), desk.ask("volunteers", name="张强")
    async with desk.running({"residents": slow, "volunteers": small}) as runner:
        await until(lambda: desk.state(second)[0] == "done")
        assert desk.state(first)[0] == "working"
        go.set()
        await desk.rest(runner)


async def test_while_the_bot_is_asleep_nothing_is_made(desk: Desk) -> None:
    job_id = desk.ask(name="陈")
    async with desk.running(small) as runner:
        runner.asleep = True
        runner.wake()
        await asyncio.sleep(0)
        assert desk.state(job_id)[0] in ("waiting", "done")
        runner.asleep = False
        await desk.rest(runner)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_kind_of_paper_has_its_words(language: str) -> None:
    for kind in MAKERS:
        assert WORDING.label(f"paper.{kind}", language=language)
