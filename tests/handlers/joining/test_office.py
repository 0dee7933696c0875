"""The office in the chat: approvals, family ties, communities; for coordinators only."""

import pytest

from storage.caregivers import list_ties
from storage.communities import list_communities
from storage.consents import has_consent
from tests.handlers.joining.door import Door
from tests.storage.residents import apply, journalled, register

WANG, ANNA = 1, 20


def with_an_applicant(door: Door) -> None:
    with door.database.transaction() as session:
        ben = register(session, now=door.now, name="张强", chat=21, phone="+8610012345671")
        apply(session, now=door.now, person=ben)


@pytest.mark.parametrize("command", ["/office", "/communities"])
def test_a_staff_command_is_to_anybody_else_like_one_that_does_not_exist(
    door: Door, command: str
) -> None:
    door.database.do(register, now=door.now, name="张强", roles=("volunteer",), chat=21)
    assert door.type(21, command) == door.type(21, "/nosuch")
    assert door.type(ANNA, command) == door.type(ANNA, "/nosuch")
    with door.database.transaction() as session:
        assert journalled(session, "command_refused") == 2


@pytest.mark.parametrize(
    "data",
    [
        *("office:applicants:0:0", "community:add:0:0", "community:hide:1:0", "community:see:1:0"),
        *("community:near:1:0", "community:beside:1:0:2", "community:apart:1:0:2"),
    ],
)
def test_a_forged_staff_button_does_nothing(door: Door, data: str) -> None:
    door.database.do(register, now=door.now, name="张强", roles=("volunteer",), chat=21)
    assert "不归您处理" in door.press_data(21, data)
    with door.database.transaction() as session:
        assert all(one.active for one in list_communities(session, hidden=True))


def test_the_desk_counts_and_shows_who_waits_and_a_press_decides(door: Door) -> None:
    with_an_applicant(door)
    assert "志愿者报名等通过：1 人" in door.type(WANG, "/office")
    assert "张强" in door.press(WANG, "看报名的志愿者")
    assert "100 1234 5671" in door.press(WANG, "看电话")
    assert "您已通过张强" in door.press(WANG, "通过")
    assert "您现在是志愿者了" in door.read(21)[-1]
    assert "都处理完了" in door.type(WANG, "/office")


def test_a_declined_volunteer_hears_kind_words(door: Door) -> None:
    with_an_applicant(door)
    door.type(WANG, "/office")
    door.press(WANG, "看报名的志愿者")
    door.press(WANG, "不通过")
    assert "谢谢您愿意帮忙" in door.read(21)[-1]


def test_old_buttons_of_the_desk_say_that_nothing_waits(door: Door) -> None:
    for act in ("applicants", "ties"):
        assert "没有在等的" in door.press_data(WANG, f"office:{act}:0:0")
    for data in ("office:what:0:0", "approval:what:1:1", "community:what:0:0"):
        assert "情况已经变了" in door.press_data(WANG, data)
    assert "不归您处理" in door.press_data(WANG, "approval:approve:999:1")
    assert "不归您处理" in door.press_data(ANNA, "approval:approve:1:1")


def test_staff_confirm_somebody_without_a_chat_and_their_word_is_the_ground(door: Door) -> None:
    with door.database.transaction() as session:
        register(session, now=door.now, name="李梅", roles=("caregiver",), chat=ANNA)
    door.type(ANNA, "/family")
    door.press(ANNA, "替一位家人提需求")
    door.press(ANNA, "青山村")
    door.type(ANNA, "10012345672")
    door.type(ANNA, "罗德明")
    door.press(ANNA, "青山村")
    door.type(ANNA, "跳过")
    door.type(WANG, "/office")
    assert "罗德明" in door.press(WANG, "看要核实的家人")
    assert "100 1234 5672" in door.press(WANG, "看双方电话")
    assert "您已同意" in door.press(WANG, "本人同意")
    assert "罗德明" in door.read(ANNA)[-1]
    anna = door.who(ANNA)
    assert anna is not None
    with door.database.transaction() as session:
        tie = list_ties(session, person_id=anna.id)[0]
        assert has_consent(session, person_id=tie.resident_id, purpose="keep_data")


def test_a_resident_sees_who_asks_and_ends_what_stands(door: Door) -> None:
    with door.database.transaction() as session:
        for name, chat in (("李梅", ANNA), ("李刚", 22)):
            register(session, now=door.now, name=name, roles=("caregiver",), chat=chat)
        register(
            session,
            now=door.now,
            name="陈素芬",
            roles=("resident",),
            chat=30,
            phone="+8610012345678",
        )
    for chat in (ANNA, 22):
        door.type(chat, "/family")
        door.press(chat, "替一位家人提需求")
        door.press(chat, "青山村")
        door.type(chat, "10012345672")
        door.type(chat, "妈妈")
        door.press(chat, "青山村")
        door.type(chat, "10012345678")
    assert "您已同意" in door.press(30, "同意")
    shown = door.type(30, "/family")
    assert "李刚" in shown
    assert "想在这里替您说" in shown
    door.press(30, "不再让李刚替我提需求")
    assert "已经结束" in door.read(22)[-1]
    assert "现在还没有" in door.type(22, "/family")
    assert "不归您处理" in door.press_data(23, "caregiver:end:1:1")
    assert "情况已经变了" in door.press_data(30, "caregiver:what:1:1")
    assert "不归您处理" in door.type(23, "/family")


def test_a_coordinator_changes_the_list_of_communities(door: Door) -> None:
    door.type(WANG, "/communities")
    door.press(WANG, "加一个")
    assert "我没有看到字" in door.type(WANG, "\u3164")
    assert "有点太长了" in door.type(WANG, "村" * 21)
    assert "好了：桂花村" in door.type(WANG, "桂花村")
    door.type(WANG, "/communities")
    door.press(WANG, "桂花村")
    assert "已经有“青山村”了" in door.press(WANG, "改名") + door.type(WANG, "青山村")
    assert "好了：桂花<i>社区" in door.type(WANG, "桂花<i>社区")
    door.type(WANG, "/communities")
    door.press(WANG, "桂花<i>社区")
    assert "已停用" in door.press(WANG, "停用")
    assert "登记时可以选" in door.press(WANG, "重新启用")
    assert "村（社区）名单" in door.press(WANG, "回到名单")
    assert "不归您处理" in door.press_data(WANG, "community:see:999:0")


def test_the_office_says_which_communities_lie_side_by_side(door: Door) -> None:
    with door.database.transaction() as session:
        first, second, *_ = list_communities(session)
    door.type(WANG, "/communities")
    door.press_data(WANG, f"community:see:{first.id}:0")
    assert first.name in door.press(WANG, "相邻的村")
    door.press_data(WANG, f"community:beside:{first.id}:0:{second.id}")
    assert f"相邻：{first.name}" in door.press_data(WANG, f"community:see:{second.id}:0")
    door.press_data(WANG, f"community:apart:{second.id}:0:{first.id}")
    assert "相邻：" not in door.press_data(WANG, f"community:see:{first.id}:0")
    assert "不归您处理" in door.press_data(WANG, "community:near:999:0")
