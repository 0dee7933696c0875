"""Settings: help, language, reminders, a pause, and leaving."""

import pytest

from storage.people import find_by_phone
from tests.handlers.joining.door import Door
from tests.storage.residents import apply, register

WANG, ANNA = 1, 20
PHONE = "+8610012345670"


@pytest.fixture
def anna(door: Door) -> int:
    with door.database.transaction() as session:
        roles = ("resident", "volunteer")
        register(session, now=door.now, name="赵敏", roles=roles, chat=ANNA, phone=PHONE)
    return ANNA


@pytest.mark.parametrize("words", ["怎么用", "How it works", "how it works！", "/help", "/nosuch"])
def test_help_comes_by_command_by_menu_key_in_any_language_and_for_what_is_unknown(
    door: Door, anna: int, words: str
) -> None:
    assert "/mine" in door.type(anna, words)


def test_help_names_what_is_for_staff_to_staff_only(door: Door, anna: int) -> None:
    assert "/office" not in door.type(anna, "/help")
    assert "/office" in door.type(WANG, "/help")


def test_the_language_is_kept_for_the_chat(door: Door, anna: int) -> None:
    door.type(anna, "/language")
    assert "English from now on" in door.press(anna, "English")
    assert "How it works" in door.type(anna, "/help")
    assert "moved on" in door.press_data(anna, "language:xx:0:0")


def test_reminders_are_switched_off_and_on(door: Door, anna: int) -> None:
    door.type(anna, "/days")
    assert "已经关掉" in door.press(anna, "关掉")
    person = door.who(anna)
    assert person is not None
    assert not person.day_reminders
    assert "会提醒您" in door.press(anna, "打开")
    assert "情况已经变了" in door.press_data(anna, "days:what:0:0")
    assert "不归您处理" in door.type(99, "/days")


def test_leaving_is_asked_twice_forgets_contact_data_and_start_begins_anew(
    door: Door, anna: int
) -> None:
    assert "您要退出吗" in door.type(anna, "/stop")
    assert "什么也没有变" in door.press(anna, "不退出")
    door.type(anna, "/stop")
    assert "您已经退出" in door.press_data(anna, _leave_button(door, anna))
    person = door.who(anna)
    assert person is not None
    assert person.roles == {}
    with door.database.transaction() as session:
        assert find_by_phone(session, phone=PHONE) == []
    assert "谁保管" in door.type(anna, "/start")


def _leave_button(door: Door, chat: int) -> str:
    return door.got[chat][-1].buttons[0][0].data


def test_an_old_or_a_strangers_leave_button_ends_nothing(door: Door, anna: int) -> None:
    door.type(anna, "/stop")
    data = _leave_button(door, anna)
    assert "不归您处理" in door.press_data(WANG, data)
    older = data.rsplit(":", 1)[0] + ":77"
    assert "情况已经变了" in door.press_data(anna, older)
    person = door.who(anna)
    assert person is not None
    assert person.roles


def test_the_last_coordinator_stays_until_somebody_else_is_there(door: Door) -> None:
    assert "协调员" in door.type(WANG, "/stop")
    assert "还留着：协调员" in door.press(WANG, "退出")
    wang = door.who(WANG)
    assert wang is not None
    assert wang.is_approved("coordinator")


def test_a_stranger_has_nothing_to_leave(door: Door) -> None:
    assert "没有记下您的信息" in door.type(99, "/stop")
    assert "不归您处理" in door.press_data(99, "leave:yes:1:1")


def test_a_volunteer_rests_and_comes_back(door: Door) -> None:
    zhang = 30
    with door.database.transaction() as session:
        person = register(session, now=door.now, name="张强", chat=zhang)
        apply(session, now=door.now, person=person)
    door.type(zhang, "/pause")
    assert "12月2日" in door.press(zhang, "一个星期")
    assert "您正在休息" in door.type(zhang, "/pause")
    assert "欢迎回来" in door.press(zhang, "我回来了")
    assert "情况已经变了" in door.press_data(zhang, "pause:what:0:0")


def test_who_does_not_volunteer_has_nothing_to_pause(door: Door) -> None:
    # To staff the command is for somebody else's pause.
    assert "谁要暂停" in door.type(WANG, "/pause")
    assert "不归您处理" in door.press_data(WANG, "pause:week:0:0")
