"""Figures of a month: words that can be read aloud, a picture of them, and a sheet to print."""

from io import BytesIO

from PIL import Image
from python_calamine import load_workbook

from tests.journeys.village import COORDINATOR, RESIDENT, ZHANG, Message, Village


async def media(village: Village, kind: str) -> tuple[Message, bytes]:
    """The newest picture or file in the coordinator's chat, with its message."""
    for message in reversed(await village.shown(COORDINATOR)):
        found = message["media"]
        if message["from"] == "bot" and found and found["kind"] == kind:
            async with village.http.get(village.url + found["url"]) as response:
                assert response.status == 200
                return message, await response.read()
    raise AssertionError(await village.transcript(COORDINATOR))


async def test_a_month_comes_as_words_a_picture_and_a_sheet(village: Village) -> None:
    await village.send(RESIDENT, "想请人帮忙买点米")
    await village.press(RESIDENT, "发出")
    await village.press(ZHANG, "我去")
    await village.send(COORDINATOR, "/figures")
    await village.press(COORDINATOR, "本月")
    said = await village.heard(COORDINATOR, "需求对接情况", "2026年11月1日到2026年11月30日")
    assert "提出 1 件" in said
    assert "有人在办 1 件" in said
    message, picture = await media(village, "photo")
    assert Image.open(BytesIO(picture)).width == 1080
    assert "上面的文字里都有" in message["text"]
    _, body = await media(village, "document")
    book = load_workbook(BytesIO(body))
    names = ["总的情况", "按类别", "按村（社区）", "按七项行动", "还没人办的"]
    assert book.sheet_names == names
    rows = book.get_sheet_by_name("按类别").to_python()
    assert ["合计", 0, 1, 0, 0, 1] in [row[:6] for row in rows]


async def test_days_can_be_typed_and_what_is_no_period_is_asked_again(village: Village) -> None:
    await village.send(COORDINATOR, "/figures")
    await village.press(COORDINATOR, "自己定日子")
    await village.send(COORDINATOR, "最近吧")
    await village.heard(COORDINATOR, "没看懂是哪几天")
    await village.send(COORDINATOR, "11月1日到11月25日")
    await village.heard(COORDINATOR, "需求对接情况", "2026年11月1日到2026年11月25日")
    await village.send(ZHANG, "/figures")
    await village.never_heard(ZHANG, "需求对接情况")


async def test_calls_and_pairs_come_as_words_a_picture_and_a_sheet(village: Village) -> None:
    await village.send(COORDINATOR, "/figures")
    await village.press(COORDINATOR, "电话问候和结对")
    await village.press(COORDINATOR, "本月")
    said = await village.heard(COORDINATOR, "应问候", "2026年11月1日到2026年11月30日")
    assert "电话问候和邻里结对" in said
    assert "有邻居结对的 0 户" in said
    assert "接着找了别人才联系到的 0 次" in said
    message, _ = await media(village, "photo")
    assert "上面的文字和表格里都有" in message["text"]
    _, body = await media(village, "document")
    book = load_workbook(BytesIO(body))
    notes = str(book.get_sheet_by_name("总的情况").to_python())
    assert "A级2小时内，B级24小时内，C级24小时内" in notes
    assert "找了别人才联系到的（次）" in notes
    assert book.sheet_names == [
        *("总的情况", "按等级", "按村（社区）", "没打通以后", "邻里结对"),
        *("各村（社区）各等级", "超过规定天数没联系到的"),
    ]
