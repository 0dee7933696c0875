"""A real Chromium on a real sandbox, with a small bot behind it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright

from tests.browser.practice_bot import PracticeBot, attached
from tests.browser.visits import WIDE, find_chromium, visited
from tests.sandbox.room import Room, opened


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium on this machine: install it, or name it in JIAI_CHROMIUM")
    async with async_playwright() as playwright:
        # Root, as in containers, has no sandbox of its own in Chromium.
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with opened(tmp_path) as room:
        yield room


@pytest.fixture
async def bot(room: Room) -> AsyncIterator[PracticeBot]:
    async with attached(room) as bot:
        yield bot


@pytest.fixture
async def page(browser: Browser, room: Room, bot: PracticeBot) -> AsyncIterator[Page]:
    """The page on a wide screen, after the first visit, with the bot at its place."""
    async with visited(browser, room.url, WIDE) as page:
        yield page
