"""Finding a browser on this machine, and visiting the chat page with it."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Page, ViewportSize

WIDE = ViewportSize(width=1440, height=900)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def find_chromium() -> str | None:
    """The browser of this machine; `JIAI_CHROMIUM` names another."""
    named = os.environ.get("JIAI_CHROMIUM")
    if named:
        return named
    found = (shutil.which(name) for name in NAMES)
    apps = (app for app in MAC_APPS if Path(app).exists())
    return next((path for path in (*found, *apps) if path), None)


@asynccontextmanager
async def visited(
    browser: Browser, url: str, size: ViewportSize, *, first_visit: bool = False
) -> AsyncIterator[Page]:
    """The opened page; afterwards it must have broken neither itself nor its policy."""
    context = await browser.new_context(viewport=size)
    if not first_visit:
        await context.add_init_script("localStorage.setItem('jiai.guide', 'seen')")
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    await page.goto(url)
    await page.locator(".chat").first.wait_for()
    yield page
    await context.close()
    lost_network = "Failed to load resource: net::ERR_"
    assert [said for said in complaints if not said.startswith(lost_network)] == []
