"""Saying that something went wrong: three steps and a look, never one tap; the staff's desk."""

import pytest

from storage.apart import are_apart
from tests.handlers.needs.chats import Chats


def carried(chats: Chats) -> int:
    need_id = chats.village.carried()
    chats.receive()
    return need_id


def test_from_the_card_what_words_a_look_and_only_then_is_it_sent(chats: Chats) -> None:
    village = chats.village
    need_id = carried(chats)
    resident, helper = village.resident, village.volunteers[0]
    said = chats.press_data(resident, f"complaint:about:{need_id}:0")
    assert "志愿者1" in said
    assert "您自己的话" in chats.press(resident, "说话做事不尊重人")
    review = chats.type(resident, "来了就骂人")
    assert "对方不会知道是谁说的" in review
    assert not village.database.do(are_apart, resident, helper)
    sent = chats.press(resident, "对，交上去")
    assert "编号1" in sent
    assert "110" not in sent
    assert village.database.do(are_apart, resident, helper)


def test_the_card_of_a_task_has_the_button(chats: Chats) -> None:
    need_id = carried(chats)
    helper = chats.village.volunteers[0]
    chats.type(helper, "/mine")
    assert "出了什么事" in chats.press(helper, "出了问题")
    assert "交上去" not in " ".join(chats.read(helper))
    assert chats.village.need(need_id).claim is not None


def test_what_is_over_still_has_the_button_on_both_sides(chats: Chats) -> None:
    carried(chats)
    resident, helper = chats.village.resident, chats.village.volunteers[0]
    chats.type(helper, "/mine")
    for button in ("办好了", "1小时", "跳过"):
        chats.press(helper, button)
    chats.press(resident, "办好了")
    assert any("出了问题" in label for label in chats.buttons(helper))
    chats.press(resident, "满意")
    assert "志愿者1" in chats.press(resident, "出了问题")
    assert "兰姨" in chats.press(helper, "出了问题")


def test_an_ordinary_sentence_leads_into_the_same_steps_and_is_not_asked_for_again(
    chats: Chats,
) -> None:
    carried(chats)
    resident = chats.village.resident
    assert "是和谁之间的事" in chats.type(resident, "志愿者骂人")
    chats.press(resident, "志愿者1（")
    review = chats.press(resident, "说话做事不尊重人")
    assert "您的话：志愿者骂人" in review
    assert "编号1" in chats.press(resident, "对，交上去")


def test_a_complaint_about_a_matter_stays_a_need_and_names_the_other_way(chats: Chats) -> None:
    shown = chats.type(chats.village.resident, "发的轮椅质量太差，我要投诉")
    assert "我是这样理解的" in shown
    assert "/wrong" in shown


def test_grave_things_show_the_numbers_before_and_after(chats: Chats) -> None:
    need_id = carried(chats)
    resident = chats.village.resident
    chats.press_data(resident, f"complaint:about:{need_id}:0")
    chats.press(resident, "动手动脚")
    review = chats.press(resident, "跳过")
    assert "110" in review
    sent = chats.press(resident, "对，交上去")
    assert "12338" in sent
    assert "反家庭暴力法第14条" in chats.read(chats.village.coordinator)[-1]


def test_by_command_one_chooses_whom_and_can_change_and_take_back(chats: Chats) -> None:
    carried(chats)
    resident = chats.village.resident
    assert "和谁之间" in chats.type(resident, "/wrong")
    chats.press(resident, "志愿者1（")
    chats.press(resident, "别的事")
    chats.type(resident, "记不清了")
    assert "和谁之间" in chats.press(resident, "再改改")
    chats.press(resident, "工作人员：王主任")
    chats.press(resident, "别的事")
    chats.press(resident, "跳过")
    assert "街道残联办公室直接处理" in chats.press(resident, "对，交上去")
    assert "撤回" in chats.press(resident, "撤回")
    assert "已经撤回了" in chats.press_data(resident, "complaint:withdraw:1:1")


def test_without_a_name_the_words_reach_the_staff(chats: Chats) -> None:
    resident = chats.village.resident
    chats.type(resident, "/wrong")
    chats.press(resident, "别的人")
    chats.press(resident, "要钱要东西")
    chats.type(resident, "有人上门收钱")
    assert "编号1" in chats.press(resident, "对，交上去")
    assert "有人上门收钱" in chats.read(chats.village.coordinator)[-1]
    assert "还没有接手" in " ".join([chats.type(resident, "/wrong"), *chats.read(resident)])


def test_the_staff_take_it_phone_both_and_end_it(chats: Chats) -> None:
    need_id = carried(chats)
    resident, staff = chats.village.resident, chats.village.coordinator
    chats.press_data(resident, f"complaint:about:{need_id}:0")
    chats.press(resident, "说好了没有来")
    chats.press(resident, "跳过")
    chats.press(resident, "对，交上去")
    assert "还没有人接手" in chats.press(staff, "看这件事")
    assert "处理中" in chats.press(staff, "我来处理")
    assert "王主任" in chats.read(resident)[-1]
    assert "139 0013 9000" in chats.press(staff, "看双方电话")
    chats.press(staff, "处理完了")
    chats.press(staff, "以后不再安排在一起")
    chats.type(staff, "电话里听了双方")
    assert "已记下" in chats.type(staff, "给您换一位")
    assert "给您换一位" in chats.read(resident)[-1]


@pytest.mark.parametrize("act", ["see", "take", "phones", "end", "withdraw", "bad"])
def test_forged_presses_show_nothing(chats: Chats, act: str) -> None:
    need_id = carried(chats)
    resident, helper = chats.village.resident, chats.village.volunteers[0]
    chats.press_data(resident, f"complaint:about:{need_id}:0")
    chats.press(resident, "说好了没有来")
    chats.press(resident, "跳过")
    chats.press(resident, "对，交上去")
    answer = chats.press_data(helper, f"complaint:{act}:1:1")
    assert "说好了没有来" not in answer
    assert "兰姨" not in answer
