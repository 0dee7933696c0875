"""A plan for somebody who does not hear, and what the cold, a day out and a press make of it."""

from sqlalchemy import select

from storage.people import get_person
from storage.registers import change_profile
from storage.tables import person
from tests.journeys.attackers import register
from tests.journeys.village import COORDINATOR, LIU, RESIDENT, ZHANG, Village

DEAF = 3005


async def _join(village: Village) -> None:
    """Somebody in the register who does not hear."""
    person_id = await register(village, DEAF, "赵敏", "resident")
    with village.program.database.transaction() as session:
        wang = session.value(select(person.c.id).where(person.c.telegram_id == COORDINATOR))
        change_profile(
            session,
            now=village.program.clock.now(),
            actor=get_person(session, person_id=wang),
            person_id=person_id,
            values={"category": "hearing", "grade": "3"},
            ground="staff",
        )


async def test_whoever_does_not_hear_is_visited_on_the_last_day_and_once_more_in_the_cold(
    village: Village,
) -> None:
    await _join(village)
    await village.send(COORDINATOR, "/plan")
    await village.send(COORDINATOR, "赵敏")
    await village.press(COORDINATOR, "刘洋")
    await village.heard(COORDINATOR, "不方便听电话或说话，不打电话")
    await village.press(COORDINATOR, "上门看望")
    await village.press(COORDINATOR, "一般")
    await village.press(COORDINATOR, "每月")
    await village.send(COORDINATOR, "31号")
    await village.send(COORDINATOR, "下午3点到4点")
    await village.press(COORDINATOR, "没有")
    await village.press(COORDINATOR, "保存")
    await village.heard(COORDINATOR, "每月最后一天 15:00到16:00", "11月30日")
    await village.heard(DEAF, "上门看望", "不打电话")
    await village.send(COORDINATOR, "/extra")
    await village.press(COORDINATOR, "多打一轮")
    await village.press(COORDINATOR, "寒潮")
    await village.press(COORDINATOR, "所有人")
    await village.press(COORDINATOR, "我负责的所有地方")
    await village.heard(COORDINATOR, "一般 2 人")
    await village.press(COORDINATOR, "就这样安排")
    before = len(await village.said(LIU))
    await village.clock(to="2026-11-25T07:01:00+00:00")
    assert any("赵敏" in text for text in (await village.said(LIU))[before:])


async def test_a_day_out_and_a_press_before_the_call_spare_the_caller(village: Village) -> None:
    await village.send(RESIDENT, "明天我不在家")
    await village.heard(RESIDENT, "11月26日", "不打了")
    await village.heard(ZHANG, "不在家")
    await village.send(RESIDENT, "/plans")
    await village.press(RESIDENT, "先让我按")
    await village.clock(to="2026-11-25T02:00:30+00:00")
    await village.press(ZHANG, "通了电话")
    calls = len(await village.said(ZHANG))
    await village.clock(to="2026-11-27T01:30:00+00:00")
    await village.heard(RESIDENT, "您今天好吗")
    await village.press(RESIDENT, "我很好")
    await village.clock(to="2026-11-27T03:00:00+00:00")
    heard = (await village.said(ZHANG))[calls:]
    assert not any("约好的问候" in text for text in heard), heard
    assert any("自己按了" in text for text in heard)
