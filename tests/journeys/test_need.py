"""Stories 2, 3 and 4: a need is stated in two moves, taken, done, or passed on."""

import asyncio

from tests.journeys.village import (
    COORDINATOR,
    DAUGHTER,
    LIU,
    RESIDENT,
    ZHANG,
    Village,
    numbers_in,
)

NAME, ADDRESS, PHONE = "陈素芬", "桂花小区 3 栋", "100 1234 5678"


async def state(village: Village, words: str = "家里的灯坏了，想请人来看看") -> None:
    await village.send(RESIDENT, words)
    await village.press(RESIDENT, "发出")


async def claim(village: Village, chat: int) -> None:
    await village.press(chat, "我去")
    await village.press(chat, "我能做")
    await village.press(chat, "30分钟内")


async def finish(village: Village, chat: int) -> None:
    await village.press(chat, "我在路上了")
    await village.press(chat, "办好了")
    await village.send(chat, "40分钟")
    await village.send(chat, "跳过")
    await village.press(chat, "我出来了，平安")


async def test_a_sentence_is_read_back_and_sent_with_one_press(village: Village) -> None:
    await village.send(RESIDENT, "家里的灯坏了，想请人来看看")
    reading = await village.heard(RESIDENT, "我是这样理解的", "生产生活")
    assert "家里的灯坏了" in reading
    await village.heard(RESIDENT, "姓名、地址、电话")
    await village.press(RESIDENT, "发出")
    await village.heard(RESIDENT, "发出去了")


async def test_an_offer_shows_neither_name_nor_address_nor_phone(village: Village) -> None:
    await state(village, "家里的灯坏了，打我电话10012345678")
    offer = await village.heard(ZHANG, "灯坏了")
    assert NAME not in offer
    assert ADDRESS not in offer
    assert numbers_in(offer) == []
    assert "10012345678" not in offer


async def test_only_who_takes_it_sees_whom_and_where(village: Village) -> None:
    await state(village)
    await claim(village, ZHANG)
    await village.heard(ZHANG, NAME, ADDRESS, PHONE)
    await village.never_heard(LIU, NAME, ADDRESS, PHONE)
    assert NAME not in await village.heard(RESIDENT, "张强会来", "到您这里")
    await village.heard(LIU, "已经有人去了")


async def test_done_closes_only_with_the_residents_yes(village: Village) -> None:
    await state(village)
    await claim(village, ZHANG)
    await finish(village, ZHANG)
    await village.press(RESIDENT, "办好了")
    await village.heard(ZHANG, "谢谢")
    await village.send(RESIDENT, "/mine")
    assert "灯坏了" not in await village.last(RESIDENT)


async def test_not_yet_opens_it_again(village: Village) -> None:
    await state(village)
    await claim(village, ZHANG)
    await finish(village, ZHANG)
    await village.press(RESIDENT, "还没有")
    await village.press(RESIDENT, "办好了一部分")
    await village.send(RESIDENT, "只换了一盏")
    await village.press(RESIDENT, "再请人来")
    await village.press(LIU, "我去")
    await village.heard(LIU, "您能做吗")


async def test_who_cannot_go_gives_it_back_and_others_are_asked(village: Village) -> None:
    await state(village)
    await claim(village, ZHANG)
    await village.press(ZHANG, "我去不了")
    await village.heard(RESIDENT, "张强")
    await village.heard(COORDINATOR, "张强刚说去不了")
    await claim(village, LIU)
    await village.heard(LIU, PHONE)


async def test_the_daughter_asks_for_her_mother(village: Village) -> None:
    await village.send(DAUGHTER, "妈妈家里的灯坏了")
    await village.press(DAUGHTER, NAME)
    await village.press(DAUGHTER, "发出")
    await claim(village, ZHANG)
    await village.heard(ZHANG, NAME, PHONE)
    await village.heard(DAUGHTER, "张强会来")
    await village.heard(RESIDENT, "张强会来")


async def test_a_typed_number_is_as_good_as_the_button(village: Village) -> None:
    await village.send(RESIDENT, "家里的灯坏了")
    await village.send(RESIDENT, "1")
    await village.heard(RESIDENT, "发出去了")
    await village.send(ZHANG, "我去")
    await village.send(ZHANG, "我能做")
    await village.send(ZHANG, "30分钟内")
    await village.heard(ZHANG, PHONE)


async def test_a_cancelled_need_reaches_whoever_was_coming(village: Village) -> None:
    await state(village)
    await claim(village, ZHANG)
    await village.send(RESIDENT, "/mine")
    await village.press(RESIDENT, "不需要了")
    await village.press(RESIDENT, "是的，取消")
    await village.heard(ZHANG, "不用去了")


async def test_nobody_takes_it_and_the_coordinator_has_it(village: Village) -> None:
    await state(village)
    for _ in range(3):
        await village.clock(days=1)
    await village.heard(COORDINATOR, "灯坏了")
    await village.press(COORDINATOR, "请一位志愿者")
    await village.press(COORDINATOR, "刘洋")
    await claim(village, LIU)
    await village.heard(LIU, PHONE)


async def test_no_answer_to_was_it_done_ends_with_the_coordinator(village: Village) -> None:
    await state(village)
    await claim(village, ZHANG)
    await finish(village, ZHANG)
    for _ in range(4):
        await village.clock(days=1)
    await village.heard(COORDINATOR, "灯坏了")


async def test_an_old_button_says_how_things_stand_and_changes_nothing(village: Village) -> None:
    await state(village)
    message_id, data = await village.button(LIU, "我去")
    await claim(village, ZHANG)
    await village.post("press", chat=LIU, message_id=message_id, data=data, forged=True)
    await village.rest()
    await village.never_heard(LIU, NAME, PHONE)
    assert await village.last(LIU)


async def test_a_stranger_pressing_a_forged_button_learns_nothing(village: Village) -> None:
    await state(village)
    _, data = await village.button(ZHANG, "我去")
    await village.add_person(9300, "路人")
    await village.send(9300, "/start")
    shown = await village.shown(9300)
    message_id = shown[-1]["message_id"]
    await village.post("press", chat=9300, message_id=message_id, data=data, forged=True)
    await village.rest()
    await village.never_heard(9300, NAME, PHONE, "灯坏了")


async def test_two_who_press_together_get_one_task_and_one_kind_answer(village: Village) -> None:
    await state(village)
    presses = []
    for chat in (ZHANG, LIU):
        message_id, data = await village.button(chat, "我去")
        presses.append(village.post("press", chat=chat, message_id=message_id, data=data))
    await asyncio.gather(*presses)
    await village.rest()
    texts = [await village.last(chat) for chat in (ZHANG, LIU)]
    assert sum("您能做吗" in text for text in texts) == 1, texts
    assert sum("已经有人" in text for text in texts) == 1, texts


async def test_another_time_is_typed_and_the_address_stays_in_sight(village: Village) -> None:
    await state(village)
    await claim(village, ZHANG)
    await village.press(ZHANG, "改时间")
    await village.heard(ZHANG, ADDRESS, PHONE)
    await village.send(ZHANG, "明天上午10点")
    await village.heard(RESIDENT, "11月26日", "10:00")
    await village.heard(ZHANG, ADDRESS, PHONE)
