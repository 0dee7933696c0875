"""Standing ties: who may help whom, how many, how often, and no money."""

from dataclasses import replace
from datetime import date

import pytest

from storage.rules.pairs import Kind
from storage.rules.severity import DEFAULT_SEVERITY
from storage.rules.ties import (
    TIES,
    Bar,
    find_bars,
    find_next_on,
    free_slot,
    list_shipped,
    mentions_money,
)


@pytest.mark.parametrize(
    ("helper", "recipient", "held", "bars"),
    [
        (3, 1, 0, ()),
        (4, 2, 1, ()),
        (3, 1, 2, (Bar.FULL,)),
        (2, 1, 0, (Bar.HELPER_NOT_MILD,)),
        (3, 3, 0, (Bar.RECIPIENT_NOT_SEVERE,)),
        (None, None, 0, (Bar.HELPER_UNKNOWN, Bar.RECIPIENT_UNKNOWN)),
        (1, 4, 2, (Bar.HELPER_NOT_MILD, Bar.RECIPIENT_NOT_SEVERE, Bar.FULL)),
    ],
)
def test_the_lightly_disabled_help_at_most_two_of_the_severely_disabled(
    helper: int | None, recipient: int | None, held: int, bars: tuple[Bar, ...]
) -> None:
    found = find_bars(helper_grade=helper, recipient_grade=recipient, held=held, at_most=2)
    assert found == bars


def test_another_office_may_count_grade_three_as_severe() -> None:
    policy = replace(DEFAULT_SEVERITY, severe=frozenset({1, 2, 3}), mild=frozenset({4}))
    bars = find_bars(helper_grade=3, recipient_grade=3, held=0, at_most=2, policy=policy)
    assert bars == (Bar.HELPER_NOT_MILD,)


def test_the_four_items_of_mutual_help_come_first_and_name_their_need() -> None:
    items = list_shipped(Kind.MUTUAL)
    assert [one.key for one in items] == ["haircut", "massage", "phone_greeting", "device_training"]
    assert all(one.category is not None for one in items)
    assert [one.key for one in items if one.calls] == ["phone_greeting"]


def test_every_kind_has_items_and_only_mutual_help_is_between_residents() -> None:
    assert set(TIES) == set(Kind) - {Kind.NEIGHBOUR}
    assert all(list_shipped(kind) for kind in TIES)
    assert [rule.kind for rule in TIES.values() if rule.by_person] == [Kind.MUTUAL]


def test_the_lowest_free_slot_is_taken_and_none_is_left_of_two() -> None:
    assert free_slot((), 2) == 1
    assert free_slot((2,), 2) == 1
    assert free_slot((1, 2), 2) is None
    assert free_slot((1, 2), 3) == 3


def test_the_next_time_is_due_after_the_rhythm_and_never_when_it_is_as_needed() -> None:
    last = date(2026, 11, 1)
    assert find_next_on(last, "fortnightly") == date(2026, 11, 15)
    assert find_next_on(last, "monthly") == date(2026, 12, 2)
    assert find_next_on(last, "when_needed") is None


@pytest.mark.parametrize(
    "text",
    [
        "他给了我50块",
        "收了二十块钱",
        "她硬要塞钱给我",
        "发了个红包",
        "多少钱一次",
        "He paid me 20 yuan",
    ],
)
def test_money_that_changed_hands_is_noticed(text: str) -> None:
    assert mentions_money(text)


@pytest.mark.parametrize(
    "text",
    [
        "没收钱，聊得很好",
        "不要钱的，放心",
        "钱进来看过我",
        "元旦一起吃了饭",
        "剪了头发，下了两盘棋",
        "no money, just chess",
        "",
    ],
)
def test_no_money_is_no_matter(text: str) -> None:
    assert not mentions_money(text)
