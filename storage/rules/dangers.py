"""Kinds of danger to life, and how sure the words of a message make us of them."""

from collections.abc import Iterable
from enum import StrEnum


class Danger(StrEnum):
    """How sure: `unclear` is asked one safety question first, and treated as danger until then."""

    NONE = "none"
    UNCLEAR = "unclear"
    CERTAIN = "certain"


class DangerKind(StrEnum):
    """What kind of danger; `unknown` is a bare cry for help."""

    MEDICAL = "medical"
    FIRE_GAS = "fire_gas"
    MISSING = "missing"
    SELF_HARM = "self_harm"
    VIOLENCE = "violence"
    LIFE_SUPPORT = "life_support"
    NO_WORD = "no_word"  # went on a visit and has not said that they are out
    UNKNOWN = "unknown"


# How a line of an alarm begins that says to whose home somebody went who is looked for.
_WENT_TO = "→ "


def went_to(known: Iterable[str | None]) -> str:
    """The line of an alarm that says to whose home somebody went: name, address, phone."""
    return _WENT_TO + " · ".join(part for part in known if part)


def without_homes(words: str) -> str:
    """The words of an alarm without anybody's home in them."""
    return "\n".join(line for line in words.splitlines() if not line.startswith(_WENT_TO))
