"""Pace: even spacing of all sends, one slot a second for a chat, and 429 as a deadline."""

import asyncio
import time


class Pace:
    """When the next message may go, in monotonic seconds; ``rate`` None means no limit of ours."""

    def __init__(self, *, rate: float | None, chat_gap: float) -> None:
        self._gap = 1 / rate if rate else 0.0
        self._chat_gap = chat_gap if rate else 0.0
        self._next = 0.0
        self._chats: dict[int, float] = {}
        self._halt = 0.0

    def halt(self, seconds: float) -> None:
        """Telegram said: not before. A deadline, which nothing releases early."""
        self._halt = max(self._halt, time.monotonic() + seconds)
        # Once for a flood window: what was too fast stays slower for the rest of the run.
        self._gap *= 1.1

    async def turn(self, chat_id: int) -> None:
        """Wait for this chat's turn."""
        now = time.monotonic()
        at = max(now, self._next, self._halt, self._chats.get(chat_id, 0.0))
        if self._gap:
            self._next = max(now, self._next) + self._gap
        if self._chat_gap:
            self._chats[chat_id] = at + self._chat_gap
            if len(self._chats) > 5000:
                self._chats = {chat: due for chat, due in self._chats.items() if due > now}
        if at > now:
            await asyncio.sleep(at - now)
