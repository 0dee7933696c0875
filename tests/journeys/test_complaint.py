"""Something went wrong with a helper: said in three steps, parted at once, followed up by staff."""

from tests.journeys.test_need import claim, state
from tests.journeys.village import COORDINATOR, LIU, RESIDENT, ZHANG, Village


async def test_a_resident_says_so_and_another_helper_comes(village: Village) -> None:
    await state(village)
    await claim(village, ZHANG)
    await village.heard(RESIDENT, "张强会来")
    await village.send(RESIDENT, "/wrong")
    await village.press(RESIDENT, "张强（")
    await village.press(RESIDENT, "动手动脚")
    await village.send(RESIDENT, "第一次见面就拉着我不放")
    await village.heard(RESIDENT, "请看一下，对不对", "110")
    assert not any("编号1" in text for text in await village.said(COORDINATOR))
    await village.press(RESIDENT, "对，交上去")
    await village.heard(RESIDENT, "编号1", "不会再把您这边和对方安排在一起")
    await village.heard(ZHANG, "这次不用去了", "谢谢您")
    await village.never_heard(ZHANG, "编号", "动手动脚", "反映")
    assert "陈素芬" not in " ".join(await village.said(ZHANG))
    await village.heard(LIU, "灯坏了")
    await village.heard(COORDINATOR, "张强", "第一次见面", "未成年人保护法第11条", "12338")
    await village.press(COORDINATOR, "看这件事")
    await village.press(COORDINATOR, "我来处理")
    await village.heard(RESIDENT, "王珊", "处理")
    await village.press(COORDINATOR, "处理完了")
    await village.press(COORDINATOR, "已交给公安或有关部门")
    await village.send(COORDINATOR, "已报110，派出所已接")
    await village.send(COORDINATOR, "您放心，派出所已经介入")
    await village.heard(RESIDENT, "您放心，派出所已经介入")
