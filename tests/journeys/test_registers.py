"""The register is filled at the door: card, certificate, household, and the end in sight."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import select, update

from storage.database import Session
from storage.registers import open_profile
from storage.rules.fields import Register
from storage.tables import check_in_plan, journal, person
from tests.journeys.village import COORDINATOR, RESIDENT, ZHANG, Village

NUMBER = "50029919450307018211"


@pytest.fixture(autouse=True)
async def no_calls(village: Village) -> None:
    """Days pass quickly here: no call is due that would climb its ladder meanwhile."""
    with village.program.database.transaction() as session:
        session.change(update(check_in_plan).values(state="ended", next_due_at=None))


@contextmanager
def _known(village: Village, chat: int) -> Iterator[tuple[Session, int]]:
    with village.program.database.transaction() as session:
        yield session, session.value(select(person.c.id).where(person.c.telegram_id == chat))


async def test_a_clerk_fills_the_register_and_the_resident_is_reminded(village: Village) -> None:
    await village.send(COORDINATOR, "找 陈素芬")
    await village.press(COORDINATOR, "陈素芬")
    await village.heard(COORDINATOR, "残疾人证：没有登记", "家庭：没有登记")
    await village.press(COORDINATOR, "录入残疾人证号")
    await village.send(COORDINATOR, "50029919450307018011")
    await village.heard(COORDINATOR, "校验位对不上")
    await village.press(COORDINATOR, "返回上一步")
    await village.send(COORDINATOR, "５００２９９１９４５０３０７０１８２１１")
    await village.heard(COORDINATOR, "视力残疾一级，女，1945年3月7日出生")
    await village.press(COORDINATOR, "一样，保存")
    await village.send(COORDINATOR, "2017.1.26")
    await village.heard(COORDINATOR, "500***********0182**", "2027年1月26日")
    await village.press(COORDINATOR, "回到这个人")
    await village.press(COORDINATOR, "家庭")
    await village.press(COORDINATOR, "单独立一户")
    await village.press(COORDINATOR, "加一位没登记的家人")
    await village.send(COORDINATOR, "阿不都热西提·买买提艾力·吐尔逊")
    await village.press(COORDINATOR, "孙子女")
    await village.press(COORDINATOR, "跳过")
    await village.press(COORDINATOR, "回到这一户")
    await village.heard(COORDINATOR, "阿不都热西提·买买提艾力·吐尔逊（孙子女，家里人）")
    await village.never_heard(ZHANG, NUMBER, "视力残疾")
    await village.never_heard(RESIDENT, NUMBER)

    await village.clock(to="2026-11-27T00:59:00+00:00")
    assert not any("换新证" in said for said in await village.said(RESIDENT))
    await village.clock(to="2026-11-27T01:01:00+00:00")
    await village.heard(RESIDENT, "您的残疾人证有效期到2027年1月26日为止")
    await village.send(COORDINATOR, "/office")
    await village.heard(COORDINATOR, "残疾人证该换了：1 人")
    await village.press(COORDINATOR, "看要换的残疾人证")
    await village.press(COORDINATOR, "陈素芬")
    await village.heard(COORDINATOR, "待换证，到2027年1月26日", "家庭：登记了 2 人")
    await village.press(COORDINATOR, "看残疾情况")
    await village.heard(COORDINATOR, NUMBER, "残疾类别：视力")
    with _known(village, RESIDENT) as (session, chen):
        looks = session.all(
            select(journal.c.detail).where(
                journal.c.what == "register_seen", journal.c.subject_id == chen
            )
        )
        assert [row.detail for row in looks] == ["certificate"]


async def test_a_volunteer_tells_of_sign_language_and_a_paper_is_confirmed(
    village: Village,
) -> None:
    await village.send(ZHANG, "/profile")
    await village.press(ZHANG, "语言")
    await village.press(ZHANG, "手语")
    await village.press(ZHANG, "选好了")
    await village.press(ZHANG, "回到我的资料")
    await village.press(ZHANG, "加一份资质证书")
    await village.press(ZHANG, "手语翻译")
    await village.press(ZHANG, "跳过")
    await village.heard(ZHANG, "带证书原件")
    await village.send(COORDINATOR, "/office")
    await village.press(COORDINATOR, "看要核实的资质")
    await village.press(COORDINATOR, "看过原件，确认")
    await village.heard(COORDINATOR, "手语翻译", "已确认")
    with _known(village, ZHANG) as (session, zhang):
        known = open_profile(session, person_id=zhang, register=Register.VOLUNTEER)
        assert known == {"languages": ["sign_language"]}
