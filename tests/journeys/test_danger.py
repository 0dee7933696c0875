"""Words of danger to life: numbers at once, everyone on duty, whoever says them, whenever."""

from tests.journeys.village import COORDINATOR, DAUGHTER, NEWCOMER, RESIDENT, Village

FELL = "我摔倒了，起不来"


async def test_words_of_danger_get_numbers_and_alert_everyone_on_duty(village: Village) -> None:
    await village.send(RESIDENT, FELL)
    await village.heard(RESIDENT, "120", "12110023", "王珊")
    await village.heard(COORDINATOR, "紧急", "陈素芬", "100 1234 5678", FELL)


async def test_a_stranger_is_heard_too(village: Village) -> None:
    await village.send(NEWCOMER, "救命")
    await village.heard(NEWCOMER, "120")
    await village.heard(COORDINATOR, "紧急", "救命")


async def test_danger_is_heard_in_the_middle_of_a_form_which_then_goes_on(
    village: Village,
) -> None:
    await village.send(NEWCOMER, "/start")
    await village.press(NEWCOMER, "我同意")
    await village.press(NEWCOMER, "用这里聊")
    await village.press(NEWCOMER, "我需要帮忙")
    await village.send(NEWCOMER, "救命，我摔倒了起不来")
    await village.heard(NEWCOMER, "120")
    await village.heard(COORDINATOR, "紧急")
    await village.send(NEWCOMER, "继续")
    await village.heard(NEWCOMER, "怎么称呼您")


async def test_an_alarm_rings_at_night_and_again_until_it_is_held(village: Village) -> None:
    await village.clock(to="2026-11-25T18:00:00+00:00")
    before = len(await village.said(COORDINATOR))
    await village.send(RESIDENT, FELL)
    await village.clock(hours=1)
    rings = [text for text in (await village.said(COORDINATOR))[before:] if "紧急" in text]
    assert len(rings) > 5


async def test_who_takes_it_is_named_and_must_bring_an_end(village: Village) -> None:
    await village.send(RESIDENT, FELL)
    await village.press(COORDINATOR, "我来处理")
    await village.heard(RESIDENT, "王珊")
    before = len(await village.said(COORDINATOR))
    await village.clock(hours=1)
    assert any("紧急" in text for text in (await village.said(COORDINATOR))[before:])
    await village.press(COORDINATOR, "我来处理")
    await village.press(COORDINATOR, "当面见到")
    after = len(await village.said(COORDINATOR))
    await village.clock(hours=2)
    assert not any("紧急" in text for text in (await village.said(COORDINATOR))[after:])


async def test_words_that_may_mean_danger_are_asked_about_first(village: Village) -> None:
    await village.send(RESIDENT, "我不太舒服，胸口有点闷")
    await village.heard(RESIDENT, "现在有人有危险吗")
    await village.press(RESIDENT, "没有危险")
    assert not any("紧急" in text for text in await village.said(COORDINATOR))


async def test_a_question_without_an_answer_is_taken_for_danger(village: Village) -> None:
    await village.send(RESIDENT, "我不太舒服，胸口有点闷")
    await village.clock(hours=1)
    await village.heard(COORDINATOR, "紧急")


async def test_the_key_of_the_standing_menu_asks_and_then_alerts(village: Village) -> None:
    await village.send(RESIDENT, "/help")
    keys = (await village.shown(RESIDENT))[-1]["keyboard"]
    assert any("紧急求助" in str(key) for row in keys for key in row)
    await village.send(RESIDENT, "紧急求助")
    await village.press(RESIDENT, "有危险")
    await village.heard(RESIDENT, "120")
    await village.heard(COORDINATOR, "紧急", "陈素芬")


async def test_the_key_works_in_english_too(village: Village) -> None:
    await village.send(RESIDENT, "/language")
    await village.press(RESIDENT, "English")
    await village.send(RESIDENT, "I am in danger")
    await village.clock(hours=1)
    await village.heard(COORDINATOR, "紧急", "陈素芬")


async def test_nobody_at_the_door_and_it_goes_on_until_it_is_handed_over(village: Village) -> None:
    await village.send(RESIDENT, FELL)
    await village.press(COORDINATOR, "我来处理")
    await village.heard(RESIDENT, "王珊", "几分钟内")
    await village.clock(to="2026-11-25T01:06:00+00:00")
    await village.heard(RESIDENT, "王珊还没有回音")
    await village.heard(COORDINATOR, "5分钟内没有确认")
    await village.press(COORDINATOR, "我来处理")
    await village.press(COORDINATOR, "我到门口了")
    await village.heard(RESIDENT, "王珊", "已经到门口了")
    await village.press(COORDINATOR, "已交给110、119或120")
    await village.press(COORDINATOR, "120")
    await village.press(COORDINATOR, "我自己")
    await village.heard(RESIDENT, "王珊已经联系了120")


async def test_a_daughter_is_heard_about_her_mother(village: Village) -> None:
    await village.send(DAUGHTER, "我妈叫不醒了，快来人")
    await village.heard(COORDINATOR, "紧急", "陈素芬，电话", "来信人")
    await village.send(DAUGHTER, "她在厨房里")
    await village.heard(COORDINATOR, "陈素芬又说", "她在厨房里")


async def test_words_of_self_harm_are_answered_warmly_until_somebody_has_them(
    village: Village,
) -> None:
    await village.send(RESIDENT, "我不想活了")
    await village.heard(RESIDENT, "很重视", "12356", "您现在安全吗")
    await village.send(RESIDENT, "活着太累了")
    first = await village.last(RESIDENT)
    await village.send(RESIDENT, "没有人要我")
    assert await village.last(RESIDENT) != first
    await village.press(RESIDENT, "我现在不安全")
    await village.heard(COORDINATOR, "现在不安全")
