"""Today's list: ten lines a page, each with its button; what must be told is told by mouth."""

from tests.journeys.village import COORDINATOR, RESIDENT, ZHANG, Village

LINES = "\n".join(
    [
        "登记 李德明 男 青山村3组 10012345002",
        "登记 王桂英 女 青山村3组",
        "登记 陈大山 男 双河村1组",
        *(f"登记 周小{name} 女 双河村2组" for name in "一二三四五六七八九"),
    ]
)
NEEDS = "\n".join(
    [
        "需求 李德明 灯坏了",
        "需求 王桂英 想办低保",
        *(f"需求 周小{name} 想办低保" for name in "一二三四五六七八九"),
    ]
)


LAMPS = "\n".join(f"需求 周小{name} 灯坏了" for name in "一二三四五六七八九")


async def entered(village: Village, *more: str) -> None:
    for words in (LINES, NEEDS, *more):
        await village.send(COORDINATOR, words)
        await village.press(COORDINATOR, "对，记下")
    await village.send(COORDINATOR, "完成")


async def test_the_day_is_listed_by_place_ten_lines_a_page(village: Village) -> None:
    await entered(village, LAMPS)
    await village.send(COORDINATOR, "/today")
    first = await village.last(COORDINATOR)
    assert "10:00 电话 陈素芬（张强打）" in first
    assert "需求 10 件" in first
    assert first.count("•") == 10
    assert first.index("东街社区") < first.index("青山村3组") < first.index("双河村2组")
    assert "王桂英" not in first, "what was referred is followed up in the office's list"
    await village.press(COORDINATOR, "下一页")
    second = await village.last(COORDINATOR)
    assert second.count("•") == 1
    assert "王桂英" not in second
    await village.press(COORDINATOR, "上一页")
    assert await village.last(COORDINATOR) == first
    await village.press(COORDINATOR, "看李德明的需求")
    await village.heard(COORDINATOR, "李德明", "灯")
    await village.send(ZHANG, "/today")
    await village.heard(ZHANG, "怎么用")


async def test_what_is_to_be_verified_is_the_work_of_the_day(village: Village) -> None:
    await village.send(RESIDENT, "家庭无障碍改造，门口台阶高，轮椅出不去，想修个坡道")
    await village.press(RESIDENT, "发出，让")
    await village.send(COORDINATOR, "/today")
    await village.heard(COORDINATOR, "需求 1 件", "需求 陈素芬：家庭无障碍改造，要先核实")
    await village.press(COORDINATOR, "核实陈素芬的需求")
    await village.press(COORDINATOR, "打电话核实了")
    await village.send(COORDINATOR, "/today")
    assert "要先核实" not in await village.last(COORDINATOR)


async def test_a_call_made_from_the_list_ends_the_call_that_waited(village: Village) -> None:
    await village.clock(to="2026-11-25T02:01:00+00:00")
    await village.heard(ZHANG, "现在是和", "陈素芬")
    await village.send(COORDINATOR, "/today")
    await village.press(COORDINATOR, "打给陈素芬")
    await village.heard(COORDINATOR, "100 1234 5678")
    await village.press(COORDINATOR, "通了电话")
    await village.heard(COORDINATOR, "记下了：陈素芬", "平安")
    await village.heard(ZHANG, "不用您再联系了")
    # A slip is taken back: false comfort is worse than one call too many.
    await village.press(COORDINATOR, "撤销刚才记下的")
    await village.clock(to="2026-11-25T02:05:00+00:00")
    said = [text for text in await village.said(ZHANG) if "现在是和" in text]
    assert len(said) == 2


async def test_who_comes_is_told_by_mouth_to_somebody_without_a_chat(village: Village) -> None:
    await entered(village)
    await village.press(ZHANG, "我去")
    await village.press(ZHANG, "我能做")
    await village.press(ZHANG, "30分钟内")
    await village.send(COORDINATOR, "/office")
    await village.heard(COORDINATOR, "要亲口告诉本人的话：1 句")
    await village.send(COORDINATOR, "/today")
    await village.heard(COORDINATOR, "告诉 李德明 一句话", "09:30 上门 李德明（张强去）")
    await village.press(COORDINATOR, "告诉李德明")
    await village.heard(COORDINATOR, "请告诉李德明", "张强", "09:30", "100 1234 5002")
    await village.press(COORDINATOR, "电话里说了")
    await village.heard(COORDINATOR, "已经告诉本人")
    await village.send(COORDINATOR, "/today")
    assert "告诉 李德明" not in await village.last(COORDINATOR)


async def test_what_was_overtaken_need_not_be_told(village: Village) -> None:
    await entered(village)
    await village.press(ZHANG, "我去")
    await village.press(ZHANG, "我能做")
    await village.press(ZHANG, "30分钟内")
    await village.press(ZHANG, "我在路上了")
    await village.send(COORDINATOR, "/today")
    assert (await village.last(COORDINATOR)).count("告诉 李德明") == 1
