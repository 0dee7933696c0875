"""Waiting for something to happen: bells that wake waiters, and a way to end every wait at once."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Bell:
    """Wakes everyone who waits at this moment; a ring that nobody hears is gone."""

    def __init__(self) -> None:
        self._waiters: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)

    async def wait(self, seconds: float) -> bool:
        """Whether the bell rang within that time."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            async with asyncio.timeout(seconds):
                await waiter
        except TimeoutError:
            return False
        finally:
            self._waiters.discard(waiter)
        return True


class OpenWaits:
    """The requests that are waiting on purpose, so that a stop need not wait for them."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[object]] = set()

    @contextmanager
    def listed(self) -> Iterator[None]:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)

    def end_all(self) -> None:
        for task in self._tasks:
            task.cancel()
