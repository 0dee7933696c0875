"""A village for each story."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.village import Village, a_village


@pytest.fixture
async def village(tmp_path: Path) -> AsyncIterator[Village]:
    """The real bot and sandbox, the cast, Wednesday nine in the morning."""
    async with a_village(tmp_path / "data") as village:
        yield village
