"""Telegram's HTML, parsed as strictly as Telegram does it."""

import html
import re
from dataclasses import dataclass
from typing import Final

from bot.sandbox.entities import by_place, utf16_length
from bot.sandbox.records import Json

_KINDS: Final = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "blockquote": "blockquote",
}
_NAMED: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_PLAIN = re.compile(r"[^<&]+")
_ENTITY = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot));?")
_TAG_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(r"\s*([^\s=>]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+)))?")
_SPACE = re.compile(r"\s*")
_LINK = re.compile(r"(?:https?|tg|ton)://\S+|(?:[\w-]+\.)+[a-z]{2,}(?:[/?#]\S*)?", re.IGNORECASE)


class BadHtml(Exception):
    """The text is not what Telegram takes for HTML; the message is in its words."""


@dataclass
class _Open:
    """A tag that waits for its end."""

    name: str
    offset: int
    start: int
    attributes: dict[str, str]


def parse_html(source: str) -> tuple[str, list[Json]]:
    """The plain text and its entities."""
    if "<" not in source and "&" not in source:
        return source, []
    return _Parser(source).run()


class _Parser:
    def __init__(self, source: str) -> None:
        self._source = source
        self._parts: list[str] = []
        self._offset = 0
        self._open: list[_Open] = []
        self._entities: list[Json] = []

    def run(self) -> tuple[str, list[Json]]:
        position = 0
        while position < len(self._source):
            mark = self._source[position]
            if mark == "<":
                is_end = self._source.startswith("</", position)
                position = self._end(position) if is_end else self._start(position)
            elif mark == "&":
                position = self._character(position)
            else:
                plain = _PLAIN.match(self._source, position)
                assert plain is not None
                self._add(plain[0])
                position = plain.end()
        if self._open:
            name = self._open[-1].name
            raise BadHtml(f'Can\'t find end tag corresponding to start tag "{name}"')
        self._entities.sort(key=by_place)
        return "".join(self._parts), self._entities

    def _add(self, text: str) -> None:
        self._parts.append(text)
        self._offset += utf16_length(text)

    def _at(self, position: int) -> str:
        return f"at byte offset {len(self._source[:position].encode())}"

    def _character(self, position: int) -> int:
        """A known entity becomes its character; any other & stays as it is."""
        found = _ENTITY.match(self._source, position)
        if found is None:
            self._add("&")
            return position + 1
        decimal, hexadecimal, name = found.groups()
        code = int(decimal) if decimal else int(hexadecimal or "0", 16)
        if not name and not 0 < code < 0x110000:
            self._add("&")
            return position + 1
        self._add(_NAMED[name] if name else chr(code))
        return found.end()

    def _start(self, begin: int) -> int:
        source = self._source
        named = _TAG_NAME.match(source, begin + 1)
        assert named is not None
        name, position = named[0].lower(), named.end()
        if position >= len(source):
            raise BadHtml(f"Unclosed start tag {self._at(begin)}")
        if name not in _KINDS:
            raise BadHtml(f'Unsupported start tag "{name}" {self._at(begin)}')
        attributes: dict[str, str] = {}
        while found := _ATTRIBUTE.match(source, position):
            key, *values = found.groups()
            attributes[key.lower()] = html.unescape(next((v for v in values if v), ""))
            position = found.end()
        position = _after_space(source, position)
        if source[position : position + 1] != ">":
            raise BadHtml(f'Unclosed start tag "{name}" {self._at(begin)}')
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise BadHtml(f'Tag "span" must have class "tg-spoiler" {self._at(begin)}')
        part = len(self._parts)
        self._open.append(_Open(name, self._offset, part, attributes))
        return position + 1

    def _end(self, begin: int) -> int:
        source = self._source
        if not self._open:
            raise BadHtml(f"Unexpected end tag {self._at(begin)}")
        named = _TAG_NAME.match(source, begin + 2)
        assert named is not None
        position = _after_space(source, named.end())
        if source[position : position + 1] != ">":
            raise BadHtml(f"Unclosed end tag {self._at(begin)}")
        opened, name = self._open.pop(), named[0].lower()
        if name and name != opened.name:
            raise BadHtml(
                f'Unmatched end tag {self._at(begin)}, expected "</{opened.name}>", '
                f'found "</{name}>"'
            )
        entity = self._entity(opened)
        if entity is not None and self._offset > opened.offset:
            self._entities.append(entity)
        return position + 1

    def _entity(self, opened: _Open) -> Json | None:
        kind, attributes = _KINDS[opened.name], opened.attributes
        length = self._offset - opened.offset
        entity: Json = {"type": kind, "offset": opened.offset, "length": length}
        if kind == "text_link":
            link = attributes.get("href") or "".join(self._parts[opened.start :])
            # A link that is none stays plain text, as in Telegram.
            if not _LINK.fullmatch(link):
                return None
            entity["url"] = link if "://" in link else f"http://{link}"
        if kind == "blockquote" and "expandable" in attributes:
            entity["type"] = "expandable_blockquote"
        language = attributes.get("class", "")
        if kind == "code" and language.startswith("language-"):
            entity["language"] = language.removeprefix("language-")
        return entity


def _after_space(source: str, position: int) -> int:
    space = _SPACE.match(source, position)
    assert space is not None
    return space.end()
