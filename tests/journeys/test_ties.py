"""Two people help each other and one of them ends it; a school and a child, with the guardian."""

from sqlalchemy import insert, select

from storage.database import Session
from storage.people import find_person
from storage.registers import change_profile, place_in_household
from storage.tables import caregiver, community, person
from tests.journeys.test_organisations import let_in
from tests.journeys.village import (
    COORDINATOR,
    DAUGHTER,
    NEWCOMER,
    RESIDENT,
    ZHANG,
    Village,
)
from tests.storage.residents import OFFICE, register

SCHOOL = "垫江县特殊教育学校"


def settle(session: Session, village: Village) -> None:
    """张强 is lightly disabled; 陈素芬 severely, as are 石秀英 and 陶桂芳, who use no chat."""
    now = village.program.clock.now()
    home = session.value(select(community.c.id).order_by(community.c.id).limit(1))
    grades = {"张强": "3", "陈素芬": "1", "石秀英": "2", "陶桂芳": "1"}
    for name in ("石秀英", "陶桂芳"):
        register(session, now=now, name=name, roles=("resident",), community_id=home)
    for name, grade in grades.items():
        change_profile(
            session,
            now=now,
            actor=OFFICE,
            person_id=session.value(select(person.c.id).where(person.c.name == name)),
            values={"category": "physical", "grade": grade},
            ground="staff",
        )
    child = register(session, now=now, name="陈小宝", community_id=home)
    grandmother, mother = (find_person(session, telegram_id=one) for one in (RESIDENT, DAUGHTER))
    assert grandmother is not None
    assert mother is not None
    house = place_in_household(session, now=now, actor=OFFICE, person_id=grandmother.id)
    place_in_household(
        session,
        now=now,
        actor=OFFICE,
        person_id=child.id,
        household_id=house,
        relation="grandchild",
    )
    session.execute(
        insert(caregiver),
        {
            "resident_id": child.id,
            "caregiver_id": mother.id,
            "state": "confirmed",
            "kind": "guardian",
            "copies": True,
            "created_at": now,
            "version": 1,
        },
    )


async def propose(village: Village, resident: str, *, back: str | None = None) -> None:
    """王珊 proposes that 张强 cuts somebody's hair and rings them."""
    await village.send(COORDINATOR, "/ties")
    await village.press(COORDINATOR, "新的互助")
    await village.send(COORDINATOR, resident)
    await village.send(COORDINATOR, "张强")
    await village.press(COORDINATOR, "理发")
    await village.press(COORDINATOR, "电话问候")
    await village.press(COORDINATOR, "选好了")
    await village.press(COORDINATOR, "两周一次")
    if back is None:
        await village.press(COORDINATOR, "跳过")
    else:
        await village.send(COORDINATOR, back)
    await village.press(COORDINATOR, "先问对方")


async def test_two_help_each_other_a_third_is_let_through_and_the_recipient_ends_it(
    village: Village,
) -> None:
    village.program.database.do(settle, village)
    await propose(village, "陈素芬")
    await village.heard(RESIDENT, "张强", "互相帮", "理发、电话问候", "不收钱")
    await village.press(RESIDENT, "同意")
    await village.heard(ZHANG, "陈素芬", "方便吗")
    await village.press(ZHANG, "同意")
    await village.heard(RESIDENT, "互助对子")
    # Of the two who are tied it is known who phones whom.
    await village.press(COORDINATOR, "看这一对")
    await village.press(COORDINATOR, "安排问候电话")
    await village.press(COORDINATOR, "取消")
    # She gives something too.
    await village.press(RESIDENT, "我也能帮对方")
    await village.send(RESIDENT, "我教你下象棋")
    await village.heard(ZHANG, "陈素芬", "我教你下象棋")
    # Both say what was done; money is answered kindly.
    await village.send(ZHANG, "/pairs")
    await village.press(ZHANG, "说说怎么样")
    await village.press(ZHANG, "有照应")
    await village.press(ZHANG, "理发")
    await village.press(ZHANG, "选好了")
    await village.send(ZHANG, "剪了头发，她塞给我20块钱")
    await village.heard(ZHANG, "不收钱", "没有人怪您")
    await village.heard(COORDINATOR, "提到了钱", "20块钱")
    await village.send(RESIDENT, "/pairs")
    await village.press(RESIDENT, "说说怎么样")
    await village.press(RESIDENT, "有照应")
    await village.press(RESIDENT, "互相都帮到了")
    await village.press(RESIDENT, "选好了")
    await village.press(RESIDENT, "跳过")
    # Two at most; the third only with a reason, which stays to be read.
    await propose(village, "石秀英")
    await propose(village, "陶桂芳")
    await village.heard(COORDINATOR, "手上已经有两位")
    await village.send(COORDINATOR, "两家住对门，她点名要他")
    await village.heard(COORDINATOR, "先去问", "陶桂芳")
    await village.send(COORDINATOR, "/ties")
    await village.press(COORDINATOR, "写了理由照样结的")
    await village.heard(COORDINATOR, "陶桂芳", "王珊", "两家住对门，她点名要他")
    # The recipient ends it, and need not say why; he hears it from a person first.
    before = len(await village.said(ZHANG))
    await village.press(RESIDENT, "不再结对")
    await village.press(RESIDENT, "是的")
    await village.heard(RESIDENT, "结束了")
    assert len(await village.said(ZHANG)) == before
    await village.heard(COORDINATOR, "亲自", "张强")
    await village.never_heard(ZHANG, "重度", "一级", "等级")
    await village.never_heard(RESIDENT, "轻度", "三级", "等级")


async def test_a_school_and_a_child_with_the_guardians_yes(village: Village) -> None:
    village.program.database.do(settle, village)
    await let_in(village, NEWCOMER, "周老师", SCHOOL)
    await village.send(COORDINATOR, "/ties")
    await village.press(COORDINATOR, "新的助学")
    await village.send(COORDINATOR, "陈小宝")
    await village.press(COORDINATOR, SCHOOL)
    await village.press(COORDINATOR, "周老师")
    await village.press(COORDINATOR, "辅导功课")
    await village.press(COORDINATOR, "选好了")
    await village.press(COORDINATOR, "每周一次")
    await village.press(COORDINATOR, "先问对方")
    await village.heard(DAUGHTER, SCHOOL, "陈小宝", "带队的大人：周老师")
    await village.press(DAUGHTER, "同意")
    await village.heard(NEWCOMER, "陈小宝", "监护人同意")
    await village.press(NEWCOMER, "同意")
    await village.heard(DAUGHTER, "结对从今天开始")
    await village.send(NEWCOMER, "/ties")
    await village.press(NEWCOMER, "看助学")
    await village.heard(NEWCOMER, "陈小宝", "辅导功课")
    await village.press(NEWCOMER, f"陈小宝和{SCHOOL}")
    await village.heard(NEWCOMER, "和陈小宝的", "辅导功课")
    await village.press(NEWCOMER, "不再结对")
    await village.press(NEWCOMER, "是的")
    await village.send(COORDINATOR, "/office")
    await village.press(COORDINATOR, "看要重新结对的")
    await village.heard(COORDINATOR, "还没有新的结对", "陈小宝")
    await village.press(COORDINATOR, "新的助学")
    await village.heard(COORDINATOR, "助学")
    await village.never_heard(NEWCOMER, "陈素芬")
    await village.never_heard(ZHANG, "陈小宝")
