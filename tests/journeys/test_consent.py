"""Story: what one agreed to is one's own: asked on the button, taken back by a tap, at once."""

from sqlalchemy import select

from storage.consents import has_consent
from storage.tables import journal
from tests.journeys.village import (
    COORDINATOR,
    DAUGHTER,
    NEWCOMER,
    RESIDENT,
    ZHANG,
    Village,
    numbers_in,
)

ADDRESS = "桂花小区"


async def a_need_is_carried(village: Village, send: str = "发出，让来的人看到") -> None:
    await village.send(RESIDENT, "帮我买一袋米")
    await village.press(RESIDENT, send)
    await village.press(ZHANG, "我去")
    await village.press(ZHANG, "1小时内")


def agrees(village: Village, person_id: int, purpose: str) -> bool:
    return village.program.database.do(has_consent, person_id=person_id, purpose=purpose)


async def test_taken_back_the_contact_leaves_the_helpers_chat_and_help_goes_on(
    village: Village,
) -> None:
    await a_need_is_carried(village)
    assert numbers_in(await village.heard(ZHANG, ADDRESS))
    await village.send(RESIDENT, "/consent")
    await village.heard(RESIDENT, "给来帮忙的人看联系方式：同意")
    await village.press(RESIDENT, "撤回：给来帮忙的人看联系方式")
    await village.heard(RESIDENT, "现在就有效")
    shown = [one["text"] for one in await village.shown(ZHANG) if one["from"] == "bot"]
    assert not any(ADDRESS in text or "陈素芬" in text for text in shown)
    await village.heard(ZHANG, "联系方式收起来了")
    await village.press(ZHANG, "看姓名、地址、电话")
    await village.heard(ZHANG, "协调员会在中间联系")
    await village.heard(COORDINATOR, "没有同意让来的人看")
    await village.press(ZHANG, "我在路上了")
    await village.heard(RESIDENT, "已经出发")
    await village.heard(DAUGHTER, "已经出发", "陈素芬")


async def test_a_need_goes_out_without_showing_who_it_is(village: Village) -> None:
    await a_need_is_carried(village, "先不让来的人看到")
    await village.never_heard(ZHANG, "陈素芬", ADDRESS)
    await village.press(ZHANG, "我在路上了")
    await village.press(ZHANG, "办好了")
    await village.press(ZHANG, "1小时")
    await village.send(ZHANG, "跳过")
    await village.never_heard(ZHANG, "陈素芬", ADDRESS)
    await village.press(RESIDENT, "办好了")
    await village.heard(ZHANG, "对方说办好了")


async def test_no_servers_abroad_the_chat_rests_but_an_alarm_rings(village: Village) -> None:
    await village.send(RESIDENT, "/consent")
    await village.press(RESIDENT, "撤回：消息经过境外")
    await village.heard(COORDINATOR, "陈素芬", "电话或上门")
    await village.send(RESIDENT, "帮我买米")
    await village.heard(RESIDENT, "这里不再办事")
    said = len(await village.said(RESIDENT))
    await village.clock(days=1)
    assert len(await village.said(RESIDENT)) == said, "nothing is sent there any more"
    await village.send(RESIDENT, "救命")
    await village.heard(RESIDENT, "120")
    await village.heard(COORDINATOR, "陈素芬", "求救")
    await village.press(RESIDENT, "重新用这里聊")
    await village.send(RESIDENT, "/mine")
    assert "这里不再办事" not in await village.last(RESIDENT)


async def test_the_resident_decides_who_gets_copies(village: Village) -> None:
    await village.send(RESIDENT, "/family")
    await village.press(RESIDENT, "不抄送给李梅")
    await a_need_is_carried(village)
    await village.heard(RESIDENT, "会来")
    assert not any("会来" in text for text in await village.said(DAUGHTER))


async def test_whoever_says_no_at_the_door_leaves_nothing_but_the_no(village: Village) -> None:
    await village.send(NEWCOMER, "/start")
    await village.press(NEWCOMER, "我同意")
    await village.press(NEWCOMER, "用电话办")
    await village.heard(NEWCOMER, "打电话或到您的村")
    rows = village.program.database.do(
        lambda session: session.all(select(journal.c.what, journal.c.detail))
    )
    assert ("consent_refused", "abroad") in [tuple(row) for row in rows]
