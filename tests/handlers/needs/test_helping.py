"""Volunteers and coordinators: what they read and press between an offer and its end."""

from datetime import timedelta

import pytest

from storage.needs import Statement, change_need
from storage.rules.areas import Category, Urgency
from storage.rules.lifecycle import NeedState
from tests.handlers.needs.chats import Chats
from tests.storage.needs.village import ERRAND, Village


@pytest.mark.parametrize(
    ("said", "hours"), [("30分钟内", 0.5), ("1小时内", 1), ("今天内", 10), ("下午3点", 5)]
)
def test_a_time_is_pressed_or_typed(
    village: Village, chats: Chats, said: str, hours: float
) -> None:
    village.state()
    helper = village.volunteers[0]
    chats.press(helper, "我去")
    shown = chats.type(helper, said) if "点" in said else chats.press(helper, said)
    assert "501" in shown
    held = village.need(1).claim
    assert held is not None
    assert held.arrives_at == village.now + timedelta(hours=hours)


def test_another_time_is_asked_until_it_is_one(village: Village, chats: Chats) -> None:
    village.state()
    helper = village.volunteers[0]
    chats.press(helper, "我去")
    chats.press(helper, "另定时间")
    assert "已经过了" in chats.type(helper, "上午9点")
    assert "没看懂" in chats.type(helper, "随便")
    assert "501" in chats.type(helper, "明天上午10点")


def test_today_late_in_the_evening_means_within_two_hours(village: Village, chats: Chats) -> None:
    village.state()
    chats.receive()
    village.now += timedelta(hours=11)
    helper = village.volunteers[0]
    chats.press(helper, "我去")
    chats.press(helper, "今天内")
    held = village.need(1).claim
    assert held is not None
    assert held.arrives_at == village.now + timedelta(hours=2)


def test_the_loser_is_answered_kindly_and_the_winner_sees_their_task(
    village: Village, chats: Chats
) -> None:
    village.state()
    chats.receive()
    first, second = village.volunteers
    chats.press(first, "我去")
    assert "已经有人" in chats.press_data(second, "offer:go:1:1")
    assert "您已经答应了" in chats.press_data(first, "offer:go:1:1")
    assert "找不到" in chats.press_data(village.resident, "offer:go:1:1")
    assert "已经有人" in chats.press_data(second, "offer:eat:1:1")


def test_no_is_fine_and_an_old_offer_shows_the_new_words(village: Village, chats: Chats) -> None:
    village.state()
    chats.receive()
    first, second = village.volunteers
    assert "没关系" in chats.press(first, "这次不去")
    village.do(
        change_need,
        actor_id=village.resident,
        need_id=1,
        version=1,
        said=Statement(ERRAND.category, ERRAND.urgency, "买面"),
    )
    assert "买面" in chats.press_data(second, "offer:go:1:1")
    assert village.need(1).state is NeedState.OPEN


def test_a_task_can_be_moved_given_back_and_looked_up(village: Village, chats: Chats) -> None:
    village.state()
    helper = village.volunteers[0]
    chats.press(helper, "我去")
    chats.press(helper, "1小时内")
    chats.press(helper, "改时间")
    assert "改好了" in chats.type(helper, "下午3点")
    chats.type(helper, "/mine")
    assert "501" in chats.press(helper, "看姓名、地址、电话")
    assert "有了变化" in chats.press_data(helper, "claim:way:1:1")
    assert "501" in chats.press_data(helper, "claim:where:1:1")
    assert "怎么办好" in chats.press(helper, "我去不了")
    assert "没关系" in chats.press(helper, "放下，请别的人")
    assert "有了变化" in chats.press_data(helper, "claim:way:1:3")


def test_a_task_is_done_with_its_time_and_a_note(village: Village, chats: Chats) -> None:
    village.carried()
    helper = village.volunteers[0]
    chats.type(helper, "/mine")
    chats.press(helper, "办好了")
    assert "没看懂" in chats.type(helper, "很久")
    chats.press(helper, "1小时")
    assert "没有看到字" in chats.type(helper, "\u200b")
    assert "1小时" in chats.type(helper, "门口台阶高")
    assert "有了变化" in chats.press_data(helper, "claim:done:1:2")


