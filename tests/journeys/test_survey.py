"""A survey round: one resident answers in the chat, staff answer for another who has no chat."""

from sqlalchemy import select

from storage.database import Session
from storage.people import add_person, set_phone
from storage.registers import open_profile
from storage.registers.profiles import Value
from storage.roles import grant
from storage.tables import person
from tests.journeys.test_export import sheets
from tests.journeys.village import COORDINATOR, RESIDENT, Village

ROUND = "2026年冬季摸底"


def without_chat(session: Session, village: Village, name: str) -> None:
    """Register a resident who does not use the chat."""
    now = village.program.clock.now()
    added = add_person(session, now=now, name=name, community_id=1)
    set_phone(session, person_id=added, phone="+8610012345672")
    grant(session, now=now, person_id=added, kind="resident", actor_id=None)


def profile_of(session: Session, name: str) -> dict[str, Value]:
    person_id = session.value(select(person.c.id).where(person.c.name == name))
    return open_profile(session, person_id=person_id)


async def open_round(village: Village) -> None:
    """The office asks about work and about home, and one question of its own."""
    await village.send(COORDINATOR, "/survey")
    await village.press(COORDINATOR, "开一轮新的")
    await village.press(COORDINATOR, "残疾人")
    await village.send(COORDINATOR, ROUND)
    await village.press(COORDINATOR, "生活和家庭")
    await village.press(COORDINATOR, "就业")
    await village.press(COORDINATOR, "选好了")
    for label in ("家庭人口", "就业状况", "就业意愿"):
        await village.press(COORDINATOR, label)
    await village.press(COORDINATOR, "选好了")
    await village.send(COORDINATOR, "想参加春节联欢吗？")
    await village.press(COORDINATOR, "跳过")
    await village.press(COORDINATOR, "跳过")
    await village.press(COORDINATOR, "30天")
    await village.press(COORDINATOR, "提醒两次")
    await village.heard(COORDINATOR, "请核对", "一共2人", "聊天能收到的1人")
    await village.press(COORDINATOR, "开始调研")


async def test_a_round_is_answered_in_the_chat_and_on_the_phone(village: Village) -> None:
    village.program.database.do(without_chat, village, "罗德明")
    await open_round(village)
    await village.clock(hours=1)

    # 陈素芬 begins, is interrupted by a need of hers, and goes on three days later.
    await village.heard(RESIDENT, ROUND, "不填，也照样享受各项服务")
    await village.press(RESIDENT, "填写，同意这样记录")
    await village.send(RESIDENT, "3")
    await village.send(RESIDENT, "/cancel")
    for _ in range(3):
        await village.clock(days=1)
    await village.heard(RESIDENT, "您上次填了一部分")
    await village.press(RESIDENT, "填写，同意这样记录")
    await village.heard(RESIDENT, "第2题", "您现在有工作吗")
    await village.send(RESIDENT, "务农")
    await village.press(RESIDENT, "是")
    await village.heard(RESIDENT, "填好了，谢谢您")

    # 罗德明 has no chat: he is phoned, and nobody else is left.
    await village.send(COORDINATOR, "/survey")
    await village.press(COORDINATOR, f"看：{ROUND}")
    await village.press(COORDINATOR, "替人填写")
    await village.press(COORDINATOR, "打电话问")
    await village.heard(COORDINATOR, "下一位：罗德明", "100 1234 5672")
    await village.press(COORDINATOR, "本人同意，开始填")
    await village.send(COORDINATOR, "1")
    await village.press(COORDINATOR, "未就业")
    await village.press(COORDINATOR, "没有")
    await village.press(COORDINATOR, "不想说")
    await village.heard(COORDINATOR, "罗德明：已记下", "这里的人都问过一遍了")
    await village.press(COORDINATOR, "回到这一轮")
    await village.heard(COORDINATOR, "已答：2人，占100%", "是：1人，不是：0人")

    database = village.program.database
    assert database.do(profile_of, "陈素芬") == {"household_size": 3, "employment": "farming"}
    luo = {"household_size": 1, "employment": "unemployed", "job_wish": "no"}
    assert database.do(profile_of, "罗德明") == luo


async def test_saying_no_is_one_press_and_the_office_sees_it(village: Village) -> None:
    village.program.database.do(without_chat, village, "罗德明")
    await open_round(village)
    await village.clock(hours=1)
    await village.press(RESIDENT, "这次不填")
    await village.heard(RESIDENT, "各项服务照旧")
    await village.send(COORDINATOR, "/survey")
    await village.press(COORDINATOR, f"看：{ROUND}")
    await village.heard(COORDINATOR, "不愿意：1人")

    # Who lacks what goes out as a workbook that opens.
    await village.press(COORDINATOR, "看缺哪些")
    await village.press(COORDINATOR, "把整个名单做成表格")
    await village.heard(COORDINATOR, "做缺项名单：办好了")
    name, body = await village.file(COORDINATOR)
    assert name == f"{ROUND}_缺项名单_2026-11-25.xlsx"
    found = sheets(body)
    assert list(found) == ["缺项名单", "进度"]
    assert [row[2] for row in found["缺项名单"][3:]] == ["陈素芬", "罗德明"]
    assert found["缺项名单"][3][3] == "家庭人口、就业状况、就业意愿"
    assert ["东街社区", 2, 0, 1, 0, 1, 0] in found["进度"]
