"""Whoever writes for somebody else must not send help to the wrong door."""

import pytest

from storage.rules.whom import speaks_of_other


@pytest.mark.parametrize(
    "words",
    [
        "我妈摔倒了，起不来",
        "救命，我妈起不来了",
        "老人叫不醒了",
        "孩子抽搐了，快来",
        "我老公喝了农药",
        "他说不想活了",
        "有人在打我妈",
        "我回家看到婆婆晕倒了",
        "my mother fell and cannot get up",
    ],
)
def test_words_of_somebody_else_are_about_them(words: str) -> None:
    assert speaks_of_other(words)


@pytest.mark.parametrize(
    "words",
    [
        "救命",
        "我摔倒了，起不来",
        "我摔倒了，我妈不在家",
        "我爸打我",
        "他拿刀追我",
        "我不想活了，我妈也走了",
        "我喘不过气",
        "I fell and cannot get up, my mother is out",
    ],
)
def test_ones_own_words_are_about_oneself(words: str) -> None:
    assert not speaks_of_other(words)
