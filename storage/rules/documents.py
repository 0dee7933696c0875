"""Documents: their kinds, the topics of the rules library, and which edition is in force."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib.resources import files
from typing import Protocol, TypeVar


class DocumentKind(StrEnum):
    """What a document is."""

    DOCUMENT = "document"
    NOTICE = "notice"
    RULE = "rule"
    PLAN = "plan"


class RuleTopic(StrEnum):
    """What a rule of the library is about."""

    TRAINING = "training"
    MATCHING = "matching"
    REGISTERS = "registers"
    FOLLOW_UP = "follow_up"
    STARS = "stars"
    PRIVACY = "privacy"
    SAFETY = "safety"
    OTHER = "other"


class _Edition(Protocol):
    @property
    def number(self) -> int: ...
    @property
    def effective_on(self) -> date: ...


E = TypeVar("E", bound=_Edition)


def in_force(editions: Sequence[E], today: date) -> E | None:
    """The edition in force on a day: the newest of those that have begun."""
    begun = [one for one in editions if one.effective_on <= today]
    return max(begun, key=lambda one: one.number, default=None)


@dataclass(frozen=True, slots=True)
class Shipped:
    """A basis document of the programme as it is shipped."""

    kind: DocumentKind
    title: str
    reference: str
    effective_on: date
    text: str


def shipped_documents() -> tuple[Shipped, ...]:
    """The documents that an empty register begins with."""
    data = files("storage") / "rules" / "data" / "documents.toml"
    rows = tomllib.loads(data.read_text(encoding="utf-8"))["documents"]
    return tuple(
        Shipped(
            kind=DocumentKind(row["kind"]),
            title=row["title"],
            reference=row["reference"],
            effective_on=row["effective_on"],
            text=row["text"].strip(),
        )
        for row in rows
    )
