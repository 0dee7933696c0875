"""Story 5: a call that is not answered, and the ladder that does not end in silence."""

from tests.journeys.village import COORDINATOR, LIU, NEWCOMER, RESIDENT, ZHANG, Village

NAME, PHONE = "陈素芬", "100 1234 5678"


async def until_the_call(village: Village) -> None:
    """The cast's first call is due at ten."""
    await village.clock(to="2026-11-25T02:00:30+00:00")


async def test_the_caller_gets_the_number_at_the_time(village: Village) -> None:
    await until_the_call(village)
    await village.heard(ZHANG, NAME, PHONE)


async def test_spoke_and_fine_ends_it_and_climbs_no_further(village: Village) -> None:
    await until_the_call(village)
    await village.press(ZHANG, "通了电话")
    await village.clock(hours=6)
    assert await village.said(LIU) == []
    assert await village.said(COORDINATOR) == []


async def test_silence_climbs_to_the_stand_in_and_then_to_everyone_on_duty(
    village: Village,
) -> None:
    await until_the_call(village)
    await village.clock(hours=2)
    await village.heard(LIU, NAME)
    await village.clock(hours=2)
    await village.heard(COORDINATOR, "请值班人员跟进", NAME)


async def test_the_top_rung_repeats_until_somebody_holds_it_and_again_when_they_go_silent(
    village: Village,
) -> None:
    await until_the_call(village)
    await village.clock(hours=5)
    rung = [text for text in await village.said(COORDINATOR) if "请值班人员跟进" in text]
    assert len(rung) >= 2
    await village.press(COORDINATOR, "我来跟进")
    held = len(await village.said(COORDINATOR))
    await village.clock(hours=2)
    again = (await village.said(COORDINATOR))[held:]
    assert any(NAME in text for text in again), again


async def test_seen_ends_the_ladder_for_everybody_who_was_told(village: Village) -> None:
    await until_the_call(village)
    await village.clock(hours=5)
    await village.press(COORDINATOR, "我来跟进")
    await village.press(COORDINATOR, "见到本人")
    before = len(await village.said(COORDINATOR))
    await village.clock(hours=4)
    assert len(await village.said(COORDINATOR)) == before
    await village.heard(LIU, "平安")


async def test_needs_help_becomes_a_need(village: Village) -> None:
    await until_the_call(village)
    await village.press(ZHANG, "需要帮助")
    await village.send(ZHANG, "想请人帮忙买米")
    await village.send(RESIDENT, "/mine")
    await village.heard(RESIDENT, "买米")


async def test_the_residents_own_button_is_a_positive_end(village: Village) -> None:
    await until_the_call(village)
    await village.press(ZHANG, "没人接")
    await village.press(RESIDENT, "我很好")
    await village.clock(hours=6)
    assert not any("请值班人员跟进" in text for text in await village.said(COORDINATOR))


async def test_an_outage_is_told_once_and_honestly(village: Village) -> None:
    await village.asleep(on=True)
    await village.post("clock", hours=30)
    await village.asleep(on=False)
    await village.rest()
    # First what people wrote meanwhile is read.
    await village.clock(hours=0.05)
    told = await village.said(COORDINATOR)
    assert sum(NAME in text for text in told) == 1, told
    assert not any("约好的问候电话时间" in text for text in await village.said(ZHANG))


async def test_a_coordinator_plans_a_call_in_the_chat(village: Village) -> None:
    await village.send(NEWCOMER, "/start")
    await village.press(NEWCOMER, "我同意")
    await village.press(NEWCOMER, "用这里聊")
    await village.press(NEWCOMER, "我需要帮忙")
    await village.send(NEWCOMER, "赵敏")
    await village.press(NEWCOMER, "青山村")
    await village.send(NEWCOMER, "10055556666")
    await village.send(COORDINATOR, "/plan")
    await village.send(COORDINATOR, "赵敏")
    await village.press(COORDINATOR, "赵敏")
    await village.press(COORDINATOR, "刘洋")
    await village.press(COORDINATOR, "一般")
    await village.press(COORDINATOR, "每周")
    await village.send(COORDINATOR, "每天")
    await village.send(COORDINATOR, "下午3点半")
    await village.press(COORDINATOR, "没有")
    await village.press(COORDINATOR, "保存")
    await village.heard(NEWCOMER, "刘洋")
    await village.clock(to="2026-11-25T07:31:00+00:00")
    await village.heard(LIU, "赵敏", "100 5555 6666")


async def test_the_office_opens_every_call_and_alarm_without_an_end(village: Village) -> None:
    await until_the_call(village)
    await village.press(ZHANG, "没人接")
    await village.clock(hours=5)
    await village.send(RESIDENT, "救命，我摔倒了起不来")
    await village.send(COORDINATOR, "/office")
    await village.press(COORDINATOR, "看没打通的问候电话")
    call = await village.last(COORDINATOR)
    assert NAME in call
    assert "没人接" in call, "silence at the next try does not take back what was heard"
    await village.send(COORDINATOR, "/office")
    await village.press(COORDINATOR, "看紧急情况")
    assert "紧急" in await village.last(COORDINATOR)
    await village.press(COORDINATOR, "我来处理")
    await village.heard(RESIDENT, "王珊")
