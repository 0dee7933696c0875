"""The order for a file: a head, a line of JSON for each part, and an end to prove it whole."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from bot.office.child.reasons import Reason, Unreadable

Line = dict[str, Any] | list[Any]


@dataclass(frozen=True, slots=True)
class Spec:
    """What is to be made; ``lines`` is read as it is made, so that no file is in memory whole."""

    kind: str
    head: dict[str, Any]
    lines: Iterator[Line]


def read_spec(stream: IO[bytes]) -> Spec:
    """Read the head; raises Unreadable when this is no order."""
    lines = _lines(stream)
    head = next(lines, None)
    kind = head.get("make") if isinstance(head, dict) else None
    if not isinstance(head, dict) or kind not in ("workbook", "document", "picture"):
        raise Unreadable(Reason.BAD_SPEC)
    return Spec(kind=kind, head=head, lines=lines)


def _lines(stream: IO[bytes]) -> Iterator[Line]:
    for raw in stream:
        try:
            line = json.loads(raw)
        except ValueError as error:
            raise Unreadable(Reason.BAD_SPEC) from error
        if line == {"end": True}:
            return
        yield line
    # The parent was killed half-way: half a register must not look like a whole one.
    raise Unreadable(Reason.BAD_SPEC)
