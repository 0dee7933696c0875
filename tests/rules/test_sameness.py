"""Whether two needs are likely one."""

from datetime import timedelta

import pytest

from storage.rules.areas import Category
from storage.rules.sameness import RECENT, is_like, resemblance

DAY = timedelta(days=1)
REPAIR, ERRAND, UNCLEAR = Category.HOME_REPAIR, Category.ERRAND, Category.UNCLEAR


@pytest.mark.parametrize(
    ("kind", "words", "other_kind", "other_words", "alike"),
    [
        (REPAIR, "家里的灯坏了", REPAIR, "灯泡不亮了请人看看", True),
        (REPAIR, "家里的灯坏了", ERRAND, "帮我买米", False),
        (UNCLEAR, "轮椅的刹车松了，推不动", REPAIR, "轮椅的刹车松了推不动，怎么办", True),
        (UNCLEAR, "说不清楚", UNCLEAR, "有件事", False),
        (UNCLEAR, "有事", UNCLEAR, "有事", True),
        (UNCLEAR, "", UNCLEAR, "", False),
    ],
)
def test_needs_are_alike_by_kind_or_by_words(
    kind: Category, words: str, other_kind: Category, other_words: str, alike: bool
) -> None:
    assert is_like(kind, words, other_kind, other_words, DAY) is alike


def test_an_old_need_is_not_the_same_as_a_new_one() -> None:
    assert is_like(REPAIR, "灯坏了", REPAIR, "灯坏了", RECENT)
    assert not is_like(REPAIR, "灯坏了", REPAIR, "灯坏了", RECENT + DAY)


def test_resemblance_is_the_same_both_ways() -> None:
    assert resemblance("轮椅刹车松了", "我的轮椅刹车松了好几天") == resemblance(
        "我的轮椅刹车松了好几天", "轮椅刹车松了"
    )
