"""A survey round as it is talked about: opened and followed by staff, answered by people."""

import pytest

from storage.registers import open_profile
from storage.surveys import move_rounds
from tests.handlers.joining.door import Door
from tests.storage.residents import journalled
from tests.storage.town import CHEN, QIAN, SUN, WANG, ZHOU, Town


def choose(door: Door, chat: int = WANG) -> None:
    """Choose a round about household size, living alone, care for oneself and school."""
    door.type(chat, "/survey")
    door.press(chat, "开一轮新的")
    door.press(chat, "残疾人")
    door.type(chat, "冬季摸底")
    door.press(chat, "生活和家庭")
    door.press(chat, "康复需求")
    door.press(chat, "选好了")
    for label in ("家庭人口", "是否独居", "康复需求"):
        door.press(chat, label)
    door.press(chat, "选好了")


def begin(door: Door, chat: int = WANG) -> str:
    """Open the round; returns the preview."""
    choose(door, chat)
    asked = door.type(chat, "出门方便吗？")
    while "就按“跳过”" in asked or "按“跳过”就是" in asked:
        asked = door.press(chat, "跳过")
    door.press(chat, "30天")
    preview = door.press(chat, "提醒一次")
    door.press(chat, "开始调研")
    while move_rounds(door.database, now=door.now):
        pass
    door.database.do(door._deliver)
    return preview


def profile(town: Town, name: str) -> dict[str, object]:
    return dict(town.database.do(open_profile, person_id=town.people[name]))


def test_the_command_is_to_others_like_one_that_does_not_exist(door: Door, town: Town) -> None:
    assert door.type(CHEN, "/survey") == door.type(CHEN, "/nosuch")
    with town.database.transaction() as session:
        assert journalled(session, "command_refused") == 1


@pytest.mark.parametrize(
    "data",
    ["round:new:0:0", "round:see:1:0", "round:fill:1:1:phone.1", "round:close:1:1"],
)
def test_a_forged_button_of_the_desk_does_nothing(door: Door, data: str) -> None:
    begin(door)
    assert "不归您处理" in door.press_data(CHEN, data)


def test_the_preview_shows_the_very_words_whom_and_how_many(door: Door) -> None:
    preview = begin(door)
    assert door.read(CHEN)[-1] in preview
    assert "一共3人：聊天能收到的2人" in preview
    assert "家庭人口、是否独居、康复需求" in preview
    assert "出门方便吗？" in preview


def test_a_coordinators_round_counts_their_own_people(door: Door) -> None:
    assert "一共2人" in begin(door, SUN)
    assert "还没有开过调研" in door.type(QIAN, "/survey")
    assert "不归您处理" in door.press_data(QIAN, "round:see:1:0")


def test_a_resident_answers_stops_and_goes_on_where_they_stopped(door: Door, town: Town) -> None:
    begin(door)
    assert "第1题，共4题" in door.press(CHEN, "填写，同意")
    assert "请写一个数字" in door.type(CHEN, "几口")
    assert "第2题" in door.type(CHEN, "三")
    door.type(CHEN, "/cancel")
    goes_on = door.press(CHEN, "填写，同意")
    assert "上次填的都在" in goes_on
    assert "第2题" in goes_on
    assert "第1题" in door.press(CHEN, "返回上一步")
    door.type(CHEN, "4")
    door.press(CHEN, "不想说")
    door.type(CHEN, "药物")
    door.press(CHEN, "选好了")
    assert "填好了，谢谢您" in door.press(CHEN, "是")
    assert profile(town, "陈素芬") == {"household_size": 4, "rehab_need": ["medicine"]}
    assert "是：1人，不是：0人" in door.press(WANG, "看：冬季摸底")
    assert "陈素芬" not in door.press(WANG, "看缺哪些")


def test_what_is_known_is_shown_and_one_press_says_no_change(door: Door, town: Town) -> None:
    begin(door)
    door.press(CHEN, "填写，同意")
    for answer in ("3", "不是", "功能训练"):
        door.type(CHEN, answer)
    door.press(CHEN, "选好了")
    door.press(CHEN, "跳过")
    again = door.press_data(CHEN, "survey:start:1:0")
    assert "填过一次" in again
    assert "以前登记的：3" in again
    assert "以前登记的：不是" in door.press(CHEN, "没有变化")
    assert "以前登记的：功能训练" in door.press(CHEN, "没有变化")
    door.press(CHEN, "跳过")
    assert "填好了" in door.press(CHEN, "不想说")
    assert profile(town, "陈素芬")["household_size"] == 3


def test_refusing_is_one_press_and_costs_nothing(door: Door) -> None:
    begin(door)
    assert "各项服务照旧" in door.press(ZHOU, "这次不填")
    assert "情况已经变了" in door.press_data(ZHOU, "survey:what:3:0")
    assert "不愿意：1人" in door.press(WANG, "看：冬季摸底")


def test_staff_go_from_one_to_the_next_without_menus_between(door: Door, town: Town) -> None:
    begin(door)
    door.type(SUN, "/survey")
    door.press(SUN, "看：冬季摸底")
    door.press(SUN, "替人填写")
    assert "下一位：陈素芬" in door.press(SUN, "打电话问")
    nxt = door.press(SUN, "没联系上")
    assert "陈素芬：已记下" in nxt
    assert "罗德明" in nxt
    assert "100 1234 5672" in nxt
    assert "罗德明，第1题" in door.press(SUN, "本人同意")
    door.type(SUN, "2")
    door.press(SUN, "是")
    door.press(SUN, "跳过")
    assert "罗德明：已记下" in door.press(SUN, "不是")
    assert profile(town, "罗德明") == {"household_size": 2, "lives_alone": True}
    assert "上次没联系上" in door.press(SUN, "从头再过一遍")
    assert "这里的人都问过一遍了" in door.press(SUN, "先跳过")
    door.press(SUN, "从头再过一遍")
    assert "这里的人都问过一遍了" in door.press(SUN, "本人不愿意")
    assert "2人里1人已答，占50%，剩0人" in door.press(SUN, "回到这一轮")


