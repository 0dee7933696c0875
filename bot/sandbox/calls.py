"""Counts the bot's calls and remembers the last ones, for tests to read."""

from collections import Counter, deque
from typing import Final

from bot.sandbox.records import Json

REMEMBERED: Final = 200


class Calls:
    """How often each method was called, and the last calls in order."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._last: deque[tuple[str, int | None, int]] = deque(maxlen=REMEMBERED)

    def note(self, method: str, chat: int | None, code: int) -> None:
        """`code` is the HTTP status, or 0 where the call was left without an answer."""
        self._counts[method] += 1
        self._last.append((method, chat, code))

    def as_json(self) -> Json:
        last = [
            {"method": method, "chat": chat, "ok": code == 200, "code": code}
            for method, chat, code in self._last
        ]
        return {"counts": dict(self._counts), "last": last}
