"""A clinic's nurse guides a station and visits at home; a school asks volunteers to come."""

from tests.journeys.test_organisations import let_in
from tests.journeys.village import COORDINATOR, NEWCOMER, RESIDENT, ZHANG, Village

CLINIC = "桂阳社区卫生服务中心"


async def open_organisation(village: Village, chat: int, *steps: str) -> None:
    await village.send(chat, "/organisations")
    for step in steps:
        await village.press(chat, step)


async def tie(village: Village, name: str) -> None:
    """The office names 陈素芬 a patient of this organisation."""
    steps = ("桂阳街道办事处", "桂阳街道残联", name, "学生、病人、会员", "加一个人")
    await open_organisation(village, COORDINATOR, *steps)
    await village.send(COORDINATOR, "陈素芬")
    await village.heard(COORDINATOR, name)


async def test_a_home_visit_is_written_down_and_she_is_reminded(village: Village) -> None:
    await let_in(village, NEWCOMER, "何护士", CLINIC)
    await tie(village, CLINIC)
    await open_organisation(village, NEWCOMER, "上门服务记录", "陈素芬", "记一次上门")
    await village.press(NEWCOMER, "今天")
    await village.press(NEWCOMER, "视力")
    await village.press(NEWCOMER, "定向行走训练")
    await village.press(NEWCOMER, "选好了")
    await village.send(NEWCOMER, "每天在楼下走十分钟")
    await village.send(NEWCOMER, "11月27日")
    await village.press(NEWCOMER, "自己的记录")
    await village.heard(NEWCOMER, "陈素芬", "视力：定向行走训练", "下次2026年11月27日")
    await village.clock(days=1)
    await village.heard(RESIDENT, CLINIC, "11月27日（周五）上门看您")
    await village.heard(NEWCOMER, "上门看陈素芬")
    await village.never_heard(ZHANG, "视力", "每天在楼下")


async def test_a_station_is_guided_and_the_office_sees_what_is_overdue(village: Village) -> None:
    await open_organisation(village, COORDINATOR, "桂阳街道办事处", "桂阳街道残联", "加下级单位")
    await village.press(COORDINATOR, "康复站")
    await village.send(COORDINATOR, "青山康复站")
    await tie(village, "青山康复站")
    steps = ("桂阳街道办事处", "桂阳街道残联", "青山康复站", "康复站：指导和满意度")
    await open_organisation(village, COORDINATOR, *steps, "登记或修改定期指导")
    await village.send(COORDINATOR, CLINIC)
    await village.send(COORDINATOR, "每周三")
    await village.heard(COORDINATOR, f"指导单位：{CLINIC}", "下次指导：2026年11月25日")
    await village.clock(days=1)
    await village.send(COORDINATOR, "/office")
    await village.heard(COORDINATOR, "康复站指导超期：1 个")
    await village.press(COORDINATOR, "看指导超期的康复站")
    await village.press(COORDINATOR, "青山康复站")
    await village.press(COORDINATOR, "记一次指导")
    await village.press(COORDINATOR, "今天")
    await village.send(COORDINATOR, "器材够用，记录要补")
    await village.heard(COORDINATOR, "下次指导：2026年12月2日", "指导1次", "评分不足5人")
    await village.heard(RESIDENT, "青山康复站", "您满意吗")
    await village.press(RESIDENT, "5 分")
    await village.heard(RESIDENT, "谢谢您，记下了")


async def test_a_school_asks_volunteers_and_works_with_a_clinic(village: Village) -> None:
    school = "垫江县特殊教育学校"
    steps = ("桂阳街道办事处", "桂阳街道残联", school)
    await open_organisation(village, COORDINATOR, *steps, "请志愿者上门")
    await village.press(COORDINATOR, "陪伴")
    await village.send(COORDINATOR, "30")
    await village.send(COORDINATOR, "12月3日下午2点")
    await village.send(COORDINATOR, "陪孩子们做手工")
    await village.send(COORDINATOR, "学府路 1 号")
    await village.heard(COORDINATOR, school, "30人", "学府路 1 号")
    await village.press(COORDINATOR, "发出")
    offer = await village.heard(ZHANG, f"去{school}，那里有30人")
    assert "学府路" not in offer
    await open_organisation(village, COORDINATOR, *steps, "对接单位", "加一个对接单位")
    await village.send(COORDINATOR, CLINIC)
    await village.press(COORDINATOR, "业务指导")
    await village.press(COORDINATOR, "跳过")
    await open_organisation(village, COORDINATOR, *steps, "对接单位")
    await village.heard(COORDINATOR, f"{CLINIC}：业务指导")
