"""A phone number is understood as people type it, and refused with a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.rules.phones import Phone, PhoneKind, PhoneProblem, mask, parse_phone, spoken


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "１３８００１３８０００",
        "138 0013 8000",
        "138-0013-8000",
        "+86 138 0013 8000",
        "0086-13800138000",
        "8613800138000",
        "我的电话是13800138000。",
        "手机：138 0013 8000",
        "一三八零零一三八零零零",
        "幺三八〇〇幺三八〇〇〇",
        "138\u00a00013\u30008000",
    ],
)
def test_a_mobile_number_is_understood_however_it_is_typed(text: str) -> None:
    assert parse_phone(text) == Phone("+8613800138000", PhoneKind.MOBILE)


@pytest.mark.parametrize(
    ("text", "e164", "extension"),
    [
        ("023-74512345", "+862374512345", ""),
        ("(023) 7451 2345", "+862374512345", ""),
        ("+86 23 7451 2345", "+862374512345", ""),
        ("023-74512345转801", "+862374512345", "801"),
        ("02374512345-801", "+862374512345", "801"),
        ("023-7451-2345 分机 12", "+862374512345", "12"),
        ("010-62345678 ext. 5", "+861062345678", "5"),
        ("0833-2345678", "+868332345678", ""),
        ("020-8123 4567", "+862081234567", ""),
    ],
)
def test_a_landline_needs_its_area_code_and_keeps_its_extension(
    text: str, e164: str, extension: str
) -> None:
    assert parse_phone(text) == Phone(e164, PhoneKind.LANDLINE, extension)


def test_numbers_of_made_up_people_are_known_as_such() -> None:
    assert parse_phone("10000000017") == Phone("+8610000000017", PhoneKind.PRACTICE)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", PhoneProblem.NOT_A_NUMBER),
        ("没有电话", PhoneProblem.NOT_A_NUMBER),
        ("²²²²²²²²²²²", PhoneProblem.NOT_A_NUMBER),
        ("+", PhoneProblem.NOT_A_NUMBER),
        ("13800138000 13900139000", PhoneProblem.TOO_LONG),
        ("我13800138000，他13900139000", PhoneProblem.SEVERAL_NUMBERS),
        ("1380013800", PhoneProblem.TOO_SHORT),
        ("138001380001", PhoneProblem.TOO_LONG),
        ("13800138000-1", PhoneProblem.TOO_LONG),
        ("12345678901", PhoneProblem.NOT_IN_USE),
        ("74512345", PhoneProblem.NO_AREA_CODE),
        ("+1 212 555 0100", PhoneProblem.FOREIGN),
        ("00852 2345 6789", PhoneProblem.FOREIGN),
        ("00000000000", PhoneProblem.FOREIGN),
    ],
)
def test_what_cannot_be_called_here_is_refused_with_the_reason(
    text: str, problem: PhoneProblem
) -> None:
    assert parse_phone(text) is problem


@pytest.mark.parametrize(
    "text",
    [
        "110",
        "119",
        "120",
        "１２０",
        "122",
        "12345",
        "12356",
        "12385",
        "12110023",
        "95588",
        "10086",
        "一一零",
        "4001234567",
        "打120",
    ],
)
def test_emergency_and_hot_line_numbers_are_nobodys_own_phone(text: str) -> None:
    assert parse_phone(text) is PhoneProblem.EMERGENCY_NUMBER


def test_a_masked_number_shows_its_start_and_end_only() -> None:
    assert mask(Phone("+8613800138000", PhoneKind.MOBILE)) == "1380•••••00"


@pytest.mark.parametrize(
    ("text", "aloud"),
    [
        ("13800138000", "138 0013 8000"),
        ("023-74512345", "023 7451 2345"),
        ("0833-2345678", "0833 234 5678"),
        ("023-74512345转801", "023 7451 2345-801"),
    ],
)
def test_a_number_is_grouped_for_reading_aloud(text: str, aloud: str) -> None:
    phone = parse_phone(text)
    assert isinstance(phone, Phone)
    assert spoken(phone) == aloud


@given(st.text(max_size=40))
def test_any_text_gets_a_phone_or_a_reason(text: str) -> None:
    assert isinstance(parse_phone(text), Phone | PhoneProblem)


@given(
    st.from_regex(
        r"1[3-9][0-9]{9}|100[0-9]{8}|0(10|2[0-9]|[3-9][0-9]{2})[2-9][0-9]{6,7}", fullmatch=True
    )
)
def test_what_was_understood_is_understood_again(digits: str) -> None:
    phone = parse_phone(digits)
    assert isinstance(phone, Phone)
    assert parse_phone(phone.e164) == phone
    assert parse_phone(phone.national) == phone
    assert parse_phone(spoken(phone)) == phone
    assert len(mask(phone)) == len(phone.national)
