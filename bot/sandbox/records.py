"""What the sandbox remembers: chats, messages, files and callback queries, each one row."""

import json
from dataclasses import dataclass, field
from typing import Final, Self, TypeAlias

Json: TypeAlias = dict[str, object]

BOT_ID: Final = 1000000001
BOT_USERNAME: Final = "jiai_practice_bot"
BOT: Final[Json] = {
    "id": BOT_ID,
    "is_bot": True,
    "first_name": "集爱善行 练习",
    "username": BOT_USERNAME,
}
# Telegram clients say "zh-hans", not "zh".
_CLIENT_LANGUAGES: Final = {"zh": "zh-hans"}


class Row:
    """A dataclass that is stored whole, as JSON."""

    def as_row(self) -> str:
        return json.dumps(vars(self), ensure_ascii=False)

    @classmethod
    def from_row(cls, body: str) -> Self:
        return cls(**json.loads(body))


@dataclass
class Chat(Row):
    """A person's private chat, or a group; a person's id is the id of their chat."""

    id: int
    name: str
    kind: str = "private"
    role: str = ""
    language: str = "zh"
    started: bool = False
    blocked: bool = False
    left: bool = False
    unread: int = 0
    keyboard: Json | None = None

    @property
    def private(self) -> bool:
        return self.kind == "private"

    def as_chat(self) -> Json:
        name_key = "first_name" if self.private else "title"
        return {"id": self.id, "type": self.kind, name_key: self.name}

    def as_user(self) -> Json:
        language = _CLIENT_LANGUAGES.get(self.language, self.language)
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": self.name,
            "language_code": language,
        }


@dataclass
class Message(Row):
    """One message. `extra` holds what Telegram's Message has beside text (photo, contact …)."""

    chat: int
    id: int
    sender: int
    date: int
    text: str | None = None
    caption: str | None = None
    entities: list[Json] = field(default_factory=list)
    inline: Json | None = None
    keyboard: Json | None = None
    extra: Json = field(default_factory=dict)
    reply_to: int | None = None
    edit_date: int | None = None
    deleted: bool = False
    history: list[str] = field(default_factory=list)

    @property
    def from_bot(self) -> bool:
        return self.sender == BOT_ID

    @property
    def words(self) -> str:
        return self.text if self.text is not None else self.caption or ""


@dataclass
class StoredFile(Row):
    """A file that was sent; its bytes are at `path` under the files folder."""

    id: str
    unique_id: str
    path: str
    name: str
    mime_type: str
    size: int
    width_height: tuple[int, int]


@dataclass
class Query(Row):
    """One press on an inline button."""

    id: str
    chat: int
    date: int
    answered: bool = False
    text: str = ""
    show_alert: bool = False
