"""Numbers on buttons come from outside: what is none, or fits no column, is none."""

import pytest

from handlers.surveys.going_round import way_of
from handlers.turn import read_number
from storage.refusals import TooLate


@pytest.mark.parametrize("text", ["", "²", "٣", "-1", "1.5", "x", "9" * 10, "9" * 40, " 7"])
def test_what_is_no_number_of_a_row_is_none(text: str) -> None:
    assert read_number(text) is None
    with pytest.raises(TooLate):
        way_of(f"phone.{text}")


@pytest.mark.parametrize("text", ["0", "7", "007", "999999999"])
def test_a_number_of_a_row_is_read(text: str) -> None:
    assert read_number(text) == int(text)
    assert way_of(f"phone.{text}")[1] == text
