"""Phones and numbers in cells, also those that Excel has bitten."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.rules.importing.cells import Cell, Reason
from storage.rules.importing.numbers import Phones, read_amount, read_id_text, read_phones

NUMBER = "+8610012345678"


@pytest.mark.parametrize(
    "written",
    [
        *(10012345678, 10012345678.0, "10012345678", "10012345678.0", "100-1234-5678"),
        *("100 1234 5678", "１００１２３４５６７８", "\u202d10012345678\u202c", "'10012345678"),
        *("+86 10012345678", "电话10012345678", " 10012345678\u3000"),
    ],
)
def test_a_phone_is_read_however_it_was_typed(written: Cell) -> None:
    assert read_phones(written) == Phones(NUMBER)


def test_a_landline_with_its_area_code_is_a_phone() -> None:
    assert read_phones("023-74512345") == Phones("+862374512345")


@pytest.mark.parametrize(
    "written",
    [
        *("10012345678/10012345679", "10012345678、10012345679", "10012345678 10012345679"),
        *("10012345678\n10012345679", "1001234567810012345679", "100 1234 5678；100 1234 5679"),
    ],
)
def test_of_two_phones_the_first_is_kept_and_the_other_counted(written: str) -> None:
    assert read_phones(written) == Phones(NUMBER, more=1)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("1.38E+10", "number_eaten"),
        (1.38e17, "number_eaten"),
        ("74512345", "phone_no_area_code"),
        ("1001234567", "phone_too_short"),
        ("110", "phone_emergency_number"),
        ("没有电话", "phone_not_a_number"),
    ],
)
def test_what_is_no_phone_says_why(written: Cell, why: str) -> None:
    found = read_phones(written)
    assert isinstance(found, Reason)
    assert found.key == why


@pytest.mark.parametrize(
    "written", [5.00299194503070e17, "5.00299E+17", "500299194503070000", "50029919450307000000"]
)
def test_a_number_that_excel_has_eaten_is_never_guessed(written: Cell) -> None:
    found = read_id_text(written)
    assert isinstance(found, Reason)
    assert found.key == "number_eaten"


@pytest.mark.parametrize(
    "written",
    [
        *(
            "50029919660930007X24B1",
            "５００２９９１９６６０９３０００７x24b1",
            "500299 19660930 007X 24 B1",
        ),
        *("'50029919660930007X24B1", "50029919660930007×24B1"),
    ],
)
def test_a_number_is_read_whatever_stands_between_its_digits(written: str) -> None:
    assert read_id_text(written) == "50029919660930007X24B1"


def test_words_are_no_number() -> None:
    found = read_id_text("办理中")
    assert isinstance(found, Reason)
    assert found.key == "number_unreadable"


@pytest.mark.parametrize(("written", "amount"), [("3人", 3), ("1,200元", 1200), (1200.0, 1200)])
def test_an_amount_is_read_with_its_unit(written: Cell, amount: int) -> None:
    assert read_amount(written) == amount
    assert isinstance(read_amount("三五个"), Reason)


@given(st.integers(0, 10**8 - 1), st.sampled_from(["", "+86", "0086 ", "电话："]))
def test_a_practice_phone_always_comes_back(tail: int, front: str) -> None:
    digits = f"100{tail:08}"
    assert read_phones(front + digits) == Phones(f"+86{digits}")
    assert read_phones(float(digits)) == Phones(f"+86{digits}")


@given(st.text(max_size=40))
def test_no_text_makes_it_fail(text: str) -> None:
    assert isinstance(read_phones(text), Phones | Reason)
    assert isinstance(read_id_text(text), str | Reason)
    assert isinstance(read_amount(text), int | Reason)
