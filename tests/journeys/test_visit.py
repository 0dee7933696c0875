"""From claim to close, as both sides read it: the check, the door, out and safe, and afterwards."""

import re

from tests.journeys.village import COORDINATOR, LIU, RESIDENT, ZHANG, Village


async def test_a_visit_from_the_check_to_the_next_helper(village: Village) -> None:
    await village.send(RESIDENT, "家里的灯坏了，想请人来看看")
    await village.press(RESIDENT, "发出")
    # Before: what it takes, when, and the word for the door.
    await village.press(ZHANG, "我去")
    await village.heard(ZHANG, "要会做：水电修理", "先断电再动手", "您能做吗")
    await village.never_heard(ZHANG, "桂花小区")
    await village.press(ZHANG, "我能做")
    await village.press(ZHANG, "30分钟内")
    says, answer = await _words(village)
    await village.heard(ZHANG, f"到门口请说：“{says}”", "门口有事，打给")
    await village.never_heard(ZHANG, f"“{answer}”")
    # At the door, and out again.
    await village.press(ZHANG, "我在路上了")
    await village.press(ZHANG, "我到了")
    await village.heard(RESIDENT, "张强到您门口了")
    await village.send(ZHANG, answer)
    await village.heard(ZHANG, "暗号对了")
    await village.press(ZHANG, "办好了")
    await village.send(ZHANG, "40分钟")
    await village.send(ZHANG, "跳过")
    await village.press(ZHANG, "我出来了，平安")
    await _remark(village)
    # Yes from the home: the hours count, and how it was is said in words.
    await village.press(RESIDENT, "办好了")
    await village.press(RESIDENT, "很满意")
    await village.heard(ZHANG, "这次40分钟已经计入您的服务时长")
    await village.send(ZHANG, "/hours")
    await village.heard(ZHANG, "已计入：40分钟")
    await _reflect(village)
    await _again(village)


async def _words(village: Village) -> tuple[str, str]:
    told = await village.heard(RESIDENT, "来的人会说")
    says, answer = re.findall("“(.+?)”", told)[-2:]
    return says, answer


async def _remark(village: Village) -> None:
    await village.press(ZHANG, "给下一位留一句")
    await village.send(ZHANG, "是个傻子")
    await village.heard(ZHANG, "请换个说法")
    await village.send(ZHANG, "要多敲几次门")
    await village.heard(ZHANG, "替下一位想着")
    await village.heard(RESIDENT, "要多敲几次门")


async def _reflect(village: Village) -> None:
    """What it meant to the helper is read by staff with their yes, and no longer without it."""
    await village.press(ZHANG, "写几句心得")
    await village.send(ZHANG, "灯亮了，他笑了，我也高兴")
    await village.press(ZHANG, "可以给别人看")
    await village.send(COORDINATOR, "/hours")
    await village.press(COORDINATOR, "看大家的服务心得")
    await village.heard(COORDINATOR, "张强", "灯亮了，他笑了")
    await village.press(COORDINATOR, "看更早的心得")
    await village.heard(COORDINATOR, "没有更早的了")
    await village.send(ZHANG, "/consent")
    await village.press(ZHANG, "撤回：公开事迹")
    await village.send(COORDINATOR, "/hours")
    await village.press(COORDINATOR, "看大家的服务心得")
    await village.heard(COORDINATOR, "还没有写了可以给别人看的心得")


async def _again(village: Village) -> None:
    """It broke again: somebody else goes, reads the remark, and cannot after all."""
    await village.press(RESIDENT, "没弄好，重新打开")
    await village.press(RESIDENT, "又坏了")
    await village.heard(RESIDENT, "重新打开了")
    await village.press(LIU, "我去")
    await village.press(LIU, "我能做")
    await village.press(LIU, "30分钟内")
    await village.heard(LIU, "去过的人留的提醒：要多敲几次门")
    await village.press(LIU, "我去不了")
    await village.heard(COORDINATOR, "刚说去不了")
    await village.send(RESIDENT, "/remarks")
    await village.press(RESIDENT, "删掉")
    await village.heard(RESIDENT, "删掉了")
