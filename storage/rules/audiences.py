"""An audience: plain data that says who is meant, so that it can be counted before it is told."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import StrEnum

from storage.rules.ages import age_band, is_old


class ChatUse(StrEnum):
    """Whether those are meant who use the chat, who do not, or both."""

    ANY = "any"
    WITH = "with"
    WITHOUT = "without"


class HouseholdKind(StrEnum):
    """What a household may be asked for by."""

    ALONE = "alone"
    SEVERAL = "several"  # 一户多残
    ELDERLY = "elderly"  # 老残一体


@dataclass(frozen=True, slots=True)
class Known:
    """What the register knows of somebody; what it does not know fits nothing that is asked."""

    category: str | None = None
    grade: int | None = None
    born_on: date | None = None
    lives_alone: bool = False
    several: bool = False


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is meant; what is left empty leaves nobody out.

    ``roles``: whoever holds one of them. ``communities``: whoever lives in one of them.
    ``skills``: volunteers with one of them. The rest stands sealed in the register, so that it is
    looked through one by one, and is the office's alone to ask for: ``ages`` are bands ("60_79").
    """

    roles: tuple[str, ...] = ("resident",)
    communities: tuple[int, ...] = ()
    chat: str = ChatUse.ANY
    skills: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    ages: tuple[str, ...] = ()
    households: tuple[str, ...] = ()

    @property
    def is_sealed(self) -> bool:
        """Whether it asks for what only an opened register tells."""
        return bool(self.categories or self.grades or self.ages or self.households)

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


def fits(audience: Audience, known: Known, today: date) -> bool:
    """Whether somebody is meant, by what stands sealed of them."""
    if audience.categories and known.category not in audience.categories:
        return False
    if audience.grades and str(known.grade) not in audience.grades:
        return False
    if audience.ages and (
        known.born_on is None or age_band(known.born_on, today) not in audience.ages
    ):
        return False
    return not audience.households or any(
        _lives_so(kind, known, today) for kind in audience.households
    )


def _lives_so(kind: str, known: Known, today: date) -> bool:
    if kind == HouseholdKind.ALONE:
        return known.lives_alone
    if kind == HouseholdKind.SEVERAL:
        return known.several
    return known.born_on is not None and is_old(known.born_on, today)
