"""Whether a complaint is about somebody, whom it must then keep apart, or about a matter."""

import pytest

from storage.rules.areas import Category
from storage.rules.reading import read_need
from storage.rules.wrongs import is_between_people


@pytest.mark.parametrize(
    "words",
    [
        "志愿者骂人",
        "我要投诉上次来的志愿者",
        "来的志愿者一直玩手机，啥也没干",
        "上次的师傅修完更漏了，来修灯的师傅还收了我五十块",
        "昨天来的小伙子态度很差",
        "The volunteer was rude to me",
    ],
)
def test_a_complaint_about_somebody_is_known_by_its_words(words: str) -> None:
    assert read_need(words).category is Category.COMPLAINT
    assert is_between_people(words)


@pytest.mark.parametrize(
    "words",
    [
        "建议你们把字弄大一点，老人看不清",
        "发的轮椅质量太差，一个月就坏，我要反映",
        "申请交上去半年没人管",
    ],
)
def test_a_complaint_about_a_matter_names_nobody(words: str) -> None:
    assert not is_between_people(words)
