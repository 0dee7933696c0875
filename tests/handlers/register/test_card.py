"""A person's card: masked at first, opened part by part with a look in the journal, filled in."""

from sqlalchemy import select

from storage.database import Session
from storage.registers import open_profile, record_certificate
from storage.tables import journal
from tests.handlers.joining.door import Door
from tests.handlers.register.conftest import CHEN, WANG, ZHANG
from tests.storage.residents import journalled, register

NUMBER, WRONG = "50029919450307018211", "50029919450307018011"


def _see(door: Door) -> str:
    who = door.who(CHEN)
    assert who is not None
    return door.press_data(WANG, f"person:see:{who.id}:0")


def _looks(session: Session) -> list[str]:
    rows = session.all(
        select(journal.c.detail).where(journal.c.what == "register_seen").order_by(journal.c.id)
    )
    return [row.detail for row in rows]


def test_the_card_shows_who_it_is_and_nothing_to_dial(door: Door) -> None:
    card = _see(door)
    assert "阿依古丽·买买提艾力" in card
    assert "100****5678" in card
    assert "12345678" not in card.replace(" ", "")
    assert "残疾人证：没有登记" in card
    assert "家庭：没有登记" in card
    with door.database.transaction() as session:
        assert journalled(session, "person_seen") == 1


def test_a_part_is_opened_in_full_and_each_look_is_written_down(door: Door) -> None:
    _see(door)
    shown = door.press(WANG, "看基本情况")
    assert "联系电话：100 1234 5678" in shown
    assert "没有登记" in door.press(WANG, "看康复和辅具")
    with door.database.transaction() as session:
        assert _looks(session) == ["basic", "needs"]


def test_whoever_is_no_staff_sees_no_card_whatever_they_press(door: Door) -> None:
    who = door.who(CHEN)
    assert who is not None
    for act in ("person:see", "person:show", "certificate:see", "home:see", "qualification:of"):
        for chat in (ZHANG, CHEN):
            said = door.press_data(chat, f"{act}:{who.id}:0:resident.basic")
            assert "不归您处理" in said
            assert "12345678" not in said.replace(" ", "")


def test_one_column_after_the_other_is_filled_in(door: Door) -> None:
    _see(door)
    door.press(WANG, "补充或更正")
    door.press(WANG, "生活和就业")
    door.press(WANG, "低保/特困/低收入/监测对象")
    door.press(WANG, "低保")
    assert "记下了" in door.press(WANG, "选好了")
    door.press(WANG, "再补充一项")
    door.press(WANG, "是否独居")
    assert "记下了" in door.press(WANG, "是")
    door.press(WANG, "回到这个人")
    door.press(WANG, "补充或更正")
    door.press(WANG, "监护人和联系人")
    door.press(WANG, "紧急联系人电话")
    assert "少了几位" in door.type(WANG, "138001")
    assert "记下了" in door.type(WANG, "100 1111 2222")
    assert "监护人和联系人：1 位" in door.press(WANG, "回到这个人")
    who = door.who(CHEN)
    assert who is not None
    with door.database.transaction() as session:
        assert open_profile(session, person_id=who.id) == {
            "welfare": ["dibao"],
            "lives_alone": True,
            "contact_phone": "+8610011112222",
        }


def test_a_date_may_be_a_month_and_never_lies_ahead(door: Door) -> None:
    _see(door)
    door.press(WANG, "补充或更正")
    door.press(WANG, "基本情况")
    door.press(WANG, "出生年月")
    assert "没看懂" in door.type(WANG, "春天")
    assert "还没有到" in door.type(WANG, "2027年1月1日")
    assert "记下了" in door.type(WANG, "1958年11月")
    who = door.who(CHEN)
    assert who is not None
    with door.database.transaction() as session:
        assert open_profile(session, person_id=who.id) == {"born_on": "1958-11"}


