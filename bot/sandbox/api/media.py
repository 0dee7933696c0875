"""Photos, voices and documents: sending them, and finding their bytes again."""

from collections.abc import Callable
from typing import Final

from bot.sandbox.api.markup import read_markup
from bot.sandbox.api.messages import editable, edited, extra_of
from bot.sandbox.api.reading import caption_of, open_chat, reply_of
from bot.sandbox.api.refusals import Refusal, bad_request
from bot.sandbox.files import as_document, as_photo, as_voice, keep_file
from bot.sandbox.records import BOT_ID, Json, StoredFile
from bot.sandbox.requests import Ask
from bot.sandbox.world import World

LARGEST_DOWNLOAD: Final = 20 * 1024 * 1024
LARGEST_UPLOAD: Final = 50 * 1024 * 1024
LARGEST_PHOTO: Final = 10 * 1024 * 1024
_SOUND: Final = b"OggS"
_PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF", b"GIF8", b"BM")


def send_photo(world: World, ask: Ask) -> Json:
    return _send(world, ask, "photo", as_photo)


def send_voice(world: World, ask: Ask) -> Json:
    """A voice is Ogg; anything else arrives as a file, as with Telegram."""
    upload = ask.uploads.get((ask.text("voice") or "").removeprefix("attach://"))
    upload = upload or ask.uploads.get("voice")
    if upload is not None and upload.content and not upload.content.startswith(_SOUND):
        ask.uploads["document"] = upload
        return _send(world, ask, "document", as_document)
    duration = ask.whole("duration") or 0
    return _send(world, ask, "voice", lambda file: as_voice(file, duration or 3))


def send_document(world: World, ask: Ask) -> Json:
    return _send(world, ask, "document", as_document)


def get_file(world: World, ask: Ask) -> Json:
    file = world.files.get(ask.text("file_id") or "")
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if file.size > LARGEST_DOWNLOAD:
        raise bad_request("file is too big")
    world.links.give(file.path)
    return {
        "file_id": file.id,
        "file_unique_id": file.unique_id,
        "file_size": file.size,
        "file_path": file.path,
    }


def edit_message_media(world: World, ask: Ask) -> Json:
    """Put another photo or document in the place of one; a voice's sound stays, as in Telegram."""
    media = ask.parsed("media")
    looks: dict[object, Callable[[StoredFile], object]] = {
        "photo": as_photo,
        "document": as_document,
    }
    kind = media.get("type") if isinstance(media, dict) else None
    if not isinstance(media, dict) or kind not in looks:
        raise bad_request("can't parse InputMedia")
    message, inline = editable(world, ask), read_markup(ask).get("inline")
    held = [one for one in ("photo", "document") if one in message.extra]
    if not held:
        raise bad_request("there is no media in the message to edit")
    asked = Ask({**media, str(kind): media.get("media")}, ask.uploads)
    words = caption_of(asked)
    kept = {name: value for name, value in message.extra.items() if name not in held}
    shown = looks[kind](_file(world, asked, str(kind)))
    return edited(
        world,
        message,
        {
            "caption": words.get("caption"),
            "entities": words.get("entities", []),
            "extra": {**kept, str(kind): shown},
            "inline": inline,
        },
    )


def _send(world: World, ask: Ask, kind: str, look: Callable[[StoredFile], object]) -> Json:
    caption, markup = caption_of(ask), read_markup(ask)
    chat = open_chat(world, ask)
    reply = reply_of(world, ask, chat)
    extra = {**extra_of(ask), kind: look(_file(world, ask, kind))}
    message = world.post(chat, BOT_ID, {**caption, **markup, **reply, "extra": extra})
    return world.as_telegram(message)


def _check_photo(kind: str, content: bytes) -> None:
    if kind != "photo":
        return
    if len(content) > LARGEST_PHOTO:
        raise bad_request("file is too big")
    if not content.startswith(_PICTURES):
        raise bad_request("IMAGE_PROCESS_FAILED")


def _file(world: World, ask: Ask, kind: str) -> StoredFile:
    """A new file, or one that the sandbox has already."""
    named = ask.text(kind) or ""
    upload = ask.uploads.get(named.removeprefix("attach://")) or ask.uploads.get(kind)
    if upload is not None:
        if not upload.content:
            raise bad_request("file must be non-empty")
        if len(upload.content) > LARGEST_UPLOAD:
            raise Refusal(413, "Request Entity Too Large")
        _check_photo(kind, upload.content)
        return keep_file(world, kind, upload)
    if not named:
        raise bad_request(f"there is no {kind} in the request")
    if named.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    if named not in world.files:
        raise bad_request("wrong remote file identifier specified: Wrong string length")
    return world.files[named]
