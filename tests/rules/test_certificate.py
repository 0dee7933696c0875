"""The certificate number: read from any spelling, checked, refused with its reason, masked."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.rules.certificate import (
    CertificateNumber,
    CertificateState,
    DisabilityCategory,
    IdentityNumber,
    NumberProblem,
    Sex,
    check_sign,
    ends_on,
    make_number,
    may_become,
    read_certificate,
    read_identity,
)

TODAY = date(2026, 11, 25)
CATEGORY = DisabilityCategory
# domain.md: area 500299 is assigned to no place, so none of these is a person.
GOOD = [
    ("50029919450307018211", date(1945, 3, 7), Sex.FEMALE, CATEGORY.VISUAL, 1, 0),
    ("50029919581112901342", date(1958, 11, 12), Sex.MALE, CATEGORY.PHYSICAL, 2, 0),
    ("50029919720229306063", date(1972, 2, 29), Sex.FEMALE, CATEGORY.PSYCHIATRIC, 3, 0),
    ("50029920150601777752", date(2015, 6, 1), Sex.MALE, CATEGORY.INTELLECTUAL, 2, 0),
    ("50029919660930007X24B1", date(1966, 9, 30), Sex.MALE, CATEGORY.HEARING, 4, 1),
]


def _read(text: str) -> CertificateNumber:
    read = read_certificate(text, today=TODAY)
    assert isinstance(read, CertificateNumber)
    return read


@pytest.mark.parametrize(("number", "born_on", "sex", "category", "grade", "reissue"), GOOD)
def test_a_number_tells_birth_sex_category_grade_and_reissue(
    number: str, born_on: date, sex: Sex, category: DisabilityCategory, grade: int, reissue: int
) -> None:
    read = _read(number)
    assert (read.identity.born_on, read.identity.sex) == (born_on, sex)
    assert (read.category, read.grade, read.reissue) == (category, grade, reissue)
    assert read.check_right
    assert read.number == number


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("５００２９９１９４５０３０７０１８２１１", "50029919450307018211"),
        ("500299 19450307 0182 11", "50029919450307018211"),
        ("500299-19660930-007x24b1", "50029919660930007X24B1"),
        ("50029919660930007×24", "50029919660930007X24"),
        ("'50029919450307018211", "50029919450307018211"),
        ("50029919660930007X24B12", "50029919660930007X24B12"),
    ],
)
def test_it_is_read_however_it_is_written(written: str, kept: str) -> None:
    assert _read(written).number == kept


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("50029919450307018281", NumberProblem.CATEGORY),
        ("50029919450307018201", NumberProblem.CATEGORY),
        ("50029919450307018215", NumberProblem.GRADE),
        ("50029919450307018210", NumberProblem.GRADE),
        ("50029919730229306863", NumberProblem.NO_SUCH_DAY),
        ("50029920261126001811", NumberProblem.NOT_BORN_YET),
        ("50029918500101001811", NumberProblem.TOO_LONG_AGO),
        ("500299194503070182", NumberProblem.LENGTH),
        ("5002991945030701821", NumberProblem.LENGTH),
        ("50029919450307018211B0", NumberProblem.LENGTH),
        ("5.00299E+19", NumberProblem.ROUNDED),
        ("没有证", NumberProblem.NOT_A_NUMBER),
        ("", NumberProblem.NOT_A_NUMBER),
        ("00299194503070182111", NumberProblem.NOT_A_NUMBER),
        ("²0029919450307018211", NumberProblem.NOT_A_NUMBER),
    ],
)
def test_what_is_no_number_is_refused_with_its_reason(written: str, problem: NumberProblem) -> None:
    assert read_certificate(written, today=TODAY) is problem


def test_a_wrong_check_digit_only_warns() -> None:
    read = _read("50029919450307018011")
    assert not read.check_right
    assert read.category is CATEGORY.VISUAL
    # The illustration in the rules of 2017 itself fails.
    printed = read_identity("123456197011110013", today=TODAY)
    assert isinstance(printed, IdentityNumber)
    assert not printed.check_right


def test_the_standard_examples_have_the_right_check_digit() -> None:
    assert check_sign("11010519491231002") == "X"
    assert check_sign("44052418800101001") == "4"


def test_who_was_born_in_1908_is_read_and_who_is_born_tomorrow_is_not() -> None:
    old = make_number(
        area="500299", born_on=date(1908, 5, 4), sequence=2, category=CATEGORY.VISUAL, grade=1
    )
    assert _read(old).identity.born_on == date(1908, 5, 4)
    assert read_certificate(old, today=date(1908, 5, 3)) is NumberProblem.NOT_BORN_YET


def test_an_o_is_a_zero_only_when_asked() -> None:
    assert read_certificate("5OO29919450307018211", today=TODAY) is NumberProblem.NOT_A_NUMBER


@given(
    born_on=st.dates(min_value=date(1900, 1, 1), max_value=TODAY),
    sequence=st.integers(min_value=0, max_value=999),
    category=st.sampled_from(DisabilityCategory),
    grade=st.integers(min_value=1, max_value=4),
)
def test_whatever_is_put_together_is_read_back(
    born_on: date, sequence: int, category: DisabilityCategory, grade: int
) -> None:
    number = make_number(
        area="500299", born_on=born_on, sequence=sequence, category=category, grade=grade
    )
    read = _read(number)
    assert read.check_right
    assert (read.identity.born_on, read.category, read.grade) == (born_on, category, grade)
    assert read.identity.sex is (Sex.MALE if sequence % 2 else Sex.FEMALE)


@given(
    st.integers(min_value=0, max_value=16),
    st.integers(min_value=1, max_value=9),
    st.sampled_from([row[0] for row in GOOD]),
)
def test_one_wrong_digit_is_always_noticed(at: int, by: int, number: str) -> None:
    other = str((int(number[at]) + by) % 10)
    read = read_certificate(number[:at] + other + number[at + 1 :], today=TODAY)
    assert isinstance(read, NumberProblem) or not read.check_right


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    read = read_certificate(text, today=TODAY)
    assert isinstance(read, CertificateNumber | NumberProblem)


def test_ten_years_are_valid_and_a_leap_day_ends_on_the_28th() -> None:
    assert ends_on(date(2016, 11, 25)) == date(2026, 11, 25)
    assert ends_on(date(2024, 2, 29)) == date(2034, 2, 28)


def test_a_cancelled_certificate_stays_cancelled() -> None:
    states = list(CertificateState)
    assert not any(may_become(CertificateState.CANCELLED, state) for state in states)
    assert not any(may_become(state, state) for state in states)
    assert may_become(CertificateState.FROZEN, CertificateState.VALID)
