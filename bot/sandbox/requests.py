"""Reads what a request asks for, whether it came as JSON, form, multipart or query."""

import json
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

from aiohttp import web

from bot.sandbox.records import Json

LARGEST_BODY: Final = 60 * 1024 * 1024


class BadField(Exception):
    """A field is missing or has the wrong form."""

    def __init__(self, name: str, why: str = "") -> None:
        super().__init__(why or f'field "{name}" is missing or has the wrong form')
        self.name = name


@dataclass(frozen=True)
class Upload:
    """A file that came with the request."""

    name: str
    mime_type: str
    content: bytes


@dataclass
class Ask:
    """The fields of one request; values may be JSON themselves or JSON written as text."""

    values: Json = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        if value is None or isinstance(value, str):
            return value
        return json.dumps(value, ensure_ascii=False)

    def whole(self, name: str) -> int | None:
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise BadField(name)
        try:
            return int(value)
        except ValueError:
            raise BadField(name) from None

    def needed_text(self, name: str) -> str:
        value = self.text(name)
        if value is None:
            raise BadField(name)
        return value

    def needed_whole(self, name: str) -> int:
        value = self.whole(name)
        if value is None:
            raise BadField(name)
        return value

    def fraction(self, name: str) -> float | None:
        value = self.values.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise BadField(name)
        try:
            return float(value)
        except ValueError:
            raise BadField(name) from None

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.values.get(name, default)
        if isinstance(value, str):
            return value.strip().lower() in ("true", "1", "yes")
        return bool(value)

    def parsed(self, name: str) -> object:
        """The value, read as JSON when it came as text."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise BadField(name, f'can\'t parse "{name}" as JSON') from None


async def read_ask(request: web.Request) -> Ask:
    """Everything the request says; the body wins over the query."""
    ask = Ask(dict(request.query) if request.query_string else {})
    kind = request.content_type
    if kind == "multipart/form-data":
        await _read_multipart(request, ask)
    elif request.can_read_body:
        body = await request.read()
        if kind == "application/json":
            ask.values.update(_json_object(body))
        else:
            ask.values.update(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
    return ask


def _json_object(body: bytes) -> Json:
    if not body:
        return {}
    try:
        value = json.loads(body)
    except ValueError:
        raise BadField("body", "can't parse JSON object") from None
    if not isinstance(value, dict):
        raise BadField("body", "can't parse JSON object")
    return value


async def _read_multipart(request: web.Request, ask: Ask) -> None:
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            with value.file as file:
                content = file.read()
            ask.uploads[name] = Upload(value.filename, value.content_type, content)
        elif isinstance(value, str):
            ask.values[name] = value
