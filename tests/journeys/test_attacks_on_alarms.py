"""Attacks on alarms and on time: floods, two hands at once, nobody there, a night slept through."""

import asyncio
from collections import Counter

from sqlalchemy import select, update

from storage.roles import end_role
from storage.tables import alarm, check_in_plan, need, outbox
from tests.journeys.attackers import listening, person_of, press_all, register, state_of, written
from tests.journeys.village import COORDINATOR, RESIDENT, ZHANG, Village

STRANGER, SECOND, OTHER = 9301, 9302, 9303
FELL = "我摔倒了，起不来"


async def no_calls(village: Village) -> None:
    """Nobody is to be phoned."""
    village.program.database.do(
        lambda session: session.change(
            update(check_in_plan).values(state="ended", next_due_at=None)
        )
    )


def alarms_of(village: Village) -> list[str]:
    return village.program.database.do(
        lambda session: [row.state for row in session.all(select(alarm.c.state))]
    )


async def test_a_strangers_flood_keeps_nobody_elses_alarm_waiting(village: Village) -> None:
    await village.add_person(STRANGER, "路人")
    for number in range(200):
        await village.post("send", chat=STRANGER, text=f"救命 {number}")
    await village.rest()
    assert len(alarms_of(village)) == 1
    assert len(await village.said(COORDINATOR)) <= 15
    before = len(await village.said(COORDINATOR))
    await village.send(RESIDENT, FELL)
    assert len(await village.said(COORDINATOR)) == before + 1
    assert "陈素芬" in await village.last(COORDINATOR)


async def test_of_two_coordinators_who_take_it_one_has_it_and_the_other_hears_who(
    village: Village,
) -> None:
    await register(village, SECOND, "第二位", "coordinator")
    await village.send(RESIDENT, FELL)
    takes = []
    for chat in (COORDINATOR, SECOND):
        message_id, data = await village.button(chat, "我来处理")
        takes.append(village.post("press", chat=chat, message_id=message_id, data=data))
    await asyncio.gather(*takes)
    await village.rest()
    assert len(written(village, what="alarm_taken")) == 1
    holder = village.program.database.do(lambda s: s.value(select(alarm.c.holder_id)))
    assert holder in (person_of(village, COORDINATOR), person_of(village, SECOND))


async def test_an_alarm_that_nobody_heard_rings_for_the_first_who_comes(village: Village) -> None:
    village.program.database.do(
        end_role,
        now=village.program.clock.now(),
        person_id=person_of(village, COORDINATOR),
        kind="coordinator",
        actor_id=person_of(village, COORDINATOR),
    )
    before = len(await village.said(COORDINATOR))
    await village.send(RESIDENT, FELL)
    await village.heard(RESIDENT, "120")
    assert "王珊" not in await village.last(RESIDENT)
    await village.clock(hours=1)
    assert len(await village.said(COORDINATOR)) == before
    await register(village, SECOND, "第二位", "coordinator")
    await village.clock(hours=1)
    await village.heard(SECOND, "陈素芬", "100 1234 5678")


async def test_who_is_no_coordinator_any_more_ends_no_alarm(village: Village) -> None:
    await register(village, SECOND, "第二位", "coordinator")
    await village.send(RESIDENT, FELL)
    await village.press(SECOND, "我来处理")
    village.program.database.do(
        end_role,
        now=village.program.clock.now(),
        person_id=person_of(village, SECOND),
        kind="coordinator",
        actor_id=person_of(village, COORDINATOR),
    )
    acts = ("seen", "reached", "handed_over", "false_alarm", "take", "longer")
    before = state_of(village)
    await press_all(village, SECOND, [f"alarm:{act}:1:{v}" for act in acts for v in (1, 2, 3, 4)])
    await village.send(SECOND, "测试")
    assert state_of(village) == before
    assert alarms_of(village) == ["held"]
    await village.clock(hours=1)
    await village.heard(COORDINATOR, "第二位")


async def test_a_yes_pressed_after_a_no_reaches_everyone_on_duty(village: Village) -> None:
    await village.send(RESIDENT, "我不太舒服，胸口有点闷")
    shown = [one for one in await village.shown(RESIDENT) if one["buttons"]][-1]
    yes, no = (row[0]["data"] for row in shown["buttons"])
    await press_all(village, RESIDENT, [no])
    assert await village.said(COORDINATOR) == []
    await press_all(village, RESIDENT, [yes])
    await village.heard(COORDINATOR, "陈素芬", "胸口有点闷")


async def test_a_night_slept_through_tells_each_thing_once(village: Village) -> None:
    await village.send(RESIDENT, "家里的灯坏了，想请人来看看")
    await village.press(RESIDENT, "发出")
    await village.send(RESIDENT, FELL)
    before = {chat: len(await village.said(chat)) for chat in (COORDINATOR, RESIDENT, ZHANG)}
    await village.asleep(on=True)
    await village.post("clock", hours=26)
    await village.asleep(on=False)
    with listening() as log:
        await village.rest()
    assert [line for line in log.lines if "failed" in line] == []
    for chat, count in before.items():
        told = (await village.said(chat))[count:]
        assert len(told) <= 3, told
        repeated = [text for text, times in Counter(told).items() if times > 1]
        assert repeated == []
    await village.heard(COORDINATOR, "陈素芬")


async def test_a_year_that_passes_at_once_leaves_nothing_stuck(village: Village) -> None:
    await no_calls(village)
    await village.send(RESIDENT, "家里的灯坏了，想请人来看看")
    await village.press(RESIDENT, "发出")
    await village.asleep(on=True)
    await village.post("clock", days=366)
    await village.asleep(on=False)
    with listening() as log:
        await village.rest()
        await village.send(RESIDENT, "/mine")
    assert [line for line in log.lines if "failed" in line] == []
    left = village.program.database.do(
        lambda session: session.all(
            select(outbox.c.template).where(outbox.c.state.in_(("pending", "sending")))
        )
    )
    assert len(left) <= 5
    state = village.program.database.do(lambda session: session.value(select(need.c.state)))
    assert state == "unclaimed"
    await village.heard(COORDINATOR, "灯坏了")


async def test_each_change_has_its_row_in_the_journal(village: Village) -> None:
    await no_calls(village)
    await register(village, OTHER, "等批准的人", "volunteer", state="waiting")
    await village.send(RESIDENT, "家里的灯坏了，想请人来看看")
    await village.press(RESIDENT, "发出")
    for chat, press in [
        (ZHANG, "offer:no:1:1"),
        (COORDINATOR, "community:hide:2:0"),
        (COORDINATOR, "community:show:2:0"),
        (ZHANG, "pause:week:0:0"),
        (ZHANG, "pause:resume:0:0"),
        (RESIDENT, "days:off:0:0"),
        (RESIDENT, "need:drop:1:1"),
    ]:
        before = state_of(village)
        rows = len(written(village, what="*"))
        await press_all(village, chat, [press])
        assert state_of(village) != before, press
        assert len(written(village, what="*")) > rows, press
