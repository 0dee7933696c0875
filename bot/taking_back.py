"""Takes a voice or photo back out of a chat, as far as Telegram lets a bot do so.

Within 48 hours the message is deleted. After that Telegram refuses, so a photo is replaced by an
empty grey one. The sound of a voice cannot be replaced: then its words ask to delete it by hand.
"""

import base64
from typing import Any

from telegram.error import BadRequest

from bot.transport import BotApi
from messages.render import Wording
from storage.outbox.leasing import Parcel

# How a row says that what it rewrites is no text: these words are for what cannot be replaced.
TAKEN_BACK = "medium_stays"
_REPLACED = "medium_taken_back"
_GONE = ("message to delete not found", "message to edit not found", "message is not modified")
_GREY = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAGQAAABkCAAAAABVicqIAAAAPklEQVR42u3NAQkAAAwDoPXPtlBrcTho"
    "AdMDkUgkEolEIpFIJBKJRCKRSCQSiUQikUgkEolEIpFIJBKJ5H8yL8QikhgZJCIAAAAASUVORK5CYII="
)


async def take_back(api: BotApi, parcel: Parcel, wording: Wording) -> object:
    """Delete the message, or empty it, or ask for it; raises TelegramError, BadRequest last."""
    where = {"chat_id": parcel.chat_id, "message_id": parcel.edits}
    words = {"caption": wording.text(_REPLACED, language=parcel.language, facts=parcel.facts)}
    asking = {"caption": wording.text(TAKEN_BACK, language=parcel.language, facts=parcel.facts)}
    try:
        return await api.call("deleteMessage", where)
    except BadRequest as error:
        if _is_gone(error):
            return where
    try:
        return await _replace(api, where, words | {"parse_mode": "HTML"})
    except BadRequest as error:
        if _is_gone(error):
            return where
    return await api.call("editMessageCaption", where | asking | {"parse_mode": "HTML"})


async def _replace(api: BotApi, where: dict[str, Any], words: dict[str, Any]) -> object:
    media = {"type": "photo", "media": "attach://photo", **words}
    return await api.send_file(
        "editMessageMedia",
        where | {"media": media},
        field="photo",
        name="empty.png",
        body=_GREY,
        media_type="image/png",
    )


def _is_gone(error: BadRequest) -> bool:
    """Whether there is nothing left to take away."""
    return any(words in error.message.casefold() for words in _GONE)
