"""What a maker is given, and what it may answer."""

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, Concatenate, ParamSpec, TypeVar

from bot.office.child_process import Office
from bot.office.lines import Line
from messages.render import Wording
from storage.database import Database, Session
from storage.files import find_file, open_file
from storage.papers.carrying import Job
from storage.refusals import Fact

P = ParamSpec("P")
R = TypeVar("R")

MEDIA_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".png": "image/png",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


class NotMade(Exception):
    """There will be no paper, for a reason that the asker is told; it is not tried again."""

    def __init__(self, reason: str, *, template: str = "paper_failed", **facts: Fact) -> None:
        super().__init__(reason)
        self.reason = reason
        self.template = template
        self.facts = facts


class Stopped(Exception):
    """The program stops, or another worker carries this paper by now."""


# What is done in the same transaction as the end of the job: say, change a row, journal.
Finish = Callable[[Session], None]


@dataclass(frozen=True, slots=True)
class Paper:
    """A file for the asker, the words that go with it, and what is done at its handing over."""

    name: str
    body: bytes
    template: str = "paper_done"
    facts: dict[str, Fact] = field(default_factory=dict)
    also: Finish | None = None

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES.get(PurePosixPath(self.name).suffix, "application/octet-stream")


@dataclass(slots=True)
class Work:
    """One job in its worker's thread. Every ``do`` is a short transaction of its own."""

    job: Job
    language: str
    database: Database
    wording: Wording
    office: Office
    clock: Callable[[], datetime]
    stop: threading.Event = field(default_factory=threading.Event)
    done: int = 0
    total: int = 0

    @property
    def facts(self) -> dict[str, Fact]:
        """What was asked for."""
        return self.job.facts

    def now(self) -> datetime:
        """The present of the programme."""
        return self.clock()

    def do(
        self, step: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run one step of storage; raises Stopped when there is no sense in going on."""
        if self.stop.is_set():
            raise Stopped
        return self.database.do(step, *args, **kwargs)

    def progress(self, done: int, total: int = 0) -> None:
        """Say how far it is; the card shows it every two seconds."""
        if self.stop.is_set():
            raise Stopped
        self.done, self.total = done, total

    def label(self, key: str, **facts: Fact) -> str:
        """A word in the asker's language."""
        return self.wording.label(key, language=self.language, facts=facts)

    def read(self) -> Iterator[Any]:
        """Yield the lines of the spreadsheet this job is about (see child/reading.py).

        Raises NotMade when the file never came, OfficeFailed when it cannot be read.
        """
        found = self.do(find_file, file_id=self.job.file_id or 0)
        if found is None or found.state != "kept":
            reason = found.reason if found is not None and found.reason else "unreachable"
            raise NotMade(reason)
        yield from self.office.read(self.do(open_file, file_id=found.id).body)

    def make(self, lines: Iterable[Line]) -> bytes:
        """Have the child make a file of these lines; raises OfficeFailed."""
        return self.office.make(lines)


@dataclass(frozen=True, slots=True)
class Maker:
    """How a kind of job is done. Those of one ``lane`` go one after another."""

    make: Callable[[Work], Paper | Finish]
    lane: str = "make"
