"""A need in two moves: what people read and press while they say it, change it, withdraw it."""

import pytest

from storage.needs import find_need
from storage.rules.areas import Category, Urgency
from tests.handlers.needs.chats import Chats
from tests.storage.needs.village import Village


def test_more_words_are_added_until_it_is_sent(village: Village, chats: Chats) -> None:
    resident = village.resident
    chats.type(resident, "帮我买米")
    assert "买米\n还有一瓶油" in chats.type(resident, "还有一瓶油")
    chats.press(resident, "发出")
    assert village.need(1).words == "帮我买米\n还有一瓶油"


def test_area_urgency_and_words_can_be_changed_before_sending(
    village: Village, chats: Chats
) -> None:
    resident = village.resident
    chats.type(resident, "帮我买米")
    for button in ("修改", "哪方面的事", "参与社会"):
        chats.press(resident, button)
    assert "陪伴聊天" in chats.press(resident, "陪伴聊天")
    for button in ("修改", "急不急"):
        chats.press(resident, button)
    assert "加急，今天" in chats.press(resident, "加急")
    for button in ("修改", "重新说"):
        chats.press(resident, button)
    assert "想聊聊天" in chats.type(resident, "想聊聊天")
    chats.press(resident, "发出")
    card = village.need(1)
    assert (card.category, card.urgency) == (Category.COMPANIONSHIP, Urgency.U1)


def test_the_address_is_asked_once_when_the_first_need_at_home_is_sent(
    village: Village, chats: Chats
) -> None:
    other = village.add_resident("周伯")
    chats.type(other, "帮我买米")
    assert "地址" in chats.press(other, "发出")
    assert "不全" in chats.type(other, "x")
    assert "发出去了" in chats.type(other, "后街 5 号")
    chats.type(other, "帮我买油")
    assert "差不多的事" in chats.press(other, "发出")
    assert "发出去了" in chats.press(other, "另外一件")


def test_a_caregiver_is_asked_for_whom_and_can_correct_it(village: Village, chats: Chats) -> None:
    daughter = village.daughter
    other = village.add_resident("周伯")
    with village.database.transaction() as session:
        village.tie(session, other, daughter)
    assert "替谁" in chats.type(daughter, "帮忙买米")
    assert "兰姨" in chats.press(daughter, "兰姨")
    for button in ("修改", "替谁说"):
        chats.press(daughter, button)
    assert "替<b>周伯</b>" in chats.press(daughter, "周伯")
    chats.type(daughter, "不用送上楼")
    for button in ("修改", "替谁说", "兰姨"):
        chats.press(daughter, button)
    chats.press(daughter, "发出")
    assert village.need(1).resident_id == village.resident


def test_small_talk_is_not_sent_out_unless_they_say_it_is_a_need(
    village: Village, chats: Chats
) -> None:
    assert "要当作需求发出去吗" in chats.type(village.resident, "你好")
    chats.press(village.resident, "是，我需要帮忙")
    chats.press(village.resident, "发出")
    assert village.need(1).category is Category.UNCLEAR


def test_words_nobody_can_see_are_asked_for_again(village: Village, chats: Chats) -> None:
    assert "没有看到字" in chats.type(village.resident, "\u200b\u3164")
    chats.type(village.resident, "帮我买米")
    for button in ("修改", "重新说"):
        chats.press(village.resident, button)
    assert "没有看到字" in chats.type(village.resident, "\u2800")


def test_markup_in_a_need_is_shown_as_it_was_typed(village: Village, chats: Chats) -> None:
    shown = chats.type(village.resident, "买 <b>米</b> & {{ 7*7 }}")
    assert "买 &lt;b&gt;米&lt;/b&gt; &amp; {{ 7*7 }}" in shown


def test_a_very_long_need_is_kept_whole_and_read_in_full_on_asking(
    village: Village, chats: Chats
) -> None:
    words = "买米" + "米" * 4094
    chats.type(village.resident, words)
    assert "太长" in chats.type(village.resident, "再加一句")
    chats.press(village.resident, "发出")
    assert village.need(1).words == words
    chats.type(village.resident, "/mine")
    assert chats.press(village.resident, "看全文") == words


