"""Severe, mild and key care: the stated defaults, and another office's own."""

from dataclasses import replace

import pytest

from storage.rules.severity import (
    DEFAULT_SEVERITY,
    is_mild,
    is_severe,
    is_severe_extended,
    needs_key_care,
)


def test_severe_are_grades_one_and_two_and_mild_three_and_four() -> None:
    assert [is_severe(grade) for grade in (1, 2, 3, 4, None)] == [True, True, False, False, False]
    assert [is_mild(grade) for grade in (1, 2, 3, 4, None)] == [False, False, True, True, False]


def test_the_wider_set_takes_in_grade_three_of_mind() -> None:
    assert is_severe_extended("intellectual", 3)
    assert is_severe_extended("psychiatric", 3)
    assert not is_severe_extended("physical", 3)
    assert is_severe_extended("physical", 2)


@pytest.mark.parametrize(
    ("category", "grade", "old", "several", "needed"),
    [
        ("psychiatric", 4, False, False, True),
        ("intellectual", 4, False, False, True),
        ("physical", 2, False, False, True),
        ("physical", 4, True, False, True),
        ("physical", 4, False, True, True),
        ("physical", 4, False, False, False),
        (None, None, True, True, False),
    ],
)
def test_key_care_is_for_those_on_the_allowance(
    category: str | None, grade: int | None, old: bool, several: bool, needed: bool
) -> None:
    facts = {"category": category, "grade": grade, "old": old, "several": several}
    assert needs_key_care(**facts, welfare=["dibao"]) is needed  # type: ignore[arg-type]
    assert not needs_key_care(**facts, welfare=["low_income"])  # type: ignore[arg-type]


def test_an_office_may_count_otherwise() -> None:
    wider = replace(DEFAULT_SEVERITY, severe=frozenset({1, 2, 3}))
    assert is_severe(3, wider)
