"""A list comes as a file, is looked at, written, fixed, and taken back; and who is here twice."""

from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from storage.people import find_person
from storage.tables import person, role
from tests.journeys.village import COORDINATOR, NEWCOMER, RESIDENT, Village

# Area 500299 is nowhere: these people do not exist.
NUMBERS = ("50029919450307018211", "50029919581112901342", "50029919720229306063")


def book(*, hidden: bool = False) -> bytes:
    """A list as an office has it: a title over everything, two header rows, eaten numbers."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("青山村")
        sheet.merge_range(0, 0, 0, 7, "青山村残疾人基本情况登记表")
        sheet.write(1, 0, "填报时间：2026年11月")
        for at, title in enumerate(("序号", "姓  名", "性别", "残疾证号码")):
            sheet.merge_range(2, at, 3, at, title)
        sheet.merge_range(2, 4, 2, 5, "监护人")
        sheet.write_row(3, 4, ["姓名", "电话"])
        sheet.merge_range(2, 6, 3, 6, "联系\n电话")
        sheet.merge_range(2, 7, 3, 7, "鞋码")
        sheet.write_row(
            4, 0, [1, "周  桂英", "女", NUMBERS[0], "李强", 10012345601, 10012345602, 38]
        )
        sheet.write_row(5, 0, [2, "罗德明", "男", NUMBERS[1], "", "", "１００１２３４５６０３", 42])
        sheet.write_row(6, 0, [3, "何小梅", "女", 5.0029919720229306e19, "", "", 10012345604, ""])
        sheet.write_formula(7, 0, "=A7+1", None, 4)
        sheet.write_row(7, 1, ["赵光荣", "男", "", "", "", "1001234", ""])
        sheet.write(8, 0, "合计")
        sheet.write_formula(8, 1, '=COUNTA(B5:B8)&"人"', None, "4人")
        if hidden:
            workbook.add_worksheet("旧名单").hide()
    return stream.getvalue()


def rows_of(body: bytes) -> list[list[Any]]:
    found: list[list[Any]] = (
        CalamineWorkbook.from_filelike(BytesIO(body)).get_sheet_by_index(0).to_python()
    )
    return found


def people(village: Village, name: str) -> int:
    with village.program.database.transaction() as session:
        here = select(func.count()).where(person.c.name == name, person.c.merged_into.is_(None))
        return int(session.value(here))


async def test_a_list_is_looked_at_written_fixed_and_sent_again(village: Village) -> None:
    await village.send_file(COORDINATOR, "青山村名单.xlsx", book(hidden=True))
    preview = await village.heard(COORDINATOR, "青山村名单.xlsx", "表头在第 3 行")
    assert "认出 7 列" in preview
    assert "没认出 1 列：鞋码" in preview
    assert "新增 2 人" in preview
    assert "读不了 2 行" in preview
    assert "D 列“残疾证号码”：Excel 把号码变成了科学计数" in preview
    assert "旧名单" in preview
    assert people(village, "周桂英") == 0

    await village.press(COORDINATOR, "同意书已存档")
    await village.heard(COORDINATOR, "写进登记册 2 人", "2 行没有导入")
    assert people(village, "周桂英") == 1
    name, body = await village.file(COORDINATOR)
    assert name == "没有导入-青山村名单.xlsx"
    back = rows_of(body)
    assert back[0][-1] == "没有导入的原因"
    assert back[0][4:6] == ["监护人姓名", "监护人电话"]
    assert [row[1] for row in back[1:]] == ["何小梅", "赵光荣"]
    assert "D 列" in back[1][-1]
    assert "电话少了数字（写的是“1001234”）" in back[2][-1]

    back[1][3], back[2][6] = NUMBERS[2], "10012345605"
    await village.send_file(COORDINATOR, name, sheet_of(back))
    fixed = await village.heard(COORDINATOR, name, "新增 2 人", "读不了 0 行")
    assert "没有导入的原因" not in fixed.split("没认出")[-1]
    await village.press(COORDINATOR, "同意书以后补")
    await village.heard(COORDINATOR, "写进登记册 2 人")
    assert people(village, "何小梅") == 1


def sheet_of(rows: list[list[Any]]) -> bytes:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("没有导入的行")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return stream.getvalue()


SIMPLE = "姓名,村,联系电话\n周桂英,青山村,10012345602\n罗德明,双河村,10012345603\n"


async def test_a_table_in_the_offices_old_letters_is_read_and_taken_back(village: Village) -> None:
    await village.send_file(COORDINATOR, "名单.csv", SIMPLE.encode("gb18030"))
    await village.heard(COORDINATOR, "新增 2 人")
    await village.press(COORDINATOR, "同意书以后补")
    await village.heard(COORDINATOR, "写进登记册 2 人")
    await village.send_file(COORDINATOR, "又一次.csv", SIMPLE.encode())
    await village.heard(COORDINATOR, "又一次.csv", "内容一样", "什么都没有改")
    await village.send(COORDINATOR, "/import")
    await village.press(COORDINATOR, "名单.csv（已导入）")
    await village.press(COORDINATOR, "撤销这份名单")
    await village.press(COORDINATOR, "是的，撤销")
    await village.heard(COORDINATOR, "撤销完了：退回 2 行")
    assert people(village, "周桂英") == 0


async def test_a_column_is_given_its_field_by_hand(village: Village) -> None:
    rows = [["姓名", "村", "家里电话号"], ["周桂英", "青山村", "10012345602"]]
    await village.send_file(COORDINATOR, "名单.xlsx", sheet_of(rows))
    await village.heard(COORDINATOR, "没认出 1 列：家里电话号")
    await village.press(COORDINATOR, "看看对应的列")
    await village.press(COORDINATOR, "C 列 家里电话号")
    await village.press(COORDINATOR, "联系电话")
    await village.heard(COORDINATOR, "认出 3 列")
    await village.press(COORDINATOR, "同意书以后补")
    with village.program.database.transaction() as session:
        row = session.find(select(person.c.phone).where(person.c.name == "周桂英"))
    assert row is not None
    assert row.phone is not None


async def test_people_without_a_community_are_counted_before_they_are_written(
    village: Village,
) -> None:
    rows = [["姓名", "片区", "电话"], ["周桂英", "青山村", "10012345602"], ["罗德明", "双河村", ""]]
    await village.send_file(COORDINATOR, "名单.xlsx", sheet_of(rows))
    await village.heard(COORDINATOR, "2 人没写村（社区）", "看看对应的列")
    await village.press(COORDINATOR, "看看对应的列")
    await village.press(COORDINATOR, "B 列 片区")
    await village.press(COORDINATOR, "村（社区）")
    assert "没写村（社区）" not in await village.heard(COORDINATOR, "认出 3 列")


async def test_of_several_sheets_one_is_chosen(village: Village) -> None:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as workbook:
        for name, who in (("青山村", "周桂英"), ("双河村", "罗德明")):
            sheet = workbook.add_worksheet(name)
            sheet.write_row(0, 0, ["姓名", "性别"])
            sheet.write_row(1, 0, [who, "女"])
    await village.send_file(COORDINATOR, "名单.xlsx", stream.getvalue())
    await village.heard(COORDINATOR, "有几张工作表可以读")
    await village.press(COORDINATOR, "双河村")
    await village.heard(COORDINATOR, "工作表“双河村”", "新增 1 人")
    await village.press(COORDINATOR, "不导入")
    await village.heard(COORDINATOR, "没有导入")
    assert people(village, "罗德明") == 0


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("名单.xlsx", b"%PDF-1.7\x00\x01\x02", "不是表格"),
        ("名单.xlsx", b"hello", "没有找到表头"),
        ("名单.xlsx", b"", "空的"),
        ("名单.csv", "你好\n再见\n".encode(), "没有找到表头"),
    ],
)
async def test_what_is_no_list_is_answered_kindly(
    village: Village, name: str, body: bytes, words: str
) -> None:
    await village.send_file(COORDINATOR, name, body)
    await village.heard(COORDINATOR, words)


async def test_a_list_from_somebody_else_is_not_read(village: Village) -> None:
    await village.send_file(RESIDENT, "名单.csv", SIMPLE.encode())
    with village.program.database.transaction() as session:
        assert session.value(select(func.count()).where(person.c.name == "周桂英")) == 0
    await village.send(RESIDENT, "/import")
    await village.never_heard(RESIDENT, "把残疾人或志愿者的表格文件")


async def test_whoever_was_in_a_list_and_then_joins_becomes_one_by_hand(village: Village) -> None:
    await village.send_file(COORDINATOR, "名单.csv", SIMPLE.encode())
    await village.press(COORDINATOR, "同意书已存档")
    await village.send(NEWCOMER, "/start")
    await village.press(NEWCOMER, "我同意")
    await village.press(NEWCOMER, "用这里聊")
    await village.press(NEWCOMER, "我需要帮忙")
    await village.send(NEWCOMER, "周桂英")
    await village.press(NEWCOMER, "青山村")
    await village.send(NEWCOMER, "10012345602")
    await village.send(COORDINATOR, "/duplicates")
    shown = await village.heard(COORDINATOR, "这两份是同一个人吗", "周桂英")
    assert "1001 234" not in shown
    assert "在用聊天" in shown
    await village.press(COORDINATOR, "合并，保留第 1 份")
    await village.heard(COORDINATOR, "合并好了")
    await village.heard(NEWCOMER, "登记过两次")
    joined = village.program.database.do(find_person, telegram_id=NEWCOMER)
    assert joined is not None
    assert joined.roles == {"resident": "approved"}
    assert people(village, "周桂英") == 1
    with village.program.database.transaction() as session:
        held = select(func.count()).where(role.c.person_id == joined.id, role.c.state == "approved")
        assert session.value(held) == 1
