"""Pace: even spacing of all sends, one slot a second for a chat, and 429 as a deadline.

Telegram does not say whether a 429 is about one chat or about the whole bot. One chat's flood
must not hold back somebody else's alarm, so it is taken for that chat's alone until a second
chat meets one at the same time.
"""

import asyncio
import contextlib
import time


class Pace:
    """When the next message may go, in monotonic seconds; ``rate`` None means no limit of ours."""

    def __init__(self, *, rate: float | None, chat_gap: float) -> None:
        self._gap = 1 / rate if rate else 0.0
        self._chat_gap = chat_gap if rate else 0.0
        self._next = 0.0
        self._chats: dict[int, float] = {}
        self._floods: dict[int, float] = {}
        self._halt = 0.0
        self._stopped = asyncio.Event()

    def halt(self, chat_id: int, seconds: float) -> None:
        """Telegram said: not before. A deadline, which nothing releases early."""
        now = time.monotonic()
        self._floods = {chat: due for chat, due in self._floods.items() if due > now}
        self._floods[chat_id] = max(self._floods.get(chat_id, 0.0), now + seconds)
        if len(self._floods) > 1:
            self._halt_all(now, seconds)

    def _halt_all(self, now: float, seconds: float) -> None:
        if now >= self._halt:
            # Once for a flood window, however many sends meet it: what was too fast stays slower
            # for the rest of the run.
            self._gap *= 1.1
        self._halt = max(self._halt, now + seconds)

    def held(self, chat_id: int) -> float:
        """For how many seconds nothing may go to a chat yet."""
        return max(0.0, self._deadline(chat_id) - time.monotonic())

    def _deadline(self, chat_id: int) -> float:
        return max(self._halt, self._floods.get(chat_id, 0.0))

    def stop(self) -> None:
        """Let nobody go any more, those who wait included."""
        self._stopped.set()

    async def turn(self, chat_id: int) -> bool:
        """Wait for this chat's turn; returns False when there will be none: we are stopping."""
        at = self._slot(chat_id)
        while not self._stopped.is_set():
            # Looked at again after each wait: the deadline may have been set meanwhile.
            wait = max(at, self._deadline(chat_id)) - time.monotonic()
            if wait <= 0:
                return True
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), wait)
        return False

    def _slot(self, chat_id: int) -> float:
        now = time.monotonic()
        at = max(now, self._next, self._halt, self._chats.get(chat_id, 0.0))
        if self._gap:
            self._next = max(now, self._next, self._halt) + self._gap
        if self._chat_gap:
            self._chats[chat_id] = at + self._chat_gap
            if len(self._chats) > 5000:
                self._chats = {chat: due for chat, due in self._chats.items() if due > now}
        return at
