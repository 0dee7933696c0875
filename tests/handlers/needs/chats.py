"""Chats without a network: updates go through the router, and what is said is worded and shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from telegram import Update

from handlers.router import route
from handlers.turn import Press, Turn
from messages.render import Wording
from storage.dialogues import choose_language
from storage.outbox.leasing import Parcel
from storage.people import find_person
from storage.refusals import Refusal
from storage.rules.text import clean
from tests.storage.needs.village import Village


@dataclass
class Shown:
    """A message as it stands in a chat."""

    id: int
    template: str
    text: str
    buttons: dict[str, str] = field(default_factory=dict)


@dataclass
class Chats:
    """Everybody's chats in a village."""

    village: Village
    language: str = "zh"
    wording: Wording = field(default_factory=lambda: Wording(zone="Asia/Shanghai"))
    shown: dict[int, dict[int, Shown]] = field(default_factory=dict)
    _update: int = 100
    _answer: str = ""

    def type(self, person_id: int, text: str) -> str:
        """Type words, or a command; returns the answer."""
        chat = self.village.chat_of(person_id)
        entities = []
        if text.startswith("/"):
            entities = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
        message = self._message(chat) | {"text": text, "entities": entities}
        return self._route(chat, {"message": message}, text=clean(text, limit=4096) or "")

    def press(self, person_id: int, label: str) -> str:
        """Press the newest button that says this."""
        chat = self.village.chat_of(person_id)
        self.receive()
        for one in sorted(self.shown.get(chat, {}).values(), key=lambda m: -m.id):
            for words, data in one.buttons.items():
                if label in words:
                    return self.press_data(person_id, data, message_id=one.id)
        raise AssertionError(f"no button {label!r}: {self.read(person_id)}")

    def press_data(self, person_id: int, data: str, *, message_id: int = 1) -> str:
        """Press a button by what it carries, also an old or a forged one."""
        chat = self.village.chat_of(person_id)
        message = self._message(chat) | {"message_id": message_id}
        query = {
            "id": "1",
            "from": message["from"],
            "chat_instance": "1",
            "data": data,
            "message": message,
        }
        return self._route(chat, {"callback_query": query}, press=Press.parse(data))

    def _message(self, chat: int) -> dict[str, Any]:
        person = {"id": chat, "is_bot": False, "first_name": "x"}
        where = {"id": chat, "type": "private", "first_name": "x"}
        return {"message_id": self._update + 50_000, "date": 1, "chat": where, "from": person}

    def _route(
        self, chat: int, body: dict[str, Any], *, text: str | None = None, press: Any = None
    ) -> str:
        self._update += 1
        with self.village.database.transaction() as session:
            choose_language(session, chat_id=chat, language=self.language)
            turn = Turn(
                session=session,
                now=self.village.now,
                update=Update.de_json({"update_id": self._update, **body}, None),
                chat_id=chat,
                person=find_person(session, telegram_id=chat),
                language=self.language,
                wording=self.wording,
                bot_name="jiai_bot",
                text=text,
                press=press,
            )
            try:
                with session.savepoint():
                    route(turn)
            except Refusal as refusal:
                turn.refuse(refusal)
        self.receive()
        return self._answer

    def receive(self) -> list[Parcel]:
        """Let everything that may go arrive; each message is worded as its receiver reads it."""
        with self._numbered() as parcels:
            for parcel, number in parcels:
                if parcel.kind == "fetch":
                    continue
                text = self.wording.text(
                    parcel.template, language=self.language, facts=parcel.facts
                )
                # Whatever is said must be wordable in each language.
                assert self.wording.text(parcel.template, language="en", facts=parcel.facts)
                buttons = {
                    f"{one.number}. "
                    + self.wording.label(
                        one.label, language=self.language, facts=one.facts
                    ): one.data
                    for line in parcel.buttons
                    for one in line
                }
                there = self.shown.setdefault(parcel.chat_id, {})
                there[number] = Shown(number, parcel.template, text, buttons)
                if parcel.key.startswith(f"turn:{self._update}:"):
                    self._answer = text
        return [parcel for parcel, _ in parcels]

    @contextmanager
    def _numbered(self) -> Iterator[list[tuple[Parcel, int]]]:
        first = self.village.next_message
        parcels = self.village.deliver()
        numbers = iter(range(first + 1, first + 1000))
        yield [(p, p.edits or next(numbers)) for p in parcels]

    def read(self, person_id: int) -> list[str]:
        """Everything that stands in somebody's chat, oldest first."""
        self.receive()
        chat = self.village.chat_of(person_id)
        return [one.text for _, one in sorted(self.shown.get(chat, {}).items())]

    def buttons(self, person_id: int) -> list[str]:
        """What can be pressed below the newest message of somebody's chat."""
        self.receive()
        _, newest = max(self.shown[self.village.chat_of(person_id)].items())
        return list(newest.buttons)
