"""In hospital till Friday: no call meanwhile, nothing late, and the caller told both times."""

from tests.journeys.village import COORDINATOR, DAUGHTER, LIU, RESIDENT, ZHANG, Village

NAME = "陈素芬"


async def test_in_hospital_till_friday_the_calls_stop_and_start_again_on_saturday(
    village: Village,
) -> None:
    await village.send(COORDINATOR, f"/pause {NAME} 住院到周五")
    await village.heard(COORDINATOR, NAME, "住院", "11月27日（周五）为止")
    await village.heard(ZHANG, NAME, "不用打问候电话", "11月27日")
    await village.never_heard(ZHANG, "住院")
    await village.clock(to="2026-11-27T15:00:00+00:00")
    await village.never_heard(ZHANG, "现在是和")
    await village.clock(to="2026-11-28T02:01:00+00:00")
    await village.heard(ZHANG, NAME, "恢复了", "11月28日（周六） 10:00")
    await village.heard(ZHANG, "现在是和", NAME)


async def test_a_daughter_says_it_and_staff_decide_what_becomes_of_the_open_need(
    village: Village,
) -> None:
    await village.send(RESIDENT, "厨房的灯坏了，明天上午能来修吗")
    await village.press(RESIDENT, "发出")
    await village.send(DAUGHTER, "/pause")
    await village.press(DAUGHTER, NAME)
    await village.send(DAUGHTER, "住院")
    await village.send(DAUGHTER, "昨天")
    await village.heard(DAUGHTER, "没看懂是哪一天")
    await village.press(DAUGHTER, "三天")
    await village.heard(DAUGHTER, NAME, "住院", "11月27日")
    await village.heard(COORDINATOR, NAME, "住院", "先放着")
    await village.press(COORDINATOR, "撤销第1号需求")
    await village.press(DAUGHTER, "点错了")
    await village.heard(DAUGHTER, "已撤销", "照常")


async def test_who_died_is_named_to_nobody_but_staff(village: Village) -> None:
    await village.send(COORDINATOR, f"/pause {NAME} 去世")
    await village.heard(COORDINATOR, "亲口告诉")
    await village.press(COORDINATOR, "确认")
    await village.clock(days=3)
    for chat in (ZHANG, LIU, DAUGHTER):
        await village.never_heard(chat, NAME, "去世")
    await village.heard(COORDINATOR, NAME, "已经办好", "张强")
    await village.send(RESIDENT, "你好")
    await village.never_heard(RESIDENT, "去世")


async def test_a_slip_is_taken_back_on_the_same_card(village: Village) -> None:
    await village.send(COORDINATOR, f"/pause {NAME} 去世")
    await village.press(COORDINATOR, "确认")
    await village.press(COORDINATOR, "点错了")
    await village.heard(COORDINATOR, "已撤销", NAME)
    await village.clock(to="2026-11-25T02:01:00+00:00")
    await village.heard(ZHANG, "现在是和", NAME)


async def test_a_name_that_nobody_has_is_answered_with_how_to_go_on(village: Village) -> None:
    await village.send(COORDINATOR, "/pause 李四光 住院到周五")
    await village.heard(COORDINATOR, "没有找到叫“李四光”的人", "谁要暂停")


async def test_who_moved_within_the_programme_is_asked_for_where_and_moved_back_on_a_slip(
    village: Village,
) -> None:
    await village.send(COORDINATOR, f"/pause {NAME} 搬走")
    await village.heard(COORDINATOR, NAME, "搬到哪里")
    await village.press(COORDINATOR, "双河村")
    await village.heard(COORDINATOR, "搬到双河村", "确认吗")
    await village.press(COORDINATOR, "确认")
    await village.heard(COORDINATOR, NAME, "现在住双河村")
    await village.press(COORDINATOR, "点错了")
    await village.heard(COORDINATOR, "已撤销", "住址")


async def test_a_resident_is_away_and_says_when_they_are_back(village: Village) -> None:
    await village.send(RESIDENT, "/pause 到女儿家住，到下周一")
    await village.heard(RESIDENT, "外出", "11月30日（周一）为止")
    await village.heard(COORDINATOR, NAME, "外出")
    await village.never_heard(ZHANG, "女儿")
    await village.send(RESIDENT, "/pause")
    await village.press(RESIDENT, "回来了")
    await village.heard(RESIDENT, "欢迎回来")
    await village.heard(ZHANG, NAME, "恢复了", "11月25日（周三） 10:00")
