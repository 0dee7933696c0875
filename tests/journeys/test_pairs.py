"""Story: two are paired, asked how it goes, and part; the one who stays hears it from a person."""

import asyncio
from io import BytesIO

from docx import Document

from tests.journeys.test_office import settled
from tests.journeys.village import COORDINATOR, LIU, RESIDENT, ZHANG, Village, numbers_in


async def proposed(village: Village) -> None:
    """Staff look who has no neighbour yet, and propose the first who comes into question."""
    await village.send(COORDINATOR, "/pairs")
    await village.heard(COORDINATOR, "残疾人家庭 1 户", "结对的 0 户")
    await village.press(COORDINATOR, "还没有邻居的家庭")
    await village.heard(COORDINATOR, "陈素芬", "还没问过")
    await village.press(COORDINATOR, "陈素芬：找邻居")
    await village.heard(COORDINATOR, "张强：同一村（社区）", "先问这一家")
    await village.press(COORDINATOR, "问问张强")
    await village.press(COORDINATOR, "见面打个招呼")
    await village.press(COORDINATOR, "选好了")
    await village.press(COORDINATOR, "每周一次")
    await village.send(COORDINATOR, "早上看看窗帘拉开没有")
    await village.press(COORDINATOR, "先问这一家")


async def paper_of(village: Village, chat: int) -> str:
    """The words of the newest document in a chat, once it came."""
    for _ in range(100):
        await village.rest()
        try:
            name, body = await village.file(chat)
        except AssertionError:
            await asyncio.sleep(0.1)
            continue
        assert name.endswith(".docx"), name
        paper = Document(BytesIO(body))
        cells = [cell.text for row in paper.tables[0].rows for cell in row.cells]
        return "\n".join([*(one.text for one in paper.paragraphs), *cells])
    raise AssertionError(await village.transcript(chat))


async def test_a_pair_from_the_asking_to_the_end(village: Village) -> None:
    await settled(village)
    await proposed(village)
    # The household first: the neighbour hears nothing, and neither sees a number.
    await village.heard(RESIDENT, "请邻居张强和您家结个对", "不用说理由")
    await village.never_heard(ZHANG, "陈素芬")
    await village.press(RESIDENT, "同意")
    asked = await village.heard(ZHANG, "陈素芬家愿意和您结个对", "不是任务")
    assert numbers_in(asked) == []
    await village.press(ZHANG, "同意")
    await village.press(ZHANG, "怎么联系")
    assert numbers_in(await village.last(ZHANG)) == ["100 1234 5678"]
    for chat in (RESIDENT, ZHANG, COORDINATOR):
        words = await paper_of(village, chat)
        assert "邻里守望结对约定书" in words
        assert "早上看看窗帘拉开没有" in words
        assert numbers_in(words) == []
    # Another volunteer learns nothing of it.
    await village.send(LIU, "/pairs")
    await village.heard(LIU, "现在没有结对的邻居")
    await village.never_heard(LIU, "陈素芬", "张强")
    # Four weeks later both are asked.
    for _ in range(7):
        await village.clock(days=4)
    await village.heard(RESIDENT, "这段时间怎么样")
    await village.press(ZHANG, "有照应")
    await village.press(ZHANG, "见面打个招呼")
    await village.press(ZHANG, "选好了")
    await village.press(ZHANG, "跳过")
    await village.press(RESIDENT, "有点问题")
    await village.send(RESIDENT, "来得太晚，我都睡了")
    await village.heard(COORDINATOR, "陈素芬", "说有问题", "来得太晚，我都睡了")
    await village.never_heard(ZHANG, "来得太晚")
    await village.press(COORDINATOR, "已经了解处理")
    await parted(village)


async def parted(village: Village) -> None:
    """The neighbour ends it; the household hears it from a person, and another is looked for."""
    await village.send(ZHANG, "/pairs")
    await village.press(ZHANG, "不再结对")
    await village.press(ZHANG, "是的，不再结对")
    await village.heard(COORDINATOR, "亲自", "陈素芬", "什么都不会发给对方")
    await village.send(RESIDENT, "/pairs")
    await village.heard(RESIDENT, "您结对的事", "当面或打电话跟您说")
    await village.never_heard(RESIDENT, "的结对结束了")
    await village.never_heard(RESIDENT, "现在没有结对的邻居")
    await village.send(COORDINATOR, "/office")
    await village.heard(COORDINATOR, "结对结束，要当面告诉：1 人")
    await village.press(COORDINATOR, "看要当面告诉的人")
    await village.press(COORDINATOR, "已经告诉陈素芬")
    await village.heard(RESIDENT, "和邻居张强的结对结束了", "先问您")
    await village.send(COORDINATOR, "/office")
    await village.press(COORDINATOR, "看要重新找邻居的")
    await village.press(COORDINATOR, "陈素芬：找邻居")
    found = await village.heard(COORDINATOR, "可以问问这几位")
    assert "刘洋" in found
    assert "张强" not in found
    await village.send(RESIDENT, "/pairs")
    await village.heard(RESIDENT, "现在没有结对的邻居")
