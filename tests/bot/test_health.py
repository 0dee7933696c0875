"""The health page over real HTTP: well, late, without a messenger, without a database."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from datetime import datetime, time, timedelta
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr
from sqlalchemy import update

from bot.assembly import Program
from bot.clock import Clock
from bot.commands.doctor import examine_calls
from bot.health.names import NAMES, name_of
from bot.health.page import WORDS
from bot.health.server import serving
from bot.settings import PRACTICE_TOKEN, Settings
from bot.ticks import TICKS, run_ticks
from storage.check_ins import starting
from storage.database import Database
from storage.heartbeats import beat
from storage.needs import moving
from storage.outages import MESSENGER
from storage.tables import need
from tests.storage.calls.street import Street
from tests.storage.needs.village import Village
from tests.storage.post import RESIDENT, Post

PAGE = {"Accept": "text/html,application/xhtml+xml"}


@pytest.fixture
def clock(now: datetime) -> Clock:
    made = Clock()
    made.move_to(now)
    return made


@pytest.fixture
async def url(database: Database, clock: Clock) -> AsyncIterator[str]:
    async with serving(("127.0.0.1", 0), database=database, clock=clock) as address:
        yield address


async def get(url: str, **headers: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as http, http.get(url, headers=headers) as response:
        return response.status, await response.text()


async def report(url: str) -> tuple[int, dict[str, Any]]:
    status, text = await get(url)
    return status, json.loads(text)


async def test_all_is_well_after_a_tick(url: str, database: Database, now: datetime) -> None:
    run_ticks(database, now=now, reached=True)
    status, found = await report(url)
    assert (status, found["status"], found["faults"]) == (200, "ok", [])
    assert found["database"] == "ok"
    assert set(found["ticks"]) == {tick.name for tick in TICKS}
    assert found["outbox"] == {"waiting": 0, "oldest_seconds": 0}
    assert found["alarms"] == {"open": 0, "in_nobodys_hand": 0}


async def test_before_the_first_tick_it_lives_and_is_not_ready(url: str) -> None:
    assert (await get(f"{url}/live"))[0] == 200
    status, found = await report(f"{url}/ready")
    assert (status, found["faults"]) == (503, ["ticks"])


async def test_one_tick_that_has_not_run_for_minutes_is_named(
    url: str, database: Database, now: datetime, clock: Clock
) -> None:
    run_ticks(database, now=now, reached=True)
    clock.move_to(now + timedelta(minutes=9))
    others = [tick.name for tick in TICKS if tick.name != "calls"]
    database.do(beat, names=[*others, MESSENGER, "gone"], now=clock.now())
    status, found = await report(url)
    assert (status, found["faults"]) == (503, ["ticks"])
    late = [name for name, one in found["ticks"].items() if one["late"]]
    assert late == ["calls"], "a tick that left the program is none"
    page = (await get(url, **PAGE))[1]
    assert "有定时工作没有按时运行" in page
    assert "迟了 9 分" in page
    assert "到时间的问候" in page
    assert "call_rounds" not in page


@pytest.mark.parametrize("language", WORDS)
def test_every_tick_has_a_short_name_of_its_own_in_each_language(language: str) -> None:
    assert set(NAMES) == {tick.name for tick in TICKS}
    names = [name_of(tick, language=language) for tick in NAMES]
    assert len(set(names)) == len(names)
    assert all(2 <= len(name) <= 34 for name in names)
    assert set(NAMES["calls"]) == set(WORDS)
    chinese = [any("一" <= char <= "鿿" for char in name) for name in names]
    assert set(chinese) == {language == "zh"}


async def test_a_row_that_fails_each_minute_is_a_fault_though_its_tick_runs_between(
    url: str, database: Database, now: datetime, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError

    monkeypatch.setattr(moving, "read_need", fail)
    village = Village(database, now)
    village.settle()
    need_id = village.state()
    with database.transaction() as session:
        session.change(update(need).where(need.c.id == need_id).values(next_step_at=now))
    for second in range(0, 600, 20):
        clock.move_to(now + timedelta(seconds=second))
        run_ticks(database, now=clock.now(), reached=True)
    found = (await report(url))[1]
    assert "ticks" in found["faults"]
    assert [name for name, one in found["ticks"].items() if one["late"]] == ["needs"]
    assert "出错，每分钟重试" in (await get(url, **PAGE))[1]
    monkeypatch.undo()
    for minute in range(10, 14):
        clock.move_to(now + timedelta(minutes=minute))
        run_ticks(database, now=clock.now(), reached=True)
    assert not any(one["late"] for one in (await report(url))[1]["ticks"].values())


async def test_a_messenger_that_is_away_is_told_and_is_no_reason_to_restart(
    url: str, database: Database, now: datetime, clock: Clock
) -> None:
    run_ticks(database, now=now, reached=True)
    for minute in range(1, 8):
        clock.move_to(now + timedelta(minutes=minute))
        run_ticks(database, now=clock.now(), reached=False)
    status, found = await report(url)
    assert (status, found["faults"]) == (503, ["messenger"])
    assert found["messenger"]["away_since"] == now.isoformat(timespec="seconds")
    assert (await get(f"{url}/ready"))[0] == 200


async def test_a_call_that_cannot_be_begun_is_a_fault_though_its_tick_runs(
    url: str, database: Database, now: datetime, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    street = Street(database, now)
    street.settle()
    street.plan(clock=time(15))

    def fail(*_: object, **__: object) -> None:
        raise ValueError

    monkeypatch.setattr(starting, "schedule_of", fail)
    clock.move_to(now + timedelta(hours=5, minutes=11))
    run_ticks(database, now=clock.now(), reached=True)
    status, found = await report(url)
    assert status == 503
    assert "calls" in found["faults"]
    assert "ticks" not in found["faults"]
    assert found["check_ins"] == {"open": 0, "due_and_not_begun": 1}
    assert "没能开始" in (await get(url, **PAGE))[1]
    (finding,) = database.do(examine_calls, now=clock.now())
    assert not finding.ok
    assert "due and not begun: 1; phone by: jiai today" in finding.says
    database.do(beat, names=["calls"], now=now)
    assert database.do(examine_calls, now=clock.now()) == [], "the ticks are what is said then"


async def test_messages_that_wait_too_long_are_counted_and_none_is_shown(
    url: str, database: Database, now: datetime, clock: Clock
) -> None:
    Post(database, now).say("canary words", chat=RESIDENT)
    clock.move_to(now + timedelta(minutes=6))
    run_ticks(database, now=clock.now(), reached=True)
    status, found = await report(url)
    assert (status, found["faults"]) == (503, ["outbox"])
    assert found["outbox"]["waiting"] == 1
    assert found["outbox"]["oldest_seconds"] >= 360
    for text in (json.dumps(found), (await get(url, **PAGE))[1]):
        assert "canary" not in text
        assert str(RESIDENT) not in text


async def test_a_database_that_does_not_answer_is_what_the_page_says(
    url: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("no disk")

    monkeypatch.setattr(Database, "read", broken)
    status, found = await report(url)
    assert (status, found["database"], found["faults"]) == (503, "unreachable", ["database"])
    assert "数据库打不开" in (await get(url, **PAGE))[1]
    assert (await get(f"{url}/live"))[0] == 200


async def test_the_page_is_there_while_the_messenger_is_still_waited_for(
    database: Database, clock: Clock
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    settings = Settings(
        _env_file=None,
        bot_token=SecretStr(PRACTICE_TOKEN),
        bot_api_url="http://127.0.0.1:1",
        health_address=str(port),
        tick_seconds=0.05,
    )
    task = asyncio.create_task(Program(settings, database=database, clock=clock).run())
    try:
        found = await until_ready(f"http://127.0.0.1:{port}/health/ready")
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert found["status"] == "ok"


async def until_ready(url: str) -> dict[str, Any]:
    """Ask until the first tick has run."""
    while True:
        try:
            status, found = await report(url)
        except aiohttp.ClientConnectionError:
            status, found = 0, {}
        if status == 200:
            return found
        await asyncio.sleep(0.02)
