"""竞标: two would like to teach, the coordinator sees why, chooses one, the other is thanked."""

from tests.journeys.village import COORDINATOR, LIU, RESIDENT, ZHANG, Village

LESSONS = "想请人每周六教孩子写作业"


async def state(village: Village) -> None:
    await village.send(RESIDENT, LESSONS)
    await village.press(RESIDENT, "发出")


async def test_the_willing_wait_until_one_is_chosen_and_the_others_are_thanked(
    village: Village,
) -> None:
    await state(village)
    offer = await village.heard(ZHANG, "写作业")
    assert "想到您" in offer
    for chat in (ZHANG, LIU):
        await village.press(chat, "我愿意去")
        await village.heard(chat, "先不要上门")
    await village.never_heard(ZHANG, "陈素芬", "桂花小区")
    await village.clock(days=1)
    await village.heard(COORDINATOR, "2 位志愿者愿意去")
    await village.press(COORDINATOR, "看谁愿意去")
    await village.heard(COORDINATOR, "愿意去的人", "同一个社区")
    await village.press(COORDINATOR, "张强")
    await village.heard(COORDINATOR, "已经定了")
    await village.heard(LIU, "请了另一位")
    await village.heard(ZHANG, "请您去")
    await village.press(ZHANG, "说个时间")
    await village.press(ZHANG, "1小时内")
    await village.heard(RESIDENT, "张强会来")


async def test_the_coordinator_asks_why_these_and_why_not_one(village: Village) -> None:
    await state(village)
    for _ in range(4):
        await village.clock(days=1)
    await village.heard(COORDINATOR, "写作业")
    await village.send(COORDINATOR, "/mine")
    await village.press(COORDINATOR, "为什么请这些人")
    await village.heard(COORDINATOR, "为什么请这些人", "张强", "还没回")
    await village.press(COORDINATOR, "查一个人")
    await village.send(COORDINATOR, "刘洋")
    await village.heard(COORDINATOR, "刘洋", "请过了")
    await village.press(COORDINATOR, "查一个人")
    await village.send(COORDINATOR, "没有这人")
    await village.heard(COORDINATOR, "没有叫")


async def test_not_this_kind_is_respected_at_once_and_undone_with_one_press(
    village: Village,
) -> None:
    await state(village)
    await village.press(ZHANG, "其他")
    await village.press(ZHANG, "这类事先别问我")
    await village.heard(ZHANG, "以后不问您了")
    await village.send(ZHANG, "/kinds")
    await village.press(ZHANG, "助学辅导")
    await village.heard(ZHANG, "又会来请您")

    await state(village)
    await village.press(RESIDENT, "另外一件")
    await village.press(ZHANG, "我愿意去")
    await village.press(ZHANG, "又去不了了")
    await village.heard(ZHANG, "这次不去没关系")


async def test_a_rest_till_a_day_and_not_this_household(village: Village) -> None:
    await state(village)
    await village.press(ZHANG, "其他")
    await village.press(ZHANG, "我想歇一阵")
    await village.send(ZHANG, "下周五")
    await village.heard(ZHANG, "您歇着", "12月5日")
    await village.press(LIU, "其他")
    await village.press(LIU, "这一家我不方便去")
    await village.heard(LIU, "也不会告诉别人")
    await village.never_heard(RESIDENT, "刘洋")


async def test_an_offer_answered_three_days_late_says_how_it_stands_and_thanks(
    village: Village,
) -> None:
    await village.send(RESIDENT, "家里的灯坏了，想请人来看看")
    await village.press(RESIDENT, "发出")
    message_id, data = await village.button(LIU, "我去")
    await village.send(RESIDENT, "/mine")
    await village.press(RESIDENT, "不需要了")
    await village.press(RESIDENT, "是的，取消")
    for _ in range(3):
        await village.clock(days=1)
    await village.post("press", chat=LIU, message_id=message_id, data=data, forged=True)
    await village.rest()
    await village.heard(LIU, "谢谢您回复", "不需要了")


async def test_a_small_task_is_found_and_taken_with_one_tap(village: Village) -> None:
    await village.send(RESIDENT, "想请人帮忙买一袋米")
    await village.press(RESIDENT, "发出")
    assert "微服务" in await village.heard(ZHANG, "买一袋米")
    await village.send(LIU, "/small")
    await village.heard(LIU, "1 件微服务")
    await village.heard(LIU, "微服务：", "买一袋米")
    await village.never_heard(LIU, "陈素芬", "桂花小区")
    await village.press(LIU, "我来")
    await village.heard(LIU, "什么时候")
    await village.heard(ZHANG, "已经有人去了")
