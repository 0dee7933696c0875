"""An audience: plain data that says who is meant, so that it can be counted before it is told."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum


class ChatUse(StrEnum):
    """Whether those are meant who use the chat, who do not, or both."""

    ANY = "any"
    WITH = "with"
    WITHOUT = "without"


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is meant; what is left empty leaves nobody out.

    ``roles``: whoever holds one of them. ``communities``: whoever lives in one of them.
    ``skills``: volunteers with one of them.
    """

    roles: tuple[str, ...] = ("resident",)
    communities: tuple[int, ...] = ()
    chat: str = ChatUse.ANY
    skills: tuple[str, ...] = ()

    def __str__(self) -> str:
        """As one line, to be kept in a column; read back by ``read_audience``."""
        empty = Audience()
        kept = {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
            if value != getattr(empty, name)
        }
        return json.dumps(kept, ensure_ascii=False, sort_keys=True)


_LISTS = frozenset(one.name for one in fields(Audience) if str(one.type).startswith("tuple"))


def read_audience(text: str) -> Audience:
    """Read back what an audience was kept as; what a later release wrote besides is left out."""
    known = {one.name for one in fields(Audience)}
    kept: Mapping[str, object] = json.loads(text)
    values = {
        name: tuple(value) if name in _LISTS and isinstance(value, list) else value
        for name, value in kept.items()
        if name in known
    }
    return Audience(**values)  # type: ignore[arg-type]
