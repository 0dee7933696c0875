"""Lateness: after an outage, what is still worth doing and what is only told; each limit named.

What is due while nothing runs is never sent afterwards as if it were on time: it is recomputed,
and those on duty hear once what did not happen.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType


class Lateness(StrEnum):
    """What may be late."""

    TICK = "tick"  # the bell rings every few seconds; this long without it is an outage
    MESSENGER = "messenger"  # no word from the messenger for this long: nothing goes out
    CALL = "call"  # a call this late, by an outage, is not asked for as if it were on time
    CALL_UNASKED = "call_unasked"  # this late without an outage: the known hour has passed
    SETTLING = "settling"  # after an outage, what people sent meanwhile is read first
    LOOK_AGAIN = "look_again"  # while the messenger is away, an open case is looked at so often
    MAIL_AGAIN = "mail_again"  # an alarm without a holder is mailed again after so long
    MAIL_AWAY = "mail_away"  # a messenger that stays away is mailed again after so long
    MAIL_DEAD = "mail_dead"  # an e-mail that found no server for so long is given up
    DOCTOR = "doctor"  # a tick this late is shown


@dataclass(frozen=True, slots=True)
class Limit:
    """How late is too late, and what then happens."""

    after: timedelta
    then: str


LIMITS = MappingProxyType(
    {
        Lateness.TICK: Limit(timedelta(minutes=10), "noted as an outage"),
        Lateness.MESSENGER: Limit(timedelta(minutes=5), "noted as an outage; the ladder waits"),
        Lateness.CALL: Limit(timedelta(minutes=5), "named to those on duty, in one message"),
        Lateness.CALL_UNASKED: Limit(timedelta(hours=3), "named to those on duty"),
        Lateness.SETTLING: Limit(timedelta(minutes=1), "the ladder goes on, duty is told"),
        Lateness.LOOK_AGAIN: Limit(timedelta(minutes=5), "looked at again"),
        Lateness.MAIL_AGAIN: Limit(timedelta(minutes=15), "mailed again while in nobody's hand"),
        Lateness.MAIL_AWAY: Limit(timedelta(hours=2), "mailed again"),
        Lateness.MAIL_DEAD: Limit(timedelta(hours=12), "given up, and named by doctor"),
        Lateness.DOCTOR: Limit(timedelta(minutes=5), "named by doctor and the health page"),
    }
)


def limit(kind: Lateness) -> timedelta:
    """How late is too late."""
    return LIMITS[kind].after


class Dropped(StrEnum):
    """What an outage let pass besides calls, as the honest message counts it."""

    OFFERS = "offers"
    REMINDERS = "reminders"
    DIGESTS = "digests"
    ROUNDS = "rounds"
    NOTICES = "notices"
    OTHER = "other"


# How a message's occasion begins, and what it is counted as.
_BEGINNINGS = MappingProxyType(
    {
        "offer": Dropped.OFFERS,
        "team_asked": Dropped.OFFERS,
        "certificate": Dropped.REMINDERS,
        "qualification": Dropped.REMINDERS,
        "day_reminder": Dropped.REMINDERS,
        "visit": Dropped.REMINDERS,
        "digest": Dropped.DIGESTS,
        "survey": Dropped.ROUNDS,
        "pair": Dropped.ROUNDS,
        "notice": Dropped.NOTICES,
    }
)


def dropped_as(template: str) -> Dropped:
    """What a message that went out of date unsent is counted as."""
    found = (kind for beginning, kind in _BEGINNINGS.items() if template.startswith(beginning))
    return next(found, Dropped.OTHER)
