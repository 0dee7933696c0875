"""Story: a caller's day, from the morning's list to the evening's thanks."""

from datetime import time

from storage.call_plans import PlanDraft, make_plan
from storage.people import get_person
from storage.registers import place_in_household
from tests.journeys.attackers import person_of, register
from tests.journeys.village import COORDINATOR, RESIDENT, ZHANG, Village

LI_MING, WANG_GUIYING = 9101, 9102
EVERY_DAY = frozenset(range(7))


async def settle(village: Village) -> None:
    """李明 lives with 陈素芬 and is phoned ten minutes after her; 王桂英 in the evening."""
    chen, zhang, wang = (person_of(village, one) for one in (RESIDENT, ZHANG, COORDINATOR))
    li = await register(village, LI_MING, "李明", "resident")
    gui = await register(village, WANG_GUIYING, "王桂英", "resident")
    now, do = village.program.clock.now(), village.program.database.do
    actor = do(get_person, person_id=wang)
    home = do(place_in_household, now=now, actor=actor, person_id=chen)
    do(place_in_household, now=now, actor=actor, person_id=li, household_id=home)
    for person_id, clock in ((li, time(10, 10)), (gui, time(18))):
        do(
            make_plan,
            now=now,
            actor_id=wang,
            resident_id=person_id,
            draft=PlanDraft(caller_id=zhang, weekdays=EVERY_DAY, clock=clock),
        )


async def test_a_callers_day_from_the_mornings_list_to_the_evenings_thanks(
    village: Village,
) -> None:
    await settle(village)
    await village.send(ZHANG, "/calls")
    await village.heard(ZHANG, "10:00 陈素芬：还没到时间", "10:10 李明：还没到时间", "18:00 王桂英")
    # The two of one household come as one message.
    await village.clock(to="2026-11-25T02:11:00+00:00")
    await village.heard(ZHANG, "和陈素芬、李明约好的", "100 1234 5678", "可以聊聊")
    await village.press(ZHANG, "李明：通了")
    await village.heard(ZHANG, "李明：通了电话", "陈素芬：还没有消息")
    await village.press(ZHANG, "陈素芬：通了")
    # A slip of the finger: it was not her who spoke.
    await village.press(ZHANG, "按错了")
    await village.heard(ZHANG, "收回了", "陈素芬")
    await village.press(ZHANG, "没人接")
    await village.heard(ZHANG, "谢谢您试过了", "陈素芬")
    await village.press(ZHANG, "通了电话")
    await village.press(ZHANG, "记几句")
    for label in ("身体好", "吃睡好", "药够", "心情一般", "家里都好", "跳过"):
        await village.press(ZHANG, label)
    await village.send(ZHANG, "想请人修窗户")
    await village.press(ZHANG, "还是这个时间")
    await village.press(ZHANG, "跳过")
    await village.send(ZHANG, "爱听她说孙子的事")
    await village.press(ZHANG, "提成一件需求")
    await village.send(RESIDENT, "/mine")
    await village.heard(RESIDENT, "修窗户")
    # The evening's call from the list, with the number for as long as it lasts.
    await village.never_heard(ZHANG, "都打完了")
    await village.clock(to="2026-11-25T10:00:30+00:00")
    await village.send(ZHANG, "/calls")
    await village.press(ZHANG, "打给王桂英")
    await village.send(COORDINATOR, "/calls")
    await village.press(COORDINATOR, "今天都有谁打")
    await village.heard(COORDINATOR, "张强", "打过了 2 位", "王桂英")
    await village.press(ZHANG, "通了电话")
    await village.clock(to="2026-11-25T10:20:00+00:00")
    thanks = await village.heard(ZHANG, "都打完了", "陈素芬", "谢谢您")
    assert not any(digit in thanks for digit in "0123456789")
    # The next morning the caller reads what was left for them.
    await village.clock(to="2026-11-26T02:11:00+00:00")
    await village.heard(ZHANG, "上次心情一般", "爱听她说孙子的事")
