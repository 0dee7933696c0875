"""The short form after a call: eight questions, what may be flagged, and what follows from it.

The questions are those of a phone greeting service (domain.md, 2h): each may be left out. There are
no scores: a bad answer is shown to somebody, and never added up.
"""

from collections.abc import Sequence
from enum import StrEnum


class Asked(StrEnum):
    """What is asked, in the order of a talk; ``notes`` is whatever else the caller wants to say."""

    BODY = "body"
    MEALS = "meals"
    MEDICINE = "medicine"
    MOOD = "mood"
    HOME = "home"
    DEVICE = "device"
    ERRAND = "errand"
    NEXT = "next"
    FLAGS = "flags"
    NOTES = "notes"


class Grade(StrEnum):
    """How it is, by the person's own words."""

    GOOD = "good"
    FAIR = "fair"
    BAD = "bad"


class Flag(StrEnum):
    """What the next one should know; somebody looks at each."""

    ILL = "ill"
    MEDICINE = "medicine"
    FOOD = "food"
    SAFETY = "safety"
    MOOD = "mood"
    HARM = "harm"
    NONE = "none"


GRADED = (Asked.BODY, Asked.MEALS, Asked.MEDICINE, Asked.MOOD, Asked.HOME, Asked.DEVICE)
IN_WORDS = (Asked.ERRAND, Asked.NEXT, Asked.NOTES)
# A bad answer to a question is the flag itself: nobody has to say it twice.
_FLAGGED = {
    Asked.BODY: Flag.ILL,
    Asked.MEALS: Flag.FOOD,
    Asked.MEDICINE: Flag.MEDICINE,
    Asked.MOOD: Flag.MOOD,
    Asked.HOME: Flag.SAFETY,
}
MOODS_LOOKED_AT = 3
LOW_MOODS = 2

Facts = dict[str, str | list[str]]


def flags_of(facts: Facts) -> list[Flag]:
    """What was flagged, by a tick or by a bad answer; each once, in one order."""
    ticked = facts.get(Asked.FLAGS, [])
    found = {Flag(one) for one in ticked if one != Flag.NONE}
    found |= {flag for asked, flag in _FLAGGED.items() if facts.get(asked) == Grade.BAD}
    return [flag for flag in Flag if flag in found]


def is_amiss(facts: Facts) -> bool:
    """Whether a coordinator should look: something beside the mood is not well."""
    return bool(set(flags_of(facts)) - {Flag.MOOD, Flag.HARM})


def is_in_danger(facts: Facts) -> bool:
    """Whether those on duty are told at once: the home itself is not safe."""
    return Flag.SAFETY in flags_of(facts)


def is_low(moods: Sequence[str]) -> bool:
    """Whether somebody was low several times of late; newest first, only those that were asked."""
    return [*moods[:MOODS_LOOKED_AT]].count(Grade.BAD) >= LOW_MOODS
