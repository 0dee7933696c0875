"""Words of danger are heard at any time: before joining, in a form, and with nobody on duty."""

import pytest

from tests.handlers.calls.talk import Talk
from tests.storage.calls.street import Street


def test_a_cry_for_help_brings_the_numbers_and_says_who_was_alerted(talk: Talk) -> None:
    said = talk.type("lan", "救命")
    for part in ("120", "110", "12110023", "身边的人", "wang", "chen"):
        assert part in said
    assert "会有人尽快联系您。\n\n如果您不在家" in said
    assert talk.street.heard("wang") == ["alarm_ring"]
    talk.street.forward(minutes=5)
    assert "现在没有人在跟进。\nlan，电话" in talk.words(talk.street.last("wang"))


def test_somebody_who_has_not_joined_is_heard_and_asked_where_they_are(talk: Talk) -> None:
    said = talk.type("stranger", "救命")
    assert "位置" in said
    assert "已经转给" in talk.type("stranger", "菜市场门口，10086")
    assert talk.words(talk.street.last("wang")).endswith("菜市场门口，10086")


def test_words_of_self_harm_have_their_own_wording(talk: Talk) -> None:
    said = talk.type("lan", "不想活了")
    assert "12356" in said
    assert "安全" in said
    assert "不要争辩" in talk.words(talk.street.last("wang"))


def test_with_nobody_on_duty_that_is_said_honestly(talk: Talk, street: Street) -> None:
    for one in ("wang", "chen"):
        street.end_role(one, "coordinator")
    said = talk.type("lan", "救命")
    assert "没有值班人员" in said
    assert "120" in said


def test_a_form_that_is_open_stays_and_continue_shows_it_again(talk: Talk) -> None:
    talk.type("wang", "/plan")
    assert talk.form("wang") == "resident"
    assert "继续" in talk.type("wang", "救命，有人摔倒了")
    assert talk.form("wang") == "resident"
    assert "已经转给" in talk.type("wang", "在二楼")  # belongs to the alarm, not to the form
    assert "打给谁" in talk.type("wang", "继续")
    talk.street.now = talk.street.now.replace(minute=5)
    talk.press("wang", "lan")
    assert talk.form("wang") == "caller"


def test_an_unclear_word_is_asked_about_and_no_gives_the_words_on(talk: Talk) -> None:
    said = talk.type("lan", "今天摔了一跤")
    assert "有危险吗" in said
    assert talk.street.heard("wang") == []
    assert "放心" in talk.press("lan", "没有危险")
    assert talk.notes.get("words", "今天摔了一跤") == "今天摔了一跤"
    assert "放心" in talk.press("lan", "没有危险")  # pressed twice
    talk.street.forward(minutes=10)
    assert talk.street.heard("wang") == []


def test_a_second_cry_is_passed_on_without_a_new_siren(talk: Talk) -> None:
    talk.type("lan", "救命")
    assert "已经转给" in talk.type("lan", "起火了，救命")
    assert talk.street.heard("wang") == ["alarm_ring", "alarm_more"]


def test_yes_can_be_typed(talk: Talk) -> None:
    talk.type("lan", "今天摔了一跤")
    assert "120" in talk.type("lan", "有危险")
    assert talk.street.heard("wang") == ["alarm_ring"]
    assert "转告" in talk.press("lan", "我现在安全了")
    assert talk.street.heard("wang")[-1] == "alarm_says_safe"
    talk.street.now = talk.street.now.replace(minute=1)
    old = f"alarm:no:1:{1}"
    assert "转告" in talk.press_data("lan", old)


def test_a_coordinator_takes_it_and_ends_it(talk: Talk) -> None:
    talk.type("lan", "救命")
    said = talk.press("wang", "我来处理")
    assert "桂花小区 3 栋 501" in said
    assert "wang" in talk.words(talk.street.last("lan"))
    assert "wang" in talk.press("chen", "我来处理")  # refused: somebody has it
    assert "由您处理" in talk.press("wang", "还在路上")
    assert "请在" not in talk.press("wang", "我正和本人通话")
    assert talk.street.heard("lan")[-1] == "danger_confirmed"
    assert "由您处理" in talk.press("wang", "再要10分钟")
    assert "已记下" in talk.press("wang", "电话联系上了")
    assert talk.street.heard("lan")[-1] == "danger_ended"
    assert "已经结束" in talk.press("wang", "当面见到")


def test_a_false_alarm_needs_a_reason(talk: Talk) -> None:
    talk.type("lan", "救命")
    talk.press("wang", "我来处理")
    assert "为什么" in talk.press("wang", "不是真的危险")
    assert "请再写一次" in talk.type("wang", "\u3000")
    assert "已记下" in talk.type("wang", "孩子在玩手机")
    assert talk.form("wang") is None
    assert talk.street.heard("chen")[-1] == "alarm_ended"


@pytest.mark.parametrize(
    "data", [f"alarm:{act}:1:1" for act in ("take", "seen", "false_alarm", "bad")]
)
def test_forged_presses_change_nothing(talk: Talk, data: str) -> None:
    talk.type("lan", "救命")
    for name in ("zhang", "stranger"):
        assert talk.press_data(name, data)
        assert talk.form(name) is None
    assert talk.street.heard("chen") == ["alarm_ring"]
