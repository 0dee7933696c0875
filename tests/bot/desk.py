"""A desk for tests: raw updates in, turns taken, and what the outbox then holds."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.transport import BotApi
from bot.turns import Turner
from handlers.turn import Turn
from messages.render import Wording
from storage.database import Database
from storage.inbox import store_updates
from storage.tables import inbox, outbox
from tests.sandbox.room import TOKEN
from tests.storage.post import RESIDENT, Post

BOT = 1_000_000_001
Json = dict[str, Any]


def chat_of(number: int, kind: str = "private") -> Json:
    return {"id": number, "type": kind, "first_name": "陈"}


def user_of(number: int, **more: object) -> Json:
    return {"id": number, "is_bot": False, "first_name": "陈", **more}


def text(number: int, words: str, **more: object) -> Json:
    """A private message."""
    message: Json = {"message_id": 5, "date": 1, "chat": chat_of(number), "from": user_of(number)}
    if words.startswith("/"):
        length = len(words.split()[0])
        message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
    return {"message": message | {"text": words} | more}


def press(number: int, data: str | None, *, where: Json | None = None) -> Json:
    message = {"message_id": 5, "date": 1, "chat": where or chat_of(number), "text": "?"}
    query: Json = {"id": "q1", "from": user_of(number), "chat_instance": "1", "message": message}
    return {"callback_query": query | ({"data": data} if data is not None else {})}


def member(number: int, status: str, kind: str = "private", **sender: object) -> Json:
    bot = {"id": BOT, "is_bot": True, "first_name": "集爱"}
    more = {"until_date": 0} if status == "kicked" else {}
    change = {
        "chat": chat_of(number, kind) | {"title": "村"},
        "from": user_of(RESIDENT, **sender),
        "date": 1,
        "old_chat_member": {"user": bot, "status": "left"},
        "new_chat_member": {"user": bot, "status": status, **more},
    }
    return {"my_chat_member": change}


@dataclass
class Desk:
    """A turner and its database, with a route of the test's own."""

    database: Database
    turner: Turner
    post: Post
    now: datetime
    next_id: int = 100
    routed: list[Turn] = field(default_factory=list)
    acts: list[Callable[[Turn], None]] = field(default_factory=list)

    def come(self, *updates: Json, number: int | None = None) -> int:
        """Store updates as the intake does; returns the number of the last."""
        for update in updates:
            self.next_id = number if number is not None else self.next_id + 1
            raw = [{"update_id": self.next_id, **update}]
            self.database.do(store_updates, bot_id=BOT, updates=raw, now=self.now)
        return self.next_id

    def take(self) -> list[str]:
        """Handle one batch."""
        return self.database.do(self.turner.take, now=self.now)[1]

    def take_all(self) -> list[str]:
        answers: list[str] = []
        for _ in range(50):
            count, some = self.database.do(self.turner.take, now=self.now)
            answers += some
            if not count:
                return answers
        raise AssertionError("it never ends")

    def route(self, turn: Turn) -> None:
        self.routed.append(turn)
        for act in self.acts:
            act(turn)

    def said(self, number: int) -> list[str]:
        with self.database.transaction() as session:
            rows = session.all(
                select(outbox.c.template).where(outbox.c.chat_id == number).order_by(outbox.c.id)
            )
        return [row.template for row in rows]

    def state(self, number: int) -> tuple[str, int]:
        with self.database.transaction() as session:
            row = session.find(select(inbox).where(inbox.c.update_id == number))
        assert row is not None
        return row.state, row.attempts


def a_desk(database: Database, now: datetime) -> Desk:
    """The turner as the program builds it."""
    api = BotApi(token=TOKEN, root="http://127.0.0.1:1")
    turner = Turner(api.bot, BOT, "jiai_practice_bot", Wording(zone="Asia/Shanghai"))
    return Desk(database, turner, Post(database, now), now)
