"""Chats of the street: updates go through the router, and what is said is worded."""

from dataclasses import dataclass, field
from typing import Any

from telegram import Update

from handlers.router import route
from handlers.turn import Press, Turn
from messages.render import Wording
from storage.dialogues import find_dialogue
from storage.outbox.leasing import Parcel
from storage.people import find_person
from storage.refusals import Refusal
from storage.rules.text import clean
from tests.storage.calls.street import Street


@dataclass
class Talk:
    """Everybody's chats; a stranger's too."""

    street: Street
    language: str = "zh"
    wording: Wording = field(default_factory=lambda: Wording(zone="Asia/Shanghai"))
    notes: dict[str, str] = field(default_factory=dict)
    _update: int = 100

    def type(self, name: str, text: str) -> str:
        """Type words, or a command; returns the newest text in that chat."""
        chat = self._chat(name)
        entities = []
        if text.startswith("/"):
            entities = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
        message = self._message(chat) | {"text": text, "entities": entities}
        return self._route(name, {"message": message}, text=clean(text, limit=4096) or "")

    def press(self, name: str, label: str) -> str:
        """Press the newest button that says this."""
        for parcel in reversed(self.street.got.get(name, [])):
            for line in parcel.buttons:
                for one in line:
                    words = self.wording.label(one.label, language=self.language, facts=one.facts)
                    if label in words:
                        return self.press_data(name, one.data)
        raise AssertionError(f"no button {label!r} for {name}")

    def press_data(self, name: str, data: str) -> str:
        """Press a button by what it carries, also an old or a forged one."""
        message = self._message(self._chat(name)) | {"message_id": 1}
        query = {
            "id": "1",
            "from": message["from"],
            "chat_instance": "1",
            "data": data,
            "message": message,
        }
        return self._route(name, {"callback_query": query}, press=Press.parse(data))

    def form(self, name: str) -> str | None:
        """The question at which somebody's open form stands."""
        with self.street.database.transaction() as session:
            found = find_dialogue(session, chat_id=self._chat(name))
        return found.question if found else None

    def words(self, parcel: Parcel) -> str:
        """A message as its receiver reads it."""
        return self.wording.text(parcel.template, language=self.language, facts=parcel.facts)

    def _chat(self, name: str) -> int:
        return self.street.chat_of(name) if name in self.street.people else 999

    def _message(self, chat: int) -> dict[str, Any]:
        person = {"id": chat, "is_bot": False, "first_name": "x"}
        where = {"id": chat, "type": "private", "first_name": "x"}
        return {"message_id": self._update + 50_000, "date": 1, "chat": where, "from": person}

    def _route(
        self,
        name: str,
        body: dict[str, Any],
        *,
        text: str | None = None,
        press: Press | None = None,
    ) -> str:
        self._update += 1
        chat = self._chat(name)
        with self.street.database.transaction() as session:
            turn = Turn(
                session=session,
                now=self.street.now,
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
            self.notes = turn.notes
        self.street.deliver()
        said = self.street.got[name if name in self.street.people else "999"]
        mine = [p for p in said if p.key.startswith(f"turn:{self._update}:")]
        return "\n".join(self.words(parcel) for parcel in mine)
