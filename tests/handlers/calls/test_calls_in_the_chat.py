"""A coordinator plans a call in the chat; the caller, the holder and the resident answer it."""

from datetime import time

import pytest

from tests.handlers.calls.talk import Talk
from tests.storage.calls.street import Street

FORGED = (
    *("plan:end:1:1", "plan:change:1:1", "plan:yes_end:1:1", "plan:keep:1:1", "plan:more:0:0"),
    *("plan:refuse:1:1", "plan:refuse:99:1", "plan:yes_refuse:1:1", "plan:no:1:1"),
    *("check_in:take:1:1", "check_in:seen:1:1", "check_in:own_button:1:1", "check_in:what:1:1"),
)


def make_plan(talk: Talk) -> None:
    talk.type("wang", "/plan")
    talk.type("wang", "lan")
    assert "一般</b>（登记册里没有更重的情况）" in talk.type("wang", "zhang")
    talk.press("wang", "较重")
    talk.press("wang", "每周")
    talk.press("wang", "每天")
    talk.type("wang", "下午3点到4点")
    talk.press("wang", "两样都有")
    talk.press("wang", "liu")
    talk.type("wang", "李梅")
    assert "本人愿意" in talk.type("wang", "13800138000")
    assert "请核对" in talk.press("wang", "电话里说的")
    said = talk.press("wang", "保存")
    assert said.split("\n")[1:] == [
        "给谁打：<b>lan</b>",
        "谁来打：zhang",
        "时间：每天 15:00到16:00",
        "照看等级：较重",
        "正在问liu愿不愿意当后备人员",
        "紧急联系人：李梅（本人已同意）",
        "",
        "第一次：11月25日（周三） 15:00",
    ]


def test_a_plan_is_made_question_by_question_and_all_are_told(talk: Talk) -> None:
    make_plan(talk)
    assert talk.street.heard("lan") == ["plan_for_you"]
    assert talk.street.heard("zhang") == ["plan_you_call"]
    assert "后备人员了" in talk.press("liu", "我愿意")
    assert talk.street.heard("wang")[-1] == "plan_stand_in_said"
    assert "后备人员：liu" in review_of_the_caller(talk)


def review_of_the_caller(talk: Talk) -> str:
    talk.type("wang", "/plans")
    talk.press("wang", "修改：lan")
    talk.press("wang", "谁来打")
    return talk.press("wang", "other")


def test_answers_that_do_not_fit_are_asked_again(talk: Talk) -> None:
    talk.type("wang", "/plan")
    assert "没有找到" in talk.type("wang", "谁也不是")
    assert "没有找到" in talk.type("wang", "\u3000")
    talk.street.join("lan2", "resident")
    assert "哪一位" in talk.type("wang", "la")
    talk.press("wang", "lan2")
    talk.press("wang", "zhang")
    talk.press("wang", "一般")
    talk.press("wang", "每周")
    assert "没看懂" in talk.type("wang", "有时候")
    talk.type("wang", "周一三五")
    for text in ("25:00", "3:5", "24:00"):
        assert "没看懂" in talk.type("wang", text)
    assert "安静时间" in talk.type("wang", "22:30")
    talk.press("wang", "09:00")
    talk.press("wang", "紧急联系人")
    assert "请再写一次" in talk.type("wang", "\u2800")
    assert "20" in talk.type("wang", "名" * 21)
    talk.type("wang", "李梅")
    assert "120" in talk.type("wang", "120")
    talk.type("wang", "023-74512345")
    assert "周一、周三、周五 09:00" in talk.press("wang", "还没有问")
    assert "还没有问过本人" in talk.press("wang", "保存")


def test_a_plan_is_changed_part_by_part(talk: Talk) -> None:
    make_plan(talk)
    assert "每天" in talk.type("wang", "/plans")
    talk.press("wang", "修改：lan")
    talk.press("wang", "日子和时间")
    talk.press("wang", "较重")
    talk.press("wang", "每周")
    talk.press("wang", "周二、周四")
    talk.press("wang", "10:00")
    said = talk.press("wang", "保存")
    assert "周二、周四 10:00" in said
    assert "李梅" in said  # what was not asked about stays
    for part, answers in (("谁来打", ["other"]), ("后备人员和紧急", ["没有"])):
        talk.type("wang", "/plans")
        talk.press("wang", "修改：lan")
        talk.press("wang", part)
        for one in answers:
            talk.press("wang", one)
        said = talk.press("wang", "保存")
    assert "other" in said
    assert "没有后备人员" in said


def test_a_plan_is_ended_after_one_question(talk: Talk) -> None:
    make_plan(talk)
    talk.type("wang", "/plans")
    talk.press("wang", "结束：lan")
    assert "不变" in talk.press("wang", "不结束")
    talk.type("wang", "/plans")
    talk.press("wang", "结束：lan")
    assert "已结束" in talk.press("wang", "结束计划")
    assert "还没有问候计划" in talk.type("wang", "/plans")
    assert "已经结束" in talk.press("wang", "结束计划")


