"""Live events for the chat page."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from bot.sandbox.records import Json

# A page that fell this far behind is cut off; its browser connects and loads the state again.
LONGEST_BACKLOG: Final = 2000


class Hub:
    """Hands each event to every open page."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[str | None]] = set()

    def publish(self, name: str, told: Callable[[], Json]) -> None:
        """Say it to every page; `told` is not called when nobody listens."""
        if not self._listeners:
            return
        event = as_event(name, told())
        for listener in list(self._listeners):
            if listener.qsize() >= LONGEST_BACKLOG:
                self._listeners.discard(listener)
                listener.put_nowait(None)
            else:
                listener.put_nowait(event)

    @contextmanager
    def listening(self) -> Iterator[asyncio.Queue[str | None]]:
        listener: asyncio.Queue[str | None] = asyncio.Queue()
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)


def as_event(name: str, told: Json) -> str:
    """One server-sent event."""
    return f"event: {name}\ndata: {json.dumps(told, ensure_ascii=False)}\n\n"
