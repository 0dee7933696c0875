"""Pairs: their kinds and states, what a neighbour may do and how often, and when both are asked.

Programme document 2020-116, part 3 (二): "就近就利", at least one neighbour for each household,
"及时了解开展结对帮扶情况".
"""

from datetime import timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What ties the two."""

    NEIGHBOUR = "neighbour"  # 邻里守望
    MUTUAL = "mutual"  # 互助
    STUDY = "study"  # 爱心助学
    REHAB = "rehab"  # 康复助残
    HOME = "home"  # 居家助残


class PairState(StrEnum):
    """Where a pair stands; only an active one counts as one."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    DORMANT = "dormant"
    ENDED = "ended"


class Side(StrEnum):
    """Who of the two."""

    RESIDENT = "resident"
    HELPER = "helper"

    @property
    def other(self) -> "Side":
        """The one across."""
        return Side.HELPER if self is Side.RESIDENT else Side.RESIDENT


class Ending(StrEnum):
    """Why a pair is over, or came to nothing."""

    RESIDENT_NO = "resident_no"
    HELPER_NO = "helper_no"
    NO_ANSWER = "no_answer"
    WITHDRAWN = "withdrawn"
    RESIDENT_ENDED = "resident_ended"
    HELPER_ENDED = "helper_ended"
    STAFF_ENDED = "staff_ended"
    RESIDENT_MOVED = "resident_moved"
    RESIDENT_DIED = "resident_died"
    RESIDENT_LEFT = "resident_left"
    HELPER_MOVED = "helper_moved"
    HELPER_DIED = "helper_died"
    HELPER_LEFT = "helper_left"
    KEPT_APART = "kept_apart"
    MERGED = "merged"


class Outcome(StrEnum):
    """What one side says when it is asked how it goes."""

    DONE = "done"
    NOTHING = "nothing"
    PROBLEM = "problem"


# A no needs no reason, and these two are not brought together again.
REFUSED = frozenset({Ending.RESIDENT_NO, Ending.HELPER_NO})
# Nor is anybody suggested for a household with which either of the two has made an end.
NOT_AGAIN = REFUSED | {Ending.RESIDENT_ENDED, Ending.HELPER_ENDED, Ending.KEPT_APART}
# The household is still there and has nobody now: somebody else is looked for.
SEEKS = frozenset(
    {
        Ending.HELPER_ENDED,
        Ending.HELPER_MOVED,
        Ending.HELPER_DIED,
        Ending.HELPER_LEFT,
        Ending.STAFF_ENDED,
        Ending.RESIDENT_MOVED,
        Ending.KEPT_APART,
    }
)
# News for a person to bring, to the side that stays.
TOLD_BY_PERSON = frozenset(
    {
        Ending.HELPER_ENDED,
        Ending.HELPER_MOVED,
        Ending.HELPER_DIED,
        Ending.HELPER_LEFT,
        Ending.RESIDENT_ENDED,
        Ending.RESIDENT_MOVED,
        Ending.RESIDENT_DIED,
        Ending.RESIDENT_LEFT,
        Ending.STAFF_ENDED,
    }
)
# Of a death the bot says nothing, however long it takes.
NEVER_SENT = frozenset({Ending.HELPER_DIED, Ending.RESIDENT_DIED})

ACTS = ("greet", "talk", "errand", "look", "carry", "notice")
FREQUENCIES = ("daily", "twice_weekly", "weekly", "fortnightly", "monthly", "when_needed")

# How often both sides are asked, and after how many unanswered times the pair sleeps.
ASK_EVERY = timedelta(weeks=4)
DORMANT_AFTER = 2
# A proposal is brought up once more, and then it is nobody's any more.
PROPOSAL_WAITS = timedelta(days=3)
PROPOSAL_ASKED = 2
# Then it lies with staff for so long, and is given up.
LIES_FOR = timedelta(days=30)
# How long a named person has to bring the news, before they are asked again.
TELL_WITHIN = timedelta(days=3)
TELL_REMINDED = 2
# A neighbour looks after so many households at most.
HOUSEHOLDS_AT_MOST = 3


def is_asleep(asked: int) -> bool:
    """Whether neither side gave a sign for too long."""
    return asked >= DORMANT_AFTER
