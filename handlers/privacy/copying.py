"""The copy in words: headings, and one line for each thing that is known."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from handlers.turn import Turn
from storage.privacy import Line, Section
from storage.privacy.copying import Value


def worded(turn: Turn, sections: Sequence[Section], *, name: str) -> str:
    """Return the whole copy as plain text in the reader's language."""
    local = turn.session.house.local(turn.now)
    lines = [f"{_label(turn, 'copy.title')}：{name}", f"{local:%Y-%m-%d %H:%M}"]
    for section in sections:
        lines += ["", f"【{_label(turn, f'copy_section.{section.key}')}】"]
        lines += _lines(turn, section.lines)
    return "\r\n".join(lines) + "\r\n"


def _lines(turn: Turn, lines: Sequence[Line]) -> Iterator[str]:
    first = lines[0].key
    for number, line in enumerate(lines):
        if line.value in (None, "", []):
            continue
        # A record of several lines begins again with its first key.
        if number and line.key == first and len({one.key for one in lines}) > 1:
            yield ""
        label = _label(turn, f"{line.named}.{line.key}")
        yield f"{label}：{_value(turn, line.value, line.kind)}"


def _value(turn: Turn, value: Value, kind: str) -> str:
    if isinstance(value, list):
        return "、".join(_value(turn, one, kind) for one in value)
    if isinstance(value, bool):
        return _label(turn, "copy.yes" if value else "copy.no")
    if isinstance(value, datetime):
        return f"{turn.session.house.local(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return _label(turn, f"{kind}.{value}") if kind else str(value)


def _label(turn: Turn, key: str) -> str:
    """The words of a key; a key that has none yet stands for itself."""
    if not turn.wording.has_label(key):
        return key.rpartition(".")[2]
    return turn.wording.label(key, language=turn.language)
