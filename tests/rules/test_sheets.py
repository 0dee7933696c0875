"""Codes of sheets and lines: one wrong or swapped digit is noticed; a sheet is read in one go."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from storage.rules.ladder import Outcome
from storage.rules.sheets import (
    begins_sheet,
    day_of,
    line_code,
    read_day,
    read_sheet,
    sheet_code,
)


@given(st.integers(1, 60), st.integers(0, 2), st.integers(0, 9))
def test_one_wrong_digit_of_a_line_is_no_line(number: int, at: int, digit: int) -> None:
    code = line_code(number)
    wrong = code[:at] + str(digit) + code[at + 1 :]
    _, (line,) = read_sheet(f"表 {sheet_code(17)}: {wrong}好")
    assert line.number == (number if wrong == code else None)


@given(st.integers(1, 99_999))
def test_a_sheet_is_found_by_its_own_letter_only(number: int) -> None:
    code = sheet_code(number)
    assert read_sheet(f"表 {code}: 1好")[0] == number
    other = "A" if code[0] != "A" else "B"
    assert read_sheet(f"表 {other}{number}: 1好")[0] is None


def test_two_digits_swapped_are_noticed() -> None:
    swapped = [n for n in range(12, 61) if n // 10 != n % 10 and n % 10 * 10 + n // 10 >= 10]
    for number in swapped:
        code = line_code(number)
        _, (line,) = read_sheet(f"表 {sheet_code(1)}: {code[1]}{code[0]}{code[2]}好")
        assert line.number is None, number


def test_a_whole_sheet_in_one_go() -> None:
    number, lines = read_sheet(
        f"表 {sheet_code(17)}：1好，2没接 3要帮忙 没米了 买2斤来；５都好\n6 说不清"
    )
    assert number == 17
    assert [(one.number, one.outcome, one.words) for one in lines] == [
        (1, Outcome.SPOKE_FINE, ""),
        (2, Outcome.NO_ANSWER, ""),
        (3, Outcome.NEEDS_HELP, "没米了 买2斤来"),
        (5, Outcome.SPOKE_FINE, ""),
        (6, Outcome.COULD_NOT_TELL, ""),
    ]


@given(st.text(max_size=80))
def test_nothing_typed_breaks_the_reading(text: str) -> None:
    read_sheet(f"表 {sheet_code(3)}: {text}")
    assert begins_sheet(f"表 {sheet_code(3)} {text}")


def test_what_is_not_well_is_ticked_beside_the_outcome() -> None:
    _, lines = read_sheet(f"表 {sheet_code(17)}: 1好 心情差 药不够 2没接 3好 就是腿疼")
    assert [(one.outcome, one.heard) for one in lines] == [
        (Outcome.SPOKE_FINE, ("mood", "medicine")),
        (Outcome.NO_ANSWER, ()),
        (None, ()),
    ]


def test_the_day_of_the_calls_is_said_once_and_lies_in_the_week() -> None:
    text = f"表 {sheet_code(17)} 11月24日: 1好"
    assert read_day(text) == (11, 24)
    number, lines = read_sheet(text)
    assert (number, [one.number for one in lines]) == (17, [1])
    assert read_day(f"表 {sheet_code(17)}: 1好") is None
    monday, thursday = date(2026, 11, 23), date(2026, 11, 26)

    def day(said: tuple[int, int] | None, due_days: tuple[int, ...] = (0, 2, 4)) -> date | None:
        return day_of(monday, today=thursday, due_days=due_days, said=said)

    assert day((11, 24)) == date(2026, 11, 24)
    assert day((11, 27)) is None
    assert day((11, 20)) is None
    assert day(None) == date(2026, 11, 25)
    assert day(None, ()) == thursday
