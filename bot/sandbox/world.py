"""The whole practice room in memory: chats, messages, files, presses, updates and the clock."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final

from aiohttp import web

from bot.sandbox.calls import Calls
from bot.sandbox.cast import opening_cast
from bot.sandbox.clock import MovedClock
from bot.sandbox.events import Hub
from bot.sandbox.faults import Faults
from bot.sandbox.links import Links
from bot.sandbox.orders import Orders
from bot.sandbox.records import BOT, BOT_ID, Chat, Json, Message, Query, StoredFile
from bot.sandbox.shown import as_shown
from bot.sandbox.store import Store
from bot.sandbox.updates import UpdateQueue
from bot.sandbox.waiting import OpenWaits

FIRST_QUERY: Final = 4_000_000_000_000_001
# Presses older than these can only be answered with "query is too old".
REMEMBERED_QUERIES: Final = 5000


class World:
    """Everything that exists here. All of it survives a restart of the sandbox."""

    def __init__(self, data_dir: Path) -> None:
        self.files_dir = data_dir / "files"
        self.store = Store(data_dir / "sandbox.sqlite3")
        self.clock = MovedClock()
        self.calls = Calls()
        self.events = Hub()
        self.faults = Faults()
        self.links = Links()
        self.waits = OpenWaits()
        self.orders = Orders(self.store)
        self.clock.offset = timedelta(seconds=self.orders.state.offset_seconds)
        self.updates = UpdateQueue(self.store, self.clock.stamp)
        self.commands: dict[str, list[object]] = {}
        self.webhook_url = ""
        self.chats = {chat.id: chat for chat in map(Chat.from_row, self.store.load("chat"))}
        self.messages: dict[int, dict[int, Message]] = {}
        loaded = map(Message.from_row, self.store.load("message"))
        for message in sorted(loaded, key=lambda message: message.id):
            self.messages.setdefault(message.chat, {})[message.id] = message
        files = map(StoredFile.from_row, self.store.load("file"))
        self.files = {file.id: file for file in files}
        queries = map(Query.from_row, self.store.load("query"))
        self.queries = {query.id: query for query in queries}
        if not self.chats:
            for chat in opening_cast():
                self.keep_chat(chat)

    def close(self) -> None:
        self.store.close()

    def keep_chat(self, chat: Chat) -> None:
        self.chats[chat.id] = chat
        self.store.put("chat", chat.id, chat)

    def find_message(self, chat: int, message_id: int) -> Message | None:
        """The message, unless it was deleted or never was."""
        message = self.messages.get(chat, {}).get(message_id)
        return None if message is None or message.deleted else message

    def post(self, chat: Chat, sender: int, message: Mapping[str, object]) -> Message:
        """Write a message down in the chat; `message` holds the fields that it has."""
        number = self.store.next_id("message")
        posted = Message(chat.id, number, sender, self.clock.stamp())
        for name, value in message.items():
            setattr(posted, name, value)
        self.messages.setdefault(chat.id, {})[number] = posted
        if sender == BOT_ID:
            chat.unread += 1
            if posted.keyboard is not None:
                chat.keyboard = posted.keyboard if "keyboard" in posted.keyboard else None
            self.keep_chat(chat)
            self.events.publish("unread", lambda: {"chat": chat.id, "unread": chat.unread})
        self.changed(posted)
        return posted

    def changed(self, message: Message) -> None:
        """The message is new or has another look: keep it and show it."""
        self.store.put("message", f"{message.chat}:{message.id}", message)
        self.events.publish("message", lambda: {"chat": message.chat, "message": as_shown(message)})

    def as_telegram(self, message: Message) -> Json:
        """The message as Telegram's Message object."""
        told: Json = {
            "message_id": message.id,
            "from": BOT if message.from_bot else self.chats[message.sender].as_user(),
            "chat": self.chats[message.chat].as_chat(),
            "date": message.date,
        }
        if message.edit_date is not None:
            told["edit_date"] = message.edit_date
        if message.reply_to is not None:
            answered = self.find_message(message.chat, message.reply_to)
            if answered is not None:
                # As Telegram does, the quoted message does not quote in its turn.
                told["reply_to_message"] = self.as_telegram(_without_reply(answered))
        told.update(message.extra)
        if message.text is not None:
            told["text"] = message.text
        if message.caption is not None:
            told["caption"] = message.caption
        if message.entities:
            told["entities" if message.text is not None else "caption_entities"] = message.entities
        if message.inline is not None:
            told["reply_markup"] = message.inline
        return told

    def new_query(self, chat: int) -> Query:
        number = self.store.next_id("query", first=FIRST_QUERY)
        query = Query(str(number), chat, self.clock.stamp())
        self.queries[query.id] = query
        self.store.put("query", query.id, query)
        if len(self.queries) > REMEMBERED_QUERIES:
            oldest = next(iter(self.queries))
            del self.queries[oldest]
            self.store.drop("query", oldest)
        return query


def _without_reply(message: Message) -> Message:
    fields = {**vars(message), "reply_to": None}
    return Message(**fields)


# Where each handler finds it.
WORLD: Final = web.AppKey("world", World)
