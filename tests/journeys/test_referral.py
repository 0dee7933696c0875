"""A ramp at the door: stated, verified, referred, asked back, accepted, done, and solved."""

from tests.journeys.village import COORDINATOR, RESIDENT, ZHANG, Village


async def test_a_need_for_an_organisation_goes_its_whole_way(village: Village) -> None:
    await village.send(RESIDENT, "家庭无障碍改造，门口台阶高，轮椅出不去，想修个坡道")
    await village.heard(RESIDENT, "家庭无障碍改造")
    await village.press(RESIDENT, "发出，让")
    await village.heard(RESIDENT, "核实好了马上往下办")
    await village.never_heard(ZHANG, "坡道")
    await village.heard(COORDINATOR, "要先核实", "坡道")
    await village.press(COORDINATOR, "打电话核实了")
    await village.heard(COORDINATOR, "核实好了", "桂阳街道残联")
    await village.heard(RESIDENT, "桂阳街道残联", "前给答复")

    await village.press(COORDINATOR, "先问一句")
    await village.press(COORDINATOR, "问居民")
    await village.send(COORDINATOR, "门口有几级台阶？")
    await village.heard(RESIDENT, "桂阳街道残联", "门口有几级台阶")
    await village.press(RESIDENT, "回答")
    await village.send(RESIDENT, "三级")
    await village.heard(RESIDENT, "答复转给桂阳街道残联")

    await village.heard(COORDINATOR, "有答复了", "三级")
    await village.press(COORDINATOR, "接下")
    await village.press(COORDINATOR, "7天内")
    await village.heard(RESIDENT, "接下了", "前办好")
    await village.press(COORDINATOR, "看怎么联系")
    await village.heard(COORDINATOR, "陈素芬", "电话")

    await village.press(COORDINATOR, "办好了")
    await village.send(COORDINATOR, "坡道修好了，旁边装了扶手")
    await village.heard(COORDINATOR, "联系方式收起来了")
    await village.heard(RESIDENT, "办好了", "旁边装了扶手", "解决了吗")
    await village.press(RESIDENT, "解决了")
    await village.heard(RESIDENT, "记下了：解决了")
    await village.heard(COORDINATOR, "居民说解决了")


async def test_a_service_of_the_catalogue_is_asked_for_by_pressing(village: Village) -> None:
    await village.send(RESIDENT, "/services")
    await village.press(RESIDENT, "权益保障")
    await village.press(RESIDENT, "两项补贴")
    await village.heard(RESIDENT, "社会事务办公室", "还等街道残联核对")
    await village.press(RESIDENT, "我要这个")
    await village.send(RESIDENT, "想问护理补贴怎么办")
    await village.press(RESIDENT, "发出，让")
    await village.heard(RESIDENT, "社会事务办公室", "前给答复")
    # Nobody of that department uses the chat: the desk phones, and notes the answer.
    await village.heard(COORDINATOR, "那里没有人用这里收消息")
    await village.press(COORDINATOR, "电话问过：办不了")
    await village.press(COORDINATOR, "不归这里管")
    await village.press(COORDINATOR, "跳过")
    await village.heard(RESIDENT, "社会事务办公室办不了", "协调员来安排")
