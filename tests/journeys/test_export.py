"""Story: a clerk asks for the register as a sheet, sees how many, and downloads a real file."""

import asyncio
import zipfile
from io import BytesIO
from typing import Any

from sqlalchemy import select, update

from storage.people import find_person
from storage.registers import change_profile
from storage.tables import journal, person, role
from tests.journeys.village import COORDINATOR, RESIDENT, ZHANG, Village
from tests.office.books import read


def sheets(body: bytes) -> dict[str, list[list[Any]]]:
    """The rows of each sheet."""
    found: dict[str, list[list[Any]]] = {}
    name = ""
    for line in read(body):
        if isinstance(line, list):
            found[name].append(line[1])
        elif "sheet" in line:
            name = line["sheet"]["name"]
            found[name] = []
    return found


def know(village: Village, **values: Any) -> None:
    """Write some columns of 陈素芬 down."""
    database = village.program.database
    clerk = database.do(find_person, telegram_id=COORDINATOR)
    chen = database.do(find_person, telegram_id=RESIDENT)
    assert clerk is not None
    assert chen is not None
    database.do(
        change_profile,
        now=village.program.clock.now(),
        actor=clerk,
        person_id=chen.id,
        values=values,
        ground="test",
    )


def journalled(village: Village, what: str) -> list[Any]:
    with village.program.database.transaction() as session:
        return list(session.all(select(journal).where(journal.c.what == what)))


async def ask(village: Village, register: str, *presses: str) -> None:
    await village.send(COORDINATOR, "/export")
    await village.press(COORDINATOR, register)
    for label in presses:
        await village.press(COORDINATOR, label)


async def test_a_clerk_exports_the_residents_and_opens_the_file(village: Village) -> None:
    know(village, category="physical", grade="1", born_on="1940-05-06", remarks="=1+1")
    await ask(village, "残疾人登记册", "跳过", "跳过", "跳过", "全部列")
    assert "共 1 人" in await village.heard(COORDINATOR, "请核对")
    await village.press(COORDINATOR, "开始导出")
    await village.heard(COORDINATOR, "导出残疾人登记册：办好了")
    name, body = await village.file(COORDINATOR)
    assert name == "残疾人登记册_2026-11-25.xlsx"
    found = sheets(body)
    assert list(found) == ["残疾人登记册", "分类统计", "分村分类"]
    title, about, header, row = found["残疾人登记册"]
    assert title == ["残疾人登记册"]
    assert "王珊" in about[0]
    known = dict(zip(header, row, strict=False))
    assert known["姓名"] == "陈素芬"
    assert (known["残疾类别"], known["残疾等级"], known["是否老残一体"]) == ("肢体", "一级", "是")
    assert known["联系电话"].startswith("100")
    assert known["备注"] == "'=1+1"
    assert ["肢体", 1, 0, 0, 0, 1] in found["分类统计"]
    assert ["东街社区", "肢体", 1, 0, 0, 0, 0, 1] in found["分村分类"]
    with zipfile.ZipFile(BytesIO(body)) as archive:
        assert sum("charts/chart" in one for one in archive.namelist()) >= 4
    (noted,) = journalled(village, "register_exported")
    assert noted.detail == "resident all people=1"


async def test_a_clerk_exports_the_volunteers_with_some_columns(village: Village) -> None:
    await ask(village, "志愿者登记册", "跳过", "跳过", "常用几列", "开始导出")
    name, body = await village.file(COORDINATOR)
    assert name.startswith("志愿者登记册")
    found = sheets(body)
    header, *rows = found["志愿者登记册"][2:]
    assert header[:3] == ["序号", "村（社区）", "姓名"]
    assert {row[2] for row in rows} == {"张强", "刘洋"}
    assert "累计时长" in header


async def test_what_was_chosen_is_what_is_exported(village: Village) -> None:
    know(village, category="physical", grade="1")
    await ask(village, "残疾人登记册", "跳过")
    await village.press(COORDINATOR, "视力")
    await village.press(COORDINATOR, "选好了")
    await village.press(COORDINATOR, "跳过")
    await village.press(COORDINATOR, "常用几列")
    assert "共 0 人" in await village.last(COORDINATOR)
    await village.press(COORDINATOR, "开始导出")
    await village.heard(COORDINATOR, "没有符合条件的人")


async def test_for_anybody_else_there_is_no_such_command(village: Village) -> None:
    await village.send(ZHANG, "/export")
    unknown = await village.last(ZHANG)
    await village.send(ZHANG, "/nonsense")
    assert await village.last(ZHANG) == unknown
    assert [one.detail for one in journalled(village, "command_refused")] == ["export"]


async def test_whoever_may_no_longer_see_it_gets_no_file(village: Village) -> None:
    await ask(village, "残疾人登记册", "跳过", "跳过", "跳过", "常用几列")
    database = village.program.database
    village.program.papers.asleep = True
    message, data = await village.button(COORDINATOR, "开始导出")
    await village.post("press", chat=COORDINATOR, message_id=message, data=data)
    await until_asked(village)
    with database.transaction() as session:
        clerk = select(person.c.id).where(person.c.telegram_id == COORDINATOR)
        session.change(
            update(role).where(role.c.person_id.in_(clerk)).values(state="ended", version=9)
        )
    village.program.papers.asleep = False
    await village.rest()
    await village.heard(COORDINATOR, "没有权限")
    assert not [one for one in await village.shown(COORDINATOR) if one["media"]]


async def until_asked(village: Village) -> None:
    """The job is queued; the runner is asleep."""
    for _ in range(400):
        if journalled(village, "paper_asked"):
            return
        await asyncio.sleep(0.01)
    raise AssertionError(await village.transcript(COORDINATOR))
