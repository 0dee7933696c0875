"""Behind each unanswered call there is one next step, until somebody knows how the person is."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.rules.ladder import (
    CALLER_OUTCOMES,
    HOLDS,
    POSITIVE,
    REPEAT_EVERY,
    REPORT_WINDOW,
    Outcome,
    Owner,
    Rung,
    StepKind,
    after,
    first_step,
    hold,
    is_positive,
    may_be_held,
    report_due,
)

UNKNOWN = tuple(o for o in Outcome if o not in POSITIVE and o is not Outcome.NEEDS_HELP)


def test_the_caller_has_45_minutes_after_the_prompt_was_sent() -> None:
    sent_at = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    assert report_due(first_step(), sent_at) == sent_at + timedelta(minutes=45)


def test_no_answer_climbs_rung_by_rung_to_everyone_on_duty() -> None:
    rung, seen = Rung.CALL, list[tuple[Rung, timedelta]]()
    while rung is not Rung.EVERYONE_ON_DUTY:
        step = after(Outcome.NO_ANSWER, rung)
        assert step.rung is not None
        rung = step.rung
        seen.append((rung, step.after))
    assert seen == [
        (Rung.RETRY_CALLER, timedelta(minutes=30)),
        (Rung.RETRY_OTHER_CHANNEL, timedelta(hours=2)),
        (Rung.STAND_IN_OR_CONTACT, timedelta(0)),
        (Rung.EVERYONE_ON_DUTY, timedelta(0)),
    ]


def test_a_caller_who_never_reports_is_passed_over_after_the_second_silence() -> None:
    assert after(Outcome.NO_REPORT, Rung.CALL).rung is Rung.RETRY_CALLER
    assert after(Outcome.NO_REPORT, Rung.RETRY_CALLER).rung is Rung.STAND_IN_OR_CONTACT


def test_silence_from_everybody_reaches_everyone_on_duty_within_three_hours() -> None:
    rung: Rung | None = Rung.CALL
    waited = REPORT_WINDOW
    while rung is not None and rung is not Rung.EVERYONE_ON_DUTY:
        step = after(Outcome.NO_REPORT, rung)
        rung, waited = step.rung, waited + step.after + step.window
    assert waited - REPEAT_EVERY <= timedelta(hours=3)


def test_without_a_stand_in_everyone_on_duty_is_asked_instead() -> None:
    step = after(Outcome.NO_ANSWER, Rung.RETRY_OTHER_CHANNEL, has_second=False)
    assert step.rung is Rung.EVERYONE_ON_DUTY


@pytest.mark.parametrize("outcome", UNKNOWN)
def test_the_top_rung_repeats_every_half_hour(outcome: Outcome) -> None:
    step = after(outcome, Rung.EVERYONE_ON_DUTY)
    assert step.rung is Rung.EVERYONE_ON_DUTY
    assert step.window == timedelta(minutes=30)


def test_a_case_is_held_only_for_a_named_time_and_then_comes_back() -> None:
    for duration in HOLDS:
        step = hold(duration)
        assert (step.rung, step.owner, step.window) == (Rung.HELD, Owner.HOLDER, duration)
    assert after(Outcome.NO_REPORT, Rung.HELD).rung is Rung.EVERYONE_ON_DUTY
    with pytest.raises(ValueError, match="named times"):
        hold(timedelta(days=3))


def test_only_rungs_beyond_the_caller_can_be_held() -> None:
    assert not may_be_held(Rung.CALL)
    assert may_be_held(Rung.EVERYONE_ON_DUTY)


def test_a_button_in_a_shared_chat_is_no_proof() -> None:
    assert is_positive(Outcome.OWN_BUTTON)
    assert not is_positive(Outcome.OWN_BUTTON, shared_chat=True)
    assert after(Outcome.OWN_BUTTON, Rung.CALL, shared_chat=True).kind is StepKind.CLIMB


def test_the_caller_cannot_end_a_case_but_by_having_spoken_to_the_person() -> None:
    assert [o for o in CALLER_OUTCOMES if is_positive(o)] == [Outcome.SPOKE_FINE]


@pytest.mark.parametrize("rung", Rung)
def test_needs_help_becomes_a_need_from_every_rung(rung: Rung) -> None:
    step = after(Outcome.NEEDS_HELP, rung)
    assert step.kind is StepKind.BECOME_NEED
    assert step.owner is Owner.EVERYONE_ON_DUTY


@given(st.sampled_from(Rung), st.sampled_from(Outcome), st.booleans(), st.booleans())
def test_from_every_state_there_is_one_next_step_with_an_owner_and_a_time(
    rung: Rung, outcome: Outcome, shared: bool, second: bool
) -> None:
    step = after(outcome, rung, shared_chat=shared, has_second=second)
    if is_positive(outcome, shared_chat=shared):
        assert step.kind is StepKind.CLOSE
        return
    assert step.owner is not Owner.NOBODY
    assert step.after >= timedelta(0)
    if step.kind is StepKind.CLIMB:
        assert step.rung is not None
        assert step.window > timedelta(0)


@given(st.lists(st.sampled_from(UNKNOWN), min_size=5, max_size=40), st.booleans())
def test_whatever_is_answered_five_unknowns_in_a_row_reach_everyone_on_duty(
    outcomes: list[Outcome], second: bool
) -> None:
    rung = Rung.CALL
    for outcome in outcomes:
        step = after(outcome, rung, shared_chat=True, has_second=second)
        assert step.rung is not None
        rung = step.rung
    assert rung is Rung.EVERYONE_ON_DUTY
