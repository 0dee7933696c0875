"""Notices and documents as they are talked about: staff write and follow, receivers read."""

import pytest

from storage.notices import send_notices
from storage.registers import change_profile
from tests.handlers.joining.door import Door
from tests.storage.residents import journalled
from tests.storage.town import CHEN, QIAN, SUN, WANG, Town

WORDS = "明天上午停水，请提前接水。"


def write(door: Door, chat: int, *, document: str = "跳过") -> str:
    """Write a notice to all residents one may write to; returns the preview."""
    door.type(chat, "/notice")
    door.press(chat, "写一条")
    door.type(chat, WORDS)
    door.press(chat, document)
    door.press(chat, "居民")
    asked = door.press(chat, "选好了")
    while "按“跳过”" in asked or "就按“跳过”" in asked:
        asked = door.press(chat, "跳过")
    return door.press(chat, "3天")


def deliver(door: Door) -> None:
    while send_notices(door.database, now=door.now):
        pass
    door.database.do(door._deliver)


@pytest.mark.parametrize("command", ["/notice", "/documents"])
def test_a_command_of_staff_is_to_residents_like_one_that_does_not_exist(
    door: Door, town: Town, command: str
) -> None:
    assert door.type(CHEN, command) == door.type(CHEN, "/nosuch")
    with town.database.transaction() as session:
        assert journalled(session, "command_refused") == 1


@pytest.mark.parametrize(
    "data",
    ["notices:new:0:0", "notices:see:1:0", "notices:unread:1:0:all.phone", "notice:read:1:0"],
)
def test_a_forged_button_of_the_desk_does_nothing(door: Door, data: str) -> None:
    write(door, WANG)
    door.press(WANG, "发出")
    deliver(door)
    assert "不归您处理" in door.press_data(QIAN if data.startswith("notice:") else CHEN, data)


def test_the_preview_shows_the_very_words_whom_and_how_many(door: Door) -> None:
    preview = write(door, WANG, document="桂阳街道")
    door.press(WANG, "发出")
    deliver(door)
    assert door.read(CHEN)[-1] in preview
    assert "一共3人：聊天能收到的2人" in preview
    assert "东街社区：2人，其中聊天1人" in preview


def test_a_coordinators_preview_counts_their_own_people(door: Door) -> None:
    assert "一共2人：聊天能收到的1人" in write(door, SUN)


def test_nobody_who_fits_is_said_in_the_preview_and_at_the_end(door: Door) -> None:
    door.type(WANG, "/notice")
    door.press(WANG, "写一条")
    door.type(WANG, WORDS)
    door.press(WANG, "跳过")
    door.press(WANG, "志愿者")
    door.press(WANG, "选好了")
    door.press(WANG, "跳过")
    door.press(WANG, "理发")
    door.press(WANG, "选好了")
    assert "没有人符合" in door.press(WANG, "7天")
    assert "没有人符合，所以没有发" in door.press(WANG, "发出")


def test_what_is_too_long_or_empty_or_no_day_is_asked_again(door: Door) -> None:
    door.type(WANG, "/notice")
    door.press(WANG, "写一条")
    assert "我没有看到字" in door.type(WANG, "\u3164")
    assert "有点太长了" in door.type(WANG, "水" * 1001)
    door.type(WANG, WORDS)
    door.press(WANG, "跳过")
    door.press(WANG, "居民")
    door.press(WANG, "选好了")
    door.press(WANG, "跳过")
    door.press(WANG, "跳过")
    assert "没看懂这个日期" in door.type(WANG, "水")
    assert "11月30日（周一） 20:00" in door.type(WANG, "11月30日")


def test_a_receiver_reads_it_and_its_document(door: Door) -> None:
    write(door, WANG, document="桂阳街道")
    door.press(WANG, "发出")
    deliver(door)
    assert "您已经看过了" in door.press(CHEN, "我看过了")
    assert "邻里守望" in door.press(CHEN, "看文件内容")
    assert "情况已经变了" in door.press_data(CHEN, "notice:what:1:0")


def test_who_has_not_read_it_is_phoned_given_paper_and_noted(door: Door) -> None:
    write(door, WANG)
    door.press(WANG, "发出")
    deliver(door)
    door.press(CHEN, "我看过了")
    assert "“明天上午停水，请提前接水。”" in door.type(SUN, "/notice")
    assert "一共2人" in door.press(SUN, "明天上午停水")
    assert "罗德明，东街社区，不用聊天" in door.press(SUN, "要打电话或送纸")
    assert "100 1234 5672" in door.press(SUN, "看这几位的电话")
    door.press(SUN, "改记作送纸质通知")
    assert "没有还没看过的人了" in door.press(SUN, "已送纸质通知给罗德明")
    assert "2人里2人看过" in door.press(SUN, "回到这条通知")


