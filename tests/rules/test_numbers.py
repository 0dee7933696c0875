"""A count is understood in digits and in Chinese words, and nothing else is a count."""

import pytest

from storage.rules.numbers import parse_count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("3", 3),
        (" ３ ", 3),
        ("三个", 3),
        ("两个人", 2),
        ("俩", 2),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("九十九", 99),
        ("5次", 5),
        ("3 people", 3),
        ("0", 0),
    ],
)
def test_a_count_is_understood(text: str, count: int) -> None:
    assert parse_count(text, 0, 99) == count


@pytest.mark.parametrize(
    "text",
    [
        "",
        "²",
        "㈠",
        "Ⅷ",
        "①",
        "-1",
        "1e9",
        "00012",
        "3.5",
        "百",
        "半",
        "十十",
        "二三",
        "100",
        "个",
        "٣",
    ],
)
def test_what_is_no_count_in_range_is_asked_again(text: str) -> None:
    assert parse_count(text, 0, 99) is None


@pytest.mark.parametrize(("text", "fits"), [("1", True), ("5", True), ("0", False), ("6", False)])
def test_a_count_keeps_to_its_range(text: str, fits: bool) -> None:
    assert (parse_count(text, 1, 5) is not None) is fits
