"""The queue of updates: each is kept until the bot confirms it by a higher offset."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from bot.sandbox.records import Json, Row
from bot.sandbox.store import Store
from bot.sandbox.waiting import Bell

FIRST_UPDATE: Final = 100_000_001
# Telegram gives up on a press after this long, whether the bot fetched it or not.
QUERY_LIFE_SECONDS: Final = 150
# What Telegram holds back unless it is asked for by name.
ONLY_ON_REQUEST: Final = frozenset(
    {"chat_member", "message_reaction", "message_reaction_count"},
)


@dataclass
class Pending(Row):
    """An update on its way, already written as JSON; `stale_at` is when it is dropped unseen."""

    id: int
    body: str
    stale_at: int | None = None


class UpdateQueue:
    """The bot's updates, in order."""

    def __init__(self, store: Store, stamp: Callable[[], int]) -> None:
        self._store = store
        self._stamp = stamp
        self._waiting = {row.id: row for row in map(Pending.from_row, store.load("update"))}
        self._waiting = dict(sorted(self._waiting.items()))
        self.allowed: list[str] = []
        self.arrived = Bell()
        self.emptied = Bell()
        self._poll = 0

    def __len__(self) -> int:
        self._drop_stale()
        return len(self._waiting)

    def add(self, kind: str, body: Json) -> None:
        """Queue an update, unless the bot said that it does not want this kind."""
        wanted = kind in self.allowed if self.allowed else kind not in ONLY_ON_REQUEST
        if wanted:
            life = QUERY_LIFE_SECONDS if kind == "callback_query" else None
            self.add_raw({kind: body}, life=life)

    def add_raw(self, fields: Json, *, life: int | None = None) -> int:
        """Queue an update exactly as it is given, however odd."""
        number = self._store.next_id("update", first=FIRST_UPDATE)
        body = json.dumps({"update_id": number, **fields}, ensure_ascii=False)
        pending = Pending(number, body, None if life is None else self._stamp() + life)
        self._waiting[number] = pending
        self._store.put("update", number, pending)
        self.arrived.ring()
        return number

    def confirm(self, offset: int) -> None:
        """Forget all before `offset`; a negative one keeps only that many of the newest."""
        numbers = list(self._waiting)
        if offset < 0:
            self._forget(numbers[:offset])
        else:
            self._forget(number for number in numbers if number < offset)

    def drop_all(self) -> None:
        self._forget(list(self._waiting))

    def batch(self, limit: int) -> list[str]:
        self._drop_stale()
        return [row.body for row, _ in zip(self._waiting.values(), range(limit), strict=False)]

    def take_over(self) -> int:
        """Begin a poll. Whoever polled before sees that `is_current` has become false."""
        self._poll += 1
        self.arrived.ring()
        return self._poll

    def is_current(self, poll: int) -> bool:
        return poll == self._poll

    def _drop_stale(self) -> None:
        now = self._stamp()
        rows = self._waiting.values()
        self._forget([row.id for row in rows if row.stale_at is not None and row.stale_at < now])

    def _forget(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            del self._waiting[number]
            self._store.drop("update", number)
        if not self._waiting:
            self.emptied.ring()
