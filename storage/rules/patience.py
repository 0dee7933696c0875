"""How long each answer is waited for before somebody is asked again, as one table.

A need always has a next step; claims that nobody looks after are how other programmes lose people.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from storage.rules.areas import Urgency


class Waiting(StrEnum):
    """What is waited for."""

    WHEN = "when"  # claimed: when do you come?
    ARRIVAL = "arrival"  # the hour they named has passed: are you on your way?
    FINISH = "finish"  # on the way since long: is it done?
    CONFIRMATION = "confirmation"  # the resident: was it done?


@dataclass(frozen=True, slots=True)
class Patience:
    """Wait ``first``, ask; wait ``again``, ask again ... ``asks`` times; then the next in line."""

    first: timedelta
    again: timedelta
    asks: int


PATIENCE = MappingProxyType(
    {
        # Whoever has not said when has not been shown where: the need is soon offered on.
        Waiting.WHEN: Patience(timedelta(minutes=10), timedelta(minutes=20), asks=1),
        Waiting.ARRIVAL: Patience(timedelta(hours=1), timedelta(hours=2), asks=2),
        Waiting.FINISH: Patience(timedelta(hours=4), timedelta(hours=3), asks=2),
        # The question itself is put when the work is done; this is the one time it is put again.
        Waiting.CONFIRMATION: Patience(timedelta(hours=24), timedelta(hours=24), asks=1),
    }
)

# What coordinators have not handled comes back to them each day.
COORDINATORS_EVERY = timedelta(hours=24)
# How long a volunteer whom a coordinator asked in person has to answer.
ASSIGNED_FOR = MappingProxyType(
    {
        Urgency.U0: timedelta(minutes=15),
        Urgency.U1: timedelta(hours=1),
        Urgency.U2: timedelta(hours=24),
        Urgency.U3: timedelta(hours=48),
    }
)


def what_is_waited_for(arrives_at: datetime | None, on_way_at: datetime | None) -> Waiting:
    """What a claim that is not done yet waits for."""
    if on_way_at is not None:
        return Waiting.FINISH
    return Waiting.WHEN if arrives_at is None else Waiting.ARRIVAL


def first_asked_at(waiting: Waiting, now: datetime, arrives_at: datetime | None = None) -> datetime:
    """When to ask for the first time: an hour that was named starts its wait at that hour."""
    start = now if arrives_at is None else max(now, arrives_at)
    return start + PATIENCE[waiting].first
