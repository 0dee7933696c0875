"""A sheet is printed, downloaded and typed back; typed in twice it changes nothing twice."""

import re
from io import BytesIO

from docx import Document

from tests.journeys.village import COORDINATOR, ZHANG, Village

PEOPLE = """登记 王桂英 女 1948年 青山村3组 10012345001
登记 李德明 男 青山村3组 10012345002
登记 陈大山 男 青山村5组
登记 罗小春 女 青山村5组 10012345004"""


async def printed(village: Village) -> tuple[str, list[list[str]]]:
    """Print the sheet of 青山村 and read the file: its code, and the cells of its lines."""
    await village.send(COORDINATOR, PEOPLE)
    await village.press(COORDINATOR, "对，记下")
    await village.send(COORDINATOR, "完成")
    await village.send(COORDINATOR, "/sheets")
    await village.press(COORDINATOR, "青山村（4人）")
    name, body = await village.file(COORDINATOR)
    found = re.search(r"[A-Z]\d+", name)
    assert found is not None, name
    paper = Document(BytesIO(body))
    assert any("用后收回或销毁" in one.text for one in paper.sections[0].footer.paragraphs)
    rows = [[cell.text for cell in row.cells] for row in paper.tables[0].rows[1:]]
    return found.group(), rows


async def test_a_sheet_is_printed_downloaded_and_typed_back_in_one_go(village: Village) -> None:
    code, rows = await printed(village)
    assert [row[0] for row in rows] == ["013", "021", "037", "045"]
    assert [row[1] for row in rows] == ["李德明 3组", "王桂英 3组", "罗小春 5组", "陈大山 5组"]
    assert rows[1][2] == "100 1234 5001"
    assert rows[0][5] == "□接了都好  □没接\n□要帮忙  □说不清"
    assert rows[0][6] == "□身体  □吃睡  □药\n□心情  □家里  □辅具"
    back = f"表 {code}: 013好 2没接 037要帮忙 没米了"
    await village.send(COORDINATOR, back)
    await village.heard(COORDINATOR, "1. 电话 李德明", "平安", "2. 电话 王桂英", "没米了")
    await village.press(COORDINATOR, "对，记下")
    await village.heard(COORDINATOR, "记下了", "罗小春", "没米了")
    await village.heard(ZHANG, "没米了")
    # The same again changes nothing, and what was left out can still come.
    await village.send(COORDINATOR, f"{back} 045好 045没接 052好 123好")
    shown = await village.heard(COORDINATOR, "没有记", "王珊已经录过", "陈大山：写了两次")
    assert "052：表上没有这个编号" in shown
    assert "123：表上没有这个编号" in shown
    assert "1. 电话 陈大山" in shown
    assert "2. 电话" not in shown


async def test_what_is_unclear_is_never_taken_for_fine(village: Village) -> None:
    code, _ = await printed(village)
    await village.send(COORDINATOR, f"表 {code}: 013好 就是腿疼 021接了")
    shown = await village.heard(COORDINATOR, "没看懂结果")
    assert "平安" not in shown


async def test_a_sheet_that_was_never_printed_is_named(village: Village) -> None:
    code, _ = await printed(village)
    other = f"{'B' if code[0] != 'B' else 'C'}{code[1:]}"
    await village.send(COORDINATOR, f"表 {other}: 013好")
    await village.heard(COORDINATOR, "没有这张表")
    await village.send(ZHANG, "/sheets")
    await village.heard(ZHANG, "怎么用")
