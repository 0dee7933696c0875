"""Before, at and after the door: what to check, which words are said, how long it may take."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from importlib.resources import files
from types import MappingProxyType

from storage.rules.areas import Category, Urgency
from storage.rules.numerals import half_width

USUAL_MINUTES = 60
# Wrong words at one door before nobody is asked for them any more.
DOOR_TRIES = 3
SEPARATOR = "·"


@dataclass(frozen=True, slots=True)
class VisitRule:
    """What a helper checks before visits of a category, and how long they usually take."""

    checks: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    usual: timedelta = timedelta(minutes=USUAL_MINUTES)


@dataclass(frozen=True, slots=True)
class DoorWords:
    """The helper says one word, the resident knows it and answers with the other."""

    says: str
    answer: str

    @property
    def kept(self) -> str:
        """Both as one text, as it is sealed."""
        return f"{self.says}{SEPARATOR}{self.answer}"


def _read(name: str) -> Mapping[str, object]:
    text = files("storage.rules").joinpath("data", name).read_text(encoding="utf-8")
    return tomllib.loads(text)


def _rule(line: object) -> VisitRule:
    if not isinstance(line, dict):
        raise TypeError("a category is a table")
    return VisitRule(
        checks=tuple(line["checks"]),
        risks=tuple(line["risks"]),
        usual=timedelta(minutes=line["minutes"]),
    )


VISITS: Mapping[Category, VisitRule] = MappingProxyType(
    {Category(key): _rule(line) for key, line in _read("visits.toml").items()}
)


def _words(key: str) -> Mapping[str, str]:
    listed = _read("door_words.toml")[key]
    if not isinstance(listed, list):
        raise TypeError(f"{key} is a list")
    return MappingProxyType(dict(listed))


SAYS, ANSWERS = _words("says"), _words("answers")


def visit_rule(category: Category) -> VisitRule:
    """What holds for visits of this kind."""
    return VISITS.get(category, VisitRule())


def asks_first(category: Category, urgency: Urgency) -> bool:
    """Whether the helper says "I can" on a card of its own; what is urgent is never held up."""
    return bool(visit_rule(category).checks) and urgency not in (Urgency.U0, Urgency.U1)


def draw_words(choose: Callable[[Sequence[str]], str]) -> DoorWords:
    """Draw a pair; ``choose`` is the caller's source of chance."""
    return DoorWords(says=choose(tuple(SAYS)), answer=choose(tuple(ANSWERS)))


def read_words(kept: str) -> DoorWords:
    """Read the pair that was kept."""
    says, _, answer = kept.partition(SEPARATOR)
    return DoorWords(says, answer)


def sound_of(word: str) -> str:
    """How a word sounds, for those who do not read Chinese."""
    return SAYS.get(word) or ANSWERS.get(word) or ""


def find_door_word(text: str) -> str | None:
    """The word at the door that a message consists of, typed or by its sound; None otherwise."""
    bare = "".join(char for char in half_width(text).casefold() if char.isalnum())
    for word, sound in (*SAYS.items(), *ANSWERS.items()):
        if bare in (word, sound.replace("'", "")):
            return word
    return None


class Left(StrEnum):
    """How much time is left when somebody cannot come after all."""

    PLENTY = "plenty"
    SOON = "soon"
    LATE = "late"


class WayOut(StrEnum):
    """What the bot offers to somebody who cannot come."""

    RELEASE = "release"
    STAND_IN = "stand_in"
    SWAP = "swap"


# From how long before the named hour on; the first that holds.
_LEFT = ((timedelta(hours=24), Left.PLENTY), (timedelta(hours=1), Left.SOON))
WAYS_OUT: Mapping[Left, tuple[WayOut, ...]] = MappingProxyType(
    {
        # Others can be asked in good time: nothing more is asked of the helper.
        Left.PLENTY: (WayOut.RELEASE,),
        Left.SOON: (WayOut.STAND_IN, WayOut.SWAP, WayOut.RELEASE),
        # Somebody waits at the door: free at once, and a person is told.
        Left.LATE: (WayOut.RELEASE,),
    }
)


def time_left(now: datetime, *, arrives_at: datetime | None, on_way_at: datetime | None) -> Left:
    """How much time is left; before an hour was named nobody waits yet."""
    if on_way_at is not None:
        return Left.LATE
    if arrives_at is None:
        return Left.PLENTY
    return next((left for least, left in _LEFT if arrives_at - now >= least), Left.LATE)


# "I am out, safe": after the visit should be over, after "done", between two questions; and after
# so many without an answer whoever is on duty is told.
SAFE_AFTER_USUAL = timedelta(minutes=30)
SAFE_AFTER_DONE = timedelta(minutes=10)
SAFE_AGAIN = timedelta(minutes=15)
SAFE_ASKS = 2
# A closed need may be opened again so long; later a new one is linked to it.
REOPEN_WITHIN = timedelta(days=7)


class Outcome(StrEnum):
    """What came of a visit, in the words of those it was for."""

    SOLVED = "solved"
    PARTLY = "partly"
    NOT = "not"


class OutcomeReason(StrEnum):
    """Why something is not, or only partly, solved; nobody came means there was no visit."""

    NOT_FINISHED = "not_finished"
    NEEDS_EXPERT = "needs_expert"
    LACKED_THINGS = "lacked_things"
    NOBODY_CAME = "nobody_came"
    BROKE_AGAIN = "broke_again"
    OTHER = "other"
