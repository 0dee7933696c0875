"""The states of a referral (转介), the moves between them, and how long each answer is waited for.

Programme document 2020-116, part 3(4): "主动与其他的残疾人康复机构、康复室对接".
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from storage.rules.areas import Urgency


class ReferralState(StrEnum):
    """Where a need stands with an organisation."""

    OFFERED = "offered"
    ASKED_BACK = "asked_back"  # it asks the resident or the desk something first
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    DONE = "done"  # it says so; until the resident has said whether it is solved it lives on


class ReferralMove(StrEnum):
    """What may happen to a referral."""

    ACCEPT = "accept"
    REDATE = "redate"
    DECLINE = "decline"
    ASK = "ask"
    ANSWER = "answer"
    FINISH = "finish"
    WITHDRAW = "withdraw"


class DeclineReason(StrEnum):
    """Why an organisation cannot."""

    NOT_OURS = "not_ours"
    NO_CAPACITY = "no_capacity"
    NOT_ELIGIBLE = "not_eligible"
    NOT_REACHED = "not_reached"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Change:
    """A move's allowed starting states and the state it leads to."""

    before: frozenset[ReferralState]
    after: ReferralState


_S, _M = ReferralState, ReferralMove

MOVES = MappingProxyType(
    {
        _M.ACCEPT: Change(frozenset({_S.OFFERED, _S.ASKED_BACK}), _S.ACCEPTED),
        _M.REDATE: Change(frozenset({_S.ACCEPTED}), _S.ACCEPTED),
        _M.DECLINE: Change(frozenset({_S.OFFERED, _S.ASKED_BACK, _S.ACCEPTED}), _S.DECLINED),
        _M.ASK: Change(frozenset({_S.OFFERED}), _S.ASKED_BACK),
        _M.ANSWER: Change(frozenset({_S.ASKED_BACK}), _S.OFFERED),
        _M.FINISH: Change(frozenset({_S.ACCEPTED}), _S.DONE),
        # Also what is said to be done: the desk may take it back while nobody has confirmed it.
        _M.WITHDRAW: Change(frozenset(_S) - {_S.DECLINED, _S.WITHDRAWN}, _S.WITHDRAWN),
    }
)

# A question to the resident, and the question "is it solved?": asked again once after this.
ASK_AGAIN = MappingProxyType(
    {
        Urgency.U0: timedelta(minutes=15),
        Urgency.U1: timedelta(hours=2),
        Urgency.U2: timedelta(hours=24),
        Urgency.U3: timedelta(hours=48),
    }
)


def may_move(state: ReferralState, move: ReferralMove) -> bool:
    """Whether a referral in this state may take this move."""
    return state in MOVES[move].before
