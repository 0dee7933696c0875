"""A case ended by staff because they know where the person is, and a slip taken back."""

import pytest

from storage.check_ins import reopen_check_in, stop_check_in
from storage.check_ins.holding import CheckInOver
from storage.refusals import TooLate
from storage.rules.ladder import Outcome
from tests.storage.calls.street import Street


@pytest.fixture
def called(street: Street) -> Street:
    """The call was due and nobody has answered yet."""
    street.plan()
    street.forward(hours=5)
    return street


def stop(street: Street, by: str = "wang") -> str:
    who = street.people[by]
    return street.do(stop_check_in, now=street.now, actor_id=who, check_in_id=1)


def reopen(street: Street, by: str = "wang") -> None:
    street.do(reopen_check_in, now=street.now, actor_id=street.people[by], check_in_id=1)


def test_the_second_of_two_who_stop_it_hears_who_did(called: Street) -> None:
    assert stop(called) == "lan"
    with pytest.raises(CheckInOver) as refused:
        stop(called, by="chen")
    assert refused.value.facts["ended_by"] == "wang"
    assert called.count("check_in_stopped") == 1


def test_a_slip_is_taken_back_by_whoever_made_it_and_the_ladder_goes_on(called: Street) -> None:
    stop(called)
    with pytest.raises(TooLate):
        reopen(called, by="chen")
    reopen(called)
    assert (called.case().state, called.case().ending) == ("open", None)
    called.forward(hours=1)
    assert (
        called.heard("zhang").count("check_in_call")
        + called.heard("zhang").count("check_in_call_again")
        > 1
    )


def test_a_case_that_is_open_is_not_opened_again(called: Street) -> None:
    called.answer("zhang", Outcome.NO_ANSWER)
    version = called.case().version
    reopen(called)
    assert called.case().version == version
    assert called.count("check_in_reopened") == 0
