"""Two are needed: the first two to press have a place, and the resident sees one card."""

from tests.journeys.village import COORDINATOR, LIU, RESIDENT, ZHANG, Village


async def test_two_are_wanted_found_and_done(village: Village) -> None:
    await village.send(RESIDENT, "衣柜太重，想请人搬到楼下")
    await village.press(RESIDENT, "发出")
    await village.press(RESIDENT, "要几位来帮")
    await village.press(RESIDENT, "2位")
    await village.heard(RESIDENT, "改好了", "一共要2位，找到0位")
    await village.press(ZHANG, "我去")
    await village.press(ZHANG, "30分钟内")
    await village.heard(RESIDENT, "张强会来")
    # He still has the button that was sent when one was wanted, and no "taken" in between.
    await village.never_heard(LIU, "已经有人去了")
    await village.press(LIU, "我去")
    await village.heard(LIU, "什么时候")
    await village.send(RESIDENT, "/mine")
    await village.heard(RESIDENT, "一共要2位，找到2位：张强、刘洋")


async def test_one_who_cannot_come_leaves_the_other_in_place(village: Village) -> None:
    await village.send(RESIDENT, "衣柜太重，想请人搬到楼下")
    await village.press(RESIDENT, "发出")
    await village.press(RESIDENT, "要几位来帮")
    await village.press(RESIDENT, "2位")
    for one in (ZHANG, LIU):
        await village.press(one, "我去")
        await village.press(one, "30分钟内")
    await village.press(ZHANG, "我去不了")
    await village.send(RESIDENT, "/mine")
    await village.heard(RESIDENT, "一共要2位，找到1位：刘洋")
    await village.press(RESIDENT, "不需要了")
    await village.press(RESIDENT, "是的，取消")
    await village.heard(LIU, "您不用去了")
    # She has a place, and was not asked about the one that became free.
    await village.never_heard(LIU, "现在不需要人去了")


async def test_staff_split_what_nobody_took_into_tasks(village: Village) -> None:
    await village.send(RESIDENT, "今天想请人帮忙买米")
    await village.press(RESIDENT, "发出")
    await village.clock(hours=2)
    await village.press(COORDINATOR, "拆成几件事")
    await village.send(COORDINATOR, "送材料")
    await village.heard(COORDINATOR, "2 到 6 件事")
    await village.send(COORDINATOR, "陪着去银行；打手语")
    await village.heard(COORDINATOR, "改好了", "陪着去银行")
    await village.heard(RESIDENT, "要2位来帮")
