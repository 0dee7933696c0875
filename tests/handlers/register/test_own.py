"""/profile: a volunteer's languages and papers; staff see the original and confirm."""

from storage.registers import list_qualifications, open_profile
from storage.rules.fields import Register
from tests.handlers.joining.door import Door
from tests.handlers.register.conftest import CHEN, WANG, ZHANG


def _own_id(door: Door) -> int:
    who = door.who(ZHANG)
    assert who is not None
    return who.id


def test_a_volunteer_tells_languages_and_whether_they_are_disabled_themselves(door: Door) -> None:
    assert "还没有填" in door.type(ZHANG, "/profile")
    door.press(ZHANG, "语言")
    door.press(ZHANG, "重庆话")
    door.press(ZHANG, "手语")
    assert "记下了：语言" in door.press(ZHANG, "选好了")
    assert "语言：重庆话、手语" in door.press(ZHANG, "回到我的资料")
    door.press(ZHANG, "本人是否残疾人")
    door.press(ZHANG, "是")
    known = door.database.do(open_profile, person_id=_own_id(door), register=Register.VOLUNTEER)
    assert known == {"languages": ["chongqing", "sign_language"], "disabled": True}


def test_a_paper_waits_on_the_offices_list_until_its_original_was_seen(door: Door) -> None:
    door.type(ZHANG, "/profile")
    door.press(ZHANG, "加一份资质证书")
    door.press(ZHANG, "护士")
    assert "已经过了" in door.type(ZHANG, "2020年1月1日")
    assert "带证书原件" in door.type(ZHANG, "2028年5月1日")
    assert "资质证书等核实：1 份" in door.type(WANG, "/office")
    assert "张强的资质：护士" in door.press(WANG, "看要核实的资质")
    assert "已确认，有效期到2028年5月1日" in door.press(WANG, "看过原件，确认")
    assert "已经做过了" in door.press_data(WANG, "qualification:confirm:1:1")
    assert "资质证书等核实" not in door.type(WANG, "/office")
    door.type(ZHANG, "/profile")
    assert "去掉了" in door.press(ZHANG, "去掉：护士")
    assert door.database.do(list_qualifications, person_id=_own_id(door)) == []


def test_nobody_fills_in_somebody_elses_nor_what_staff_fill_in(door: Door) -> None:
    other = door.who(CHEN)
    assert other is not None
    own = _own_id(door)
    assert "情况已经变了" in door.press_data(ZHANG, f"own:field:{other.id}:0:volunteer.team")
    assert "不归您处理" in door.press_data(ZHANG, f"own:field:{own}:0:volunteer.id_number")
    assert "不归您处理" in door.press_data(ZHANG, f"qualification:add:{other.id}:0")
    assert "不归您处理" in door.press_data(ZHANG, f"person:field:{other.id}:0:resident.sex")
    assert "不归您处理" in door.type(CHEN, "/profile")
