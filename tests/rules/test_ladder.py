"""Behind each unanswered call there is one next step, until somebody knows how the person is."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.rules.ladder import (
    CALLER_OUTCOMES,
    CALLER_RUNGS,
    LADDERS,
    ORDER,
    POSITIVE,
    RUNGS,
    Ladder,
    MoveKind,
    Outcome,
    Rung,
    Step,
    after,
    ends_by_evening,
    freeze,
    is_positive,
    may_be_held,
    pass_over,
    thaw,
)
from storage.rules.sending import QuietHours
from storage.rules.tiers import Tier

UNKNOWN = tuple(o for o in Outcome if o not in POSITIVE and o is not Outcome.NEEDS_HELP)
SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = QuietHours(time(21), time(8))
B = LADDERS[Tier.B]


@pytest.mark.parametrize("tier", Tier)
def test_each_tier_has_every_rung_in_order_and_a_time_for_each(tier: Tier) -> None:
    ladder = LADDERS[tier]
    assert [one.rung for one in ladder.steps] == list(RUNGS)
    assert all(one.window > timedelta(0) for one in ladder.steps)
    assert timedelta(0) < ladder.confirm <= timedelta(minutes=30)


def longest(ladder: Ladder) -> timedelta:
    """From the due call to the top, when each answer comes at the last moment and in vain."""
    below = ladder.steps[:-1]
    return sum((one.after + one.window for one in below), timedelta(0))


def test_tier_a_is_at_the_top_within_two_hours_and_each_tier_on_the_same_day() -> None:
    assert longest(LADDERS[Tier.A]) <= timedelta(hours=2)
    # The first call is at eight at the earliest; a day is what is left until midnight.
    assert all(longest(one) <= timedelta(hours=12) for one in LADDERS.values())


@pytest.mark.parametrize("tier", [Tier.B, Tier.C])
def test_the_caller_tries_again_after_30_minutes_and_otherwise_after_2_hours(tier: Tier) -> None:
    again = after(LADDERS[tier], Rung.CALL, Outcome.NO_ANSWER)
    assert (again.rung, again.after) == (Rung.RETRY_CALLER, timedelta(minutes=30))
    otherwise = after(LADDERS[tier], Rung.RETRY_CALLER, Outcome.NO_ANSWER)
    assert (otherwise.rung, otherwise.after) == (Rung.RETRY_OTHER_CHANNEL, timedelta(hours=2))


def test_a_caller_who_never_reports_is_passed_over_after_the_second_silence() -> None:
    assert after(B, Rung.CALL, Outcome.NO_REPORT).rung is Rung.RETRY_CALLER
    assert after(B, Rung.RETRY_CALLER, Outcome.NO_REPORT).rung is Rung.STAND_IN
    assert pass_over(B, Rung.CALL).rung is Rung.STAND_IN


@pytest.mark.parametrize("outcome", UNKNOWN)
def test_the_top_rung_follows_itself(outcome: Outcome) -> None:
    assert after(B, Rung.NO_SUPPORT, outcome).rung is Rung.NO_SUPPORT


@pytest.mark.parametrize("tier", Tier)
def test_a_frozen_ladder_is_the_same_when_it_is_read(tier: Tier) -> None:
    assert thaw(freeze(LADDERS[tier])) == LADDERS[tier]


def test_a_ladder_without_a_rung_goes_on_with_the_next_one_it_has() -> None:
    minute = timedelta(minutes=1)
    steps = tuple(Step(one, minute, minute) for one in (Rung.CALL, Rung.STAND_IN, Rung.NO_SUPPORT))
    short = Ladder(steps, confirm=minute)
    assert short.above(Rung.STAND_IN).rung is Rung.NO_SUPPORT
    assert short.at(Rung.NEIGHBOUR).rung is Rung.NO_SUPPORT
    with pytest.raises(TypeError):
        thaw('{"confirm": 30, "steps": 3}')


def test_only_rungs_beyond_the_caller_can_be_held() -> None:
    assert [one for one in RUNGS if not may_be_held(one)] == list(CALLER_RUNGS)


def test_a_button_in_a_shared_chat_is_no_proof() -> None:
    assert is_positive(Outcome.OWN_BUTTON)
    assert not is_positive(Outcome.OWN_BUTTON, shared_chat=True)
    assert after(B, Rung.CALL, Outcome.OWN_BUTTON, shared_chat=True).kind is MoveKind.CLIMB


def test_the_caller_cannot_end_a_case_but_by_having_spoken_to_the_person() -> None:
    assert [o for o in CALLER_OUTCOMES if is_positive(o)] == [Outcome.SPOKE_FINE]


@pytest.mark.parametrize("rung", Rung)
def test_needs_help_becomes_a_need_from_every_rung(rung: Rung) -> None:
    assert after(B, rung, Outcome.NEEDS_HELP).kind is MoveKind.BECOME_NEED


def test_a_wait_that_would_reach_into_the_night_ends_with_the_evening() -> None:
    def at(hour: int, minute: int = 0) -> datetime:
        return datetime(2026, 11, 25, hour, minute, tzinfo=SHANGHAI)

    two = timedelta(hours=2)
    assert ends_by_evening(at(15), two, NIGHT) == at(17)
    assert ends_by_evening(at(20), two, NIGHT) == at(21)
    assert ends_by_evening(at(22), two, NIGHT) == at(22).astimezone(UTC) + two
    all_day = QuietHours(time(0), time(0))
    assert ends_by_evening(at(15), two, all_day) == at(17)
    noon = QuietHours(time(12), time(14))
    assert ends_by_evening(at(23), timedelta(hours=20), noon).astimezone(SHANGHAI).hour == 12


@given(st.sampled_from(Tier), st.sampled_from(Rung), st.sampled_from(Outcome), st.booleans())
def test_from_every_state_there_is_one_next_move_upwards(
    tier: Tier, rung: Rung, outcome: Outcome, shared: bool
) -> None:
    move = after(LADDERS[tier], rung, outcome, shared_chat=shared)
    if is_positive(outcome, shared_chat=shared):
        assert move.kind is MoveKind.CLOSE
    elif outcome is Outcome.NEEDS_HELP:
        assert move.kind is MoveKind.BECOME_NEED
    else:
        assert move.rung is not None
        assert ORDER[move.rung] > ORDER[rung] or rung is Rung.NO_SUPPORT
        assert timedelta(0) <= move.after <= timedelta(hours=2)


@given(st.sampled_from(Tier), st.lists(st.sampled_from(UNKNOWN), min_size=8, max_size=20))
def test_whatever_is_answered_eight_unknowns_in_a_row_reach_the_top(
    tier: Tier, outcomes: list[Outcome]
) -> None:
    rung = Rung.CALL
    for outcome in outcomes:
        move = after(LADDERS[tier], rung, outcome, shared_chat=True)
        assert move.rung is not None
        rung = move.rung
    assert rung is Rung.NO_SUPPORT