def test_stopping_and_reminding_from_the_card(door: Door, town: Town) -> None:
    write(door, WANG)
    door.press(WANG, "发出")
    door.type(WANG, "/notice")
    assert "正在分批发送" in door.press(WANG, "明天上午停水")
    assert "已停止发送" in door.press(WANG, "停止发送")
    write(door, WANG)
    door.press(WANG, "发出")
    deliver(door)
    door.type(WANG, "/notice")
    assert "已发完" in door.press(WANG, "明天上午停水")
    assert "不到一天" in door.press(WANG, "提醒还没看的人")
    assert "情况已经变了" in door.press_data(WANG, "notices:unread:2:0:what.phone")
    assert "情况已经变了" in door.press_data(WANG, "notices:what:0:0")
    assert "已停止发送" in door.press(WANG, "回到通知列表") + door.press_data(
        WANG, "notices:see:1:0"
    )


def test_a_long_list_goes_on_page_by_page(door: Door, town: Town) -> None:
    with town.database.transaction() as session:
        for number in range(9):
            town.join(session, f"居民{number}", "resident", community_id=town.home)
    write(door, WANG)
    door.press(WANG, "发出")
    door.type(WANG, "/notice")
    door.press(WANG, "明天上午停水")
    assert "居民7" not in door.press(WANG, "要打电话或送纸")
    assert "居民8" in door.press(WANG, "看后面的")


def test_the_office_renews_and_withdraws_a_document(door: Door) -> None:
    door.type(WANG, "/documents")
    assert "第1版" in door.press(WANG, "桂阳街道")
    door.press(WANG, "换成新的一版")
    door.type(WANG, "新方案")
    door.press(WANG, "跳过")
    door.type(WANG, "第一条。")
    assert "没看懂这个日期" in door.type(WANG, "水")
    door.type(WANG, "2026年11月20日")
    assert "新方案" in door.type(WANG, "/documents")
    assert "第2版" in door.press(WANG, "新方案")
    assert "已被新的一版代替" in door.press(WANG, "看第1版")
    assert "已撤下" in door.press(WANG, "撤下")
    door.press(WANG, "回到文件列表")
    assert "新方案" in door.press(WANG, "看已撤下的")
    door.press(WANG, "新方案")
    assert "现在有效" in door.press(WANG, "重新启用")


def test_the_office_adds_a_rule_and_a_coordinator_looks_it_up(door: Door) -> None:
    door.type(WANG, "/documents")
    door.press(WANG, "加一份文件")
    door.press(WANG, "制度")
    door.press(WANG, "培训")
    assert "有点太长了" in door.type(WANG, "制" * 81)
    assert "我没有看到字" in door.type(WANG, "\u3164")
    door.type(WANG, "培训办法")
    door.type(WANG, "1号")
    door.type(WANG, "先培训，再上门。")
    assert "已收入：《培训办法》" in door.press(WANG, "从今天起")
    assert "培训办法，1号（培训制度）" in door.type(SUN, "/documents")
    assert "先培训，再上门" in door.press(SUN, "培训办法")


def test_what_comes_into_force_later_is_not_shown_to_the_staff(door: Door) -> None:
    door.type(WANG, "/documents")
    door.press(WANG, "桂阳街道")
    door.press(WANG, "换成新的一版")
    for words in ("新方案", "跳过", "第一条。", "12月20日"):
        door.type(WANG, words)
    assert "还没到日子" in door.press_data(WANG, "document:before:2:2")
    assert "不归您处理" in door.press_data(SUN, "document:before:2:2")
    for data in ("document:add:0:0", "document:withdraw:2:2"):
        assert "不归您处理" in door.press_data(SUN, data)
    assert "情况已经变了" in door.press_data(SUN, "document:what:2:2")


def test_whom_a_document_reached_stands_on_its_card(door: Door) -> None:
    write(door, WANG, document="桂阳街道")
    door.press(WANG, "发出")
    deliver(door)
    door.press(CHEN, "我看过了")
    door.type(WANG, "/documents")
    door.press(WANG, "桂阳街道")
    assert "还没有：2人" in door.press(WANG, "谁读过：3人里1人")


def test_the_office_narrows_by_what_stands_sealed_and_nobody_sees_how(
    door: Door, town: Town
) -> None:
    town.database.do(
        change_profile,
        now=town.now,
        actor=town["王珊"],
        person_id=town.people["陈素芬"],
        values={"category": "psychiatric", "grade": "2", "born_on": "1950-01-02"},
        ground="staff",
    )
    door.type(WANG, "/notice")
    door.press(WANG, "写一条")
    door.type(WANG, WORDS)
    for label in ("跳过", "居民", "选好了", "跳过", "按残疾类别", "按年龄", "选好了"):
        door.press(WANG, label)
    door.press(WANG, "精神")
    door.press(WANG, "选好了")
    door.press(WANG, "60到79岁")
    door.press(WANG, "选好了")
    preview = door.press(WANG, "3天")
    assert "残疾类别：精神" in preview
    assert "年龄：60到79岁" in preview
    assert "一共1人" in preview
    door.press(WANG, "发出")
    deliver(door)
    assert "精神" not in "".join(door.read(CHEN))


def test_a_coordinator_is_not_even_asked_for_categories(door: Door) -> None:
    door.type(SUN, "/notice")
    door.press(SUN, "写一条")
    door.type(SUN, WORDS)
    door.press(SUN, "跳过")
    door.press(SUN, "居民")
    assert "管用到什么时候" in door.press(SUN, "选好了")
