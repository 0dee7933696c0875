"""What the person arranges in the chat, what staff declare, and what family tell."""

from datetime import time, timedelta

import pytest

from storage.call_plans import step_rounds
from storage.rules.tiers import Tier
from tests.handlers.calls.talk import Talk
from tests.storage.calls.street import Street


def test_the_person_reads_what_was_agreed_and_skips_one_and_takes_it_back(
    talk: Talk, street: Street
) -> None:
    street.plan()
    said = talk.type("lan", "/plans")
    assert "每天 15:00，由zhang打电话" in said
    assert "11月25日（周三）不打了" in talk.press("lan", "下一次不用打")
    assert "zhang" in said
    assert "下一次：11月25日" in talk.press("lan", "那天还是要打")
    assert street.heard("zhang")[-2:] == ["plan_skipped_told", "plan_call_on"]


def test_a_skip_pressed_twice_or_late_leaves_out_no_further_call(
    talk: Talk, street: Street
) -> None:
    street.plan()
    skip = "plan:skip:1:1:20261125"
    talk.press_data("lan", skip)
    talk.press_data("lan", skip)
    talk.press_data("lan", "plan:skip:1:1")
    street.forward(days=1)
    talk.press_data("lan", skip)
    assert street.count("call_skipped") == 1
    assert street.heard("zhang").count("check_in_call") == 0
    street.forward(hours=6)
    assert street.heard("zhang").count("check_in_call") == 1


@pytest.mark.parametrize("words", ["周四我不在家", "明天我要出门", "11月26日不在"])
def test_a_day_out_is_said_in_ones_own_words(talk: Talk, street: Street, words: str) -> None:
    street.plan()
    assert "11月26日（周四）不打了" in talk.type("lan", words)


def test_words_about_another_matter_are_left_to_it(talk: Talk, street: Street) -> None:
    street.plan(weekdays=frozenset({0}))
    assert "不打了" not in talk.type("lan", "周四我不在家")
    assert "不打了" not in talk.type("lan", "我女儿不在家，想请人买米")


def test_calls_are_moved_by_the_person(talk: Talk, street: Street) -> None:
    street.plan(tier=Tier.B, weekdays=frozenset({0}), stand_in_id=None)
    talk.type("lan", "/plans")
    talk.press("lan", "换个时间")
    talk.type("lan", "周三")
    assert "周三 09:30到10:30" in talk.type("lan", "上午9点半到10点半")
    assert street.heard("zhang")[-1] == "plan_you_call"
    said = talk.words(street.last("zhang"))
    assert "约好的问候有变化，还是请您打电话问候：周三" in said, "no new request"


def test_the_button_before_the_call_ends_it_for_today(talk: Talk, street: Street) -> None:
    street.plan()
    talk.type("lan", "/plans")
    assert "先按“我很好”" in talk.press("lan", "先让我按“我很好”")
    street.forward(hours=4, minutes=5)
    assert street.last("lan").template == "plan_are_you_fine"
    assert "一句" in talk.press("lan", "我不太好")
    talk.press_data("lan", "plan:fine:1:2")
    assert street.heard("zhang")[-1] == "plan_fine_told"
    assert "不用打了" in talk.words(street.last("lan"))


def test_staff_declare_a_round_after_the_count_and_end_it(talk: Talk, street: Street) -> None:
    street.plan(tier=Tier.A, weekdays=frozenset({0}), clock=time(10))
    assert "没有多打" in talk.type("wang", "/extra")
    talk.press("wang", "多打一轮")
    talk.press("wang", "寒潮")
    talk.press("wang", "重点和较重")
    assert "重点 1 人" in talk.press("wang", "我负责的所有地方")
    assert "已经安排：<b>寒潮</b>" in talk.press("wang", "就这样安排")
    while step_rounds(street.database, now=street.now):
        pass
    assert "寒潮" in talk.type("wang", "/extra")
    assert "已经结束：寒潮" in talk.press("wang", "结束（撤回）")
    assert "已经结束" in talk.press("wang", "结束（撤回）") or talk.press_data(
        "wang", "extra:end:1:1"
    )
    assert "怎么用" in talk.type("zhang", "/extra")


def test_one_press_arranges_a_festival(talk: Talk, street: Street) -> None:
    street.plan(tier=Tier.A, weekdays=frozenset({0}))
    said = talk.press_data("wang", "extra:festival:0:0:disability_day")
    assert "国际残疾人日</b>，12月3日（周四）当天" in said
    assert talk.press_data("zhang", "extra:festival:0:0:disability_day")
    assert street.count("round_declared") == 1


def test_a_grave_change_is_told_in_two_presses(talk: Talk, street: Street) -> None:
    street.plan()
    talk.type("wang", "/change")
    talk.type("wang", "lan")
    assert "11月26日" in talk.press("wang", "刚出院")
    assert "恢复原来的安排" in talk.press("wang", "按错了，撤回")
    talk.type("lan", "/change")
    talk.press("lan", "lan")
    assert "上门看您" in talk.press("lan", "摔倒过")
    assert "重点（到12月23日（周三））" in talk.type("wang", "/plans"), "the tier that counts now"
    street.now += timedelta(days=30)
    assert "，一般" in talk.type("wang", "/plans")
