"""The tree in the chat: the office changes it, a village its own part, nobody else anything."""

import re
from datetime import datetime

import pytest

from storage.database import Database
from storage.organisations import find_by_name, list_actions
from storage.people import get_person
from storage.registers import change_profile
from tests.handlers.joining.door import Door
from tests.storage.organisations.street import Street, a_street
from tests.storage.residents import journalled

OFFICE, FIRST, SECOND, TEACHER, RESIDENT, NEW = 1, 2, 3, 4, 50, 60


@pytest.fixture
def street(database: Database, door: Door) -> Street:
    return database.do(a_street, door.now)


@pytest.fixture
def door(database: Database, now: datetime) -> Door:
    return Door(database, now)


def test_for_a_resident_it_is_a_command_that_does_not_exist(door: Door, street: Street) -> None:
    for command in ("/organisations", "/handover"):
        assert door.type(RESIDENT, command) == door.type(RESIDENT, "/nosuch")
    with door.database.transaction() as session:
        assert journalled(session, "command_refused") == 2


def test_the_office_walks_down_and_up_the_tree(door: Door, street: Street) -> None:
    assert "桂阳街道残联" in door.type(OFFICE, "/organisations")
    assert "还没有指定" in door.press(OFFICE, "青山小学")
    assert "罗老师" in door.read(OFFICE)[-1]
    assert "桂阳街道残联" in door.press(OFFICE, "上一级")


def test_a_village_begins_at_its_own_and_goes_no_higher(door: Door, street: Street) -> None:
    first = door.type(FIRST, "/organisations")
    assert street.first.name in first
    above = f"org:see:{street.first.parent_id}:0"
    for forged in (above, f"org:see:{street.second.id}:0", f"org:rename:{street.second.id}:1"):
        assert "不归您处理" in door.press_data(FIRST, forged)
    for forged in ("org_kind:list:0:0", "org_action:list:0:0", "org:nonsense:1:0"):
        assert "桂阳" not in door.press_data(FIRST, forged)
    with door.database.transaction() as session:
        assert journalled(session, "refused") >= 5


def test_a_code_names_place_and_role_and_lets_in_just_there(door: Door, street: Street) -> None:
    door.type(FIRST, "/organisations")
    door.press(FIRST, "工作人员")
    said = door.press(FIRST, "请工作人员加入")
    assert street.first.name in said
    code = re.search(r"start=([\w-]+)", said)
    assert code is not None
    door.type(NEW, f"/start {code[1]}")
    door.press(NEW, "我同意")
    door.press(NEW, "用这里聊")
    assert f"{street.first.name}的工作人员" in door.type(NEW, "孙丽")
    joined = door.who(NEW)
    assert joined is not None
    assert joined.organisation_id == street.first.id
    assert not joined.is_office
    assert "用不了" in door.type(61, f"/start {code[1]}")


def test_the_gap_is_closed_by_naming_a_contact_person(door: Door, street: Street) -> None:
    door.type(OFFICE, "/organisations")
    assert "1 个" in door.press(OFFICE, "还没有联系人的村")
    door.press(OFFICE, "（1人）")
    door.press(OFFICE, "指定联系人")
    assert "没有找到" in door.type(OFFICE, "没有这个人")
    assert "记好了" in door.type(OFFICE, "陈素芬")
    door.type(OFFICE, "/organisations")
    assert "都有联系人了" in door.press(OFFICE, "还没有联系人的村")


def test_adding_renaming_moving_and_hiding(door: Door, street: Street) -> None:
    door.type(OFFICE, "/organisations")
    door.press(OFFICE, "青山小学")
    door.press(OFFICE, "加下级单位")
    door.press(OFFICE, "志愿服务队")
    assert "记好了：小红帽" in door.type(OFFICE, "小红帽")
    door.press(OFFICE, "回到这个单位")
    door.press(OFFICE, "改名")
    door.type(OFFICE, "小红帽服务队")
    door.press(OFFICE, "回到这个单位")
    door.press(OFFICE, "换到别的单位下面")
    assert "没有找到" in door.type(OFFICE, "不存在的单位")
    door.type(OFFICE, street.first.name)
    with door.database.transaction() as session:
        moved = find_by_name(session, name="小红帽服务队")
    assert moved is not None
    assert moved.parent_id == street.first.id
    door.press(OFFICE, "回到这个单位")
    assert "已停用" in door.press(OFFICE, "停用")
    assert "已停用" not in door.press(OFFICE, "重新启用")


def test_kinds_and_owners_are_data_that_the_office_edits(door: Door, street: Street) -> None:
    door.type(OFFICE, "/organisations")
    door.press(OFFICE, "单位类别")
    door.press(OFFICE, "学校")
    assert "记好了：中小学" in door.type(OFFICE, "中小学")
    door.type(OFFICE, "/organisations")
    assert "3. 爱心助学：各中小学" in door.press(OFFICE, "七项行动由谁负责")
    door.press(OFFICE, "爱心助学：换负责单位")
    assert "没有找到" in door.type(OFFICE, "谁也不是")
    door.type(OFFICE, "青山小学")
    assert [one.owner for one in door.database.do(list_actions)][2] == "青山小学"


def test_a_school_sees_its_pupil_and_no_more(door: Door, street: Street) -> None:
    with door.database.transaction() as session:
        change_profile(
            session,
            now=door.now,
            actor=street.office,
            person_id=street.resident.id,
            values={"category": "physical", "grade": "2"},
            ground="staff",
        )
    door.type(OFFICE, "/organisations")
    door.press(OFFICE, "青山小学")
    door.press(OFFICE, "学生、病人、会员")
    door.press(OFFICE, "加一个人")
    door.type(OFFICE, "陈素芬")
    door.type(TEACHER, "/organisations")
    listed = door.press(TEACHER, "学生、病人、会员")
    assert "陈素芬" in listed
    assert "肢体" not in listed
    assert "看电话" not in str(door.got[TEACHER][-1].buttons)
    assert "陈素芬" not in door.press(TEACHER, "陈素芬：去掉")


def test_handing_over_moves_the_work_and_ends_the_role(door: Door, street: Street) -> None:
    door.type(FIRST, "/handover")
    assert "王珊" in door.press(FIRST, "王珊")
    assert "交给王珊" in door.press(FIRST, "不做了")
    assert "您现在" not in door.type(FIRST, "/office")
    assert "周群把手上的事交给了您" in door.read(OFFICE)[-1]
    with door.database.transaction() as session:
        assert get_person(session, person_id=street.of_first.id).scope is None


def test_whoever_is_alone_hears_that_somebody_must_be_let_in_first(
    door: Door, street: Street
) -> None:
    assert "没有可以接手的同事" in door.type(OFFICE, "/handover")
