"""A question in free words: the office's answer with its source, or a person; never nothing."""

import pytest

from storage.answers import plant_answers
from tests.handlers.calls.talk import Talk


@pytest.fixture(autouse=True)
def answers(talk: Talk) -> None:
    talk.street.do(plant_answers, now=talk.street.now)


def test_a_question_gets_the_answer_its_source_and_a_person_beside_it(talk: Talk) -> None:
    said = talk.type("lan", "残疾人两项补贴怎么申请？")
    assert "国发〔2015〕52号" in said
    assert "2026年11月23日核对" in said
    assert "以街道社事办答复为准" in said
    assert "不客气" in talk.press("lan", "明白了，谢谢")


def test_a_person_please_lays_the_question_on_the_staffs_desk(talk: Talk) -> None:
    talk.type("lan", "残疾证到期怎么换证")
    assert "想问什么" in talk.press("lan", "请人回答我")
    assert "已经转给工作人员" in talk.type("lan", "我妈走不动，能上门换证吗")
    assert "我妈走不动" in talk.words(talk.street.last("wang"))
    assert "请写您的回答" in talk.press("wang", "回答")
    assert "已经转给lan" in talk.type("wang", "可以，周三上午上门")
    assert "可以，周三上午上门" in talk.words(talk.street.last("lan"))
    assert "wang" in talk.press("chen", "回答")


def test_a_question_that_no_answer_fits_goes_to_a_person_at_once(talk: Talk) -> None:
    assert "已经转给工作人员" in talk.type("lan", "你们周末上不上班")
    assert talk.street.last("chen").template == "question_new"
    assert "不用回答了" in talk.press("lan", "不用回答了")


def test_what_is_to_be_done_is_still_a_need(talk: Talk) -> None:
    talk.type("lan", "我想申请一个轮椅")
    assert talk.form("lan") == "review"


def test_the_office_keeps_answers_by_edition(talk: Talk) -> None:
    talk.type("wang", "/answers")
    talk.press("wang", "残疾人两项补贴")
    talk.press("wang", "换成新的内容")
    talk.type("wang", "带证到二楼办，以街道社事办答复为准")
    assert "第2版" in talk.type("wang", "垫残联发〔2026〕1号")
    assert "旧的" in talk.press("wang", "看第1版")
    assert "带证到二楼办" in talk.type("lan", "两项补贴怎么办理？")
    talk.press("wang", "撤下")
    assert "带证到二楼办" in talk.press("wang", "放回去")


def test_the_office_writes_a_new_one(talk: Talk) -> None:
    talk.type("wang", "/answers")
    talk.press("wang", "写一个新答复")
    talk.type("wang", "免费坐公交")
    talk.type("wang", "公交、坐车、免费乘车")
    talk.type("wang", "凭残疾人证上车，以街道社事办答复为准")
    talk.type("wang", "县交通局通知")
    assert "凭残疾人证上车" in talk.type("lan", "坐公交要不要钱？")


@pytest.mark.parametrize("act", ["add", "renew", "review", "withdraw", "restore", "before"])
def test_forged_presses_change_nothing(talk: Talk, act: str) -> None:
    for name in ("lan", "zhang", "stranger"):
        assert talk.press_data(name, f"answer:{act}:1:1")
        assert talk.form(name) is None
    assert "国发〔2015〕52号" in talk.type("lan", "两项补贴怎么申请？")