def test_a_form_of_a_task_that_was_withdrawn_says_so(village: Village, chats: Chats) -> None:
    village.carried()
    helper = village.volunteers[0]
    chats.type(helper, "/mine")
    chats.press(helper, "办好了")
    chats.type(village.resident, "/mine")
    chats.press(village.resident, "不需要了")
    chats.press(village.resident, "是的，取消")
    chats.press(helper, "半小时")
    assert "刚才有了变化" in chats.press(helper, "跳过")


def test_a_coordinator_asks_somebody_in_person(village: Village, chats: Chats) -> None:
    village.state(Statement(Category.TWO_SUBSIDIES, Urgency.U2, "补贴怎么办"))
    staff = village.coordinator
    assert "工作人员" in chats.read(staff)[-1]
    chats.press(staff, "请一位志愿者")
    assert "已经邀请志愿者1" in chats.press(staff, "志愿者1")
    assert "协调员想请您" in chats.read(village.volunteers[0])[-1]
    chats.press(village.volunteers[0], "这次不去")
    assert "志愿者1这次去不了" in chats.read(staff)[-1]


def test_a_coordinator_closes_with_a_word(village: Village, chats: Chats) -> None:
    village.state(Statement(Category.TWO_SUBSIDIES, Urgency.U2, "补贴怎么办"))
    staff = village.coordinator
    chats.type(staff, "/mine")
    assert "139 0013 9000" in chats.press(staff, "看电话")
    chats.press(staff, "办结并回一句话")
    assert "转给兰姨" in chats.type(staff, "请到社事办窗口")
    assert "请到社事办窗口" in chats.read(village.resident)[-1]
    assert "已经办结" in chats.press_data(staff, "desk:assign:1:1")


def test_a_coordinator_hears_of_silence_asks_again_and_takes_back(
    village: Village, chats: Chats
) -> None:
    village.carried()
    village.wait(timedelta(hours=2))
    village.wait(timedelta(hours=2))
    village.wait(timedelta(hours=2))
    staff = village.coordinator
    assert "没有回音" in chats.read(staff)[-1]
    assert "再问一次" in chats.press(staff, "再问一次")
    version = village.need(1).version
    assert "已经收回" in chats.press_data(staff, f"desk:free:1:{version}")
    assert "用不上" in chats.press_data(staff, f"desk:eat:1:{version + 1}")
    assert "用不上" in chats.press_data(staff, f"desk:to:1:{version + 1}:x")
    assert "没有等您" in chats.press_data(staff, "desk:list:0:0")


def test_nobody_to_ask_is_said(village: Village, chats: Chats) -> None:
    for helper in village.volunteers:
        village.end_role(helper)
    village.state()
    chats.receive()
    assert "没有人可以问" in chats.press(village.coordinator, "请一位志愿者")


def test_a_desk_form_over_a_need_that_moved_shows_where_it_stands(
    village: Village, chats: Chats
) -> None:
    need_id = village.state()
    village.wait(timedelta(days=10))
    chats.receive()
    chats.press(village.coordinator, "办结并回一句话")
    village.claim(need_id, village.volunteers[0])
    assert "有了变化" in chats.type(village.coordinator, "好的")


def test_a_swap_names_the_other_and_a_day_that_can_be_heard(village: Village, chats: Chats) -> None:
    first, second = village.volunteers
    mine = village.carried()
    theirs = village.do_state(village.add_resident("周伯"))
    village.claim(theirs, second)
    village.come(theirs, after=timedelta(hours=5))
    held = village.need(mine).held
    assert "想跟谁换" in chats.press_data(first, f"claim:swap:{held.id}:{held.version}")
    assert "问过了" in chats.press(first, "志愿者2，11月")
