"""What a person sees: a message as the chat page and the tests read it."""

import html
from datetime import UTC, datetime

from bot.sandbox.entities import to_html
from bot.sandbox.records import Json, Message

# A place with a name is shown by it: it stands before the bare location.
_KINDS = (
    "voice",
    "video",
    "video_note",
    "audio",
    "sticker",
    "document",
    "contact",
    "venue",
    "location",
)


def as_shown(message: Message) -> Json:
    """The message as the person's screen has it."""
    return {
        "message_id": message.id,
        "from": "bot" if message.from_bot else message.sender,
        "date": datetime.fromtimestamp(message.date, UTC).isoformat(),
        "text": message.words,
        "html": to_html(message.words, message.entities),
        "caption": message.caption,
        "buttons": _buttons(message.inline),
        "keyboard": keyboard_rows(message.keyboard),
        "edited": message.edit_date is not None,
        "deleted": message.deleted,
        "media": None if message.deleted else _media(message.extra),
        "reply_to": message.reply_to,
        "history": message.history,
    }


def keyboard_rows(keyboard: Json | None) -> list[list[Json]] | None:
    rows = keyboard.get("keyboard") if keyboard else None
    return rows if isinstance(rows, list) else None


def _buttons(inline: Json | None) -> list[list[Json]]:
    rows = inline.get("inline_keyboard") if inline else None
    if not isinstance(rows, list):
        return []
    return [[_button(button) for button in row] for row in rows]


def _button(button: Json) -> Json:
    shown: Json = {"text": button["text"], "data": button.get("callback_data")}
    copied = button.get("copy_text")
    if "url" in button:
        shown["url"] = button["url"]
    if isinstance(copied, dict):
        shown["copy"] = copied.get("text")
    return shown


def _media(extra: Json) -> Json | None:
    for kind in _KINDS:
        found = extra.get(kind)
        if isinstance(found, dict):
            return _with_url({"kind": kind, **found})
    photo = extra.get("photo")
    if isinstance(photo, list) and photo:
        return _with_url({"kind": "photo", **photo[-1]})
    return None


def _with_url(media: Json) -> Json:
    file_id = media.get("file_id")
    if isinstance(file_id, str):
        media["url"] = f"/page/file/{html.escape(file_id)}"
    return media