def test_the_number_is_shown_for_comparing_before_it_is_kept(door: Door) -> None:
    _see(door)
    door.press(WANG, "录入残疾人证号")
    assert "20位" in door.type(WANG, "5002991945")
    assert "约数" in door.type(WANG, "5.00299E+19")
    said = door.type(WANG, "５００２９９ 19450307 018211")
    assert "视力残疾一级，女，1945年3月7日出生" in said
    door.press(WANG, "一样，保存")
    kept = door.type(WANG, "2019年5月1日")
    assert "500***********0182**" in kept
    assert "2029年5月1日" in kept
    card = door.press(WANG, "回到这个人")
    assert "500***********0182**，有效，到2029年5月1日" in card
    assert NUMBER not in "".join(door.read(WANG)[-1:])


def test_a_wrong_check_digit_is_kept_only_when_the_card_says_so(door: Door) -> None:
    _see(door)
    door.press(WANG, "录入残疾人证号")
    assert "校验位对不上" in door.type(WANG, WRONG)
    door.press(WANG, "证上就是这样")
    assert "记下了" in door.press(WANG, "跳过")
    _see(door)
    assert "已对照证件确认" in door.press_data(WANG, f"certificate:see:{_id(door)}:0")


def test_a_number_of_somebody_else_is_told_and_not_refused(door: Door) -> None:
    staff = door.who(WANG)
    assert staff is not None
    with door.database.transaction() as session:
        other = register(session, now=door.now, name="买买提", roles=("resident",))
        record_certificate(
            session, now=door.now, actor=staff, person_id=other.id, number=NUMBER, ground="card"
        )
    _see(door)
    door.press(WANG, "录入残疾人证号")
    assert "已经登记在别人名下" in door.type(WANG, NUMBER)


def test_a_state_moves_by_a_press_and_an_old_press_explains_itself(door: Door) -> None:
    _see(door)
    door.press(WANG, "录入残疾人证号")
    door.type(WANG, NUMBER)
    door.press(WANG, "一样，保存")
    door.press(WANG, "跳过")
    door.press_data(WANG, f"certificate:see:{_id(door)}:0")
    assert "状态：冻结" in door.press(WANG, "冻结")
    assert "状态：有效" in door.press(WANG, "解除冻结")
    assert "不能改回来" in door.press(WANG, "注销")
    assert "状态：有效" in door.press(WANG, "不注销")
    door.press(WANG, "注销")
    assert "状态：注销" in door.press(WANG, "确定注销")
    assert "情况已经变了" in door.press_data(WANG, "certificate:move:1:4:valid")
    assert "情况已经变了" in door.press_data(WANG, "certificate:move:1:4:nonsense")


def _id(door: Door) -> int:
    who = door.who(CHEN)
    assert who is not None
    return who.id


def test_a_household_is_started_filled_and_left(door: Door) -> None:
    _see(door)
    assert "还没有登记家庭" in door.press(WANG, "家庭")
    assert "阿依古丽·买买提艾力（户主，登记的残疾人）" in door.press(WANG, "单独立一户")
    door.press(WANG, "加一位没登记的家人")
    door.type(WANG, "买买提艾力·吐尔逊")
    door.press(WANG, "子女")
    assert "加进这一户" in door.type(WANG, "2015年6月1日")
    assert "买买提艾力·吐尔逊（子女，家里人）" in door.press(WANG, "回到这一户")
    door.press(WANG, "加一位登记过的人")
    assert "哪一位" in door.type(WANG, "张")
    door.press(WANG, "张强")
    assert "加进这一户" in door.press(WANG, "其他")
    door.press(WANG, "回到这一户")
    door.press(WANG, "换户主")
    assert "张强（户主" in door.press(WANG, "张强")
    door.press(WANG, "有人不住这里了")
    assert "还没有登记家庭" in door.press(WANG, "张强")
    assert "家庭：登记了 2 人" in _see(door)


def test_what_is_held_of_a_child_stays_shut_until_a_second_person_approved(door: Door) -> None:
    _see(door)
    door.press(WANG, "录入残疾人证号")
    door.type(WANG, "50029920150601777752")
    door.press(WANG, "一样，保存")
    door.press(WANG, "跳过")
    assert "未满14岁" in _see(door)
    assert "14岁" in door.press(WANG, "看基本情况")
    with door.database.transaction() as session:
        assert _looks(session) == []