def test_the_office_chooses_a_community_first(door: Door) -> None:
    begin(door)
    door.press(WANG, "看：冬季摸底")
    door.press(WANG, "替人填写")
    door.press(WANG, "上门问")
    stop = door.press(WANG, "西街社区")
    assert "周小兰" in stop
    assert "地址：没有登记" in stop
    for data in ("round:way:1:0:pigeon", "round:next:1:0:pigeon.1", "round:what:1:0"):
        assert "情况已经变了" in door.press_data(WANG, data)
    assert "这里的人都问过一遍了" in door.press_data(WANG, "round:next:1:0:paper.0")


def test_when_both_answer_the_later_sees_both_and_decides(door: Door, town: Town) -> None:
    begin(door)
    door.press(CHEN, "填写，同意")
    door.type(CHEN, "3")
    door.type(SUN, "/survey")
    for label in ("看：冬季摸底", "替人填写", "打电话问", "本人同意"):
        door.press(SUN, label)
    for answer in ("2", "是", "跳过", "跳过"):
        door.type(SUN, answer)
    door.press(CHEN, "不是")
    door.press(CHEN, "跳过")
    both = door.press(CHEN, "跳过")
    assert "家庭人口：孙丽填的是“2”，您填的是“3”" in both
    assert "是否独居：孙丽填的是“是”，您填的是“不是”" in both
    assert "用您这次填的" in door.press(CHEN, "用我这次填的")
    assert profile(town, "陈素芬") == {"household_size": 3, "lives_alone": False}
    assert "用先填的" in door.press_data(CHEN, "survey:theirs:1:0")


def test_a_round_is_extended_closed_and_opened_again(door: Door) -> None:
    begin(door)
    assert "12月25日" in door.press(WANG, "看：冬季摸底")
    door.press(WANG, "延期")
    assert "1月1日" in door.press(WANG, "延长7天")
    assert "还有3人没答" in door.press(WANG, "结束这一轮")
    assert "已结束" in door.press(WANG, "是的，结束")
    assert "已经结束" in door.press(CHEN, "填写，同意")
    assert "情况已经变了" in door.press_data(WANG, "round:extend:1:3:8")
    door.press(WANG, "延期再开")
    assert "截止" in door.press(WANG, "延长14天")
    assert "冬季摸底" in door.press(WANG, "回到调研列表")


def test_bad_answers_of_the_opener_are_asked_again(door: Door) -> None:
    door.type(WANG, "/survey")
    door.press(WANG, "开一轮新的")
    door.press(WANG, "志愿者")
    assert "我没有看到字" in door.type(WANG, "\u3164")
    assert "有点太长了" in door.type(WANG, "摸" * 31)
    door.type(WANG, "志愿资源")
    door.press(WANG, "语言")
    door.press(WANG, "选好了")
    assert "最多5个问题" in door.type(WANG, "行吗？\n" * 6)
    door.press(WANG, "跳过")
    door.press(WANG, "跳过")
    door.press(WANG, "跳过")
    assert "没看懂这个日期" in door.type(WANG, "水")
    door.type(WANG, "12月20日")
    assert "没有人符合" in door.press(WANG, "不提醒")
    assert "没有人符合，所以没有开始" in door.press(WANG, "开始调研")


def test_a_round_of_nothing_is_refused(door: Door) -> None:
    door.type(WANG, "/survey")
    door.press(WANG, "开一轮新的")
    door.press(WANG, "残疾人")
    door.type(WANG, "冬季摸底")
    for _ in range(4):
        door.press(WANG, "跳过")
    door.press(WANG, "14天")
    door.press(WANG, "不提醒")
    assert "还没有选要问的问题" in door.press(WANG, "开始调研")


def test_every_kind_of_field_reads_what_people_type(door: Door, town: Town) -> None:
    door.type(WANG, "/survey")
    door.press(WANG, "开一轮新的")
    door.press(WANG, "残疾人")
    door.type(WANG, "联系人")
    for label in ("生活和家庭", "联系人和监护人"):
        door.press(WANG, label)
    door.press(WANG, "选好了")
    for label in ("是否独居", "婚姻状况", "紧急联系人姓名", "紧急联系人电话"):
        door.press(WANG, label)
    door.press(WANG, "选好了")
    for _ in range(3):
        door.press(WANG, "跳过")
    door.press(WANG, "14天")
    door.press(WANG, "不提醒")
    door.press(WANG, "开始调研")
    while move_rounds(door.database, now=door.now):
        pass
    door.database.do(door._deliver)
    door.press(CHEN, "填写，同意")
    assert "从下面选一个" in door.type(CHEN, "随便")
    door.type(CHEN, "离异")
    assert "从下面选一个" in door.type(CHEN, "随便")
    door.type(CHEN, "否")
    assert "我没有看到字" in door.type(CHEN, "\u3164")
    assert "有点太长了" in door.type(CHEN, "李" * 201)
    door.type(CHEN, "李梅")
    assert "少了几位" in door.type(CHEN, "1001234")
    assert "填好了" in door.type(CHEN, "10012345679")
    assert profile(town, "陈素芬") == {
        "lives_alone": False,
        "marital": "divorced",
        "contact_name": "李梅",
        "contact_phone": "+8610012345679",
    }
