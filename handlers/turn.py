"""A turn: one update, one transaction. Handlers read it, call storage, and say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from telegram import CallbackQuery, Contact, Document, Message, Update

from messages.render import Wording
from storage.choices import Button
from storage.database import Session
from storage.journal import note
from storage.outbox import MessageClass, Wanted, say
from storage.people import Person
from storage.refusals import Fact, NotAllowed, OutsideScope, Refusal

# What a message brings beside words; a shared contact has a way of its own.
MEDIA = (
    "document",
    "voice",
    "photo",
    "location",
    "venue",
    "audio",
    "video",
    "video_note",
    "animation",
    "sticker",
)


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button: topic, act, and the id and version of what it acts on."""

    topic: str
    act: str
    id: int
    version: int
    extra: str = ""

    @classmethod
    def parse(cls, data: str) -> "Press | None":
        """Read "topic:act:id:version[:extra]"; None when it is not of that form."""
        parts = data.split(":", 4)
        if len(parts) < 4 or not all(_number(part) for part in parts[2:4]):
            return None
        return cls(parts[0], parts[1], int(parts[2]), int(parts[3]), "".join(parts[4:]))


def read_number(text: str) -> int | None:
    """Read a number off a button; None for anything else, such as "²" or one beyond any column."""
    return int(text) if _number(text) else None


def _number(text: str) -> bool:
    # Whatever a forged press says, it must fit a column of 32 bits, and one more than it too.
    return text.isascii() and text.isdigit() and len(text) <= 9


def press_data(topic: str, act: str, id: int, version: int, extra: str = "") -> str:
    """Return the data a button carries."""
    return f"{topic}:{act}:{id}:{version}" + (f":{extra}" if extra else "")


@dataclass(slots=True)
class Turn:
    """One update with the person, the open transaction, the present, and the means to answer."""

    session: Session
    now: datetime
    update: Update
    chat_id: int
    person: Person | None
    language: str
    wording: Wording
    bot_name: str
    text: str | None = None
    press: Press | None = None
    # Its owner said no to messages through this chat: only a few things still answer.
    closed: bool = False
    said: int = 0
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def message(self) -> Message | None:
        """The message of this update, if it is one."""
        return self.update.message

    @property
    def query(self) -> CallbackQuery | None:
        """The press of this update, if it is one."""
        return self.update.callback_query

    @property
    def contact(self) -> Contact | None:
        """The contact shared in this update."""
        return self.update.message.contact if self.update.message else None

    @property
    def document(self) -> Document | None:
        """The file of this update; its words, if it came with any, are ``text``."""
        return self.update.message.document if self.update.message else None

    @property
    def has_media(self) -> bool:
        """Whether a file, voice, photo or the like came; its words are ``text``."""
        message = self.update.message
        return message is not None and any(getattr(message, kind) for kind in MEDIA)

    @property
    def card_message_id(self) -> int | None:
        """The message whose button was pressed, if it can still be edited."""
        pressed = self.query.message if self.query else None
        return pressed.message_id if isinstance(pressed, Message) else None

    def say(
        self,
        template: str,
        *,
        buttons: Sequence[Sequence[Button]] = (),
        keyboard: str | None = None,
        card: str | None = None,
        wanted: Wanted | None = None,
        message_class: MessageClass = MessageClass.ANSWER,
        more: Mapping[str, Fact] | None = None,
        **facts: Fact,
    ) -> None:
        """Answer in this chat with a new message; ``more`` are facts that come as a mapping."""
        facts |= more or {}
        self._queue(template, facts, buttons, keyboard, card, None, wanted, message_class)

    def edit(
        self,
        template: str,
        *,
        buttons: Sequence[Sequence[Button]] = (),
        card: str | None = None,
        more: Mapping[str, Fact] | None = None,
        **facts: Fact,
    ) -> None:
        """Answer a press by rewriting its card; a typed choice gets a new message instead."""
        facts |= more or {}
        target = self.card_message_id
        self._queue(template, facts, buttons, None, card, target, None, MessageClass.ANSWER)

    def refuse(self, refusal: Refusal) -> None:
        """Answer a refusal in its words; that somebody reached for what is not theirs is noted."""
        if isinstance(refusal, NotAllowed):
            note(
                self.session,
                now=self.now,
                what="refused",
                actor_id=self.person.id if self.person else None,
                subject_id=refusal.subject_id if isinstance(refusal, OutsideScope) else None,
                detail=f"{self.press.topic}:{self.press.act}"[:60] if self.press else "",
            )
        way_on = [[Button(*refusal.offer)]] if refusal.offer else ()
        self.say(f"refusal_{refusal.key}", more=refusal.facts, buttons=way_on)

    def _queue(
        self,
        template: str,
        facts: Mapping[str, Fact],
        buttons: Sequence[Sequence[Button]],
        keyboard: str | None,
        card: str | None,
        edits: int | None,
        wanted: Wanted | None,
        message_class: MessageClass,
    ) -> None:
        self.said += 1
        if keyboard == "menu" and self.person and self.person.is_approved("coordinator"):
            keyboard = "menu_staff"
        say(
            self.session,
            now=self.now,
            chat_id=self.chat_id,
            key=f"turn:{self.update.update_id}:{self.said}",
            template=template,
            message_class=message_class,
            facts=facts,
            buttons=buttons,
            keyboard=keyboard,
            card=card,
            edits=edits,
            wanted=wanted,
        )