def test_words_are_added_to_a_need_that_was_sent(village: Village, chats: Chats) -> None:
    village.state()
    chats.type(village.resident, "/mine")
    chats.press(village.resident, "补充几句")
    assert "补充好了" in chats.type(village.resident, "要五斤装的")
    assert village.need(1).words.endswith("要五斤装的")


def test_a_sent_need_is_changed_in_the_same_form(village: Village, chats: Chats) -> None:
    village.state()
    chats.type(village.resident, "/mine")
    for button in ("修改", "急不急", "加急"):
        chats.press(village.resident, button)
    assert "改好了" in chats.press(village.resident, "就这样")
    assert village.need(1).urgency is Urgency.U1


@pytest.mark.parametrize("form", ["补充几句", "修改"])
def test_a_form_over_a_need_that_moved_meanwhile_shows_where_it_stands(
    village: Village, chats: Chats, form: str
) -> None:
    village.state()
    chats.type(village.resident, "/mine")
    chats.press(village.resident, form)
    village.claim(1, village.volunteers[0])
    if form == "修改":
        chats.press(village.resident, "重新说")
        chats.type(village.resident, "买面")
        shown = chats.press(village.resident, "就这样")
    else:
        shown = chats.type(village.resident, "买面")
    assert "有了变化" in shown


def test_withdrawing_is_asked_once_and_told_to_who_comes(village: Village, chats: Chats) -> None:
    village.carried()
    chats.type(village.resident, "我的事情")
    assert "志愿者1" in chats.press(village.resident, "不需要了")
    chats.press(village.resident, "还是需要")
    chats.press(village.resident, "不需要了")
    assert "已经取消" in chats.press(village.resident, "是的，取消")
    assert any("您不用去了" in text for text in chats.read(village.volunteers[0]))


def test_not_yet_is_answered_and_the_volunteer_asked_kindly(village: Village, chats: Chats) -> None:
    village.carried()
    village.finish(1)
    assert "办得怎么样" in chats.press(village.resident, "还没有")
    assert "什么" in chats.press(village.resident, "没有办好")
    assert "怎么办" in chats.press(village.resident, "时间不够")
    assert "重新打开" in chats.press(village.resident, "再请人来")
    assert any("再去一次" in text for text in chats.read(village.volunteers[0]))


def test_old_forged_and_foreign_presses_explain_and_change_nothing(
    village: Village, chats: Chats
) -> None:
    need_id = village.carried()
    before = village.need(need_id)
    stranger, resident = village.volunteers[1], village.resident
    for act in ("add", "change", "cancel", "drop", "yes", "notyet", "all"):
        assert "找不到" in chats.press_data(stranger, f"need:{act}:{need_id}:{before.version}")
        assert "找不到" in chats.press_data(resident, f"need:{act}:999:1")
    assert "有了变化" in chats.press_data(resident, f"need:drop:{need_id}:1")
    assert "用不上" in chats.press_data(resident, f"need:eat:{need_id}:{before.version}")
    for act in ("at", "way", "done", "cannot", "where"):
        assert "找不到" in chats.press_data(stranger, f"claim:{act}:1:2:30")
        assert "找不到" in chats.press_data(resident, f"claim:{act}:999:1:30")
    for act in ("list", "assign", "to", "close", "again", "free", "phone"):
        assert "找不到" in chats.press_data(stranger, f"desk:{act}:{need_id}:{before.version}:4")
    assert village.database.do(find_need, need_id=need_id) == before


def test_somebody_without_a_role_is_shown_the_way_in(village: Village, chats: Chats) -> None:
    village.end_role(village.volunteers[0])
    assert "/start" in chats.type(village.volunteers[0], "/mine")


def test_mine_says_when_there_is_nothing(village: Village, chats: Chats) -> None:
    assert "没有未办完" in chats.type(village.resident, "/mine")
    assert village.database.do(find_need, need_id=1) is None


def test_a_need_that_is_done_is_asked_about_and_a_closed_one_says_so(
    village: Village, chats: Chats
) -> None:
    village.carried()
    village.finish(1)
    done = village.need(1).version
    chats.type(village.resident, "/mine")
    assert "办好了吗" in chats.read(village.resident)[-1]
    chats.press(village.resident, "办好了")
    assert "已经办结" in chats.press_data(village.resident, f"need:yes:1:{done}")
