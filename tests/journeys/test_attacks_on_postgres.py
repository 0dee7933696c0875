"""Attacks on the other database: what SQLite takes in its stride, PostgreSQL may refuse."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.journeys.attackers import listening, press_all
from tests.journeys.test_attacks_on_buttons import HUGE, on_nothing
from tests.journeys.village import ZHANG, Village, a_village
from tests.storage.postgres import Server, find_binaries, serving


@pytest.fixture(scope="module")
def postgres() -> Iterator[Server]:
    """A server for this file."""
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL binaries on PATH or in /usr/lib/postgresql")
    with serving(binaries) as server:
        yield server


@pytest.fixture
async def village(tmp_path: Path, postgres: Server) -> AsyncIterator[Village]:
    """The village, kept in PostgreSQL."""
    async with a_village(tmp_path / "data", database_url=postgres.empty()) as village:
        yield village


async def test_numbers_that_no_column_holds_break_nothing(village: Village) -> None:
    presses = on_nothing("need") + on_nothing("desk") + on_nothing("caregiver")
    presses += [f"caregiver:end:1:{2**31 - 1}", f"need:all:{2**31}:1", f"plan:end:{HUGE}:1"]
    with listening() as log:
        await press_all(village, ZHANG, presses)
    assert [line for line in log.lines if "failed" in line or "set aside" in line] == []
