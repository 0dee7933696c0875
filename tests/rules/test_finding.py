"""What the office types of a person is sorted into what can be looked up."""

import pytest

from storage.rules.finding import name_of, read_asked

IDENTITY = "500299195001010017"


@pytest.mark.parametrize("text", ["", "  ", "5678", "120", "！？", "10012345678 10012345679"])
def test_what_means_nobody_is_nothing_to_look_up(text: str) -> None:
    asked = read_asked(text)
    assert asked is None or (asked.phone is None and not asked.numbers)


@pytest.mark.parametrize("text", ["10012345678", "１００-1234-5678", "+86 100 1234 5678"])
def test_a_whole_phone_number_is_one(text: str) -> None:
    asked = read_asked(text)
    assert asked is not None
    assert asked.phone == "+8610012345678"


@pytest.mark.parametrize(
    ("text", "meant", "count"),
    [
        (f"{IDENTITY}43", f"{IDENTITY}43B2", 5),
        ("5002 9919 5001 0100 1743", f"{IDENTITY}43", 5),
        (f"{IDENTITY}43b1", f"{IDENTITY}43B1", 1),
        (IDENTITY, f"{IDENTITY}74B1", 140),
        ("50029919500101001x", "50029919500101001X11", 140),
    ],
)
def test_a_number_of_a_certificate_or_of_its_holder(text: str, meant: str, count: int) -> None:
    asked = read_asked(text)
    assert asked is not None
    assert meant in asked.numbers
    assert len(set(asked.numbers)) == count


@pytest.mark.parametrize(
    "text", ["青山村 3组 陈", "陈，青山村，三组", "第三组 青山村 陈", "３组 青山村 陈"]
)
def test_a_group_is_one_however_it_is_written(text: str) -> None:
    asked = read_asked(text)
    assert asked is not None
    assert set(asked.words) == {"青山村", "陈"}
    assert {"3", "3组", "三组", "第三组"} <= set(asked.groups)


@pytest.mark.parametrize(
    ("text", "way"), [("12组", "十二组"), ("二十组", "20组"), ("十社", "10社")]
)
def test_a_group_beyond_ten_too(text: str, way: str) -> None:
    asked = read_asked(text)
    assert asked is not None
    assert way in asked.groups


def test_a_chinese_name_has_no_gaps_and_others_have_one() -> None:
    assert name_of(("陈", "素芬")) == "陈素芬"
    assert name_of(("Anna", "Chen")) == "Anna Chen"


def test_a_long_text_is_cut_and_breaks_nothing() -> None:
    asked = read_asked("陈" * 5000)
    assert asked is not None
    assert len(asked.words[0]) <= 60
