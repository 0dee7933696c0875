"""A need moves only along the table, and its claim moves with it."""

from hypothesis import given
from hypothesis import strategies as st

from storage.rules.lifecycle import (
    LIVE_CLAIM,
    MOVES,
    UNFINISHED,
    ClaimState,
    NeedMove,
    NeedState,
    claim_after,
    may_move,
    moves_from,
    state_after,
    states_before,
)


def test_every_move_stands_in_the_table() -> None:
    assert set(MOVES) == set(NeedMove)


def test_a_need_can_always_be_taken_to_an_end_or_opened_again() -> None:
    for state in NeedState:
        assert moves_from(state), state


def test_an_unfinished_need_can_always_be_closed_by_staff() -> None:
    for state in UNFINISHED:
        assert may_move(state, NeedMove.CLOSE_BY_STAFF)


def test_a_taken_need_cannot_be_taken_again() -> None:
    assert not may_move(NeedState.CLAIMED, NeedMove.CLAIM)


def test_an_assigned_need_stays_with_the_coordinator_until_it_is_accepted() -> None:
    assert state_after(NeedMove.ASSIGN) is NeedState.UNCLAIMED
    assert NeedState.UNCLAIMED in states_before(NeedMove.CLAIM)


def test_a_resident_cannot_cancel_what_has_been_done() -> None:
    assert not may_move(NeedState.DONE, NeedMove.CANCEL)


@given(st.lists(st.sampled_from(NeedMove), max_size=60))
def test_whatever_happens_a_need_has_exactly_the_claim_that_its_state_asks_for(
    moves: list[NeedMove],
) -> None:
    state, claims = NeedState.OPEN, list[ClaimState]()
    for move in moves:
        if not may_move(state, move):
            continue
        claims = [claim_after(move, claim) for claim in claims]
        if move is NeedMove.CLAIM:
            claims.append(ClaimState.ACTIVE)
        state = state_after(move)
        live = [claim for claim in claims if claim in (ClaimState.ACTIVE, ClaimState.DONE)]
        wanted = LIVE_CLAIM.get(state)
        assert live == ([] if wanted is None else [wanted])
