"""The door without a network: whoever comes is routed, and what is said is worded in full."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from telegram import Update

from handlers.router import route
from handlers.turn import Press, Turn
from messages.render import LANGUAGES, Wording
from storage.database import Database, Session
from storage.dialogues import choose_language, find_chat
from storage.outbox.leasing import Parcel, lease
from storage.outbox.outcomes import End, SendResult, record
from storage.people import Person, find_person
from storage.refusals import Refusal
from storage.rules.text import clean
from tests.messages.telegram_html import shown

WORDING = Wording(zone="Asia/Shanghai")


@dataclass
class Door:
    """Everybody's chats; whoever writes first is a newcomer."""

    database: Database
    now: datetime
    names: dict[int, str] = field(default_factory=dict)
    got: dict[int, list[Parcel]] = field(default_factory=dict)
    _update: int = 0

    def type(self, chat: int, text: str) -> str:
        """Type words or a command; returns what was answered."""
        command = {"type": "bot_command", "offset": 0, "length": len(text.split()[0])}
        entities = [command] if text.startswith("/") else []
        message = self._message(chat) | {"text": text, "entities": entities}
        return self._route(chat, {"message": message}, text=clean(text, limit=4096) or "")

    def share(self, chat: int, phone: str, *, owner: int | None) -> str:
        """Share a contact, one's own or somebody else's."""
        contact = {"phone_number": phone, "first_name": "x", "user_id": owner}
        return self._route(chat, {"message": self._message(chat) | {"contact": contact}})

    def send_voice(self, chat: int) -> str:
        """Send something without words."""
        voice = {"file_id": "f", "file_unique_id": "u", "duration": 0}
        return self._route(chat, {"message": self._message(chat) | {"voice": voice}})

    def press(self, chat: int, label: str) -> str:
        """Press the newest button whose words contain the label."""
        for parcel in reversed(self.got.get(chat, [])):
            for line in parcel.buttons:
                for one in line:
                    if label in WORDING.label(one.label, language="zh", facts=one.facts):
                        return self.press_data(chat, one.data)
        raise AssertionError(f"no button {label!r} in chat {chat}: {self.read(chat)}")

    def press_data(self, chat: int, data: str) -> str:
        """Press a button by what it carries, also an old or a forged one."""
        sender = self._message(chat)["from"]
        card = self._message(chat) | {"message_id": 1}
        query = {"id": "1", "from": sender, "chat_instance": "1", "data": data, "message": card}
        return self._route(chat, {"callback_query": query}, press=Press.parse(data))

    def read(self, chat: int) -> list[str]:
        """Everything that was said in a chat, oldest first."""
        return [self._words(parcel) for parcel in self.got.get(chat, [])]

    def who(self, chat: int) -> Person | None:
        """The person of a chat."""
        return self.database.do(find_person, telegram_id=chat)

    def _message(self, chat: int) -> dict[str, Any]:
        name = self.names.get(chat, "新人")
        sender = {"id": chat, "is_bot": False, "first_name": name}
        where = {"id": chat, "type": "private", "first_name": name}
        return {"message_id": self._update + 50_000, "date": 1, "chat": where, "from": sender}

    def _route(
        self,
        chat: int,
        body: dict[str, Any],
        *,
        text: str | None = None,
        press: Press | None = None,
    ) -> str:
        self._update += 1
        with self.database.transaction() as session:
            known = find_chat(session, chat_id=chat)
            if known is None:
                choose_language(session, chat_id=chat, language="zh")
            turn = Turn(
                session=session,
                now=self.now,
                update=Update.de_json({"update_id": self._update, **body}, None),
                chat_id=chat,
                person=find_person(session, telegram_id=chat),
                language="zh",
                wording=WORDING,
                bot_name="jiai_bot",
                closed=known is not None and known.closed,
                text=text,
                press=press,
            )
            try:
                with session.savepoint():
                    route(turn)
            except Refusal as refusal:
                turn.refuse(refusal)
        self.database.do(self._deliver)
        mine = f"turn:{self._update}:"
        return "\n".join(
            self._words(parcel) for parcel in self.got.get(chat, []) if parcel.key.startswith(mine)
        )

    def _deliver(self, session: Session) -> None:
        while parcels := lease(session, owner="door", limit=500, now=self.now, real=0.0):
            for parcel in parcels:
                self.got.setdefault(parcel.chat_id, []).append(parcel)
                for language in LANGUAGES:
                    shown(WORDING.text(parcel.template, language=language, facts=parcel.facts))
            results = [SendResult(parcel.id, End.SENT, message_id=parcel.id) for parcel in parcels]
            record(session, owner="door", results=results, now=self.now, real=0.0)

    def _words(self, parcel: Parcel) -> str:
        text = WORDING.text(parcel.template, language=parcel.language, facts=parcel.facts)
        return shown(text)
