"""My data: what is held and who looked, a copy as a file, a correction, and being erased."""

from io import BytesIO

from docx import Document
from sqlalchemy import select

from storage.database import Session
from storage.people import find_person
from storage.tables import journal
from tests.journeys.village import (
    COORDINATOR,
    DAUGHTER,
    NEWCOMER,
    RESIDENT,
    ZHANG,
    Village,
)


def words_of(body: bytes) -> str:
    """Every word of a document, its tables row by row."""
    paper = Document(BytesIO(body))
    rows = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in paper.paragraphs), *rows])


async def _finish_a_need(village: Village) -> None:
    """张强 changes 陈素芬's light bulb, and so has seen her name, address and phone."""
    await village.send(RESIDENT, "家里的灯坏了")
    await village.press(RESIDENT, "发出")
    await village.press(ZHANG, "我去")
    await village.press(ZHANG, "我能做")
    await village.press(ZHANG, "30分钟内")
    await village.press(ZHANG, "办好了")
    await village.press(ZHANG, "半小时")
    await village.send(ZHANG, "跳过")
    await village.press(RESIDENT, "办好了")


async def test_whoever_is_not_registered_hears_that_nothing_is_held(village: Village) -> None:
    await village.send(NEWCOMER, "/privacy")
    await village.heard(NEWCOMER, "没有登记", "一天内")


async def test_a_resident_sees_what_is_held_and_who_looked(village: Village) -> None:
    await _finish_a_need(village)
    await village.send(RESIDENT, "/privacy")
    held = await village.heard(RESIDENT, "我的资料", "需求", "留到")
    assert "100****" in held
    await village.press(RESIDENT, "谁看过")
    await village.heard(RESIDENT, "谁看过", "志愿者张强", "去帮忙")


async def test_the_copy_is_a_file_with_everything_of_hers_and_nothing_of_others(
    village: Village,
) -> None:
    await _finish_a_need(village)
    await village.send(RESIDENT, "/privacy")
    await village.press(RESIDENT, "要一份文件")
    name, body = await village.file(RESIDENT)
    text = words_of(body)
    assert name == "我的资料.docx"
    for words in ("陈素芬", "家里的灯坏了", "已办结", "张强", "去帮忙", "+86"):
        assert words in text, text
    # Her own number and nobody else's.
    assert text.count("+86") == 1
    assert "刘" not in text


async def test_a_daughter_sees_corrects_and_copies_but_cannot_erase(village: Village) -> None:
    await village.send(DAUGHTER, "/privacy")
    await village.press(DAUGHTER, "看陈素芬的资料")
    await village.heard(DAUGHTER, "陈素芬的资料")
    message_id, data = await village.button(DAUGHTER, "改资料")
    buttons = [
        button["text"]
        for message in await village.shown(DAUGHTER)
        if message["message_id"] == message_id
        for row in message["buttons"]
        for button in row
    ]
    assert not any("删除" in words for words in buttons)
    await village.press(DAUGHTER, "改资料")
    await village.press(DAUGHTER, "电话")
    await village.send(DAUGHTER, "10087654321")
    await village.heard(DAUGHTER, "改好了")
    await village.send(RESIDENT, "/privacy")
    await village.heard(RESIDENT, "100****4321")
    await village.press(RESIDENT, "谁看过")
    await village.heard(RESIDENT, "李梅", "家人或照护者查看资料")
    # The tie ends, and with it the look: old buttons say so.
    await village.send(RESIDENT, "/family")
    await village.press(RESIDENT, "不再让李梅替我提需求")
    await village.post("press", chat=DAUGHTER, message_id=message_id, data=data, forged=True)
    await village.rest()
    assert "改资料" not in await village.last(DAUGHTER)


async def test_an_open_need_is_said_with_what_to_do_and_then_she_is_erased(
    village: Village,
) -> None:
    await village.send(RESIDENT, "家里的灯坏了")
    await village.press(RESIDENT, "发出")
    await village.send(RESIDENT, "/privacy")
    await village.press(RESIDENT, "删除资料")
    await village.heard(RESIDENT, "现在还不能删除", "/mine")
    await village.press(RESIDENT, "请办公室帮忙交接")
    await village.heard(COORDINATOR, "陈素芬", "退出")


async def _join(village: Village) -> None:
    """赵敏 joins as a resident."""
    await village.send(NEWCOMER, "/start")
    await village.press(NEWCOMER, "我同意")
    await village.press(NEWCOMER, "同意，用这里聊")
    await village.press(NEWCOMER, "我需要帮忙")
    await village.send(NEWCOMER, "赵敏")
    await village.press(NEWCOMER, "青山村")
    await village.send(NEWCOMER, "10012345678")


async def test_erased_after_two_questions_and_a_stranger_from_then_on(village: Village) -> None:
    await _join(village)
    await village.send(NEWCOMER, "/privacy")
    await village.press(NEWCOMER, "删除资料")
    await village.heard(NEWCOMER, "找不回来", "会留下")
    message_id, data = await village.button(NEWCOMER, "我要删除")
    await village.press(NEWCOMER, "我要删除")
    await village.heard(NEWCOMER, "再问一次")
    await village.press(NEWCOMER, "我知道找不回来")
    await village.heard(NEWCOMER, "您的资料删掉了")
    assert village.program.database.do(find_person, telegram_id=NEWCOMER) is None
    # An old button, and the command again: nothing is there any more.
    await village.post("press", chat=NEWCOMER, message_id=message_id, data=data, forged=True)
    await village.rest()
    await village.send(NEWCOMER, "/privacy")
    await village.heard(NEWCOMER, "没有登记")
    erased = select(journal.c.ground).where(journal.c.what == "erased")
    assert [row.ground for row in village.program.database.do(Session.all, erased)] == ["self"]


async def test_keeping_is_one_press(village: Village) -> None:
    await _join(village)
    await village.send(NEWCOMER, "/privacy")
    await village.press(NEWCOMER, "删除资料")
    await village.press(NEWCOMER, "不删")
    await village.heard(NEWCOMER, "什么都没有删")
    assert village.program.database.do(find_person, telegram_id=NEWCOMER) is not None


async def test_staff_erase_on_a_signed_request(village: Village) -> None:
    await _join(village)
    await village.send(COORDINATOR, "找 赵敏")
    await village.press(COORDINATOR, "赵敏")
    await village.press(COORDINATOR, "按本人签字的请求删除")
    await village.heard(COORDINATOR, "赵敏", "核对签字")
    await village.press(COORDINATOR, "我要删除")
    await village.press(COORDINATOR, "我知道找不回来")
    await village.heard(COORDINATOR, "赵敏的资料删掉了")
    assert village.program.database.do(find_person, telegram_id=NEWCOMER) is None
    await village.send(NEWCOMER, "/privacy")
    await village.heard(NEWCOMER, "没有登记")
