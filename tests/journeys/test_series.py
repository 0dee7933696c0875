"""A service that recurs: made from a need by a few presses, and its visits come by themselves."""

from tests.journeys.village import COORDINATOR, LIU, RESIDENT, ZHANG, Village


async def make_regular(village: Village, when: str = "每周六上午9点") -> None:
    await village.send(RESIDENT, "家里要打扫卫生，想请人帮忙")
    await village.press(RESIDENT, "发出")
    await village.press(RESIDENT, "改成定期")
    await village.heard(RESIDENT, "每周哪一天来")
    await village.send(RESIDENT, when)


async def test_weekly_cleaning_is_made_and_the_next_visits_are_shown(village: Village) -> None:
    await make_regular(village, "经常来")
    await village.heard(RESIDENT, "没看懂是哪几天")
    await village.send(RESIDENT, "每周六上午9点")
    await village.press(RESIDENT, "一直，直到我说停")
    await village.press(RESIDENT, "节假日休息")
    await village.press(RESIDENT, "先问上次来的人")
    review = await village.heard(RESIDENT, "这样对吗", "每周六 09:00", "法定节假日休息")
    assert "先问上次来的人" in review
    await village.press(RESIDENT, "就这样")
    await village.heard(RESIDENT, "记下了")
    await village.send(RESIDENT, "/series")
    await village.heard(RESIDENT, "定期服务", "11月28日（周六） 09:00：正在找人", "12月5日")
    await village.press(ZHANG, "我去")
    await village.send(RESIDENT, "/series")
    await village.heard(RESIDENT, "张强来")
    await village.send(COORDINATOR, "/series")
    await village.heard(COORDINATOR, "陈素芬", "每周六 09:00")


async def test_one_visit_is_left_out_and_the_service_paused_and_ended(village: Village) -> None:
    await make_regular(village, "每月第一个周六")
    await village.press(RESIDENT, "10:00")
    await village.press(RESIDENT, "三个月")
    await village.press(RESIDENT, "节假日也来")
    await village.press(RESIDENT, "谁方便谁来")
    await village.press(RESIDENT, "就这样")
    await village.heard(RESIDENT, "每月第1个周六 10:00", "2027年2月24日为止")
    await village.press(RESIDENT, "12月5日这次不来")
    await village.heard(RESIDENT, "12月5日（周六）不来：说了这次不用来")
    await village.press(RESIDENT, "暂停")
    await village.heard(RESIDENT, "暂停中")
    await village.press(RESIDENT, "继续")
    await village.press(RESIDENT, "改时间")
    await village.press(RESIDENT, "周一")
    await village.press(RESIDENT, "14:30")
    await village.heard(RESIDENT, "每周一 14:30")
    await village.press(RESIDENT, "结束")
    await village.press(RESIDENT, "是的，结束")
    await village.heard(RESIDENT, "已经结束")
    await village.send(LIU, "/series")
    await village.never_heard(LIU, "定期服务：")
