"""Kinds of danger to life, and how sure the words of a message make us of them."""

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
