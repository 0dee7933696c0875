"""Which of the office's answers fits a question; and none names an amount of its own."""

import re

import pytest

from storage.rules.answers import best_answer, is_question, read_words, shipped_answers

KNOWN = {one.key: one.words for one in shipped_answers()}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("两项补贴怎么申请", "two_subsidies"),
        ("重残护理补贴啷个领", "two_subsidies"),
        ("办残疾人证要什么手续？", "certificate"),
        ("残疾证快到期了怎么换证", "renewal"),
        ("残疾证丢了怎么补办", "renewal"),
        ("残疾证丢了怎么办", "renewal"),
        ("残疾证怎么办理", "certificate"),
        ("申请轮椅要什么条件", "devices"),
        ("家里卫生间无障碍改造怎么申请", "home_access"),
        ("这种事归谁管，该找哪个部门", "who_does_what"),
        ("打官司请律师要钱不，有没有法律援助", "legal_aid"),
        ("志愿者来帮忙收费吗", "volunteering"),
        ("娃儿康复训练哪里可以做", "rehabilitation"),
        ("附近有没有日间照料", "care"),
    ],
)
def test_a_question_gets_the_answer_that_fits(text: str, key: str) -> None:
    assert is_question(text)
    assert best_answer(text, KNOWN) == key


@pytest.mark.parametrize("text", ["今天几号", "你们几点上班", "谢谢", ""])
def test_what_no_answer_fits_gets_none(text: str) -> None:
    assert best_answer(text, KNOWN) is None


@pytest.mark.parametrize(
    "text",
    [
        "我想申请轮椅",
        "请帮我买米",
        "灯坏了",
        "想请人陪我去医院",
        "我要换证",
        "轮椅坏了能不能修一下",
        "明天上午能来修扶手吗",
        "有没有人陪我去做康复",
        "我妈的轮椅什么时候能送来",
    ],
)
def test_what_is_to_be_done_is_no_question(text: str) -> None:
    assert not is_question(text)


def test_two_that_fit_alike_are_left_to_a_person() -> None:
    assert best_answer("轮椅和坡道", {"a": ["轮椅"], "b": ["坡道"]}) is None


def test_no_shipped_answer_names_an_amount_and_each_says_who_decides() -> None:
    for one in shipped_answers():
        assert not re.search(r"\d+\s*元|[一二三四五六七八九十百千万]+元|每月\s*\d", one.text)
        assert any(who in one.text for who in ("社事办", "残联", "12348"))
        assert one.source
        assert len(one.text) < 400


def test_words_are_read_as_the_office_types_them() -> None:
    assert read_words("轮椅、拐杖, 辅具  轮椅") == ("轮椅", "拐杖", "辅具")
