"""The states of a need and of a claim, and the moves between them, as tables.

Programme document 2020-116, part 4: "建立需求和服务对接机制"; a need always has an owner.
"""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class NeedState(StrEnum):
    """Where a need stands; `unclaimed` means that the coordinator has it.

    `verifying`: a coordinator looks first whether it is so; `referred`: an organisation has it.
    """

    OPEN = "open"
    VERIFYING = "verifying"
    REFERRED = "referred"
    CLAIMED = "claimed"
    DONE = "done"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    UNCLAIMED = "unclaimed"


class ClaimState(StrEnum):
    """Where one volunteer's claim of a need stands."""

    ACTIVE = "active"
    RELEASED = "released"
    DONE = "done"
    CONFIRMED = "confirmed"


class NeedMove(StrEnum):
    """What may happen to a need; there is no other way to change its state."""

    CLAIM = "claim"
    RELEASE = "release"
    DONE = "done"
    CONFIRM = "confirm"
    NOT_YET = "not_yet"
    CANCEL = "cancel"
    NO_TAKER = "no_taker"
    ASSIGN = "assign"
    CLOSE_BY_STAFF = "close_by_staff"
    REOPEN = "reopen"
    VERIFY = "verify"
    VERIFIED = "verified"
    OBJECT = "object"
    REFER = "refer"
    RETURN = "return"
    SOLVED = "solved"


@dataclass(frozen=True, slots=True)
class Change:
    """A move's allowed starting states and the state it leads to."""

    before: frozenset[NeedState]
    after: NeedState


def _change(after: NeedState, *before: NeedState) -> Change:
    return Change(before=frozenset(before), after=after)


_S = NeedState

# An assignment is an offer, not an order: the coordinator keeps the need (`unclaimed`, so that
# no wave runs beside it) until the person named accepts, and accepting is an ordinary claim.
MOVES = MappingProxyType(
    {
        NeedMove.CLAIM: _change(_S.CLAIMED, _S.OPEN, _S.UNCLAIMED),
        NeedMove.RELEASE: _change(_S.OPEN, _S.CLAIMED),
        NeedMove.DONE: _change(_S.DONE, _S.CLAIMED),
        NeedMove.CONFIRM: _change(_S.CLOSED, _S.DONE),
        NeedMove.NOT_YET: _change(_S.OPEN, _S.DONE),
        NeedMove.CANCEL: _change(
            _S.CANCELLED, _S.OPEN, _S.CLAIMED, _S.UNCLAIMED, _S.VERIFYING, _S.REFERRED
        ),
        NeedMove.NO_TAKER: _change(_S.UNCLAIMED, _S.OPEN),
        NeedMove.ASSIGN: _change(_S.UNCLAIMED, _S.OPEN, _S.UNCLAIMED),
        NeedMove.CLOSE_BY_STAFF: _change(
            _S.CLOSED, _S.OPEN, _S.CLAIMED, _S.DONE, _S.UNCLAIMED, _S.VERIFYING, _S.REFERRED
        ),
        NeedMove.REOPEN: _change(_S.OPEN, _S.CLOSED, _S.CANCELLED, _S.UNCLAIMED),
        # Verified first: it goes on, is closed by staff with a reason, and against that somebody
        # may object, which lays it on the office's desk.
        NeedMove.VERIFY: _change(_S.VERIFYING, _S.OPEN),
        NeedMove.VERIFIED: _change(_S.OPEN, _S.VERIFYING),
        NeedMove.OBJECT: _change(_S.UNCLAIMED, _S.CLOSED),
        # From one organisation to the next without a stop; back to the coordinators; or solved.
        NeedMove.REFER: _change(_S.REFERRED, _S.OPEN, _S.UNCLAIMED, _S.REFERRED),
        NeedMove.RETURN: _change(_S.UNCLAIMED, _S.REFERRED),
        NeedMove.SOLVED: _change(_S.CLOSED, _S.REFERRED),
    }
)

# What each move of the need does to its live claim. A "not yet" releases the claim: the hours
# given stay on its row, and the same volunteer may claim the re-opened need again.
CLAIM_MOVES = MappingProxyType(
    {
        (NeedMove.RELEASE, ClaimState.ACTIVE): ClaimState.RELEASED,
        (NeedMove.DONE, ClaimState.ACTIVE): ClaimState.DONE,
        (NeedMove.CONFIRM, ClaimState.DONE): ClaimState.CONFIRMED,
        (NeedMove.NOT_YET, ClaimState.DONE): ClaimState.RELEASED,
        (NeedMove.CANCEL, ClaimState.ACTIVE): ClaimState.RELEASED,
        (NeedMove.CLOSE_BY_STAFF, ClaimState.ACTIVE): ClaimState.RELEASED,
        (NeedMove.CLOSE_BY_STAFF, ClaimState.DONE): ClaimState.CONFIRMED,
    }
)

# The shape of each state: which live claim a need in that state must have (none when absent).
LIVE_CLAIM = MappingProxyType(
    {NeedState.CLAIMED: ClaimState.ACTIVE, NeedState.DONE: ClaimState.DONE}
)

# A need in one of these still wants somebody's hand.
UNFINISHED = frozenset({_S.OPEN, _S.CLAIMED, _S.DONE, _S.UNCLAIMED, _S.VERIFYING, _S.REFERRED})


def states_before(move: NeedMove) -> frozenset[NeedState]:
    """The states from which a move is allowed: the condition of the conditional UPDATE."""
    return MOVES[move].before


def state_after(move: NeedMove) -> NeedState:
    """The state to which a move leads."""
    return MOVES[move].after


def may_move(state: NeedState, move: NeedMove) -> bool:
    """Whether a need in this state may take this move."""
    return state in MOVES[move].before


def moves_from(state: NeedState) -> tuple[NeedMove, ...]:
    """The moves allowed from a state, in the table's order."""
    return tuple(move for move in NeedMove if may_move(state, move))


def claim_after(move: NeedMove, claim: ClaimState) -> ClaimState:
    """The state of a claim after a move of its need; a claim that is over stays as it is."""
    return CLAIM_MOVES.get((move, claim), claim)