def test_many_plans_are_shown_by_pages(talk: Talk, street: Street) -> None:
    for hour in range(8, 15):
        street.plan(clock=time(hour))
    assert "12:00" in talk.type("wang", "/plans")
    assert "14:00" in talk.press("wang", "看后面的")


def test_the_resident_may_refuse_after_one_question(talk: Talk) -> None:
    make_plan(talk)
    assert "不想要" in talk.press("lan", "我不想要这些问候")
    assert "照旧" in talk.press("lan", "还是要")
    talk.press("lan", "我不想要这些问候")
    assert "不会再给您打" in talk.press("lan", "不要了")
    assert talk.street.heard("wang")[-1] == "plan_refused"


def test_a_command_of_staff_is_answered_like_an_unknown_one(talk: Talk) -> None:
    for command in ("/plan", "/plans"):
        assert "怎么用" in talk.type("zhang", command)
    assert talk.form("zhang") is None
    assert talk.street.count("command_refused") == 2


@pytest.mark.parametrize("data", FORGED)
def test_forged_presses_change_nothing(talk: Talk, street: Street, data: str) -> None:
    street.plan()
    street.forward(hours=5)
    for name in ("other", "stranger"):
        assert talk.press_data(name, data)
    assert street.case().state == "open"
    assert street.case().holder_id is None


def test_the_caller_reports_that_all_is_well(talk: Talk, street: Street) -> None:
    street.plan()
    street.forward(hours=5)
    assert "139 0013 9000" in talk.words(street.last("zhang"))
    assert "谢谢" in talk.type("zhang", "通了电话，本人平安")
    assert "已经结束" in talk.press("zhang", "没人接")


def test_a_vain_try_says_when_it_goes_on_and_late_truth_is_welcome(
    talk: Talk, street: Street
) -> None:
    street.plan()
    street.forward(hours=5)
    assert "15:30" in talk.press("zhang", "没人接")
    assert "已记下" in talk.press_data("zhang", "check_in:no_answer:1:2")
    street.forward(minutes=30)
    talk.press("zhang", "说不准")
    street.forward(hours=2)
    assert "后备" in talk.press("zhang", "没人接")
    street.forward(minutes=1)
    assert "值班" in talk.press("liu", "没人接")
    assert "放心了" in talk.press("lan", "我很好")


def test_the_stand_in_takes_it_for_a_named_time(talk: Talk, street: Street) -> None:
    street.plan()
    street.forward(hours=5)
    for wait in (30, 120, 1):
        talk.press("zhang", "没人接")
        street.forward(minutes=wait)
    assert "桂花小区 3 栋 501" in talk.press("liu", "我来跟进")
    assert "liu" in talk.press_data("wang", "check_in:take:1:1")
    assert "还在路上" in talk.press("liu", "还在路上")
    assert "您到门口了" in talk.press("liu", "我到门口了")
    assert "到18:31为止" in talk.press("liu", "再要1小时")
    assert "谢谢" in talk.press("liu", "见到本人")


def test_whoever_holds_it_hands_it_to_the_ambulance(talk: Talk, street: Street) -> None:
    street.plan()
    street.forward(hours=12)
    talk.press("wang", "我来跟进")
    assert "请先打通电话" in talk.press("wang", "已请110")
    assert "桂花小区" in talk.press("wang", "回去")
    talk.press("wang", "已请110")
    assert "交给了120" in talk.press("wang", "120（急救）")
    assert (street.case().ending, street.case().handed_to) == ("handed_over", "120")
    assert "已经结束" in talk.press_data("chen", "hold:hand_110:1:1")


def test_a_false_alarm_is_closed_with_a_reason_and_without_blame(
    talk: Talk, street: Street
) -> None:
    street.plan()
    street.forward(hours=12)
    talk.press("wang", "我来跟进")
    assert "请选一个原因" in talk.press("wang", "没有事，是误会")
    assert "谁都没有做错" in talk.press("wang", "在家人那里")
    assert (street.case().ending, street.case().found) == ("false_alarm", "family")


def test_needs_help_becomes_a_need_and_the_caller_describes_it(talk: Talk, street: Street) -> None:
    street.plan()
    street.forward(hours=5)
    assert "您听到的是什么情况" in talk.press("zhang", "需要帮助")
    assert "请再写一次" in talk.type("zhang", "\u3000")
    assert "已经转给值班人员" in talk.type("zhang", "药吃完了，要人送")
    assert "药吃完了" in talk.words(
        next(p for p in street.got["wang"] if p.template == "check_in_help_words")
    )


def test_the_description_may_be_skipped(talk: Talk, street: Street) -> None:
    street.plan()
    street.forward(hours=5)
    talk.press("zhang", "需要帮助")
    assert "谢谢" in talk.press("zhang", "跳过")
    assert "check_in_help_words" not in street.heard("wang")


def test_the_residents_own_buttons(talk: Talk, street: Street) -> None:
    street.plan()
    street.forward(hours=5)
    talk.press("zhang", "没人接")
    street.share_chat("lan")
    assert "不止一个人" in talk.press("lan", "我很好")
    assert "已经通知值班人员" in talk.press("lan", "我需要帮助")
    assert street.case().ending == "needs_help"
