"""The lines of a mode that are not kept yet: what each means, and what is still open about it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace

from storage.dialogues import Answers
from storage.rules.ladder import Outcome
from storage.rules.quick_entry import Entry, Kind, Problem


@dataclass(frozen=True, slots=True)
class Line:
    """One line with whom it means; ``which`` are those it may mean."""

    entry: Entry
    person_id: int | None = None
    which: tuple[int, ...] = ()
    is_new: bool = False  # means somebody whom an earlier line registers
    double: bool = False
    another: bool = False
    like: int = 0  # an open need that this one is likely the same as
    adds: bool = False  # and is to be added to
    refused: str = ""
    sheet_line: int = 0
    on: str = ""  # the day of a call that stands on a sheet
    heard: tuple[str, ...] = ()  # what was ticked as not well

    @property
    def open(self) -> str:
        """What keeps the line from being kept, as a key of wording; empty when nothing does."""
        if self.refused:
            return self.refused
        if self.entry.problem is not None:
            return self.entry.problem.value
        if self.entry.kind is Kind.REGISTER:
            return "double" if self.double and not self.another else ""
        if self.like and not (self.another or self.adds):
            return "like"
        if self.person_id is not None or self.is_new:
            return ""
        return "which" if self.which else "unknown"


@dataclass(frozen=True, slots=True)
class Draft:
    """The lines not kept, what the last press kept, and how to take that back."""

    lines: tuple[Line, ...] = ()
    kept: tuple[str, ...] = ()
    undo: tuple[str, ...] = ()
    rang: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    like: str = ""
    fixing: bool = False

    @property
    def is_ready(self) -> bool:
        """Whether every line can be kept."""
        return bool(self.lines) and not any(line.open for line in self.lines)

    @property
    def clear(self) -> tuple[Line, ...]:
        """The lines that can be kept now, whatever is still open about the others."""
        registered = _registered(line for line in self.lines if not line.open)
        return tuple(
            line
            for line in self.lines
            if not line.open and (not line.is_new or line.entry.name in registered)
        )

    @property
    def answers(self) -> Answers:
        """As the dialogue keeps it."""
        return {
            "lines": [_pack(line) for line in self.lines],
            "kept": list(self.kept),
            "undo": list(self.undo),
            "rang": list(self.rang),
            "faults": list(self.faults),
            "like": self.like,
            "fixing": self.fixing,
        }

    def put(self, at: int, *lines: Line) -> "Draft":
        """With these lines in the place of one."""
        return self.with_lines(*self.lines[:at], *lines, *self.lines[at + 1 :])

    def with_lines(self, *lines: Line) -> "Draft":
        """With these lines; about somebody whom none of them registers any more, one is asked."""
        registered = _registered(lines)
        return replace(
            self,
            lines=tuple(
                replace(line, is_new=line.is_new and line.entry.name in registered)
                for line in lines
            ),
        )


def _registered(lines: Iterable[Line]) -> frozenset[str]:
    return frozenset(line.entry.name for line in lines if line.entry.kind is Kind.REGISTER)


def draft_in(answers: Answers) -> Draft:
    """The draft that a dialogue holds."""
    return Draft(
        lines=tuple(_unpack(one) for one in _list(answers, "lines")),
        kept=tuple(_list(answers, "kept")),
        undo=tuple(_list(answers, "undo")),
        rang=tuple(_list(answers, "rang")),
        faults=tuple(_list(answers, "faults")),
        like=str(answers.get("like") or ""),
        fixing=bool(answers.get("fixing")),
    )


def _list(answers: Answers, key: str) -> Sequence[str]:
    value = answers.get(key)
    return value if isinstance(value, list) else ()


def _pack(line: Line) -> str:
    return json.dumps(asdict(line), ensure_ascii=False)


def _unpack(text: str) -> Line:
    raw = json.loads(text)
    said = raw.pop("entry")
    for key, kind in (("kind", Kind), ("problem", Problem), ("outcome", Outcome)):
        said[key] = kind(said[key]) if said[key] is not None else None
    said["unread"] = tuple(said["unread"])
    raw["which"] = tuple(raw["which"])
    raw["heard"] = tuple(raw.get("heard", ()))
    return Line(entry=Entry(**said), **raw)
