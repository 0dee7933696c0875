"""Message entities: their places in UTF-16, their trimming, and safe HTML made of them."""

import html
import re
from collections.abc import Iterable
from typing import Final

from bot.sandbox.records import Json

MOST_ENTITIES: Final = 100

_WRITTEN: Final = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
}
_COMMAND = re.compile(r"(?<![\w/])/\w{1,64}(?:@\w{3,32})?(?![\w/])", re.ASCII)
_URL = re.compile(r"https?://\S+")


def utf16_length(text: str) -> int:
    """Telegram counts offsets in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def by_place(entity: Json) -> tuple[int, int]:
    """Outer before inner."""
    offset, length = entity["offset"], entity["length"]
    assert isinstance(offset, int)
    assert isinstance(length, int)
    return offset, -length


def trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Without blank ends, as Telegram keeps a text; the entities follow."""
    kept = text.strip()
    if kept == text:
        return text, entities[:MOST_ENTITIES]
    skipped = utf16_length(text[: len(text) - len(text.lstrip())])
    end = utf16_length(kept)
    moved: list[Json] = []
    for entity in entities:
        offset, negative = by_place(entity)
        first = max(offset - skipped, 0)
        length = min(offset - negative - skipped, end) - first
        if length > 0:
            moved.append({**entity, "offset": first, "length": length})
    return kept, moved[:MOST_ENTITIES]


def to_html(text: str, entities: Iterable[Json]) -> str:
    """Safe HTML for the page, made of the text and its entities and of nothing else."""
    opening: dict[int, list[str]] = {}
    closing: dict[int, list[str]] = {}
    for entity in entities:
        before, after = _written(entity)
        offset, negative = by_place(entity)
        opening.setdefault(offset, []).append(before)
        closing.setdefault(offset - negative, []).insert(0, after)
    if not opening:
        return html.escape(text)
    parts: list[str] = []
    offset = 0
    for character in text:
        parts += closing.pop(offset, [])
        parts += opening.pop(offset, [])
        parts.append(html.escape(character))
        offset += 2 if character > "\uffff" else 1
    parts += closing.pop(offset, [])
    return "".join(parts)


def _written(entity: Json) -> tuple[str, str]:
    kind = str(entity["type"])
    if kind == "text_link":
        link = html.escape(str(entity.get("url", "")))
        return f'<a href="{link}" rel="noreferrer">', "</a>"
    if kind == "spoiler":
        return "<tg-spoiler>", "</tg-spoiler>"
    tag = _WRITTEN.get(kind)
    return (f"<{tag}>", f"</{tag}>") if tag else ("", "")


def found_in(text: str) -> list[Json]:
    """The commands and links that Telegram marks by itself in what a person writes."""
    kinds = (("bot_command", _COMMAND), ("url", _URL))
    found = [
        {
            "type": kind,
            "offset": utf16_length(text[: match.start()]),
            "length": utf16_length(match[0]),
        }
        for kind, pattern in kinds
        for match in pattern.finditer(text)
    ]
    return sorted(found, key=by_place)


def is_entity(value: object) -> bool:
    """Whether the value has the shape of an entity."""
    return (
        isinstance(value, dict)
        and isinstance(value.get("type"), str)
        and isinstance(value.get("offset"), int)
        and isinstance(value.get("length"), int)
    )
