"""The form after a call flags what is bad, and sees a low mood without a score."""

from storage.rules.call_form import (
    Asked,
    Flag,
    Grade,
    flags_of,
    is_amiss,
    is_in_danger,
    is_low,
)


def test_a_bad_answer_is_a_flag_of_its_own() -> None:
    assert flags_of({Asked.BODY: Grade.BAD, Asked.MEALS: Grade.FAIR}) == [Flag.ILL]
    assert flags_of({Asked.FLAGS: ["food", "none"], Asked.MEALS: Grade.BAD}) == [Flag.FOOD]
    assert flags_of({Asked.FLAGS: ["none"]}) == []


def test_an_unsafe_home_is_danger_and_a_low_mood_alone_is_not_amiss() -> None:
    assert is_in_danger({Asked.HOME: Grade.BAD})
    assert is_in_danger({Asked.FLAGS: ["safety"]})
    assert not is_in_danger({Asked.HOME: Grade.FAIR})
    assert is_amiss({Asked.MEDICINE: Grade.BAD})
    assert not is_amiss({Asked.MOOD: Grade.BAD})
    assert not is_amiss({})


def test_low_is_twice_in_the_last_three_calls_at_which_it_was_asked() -> None:
    assert is_low(["bad", "good", "bad"])
    assert not is_low(["bad", "good", "good", "bad"])
    assert not is_low(["bad"])
    assert not is_low([])
