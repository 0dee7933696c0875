"""Flood: who writes faster than anybody can read is told once, and then passed over quietly.

A bucket for each chat, in real time: it holds a burst, as somebody who forwards an album makes,
and fills again evenly. Without it one chat could keep every other waiting.
"""

import time
from dataclasses import dataclass
from enum import Enum

BURST = 20
KEPT = 5000


class Weight(Enum):
    """What becomes of one more update of a chat."""

    TAKEN = "taken"
    TOLD = "told"  # the first too many: answered kindly
    PASSED_OVER = "passed_over"


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float
    told: bool = False


class Flood:
    """How many updates each chat may still send; ``per_minute`` 0 means as many as it likes."""

    def __init__(self, *, per_minute: float) -> None:
        self._rate = per_minute / 60
        self._chats: dict[int, _Bucket] = {}

    def weigh(self, chat_id: int, *, at: float | None = None) -> Weight:
        """Count one update; ``at`` is monotonic seconds, by default the present."""
        if self._rate <= 0:
            return Weight.TAKEN
        at = time.monotonic() if at is None else at
        bucket = self._chats.get(chat_id)
        if bucket is None:
            self._forget(at)
            bucket = self._chats[chat_id] = _Bucket(BURST, at)
        bucket.left = min(BURST, bucket.left + (at - bucket.at) * self._rate)
        bucket.at = at
        if bucket.left >= BURST / 2:
            bucket.told = False  # that was another time
        if bucket.left >= 1:
            bucket.left -= 1
            return Weight.TAKEN
        if bucket.told:
            return Weight.PASSED_OVER
        bucket.told = True
        return Weight.TOLD

    def _forget(self, at: float) -> None:
        """Let go of chats whose bucket is full again."""
        if len(self._chats) >= KEPT:
            full = BURST / self._rate
            self._chats = {chat: one for chat, one in self._chats.items() if at - one.at < full}
