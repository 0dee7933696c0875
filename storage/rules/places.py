"""One need, several helpers: how the need as a whole stands, read from its places.

Every place is held by at most one helper, so there are never more helpers than were wanted.
"""

from collections.abc import Collection
from types import MappingProxyType

from storage.rules.lifecycle import NeedState

MOST_PLACES = 6

_S = NeedState
# The first of these in which any place stands is where the whole need stands: open while any is,
# done when none is left to do, closed when all are.
_ORDER = (
    _S.VERIFYING,
    _S.OPEN,
    _S.UNCLAIMED,
    _S.REFERRED,
    _S.CLAIMED,
    _S.DONE,
    _S.CLOSED,
    _S.CANCELLED,
)
_RANK = MappingProxyType({state: rank for rank, state in enumerate(_ORDER)})
FOUND = frozenset({_S.CLAIMED, _S.DONE, _S.CLOSED})


def state_of(states: Collection[NeedState]) -> NeedState:
    """Where a need of several places stands as a whole."""
    return min(states, key=lambda state: _RANK[state])


def count_wanted(states: Collection[NeedState]) -> int:
    """How many helpers are wanted: a place that was withdrawn is none."""
    return sum(state is not NeedState.CANCELLED for state in states)


def count_found(states: Collection[NeedState]) -> int:
    """How many of them are found, or were here already."""
    return sum(state in FOUND for state in states)
