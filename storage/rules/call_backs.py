"""Which closed needs are called back about: a fair sample, and all who have something to say."""

import hashlib
import math
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib.resources import files

_TABLE = tomllib.loads(
    files("storage.rules").joinpath("data", "call_backs.toml").read_text(encoding="utf-8")
)
FRACTION: float = _TABLE["fraction"]
MINIMUM: int = _TABLE["minimum"]
LOW_RATING: int = _TABLE["low_rating"]


class Why(StrEnum):
    """Why this one is asked about."""

    SAMPLE = "sample"
    NOT_SOLVED = "not_solved"
    NO_CHAT = "no_chat"


@dataclass(frozen=True, slots=True)
class Closed:
    """A need that was closed in the week."""

    need_id: int
    uid: str
    resident_id: int
    community_id: int | None
    outcome: str | None
    rating: int | None
    has_chat: bool


def choose(closed: Iterable[Closed], *, week: date) -> dict[int, Why]:
    """Choose by need id; nobody can steer who is drawn, and each resident is drawn once."""
    found: dict[int, Why] = {}
    rest: list[Closed] = []
    for one in closed:
        if one.outcome in ("partly", "not") or (one.rating or LOW_RATING + 1) <= LOW_RATING:
            found[one.need_id] = Why.NOT_SOLVED
        elif not one.has_chat:
            found[one.need_id] = Why.NO_CHAT
        else:
            rest.append(one)
    for one in _draw(rest, week=week):
        found[one.need_id] = Why.SAMPLE
    return found


def _draw(rest: Sequence[Closed], *, week: date) -> list[Closed]:
    """Draw from every community in turn, so that none is passed over; each person at most once."""
    wanted = max(MINIMUM, math.ceil(FRACTION * len(rest)))
    piles: dict[int | None, list[Closed]] = defaultdict(list)
    for one in sorted(rest, key=lambda one: _lot(one.uid, week)):
        piles[one.community_id].append(one)
    order = sorted(piles, key=lambda place: _lot(str(place), week))
    drawn: list[Closed] = []
    people: set[int] = set()
    while len(drawn) < wanted and any(piles.values()):
        for place in order:
            while piles[place] and piles[place][0].resident_id in people:
                piles[place].pop(0)
            if piles[place] and len(drawn) < wanted:
                drawn.append(piles[place].pop(0))
                people.add(drawn[-1].resident_id)
    return drawn


def _lot(text: str, week: date) -> bytes:
    """A lot that is the same for every worker, and that nobody can guess beforehand."""
    return hashlib.sha256(f"{week}:{text}".encode()).digest()
