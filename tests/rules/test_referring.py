"""A referral moves only along its table; a licence holds up to its last day."""

from datetime import date

import pytest

from storage.rules.areas import Category
from storage.rules.licences import LICENCES_FOR, is_fit
from storage.rules.providers import ProviderType, provider_of
from storage.rules.referring import MOVES, ReferralMove, ReferralState, may_move

TODAY = date(2026, 11, 26)
OVER = (ReferralState.DECLINED, ReferralState.WITHDRAWN)


def test_every_move_stands_in_the_table() -> None:
    assert set(MOVES) == set(ReferralMove)


def test_what_is_not_over_can_always_be_taken_back() -> None:
    for state in set(ReferralState) - set(OVER):
        assert may_move(state, ReferralMove.WITHDRAW), state


def test_what_was_declined_stays_declined() -> None:
    assert not any(may_move(ReferralState.DECLINED, move) for move in ReferralMove)


@pytest.mark.parametrize(
    ("held", "fits"),
    [
        ([], False),
        ([("designated", None)], True),
        ([("designated", TODAY)], True),
        ([("designated", date(2026, 11, 25))], False),
        ([("legal", None)], False),
    ],
)
def test_a_designated_institution_is_one_up_to_its_last_day(
    held: list[tuple[str, date | None]], fits: bool
) -> None:
    assert is_fit(Category.CHILD_REHAB, held, TODAY) is fits


def test_most_kinds_of_work_ask_for_no_licence() -> None:
    assert is_fit(Category.ERRAND, [], TODAY)
    assert Category.HOME_REHAB in LICENCES_FOR


def test_a_kind_that_the_office_made_counts_as_society() -> None:
    assert provider_of("village_association") is ProviderType.DPF
    assert provider_of("department") is ProviderType.GOVERNMENT
    assert provider_of("our_own_kind") is ProviderType.SOCIETY
