"""What people share beside words: contact, place, photo, voice, film, sticker, document."""

from typing import Final

from bot.sandbox.control.people import named_chat, say
from bot.sandbox.entities import found_in
from bot.sandbox.files import (
    as_audio,
    as_document,
    as_photo,
    as_sticker,
    as_video,
    as_video_note,
    as_voice,
    keep_file,
)
from bot.sandbox.records import Json
from bot.sandbox.requests import Ask, BadField, Upload
from bot.sandbox.world import World

# Eleven digits that begin with 100 are nobody's number.
_OWN_PHONE: Final = "8610000{:06d}"
_OTHER_PHONE: Final = "8610099000000"
# The county seat of the practice village.
_LATITUDE: Final = 30.33
_LONGITUDE: Final = 107.33


def contact(world: World, ask: Ask) -> Json:
    """The person's own contact, or somebody else's, which carries no user id."""
    chat = named_chat(world, ask)
    if ask.flag("own", default=True):
        phone = ask.text("phone") or _OWN_PHONE.format(chat.id % 1_000_000)
        shared: Json = {"phone_number": phone, "first_name": chat.name, "user_id": chat.id}
    else:
        shared = {"phone_number": ask.text("phone") or _OTHER_PHONE, "first_name": "别人"}
    return world.as_telegram(say(world, chat, ask, {"extra": {"contact": shared}}))


def location(world: World, ask: Ask) -> Json:
    chat = named_chat(world, ask)
    latitude, longitude = ask.fraction("latitude"), ask.fraction("longitude")
    place: Json = {
        "latitude": _LATITUDE if latitude is None else latitude,
        "longitude": _LONGITUDE if longitude is None else longitude,
    }
    if live_period := ask.whole("live_period"):
        place["live_period"] = live_period
    return world.as_telegram(say(world, chat, ask, {"extra": {"location": place}}))


def venue(world: World, ask: Ask) -> Json:
    """A place with its name; as Telegram does, the location stands beside it."""
    chat = named_chat(world, ask)
    latitude, longitude = ask.fraction("latitude"), ask.fraction("longitude")
    place: Json = {
        "latitude": _LATITUDE if latitude is None else latitude,
        "longitude": _LONGITUDE if longitude is None else longitude,
    }
    named: Json = {
        "location": place,
        "title": ask.needed_text("title"),
        "address": ask.text("address") or "",
    }
    shared: Json = {"venue": named, "location": place}
    return world.as_telegram(say(world, chat, ask, {"extra": shared}))


def photo(world: World, ask: Ask) -> Json:
    return _share(world, ask, {"photo": as_photo(keep_file(world, "photo", _upload(ask)))})


def voice(world: World, ask: Ask) -> Json:
    file = keep_file(world, "voice", _upload(ask))
    duration = ask.whole("duration")
    return _share(world, ask, {"voice": as_voice(file, 3 if duration is None else duration)})


def video(world: World, ask: Ask) -> Json:
    return _share(world, ask, {"video": as_video(keep_file(world, "video", _upload(ask)))})


def video_note(world: World, ask: Ask) -> Json:
    file = keep_file(world, "video_note", _upload(ask))
    return _share(world, ask, {"video_note": as_video_note(file)})


def audio(world: World, ask: Ask) -> Json:
    return _share(world, ask, {"audio": as_audio(keep_file(world, "audio", _upload(ask)))})


def sticker(world: World, ask: Ask) -> Json:
    """A sticker needs no file of the person's own."""
    upload = ask.uploads.get("file") or Upload("sticker.webp", "image/webp", b"RIFF\0\0\0\0WEBP")
    return _share(world, ask, {"sticker": as_sticker(keep_file(world, "sticker", upload))})


def document(world: World, ask: Ask) -> Json:
    return _share(world, ask, {"document": as_document(keep_file(world, "document", _upload(ask)))})


def _share(world: World, ask: Ask, extra: Json) -> Json:
    if group := ask.text("media_group_id"):
        extra["media_group_id"] = group
    fields: Json = {"extra": extra}
    if caption := ask.text("caption"):
        fields |= {"caption": caption, "entities": found_in(caption)}
    return world.as_telegram(say(world, named_chat(world, ask), ask, fields))


def _upload(ask: Ask) -> Upload:
    if "file" not in ask.uploads:
        raise BadField("file")
    return ask.uploads["file"]
