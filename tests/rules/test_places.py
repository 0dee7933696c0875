"""How a need of several places stands as a whole."""

import pytest

from storage.rules.lifecycle import NeedState as S
from storage.rules.places import count_found, count_wanted, state_of


@pytest.mark.parametrize(
    ("states", "whole"),
    [
        ((S.OPEN,), S.OPEN),
        ((S.CLAIMED, S.OPEN), S.OPEN),
        ((S.DONE, S.UNCLAIMED), S.UNCLAIMED),
        ((S.CLAIMED, S.DONE), S.CLAIMED),
        ((S.DONE, S.DONE), S.DONE),
        ((S.CLOSED, S.DONE), S.DONE),
        ((S.CLOSED, S.CLOSED), S.CLOSED),
        ((S.CLOSED, S.CANCELLED), S.CLOSED),
        ((S.CANCELLED, S.CANCELLED), S.CANCELLED),
    ],
)
def test_a_need_is_open_while_any_place_is_and_closed_when_all_are(
    states: tuple[S, ...], whole: S
) -> None:
    assert state_of(states) is whole


def test_a_place_that_was_withdrawn_is_no_longer_wanted() -> None:
    states = (S.CLAIMED, S.OPEN, S.CANCELLED)
    assert (count_found(states), count_wanted(states)) == (1, 2)
