"""Files that people and the bot send: kept on disk, described as Telegram describes them."""

import mimetypes
import struct
from pathlib import PurePosixPath
from typing import Final

from bot.sandbox.records import Json, StoredFile
from bot.sandbox.requests import Upload
from bot.sandbox.world import World

_FOLDERS: Final = {
    "photo": "photos",
    "voice": "voice",
    "document": "documents",
    "video": "videos",
    "video_note": "video_notes",
    "audio": "music",
    "sticker": "stickers",
}
_FORCED_SUFFIX: Final = {"photo": ".jpg", "voice": ".oga"}
_PNG: Final = b"\x89PNG\r\n\x1a\n"
# For a photo whose size the sandbox cannot read.
_USUAL_SIZE: Final = (1280, 960)


def keep_file(world: World, kind: str, upload: Upload) -> StoredFile:
    """Write the bytes down under a new file id."""
    number = world.store.next_id("file")
    suffix = _FORCED_SUFFIX.get(kind) or PurePosixPath(upload.name).suffix[:10] or ".bin"
    path = f"{_FOLDERS[kind]}/file_{number}{suffix if suffix[1:].isalnum() else '.bin'}"
    target = world.files_dir / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(upload.content)
    mime_type = upload.mime_type or mimetypes.guess_type(upload.name)[0] or ""
    file = StoredFile(
        id=f"AgACAgUAAxkBAAI{number:08d}",
        unique_id=f"AQAD{number:08d}",
        path=path,
        name=upload.name,
        mime_type=mime_type or "application/octet-stream",
        size=len(upload.content),
        width_height=_size(upload.content),
    )
    world.files[file.id] = file
    world.store.put("file", file.id, file)
    return file


def as_photo(file: StoredFile) -> list[Json]:
    width, height = file.width_height
    return [{**_base(file), "width": width, "height": height}]


def as_voice(file: StoredFile, duration: int = 3) -> Json:
    return {**_base(file), "duration": duration, "mime_type": "audio/ogg"}


def as_video(file: StoredFile, duration: int = 3) -> Json:
    width, height = file.width_height
    size: Json = {"width": width, "height": height, "mime_type": "video/mp4"}
    return {**_base(file), **size, "duration": duration, "file_name": file.name}


def as_video_note(file: StoredFile, duration: int = 3) -> Json:
    return {**_base(file), "length": 240, "duration": duration}


def as_audio(file: StoredFile, duration: int = 3) -> Json:
    return {
        **_base(file),
        "duration": duration,
        "file_name": file.name,
        "mime_type": file.mime_type,
    }


def as_sticker(file: StoredFile) -> Json:
    look: Json = {"type": "regular", "width": 512, "height": 512}
    return {**_base(file), **look, "is_animated": False, "is_video": False, "emoji": "👍"}


def as_document(file: StoredFile) -> Json:
    return {**_base(file), "file_name": file.name, "mime_type": file.mime_type}


def _base(file: StoredFile) -> Json:
    return {"file_id": file.id, "file_unique_id": file.unique_id, "file_size": file.size}


def _size(content: bytes) -> tuple[int, int]:
    if content.startswith(_PNG) and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    return _USUAL_SIZE
