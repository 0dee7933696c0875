"""The list as plain text in straight columns: a Chinese character is two wide."""

import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, datetime

from messages.render import Wording
from storage.refusals import Fact
from storage.today import SITE_GUIDANCE, Today, TodayKind, TodayLine
from storage.vault import UNREADABLE

# A longer name or place is cut; a number never is.
WIDEST = 32
GAP = "  "
BOX = "□"

Local = Callable[[datetime], datetime]


def width(text: str) -> int:
    """How many columns a text takes on a printer or screen of fixed width."""
    return sum(_width(char) for char in text)


def _width(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Cf", "Mn", "Me", "Cc"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def fit(text: str, columns: int) -> str:
    """The text on one line, in exactly so many columns: cut with a sign, or filled up."""
    # A line break or a control sign in a name must not break the list.
    plain = "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cf"))
    if width(plain) > columns:
        kept = ""
        for char in plain:
            if width(kept) + _width(char) > columns - 1:
                break
            kept += char
        plain = f"{kept}…"
    return plain + " " * (columns - width(plain))


def lay_out(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of cells as lines; each column is as wide as its widest cell, the last one as it is."""
    if not rows:
        return []
    widest = [
        min(WIDEST, max(width(row[column]) for row in rows)) for column in range(len(rows[0]) - 1)
    ]
    return [_join(row, widest) for row in rows]


def _join(row: Sequence[str], widest: Sequence[int]) -> str:
    cells = [fit(cell, columns) for cell, columns in zip(row, widest, strict=False)]
    return GAP.join([*cells, row[-1]]).rstrip()


def as_text(today: Today, *, wording: Wording, language: str, local: Local) -> str:
    """The whole list, as it is printed."""
    words = _Words(wording, language)
    at = local(today.now)
    lines = [
        words.say("title", day=f"{at:%Y-%m-%d}", at=f"{at:%H:%M}"),
        words.say("warning"),
    ]
    for kind in TodayKind:
        found = today.of(kind)
        lines += ["", words.say(kind.value, count=len(found) + today.more.get(kind, 0))]
        rows = [_cells(line, words, local=local, today=at.date()) for line in found]
        lines += lay_out(rows) if rows else [words.say("nothing")]
        if kind in today.more:
            lines.append(words.say("more", count=today.more[kind]))
    return "\n".join([*lines, ""])


class _Words:
    """The labels of the list in one language."""

    def __init__(self, wording: Wording, language: str) -> None:
        self._wording = wording
        self._language = language

    def say(self, key: str, **facts: Fact) -> str:
        """A word of the list."""
        return self.label(f"today_paper.{key}", **facts)

    def label(self, key: str, **facts: Fact) -> str:
        """Any label; an unknown one is left out rather than keeping the list from being printed."""
        if not self._wording.has_label(key):
            return ""
        return self._wording.label(key, language=self._language, facts=facts)


def _cells(line: TodayLine, words: _Words, *, local: Local, today: date) -> tuple[str, ...]:
    at = local(line.at)
    clock = f"{at:%H:%M}" if at.date() == today else f"{at:%m-%d %H:%M}"
    is_place = line.state == SITE_GUIDANCE
    return (
        f"{BOX} {words.say('any_time') if line.all_day else clock}",
        line.name or words.say("stranger"),
        "-" if is_place else _number(line.phone, words) or words.say("no_phone"),
        line.place or "-",
        _state(line, words),
        _who(line, words) + _on_phone(line, words, local=local),
    )


def _on_phone(line: TodayLine, words: _Words, *, local: Local) -> str:
    """Who has the number just now, so that two do not ring at once."""
    if line.on_phone_at is None:
        return ""
    name = fit(line.on_phone, min(width(line.on_phone), WIDEST))
    return words.say("on_phone", name=name, at=f"{local(line.on_phone_at):%H:%M}")


def _state(line: TodayLine, words: _Words) -> str:
    if line.kind is TodayKind.ALARM:
        return words.label(f"danger.{line.state}")
    if line.kind is TodayKind.VISIT:
        return words.label(f"today_paper.for_{line.state}") or words.label(f"category.{line.state}")
    how = words.label(f"today_paper.by_{line.channel}")
    state = words.label(f"today_paper.call_{line.state}") or words.say("call_open")
    return words.say("both", how=how, state=state) if how else state


def _who(line: TodayLine, words: _Words) -> str:
    if not line.who:
        return words.say("nobody")
    key = "held" if line.held else f"who_{line.kind.value}"
    number = _number(line.who_phone, words)
    return words.say(key, name=fit(line.who, min(width(line.who), WIDEST))) + (
        f" {number}" if number else ""
    )


def _number(number: str | None, words: _Words) -> str:
    if number == UNREADABLE:
        return words.say("torn_phone")
    bare = (number or "").removeprefix("+86")
    return f"{bare[:3]} {bare[3:7]} {bare[7:]}" if len(bare) == 11 else bare
