"""One's consents in the chat: a list, a card for each, yes and no by a tap; staff write down."""

from datetime import datetime

import pytest

from storage.database import Database
from storage.rules.purposes import Purpose
from tests.handlers.joining.door import Door
from tests.storage.consenting.home import Home

STAFF, COLLEAGUE, ADULT, DAUGHTER, MOTHER, CHILD = 1, 2, 3, 4, 5, 6


@pytest.fixture
def home(database: Database, now: datetime) -> Home:
    made = Home(database, now)
    made.settle()
    return made


@pytest.fixture
def door(home: Home) -> Door:
    return Door(home.database, home.now)


def test_the_list_says_each_thing_in_plain_words(door: Door, home: Home) -> None:
    home.say(Purpose.PUBLISH_NAME, True, by=home.adult)
    home.say(Purpose.PUBLISH_STORY, False, by=home.adult)
    said = door.type(ADULT, "/consent")
    assert "登记信息：同意，2026年11月25日" in said
    assert "公开姓名：同意，2026年11月25日，到2027年11月25日" in said
    assert "公开事迹：不同意" in said
    assert "记残疾情况：没有问过" in said
    assert "未成年人" not in said


def test_one_tap_takes_back_and_another_changes_ones_mind(door: Door, home: Home) -> None:
    home.say(Purpose.PUBLISH_NAME, True, by=home.adult)
    door.type(ADULT, "/consent")
    assert "现在就有效" in door.press(ADULT, "撤回：公开姓名")
    assert not home.stands(home.adult, Purpose.PUBLISH_NAME)
    assert "不同意，什么帮忙都不少" in door.press(ADULT, "改主意了")
    door.press(ADULT, "同意")
    assert home.stands(home.adult, Purpose.PUBLISH_NAME)


def test_before_a_yes_the_words_are_read(door: Door, home: Home) -> None:
    door.type(ADULT, "/consent")
    said = door.press(ADULT, "看看再定：记残疾情况")
    assert "敏感信息" in said
    assert "照样帮忙" in said
    door.press(ADULT, "不同意")
    assert not home.stands(home.adult, Purpose.RECORD_DISABILITY)


def test_a_closed_chat_says_how_it_goes_on_and_opens_again(door: Door, home: Home) -> None:
    home.say(Purpose.ABROAD, True, by=home.adult)
    door.type(ADULT, "/consent")
    assert "改用电话或上门" in door.press(ADULT, "撤回：消息经过境外")
    for words in ("帮我买米", "/mine", "/start", "怎么用", "谢谢"):
        assert "这里不再办事" in door.type(ADULT, words)
    assert "这里不再办事" in door.press_data(ADULT, "days:on:0:0")
    assert "120" in door.type(ADULT, "救命")
    assert "登记信息" in door.type(ADULT, "/consent")
    door.type(ADULT, "你好")
    door.press(ADULT, "重新用这里聊")
    assert "这里不再办事" not in door.type(ADULT, "/help")


def test_a_guardian_answers_for_a_child_and_the_child_cannot(door: Door, home: Home) -> None:
    door.type(MOTHER, "/consent")
    assert "周小满同意过的事" in door.press(MOTHER, "替周小满看")
    door.press(MOTHER, "看看再定：公开照片")
    door.press(MOTHER, "同意")
    assert home.stands(home.child, Purpose.PUBLISH_PICTURE)
    data = f"consent:no:{home.child}:0:publish_picture=1"
    assert "只能由监护人" in door.press_data(CHILD, data)
    assert home.stands(home.child, Purpose.PUBLISH_PICTURE)


@pytest.mark.parametrize("act", ["yes", "no", "one", "list", "record"])
def test_nobody_reaches_for_somebody_elses(door: Door, home: Home, act: str) -> None:
    door.press_data(DAUGHTER, f"consent:{act}:{home.adult}:0:publish_name=1")
    assert not home.stands(home.adult, Purpose.PUBLISH_NAME)
    assert "同意过的事" not in door.read(DAUGHTER)[-1]


@pytest.mark.parametrize("extra", ["", "publish_name", "publish_name=0", "nothing=1", "="])
def test_forged_presses_change_nothing(door: Door, home: Home, extra: str) -> None:
    door.press_data(ADULT, f"consent:yes:{home.adult}:0:{extra}")
    assert not home.stands(home.adult, Purpose.PUBLISH_NAME)


def test_staff_write_down_what_somebody_said(door: Door, home: Home) -> None:
    door.press_data(STAFF, f"consent:list:{home.chatless}:0")
    door.press(STAFF, "记下本人说的话")
    door.press(STAFF, "给来帮忙的人看联系方式")
    door.press(STAFF, "公开姓名")
    door.press(STAFF, "选好了")
    door.press(STAFF, "同意")
    door.press(STAFF, "本人说的")
    door.press(STAFF, "当面")
    assert "看不懂" in door.type(STAFF, "2027-01-01")
    door.type(STAFF, "2026-11-20")
    door.type(STAFF, "何伯家里")
    door.type(STAFF, "没有")
    said = door.press(STAFF, "读了系统里的原文")
    assert "何伯同意给来帮忙的人看联系方式、公开姓名" in said
    assert home.stands(home.chatless, Purpose.PUBLISH_NAME)
    assert "由王珊见证" in door.press(STAFF, "看全部")


def test_a_look_at_a_child_is_asked_for_and_decided(door: Door, home: Home) -> None:
    door.press_data(STAFF, f"look:ask:{home.child}:0")
    assert "问过了" in door.type(STAFF, "办助学补贴")
    assert "办助学补贴" in door.read(COLLEAGUE)[-1]
    door.press(COLLEAGUE, "同意看")
    assert "24小时内可以看周小满" in door.read(STAFF)[-1]
    assert "孙丽" in door.press(MOTHER, "不同意看")
