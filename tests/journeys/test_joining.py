"""Story 1: people join, each in their own way, and nobody is let in by mistake."""

from bot.assembly import Program
from storage.invitations import make_invitation
from storage.people import Person, find_person
from tests.journeys.village import (
    COORDINATOR,
    DAUGHTER,
    NEWCOMER,
    RESIDENT,
    Village,
    numbers_in,
)

SECOND_COORDINATOR = 9101


def person(program: Program, chat: int) -> Person | None:
    return program.database.do(find_person, telegram_id=chat)


async def join_as_resident(village: Village, chat: int, name: str) -> None:
    await village.send(chat, "/start")
    await village.press(chat, "我同意")
    await village.press(chat, "用这里聊")
    await village.press(chat, "我需要帮忙")
    await village.send(chat, name)
    await village.press(chat, "青山村")
    await village.send(chat, "跳过")


async def apply_as_volunteer(village: Village, chat: int, name: str) -> None:
    await village.send(chat, "/start")
    await village.press(chat, "我同意")
    await village.press(chat, "用这里聊")
    await village.press(chat, "我想帮忙")
    await village.send(chat, name)
    await village.press(chat, "东街社区")
    await village.post("contact", chat=chat, own=True)
    await village.rest()
    await village.send(chat, "1、2")
    await village.press(chat, "选好了")
    await village.press(chat, "都可以")
    await village.press(chat, "选好了")
    await village.press(chat, "我愿意")


async def test_the_notice_comes_before_any_question(village: Village) -> None:
    await village.send(NEWCOMER, "/start")
    await village.heard(NEWCOMER, "谁保管", "境外", "退出")
    assert person(village.program, NEWCOMER) is None


async def test_not_now_leaves_nothing_behind(village: Village) -> None:
    await village.send(NEWCOMER, "/start")
    await village.press(NEWCOMER, "暂时不用")
    assert person(village.program, NEWCOMER) is None


async def test_a_resident_joins_with_three_answers(village: Village) -> None:
    await join_as_resident(village, NEWCOMER, "赵敏")
    await village.heard(NEWCOMER, "登记好了", "随时打字")
    joined = person(village.program, NEWCOMER)
    assert joined is not None
    assert joined.roles == {"resident": "approved"}


async def test_a_half_filled_form_steps_back_and_goes_on(village: Village) -> None:
    await village.send(NEWCOMER, "/start")
    await village.press(NEWCOMER, "我同意")
    await village.press(NEWCOMER, "用这里聊")
    await village.press(NEWCOMER, "我需要帮忙")
    await village.send(NEWCOMER, "赵")
    await village.send(NEWCOMER, "返回上一步")
    await village.send(NEWCOMER, "赵敏")
    await village.send(NEWCOMER, "我住月球")
    await village.heard(NEWCOMER, "您住在哪个村")
    await village.press(NEWCOMER, "青山村")
    await village.send(NEWCOMER, "120")
    await village.send(NEWCOMER, "１００１２３４５６７８")
    joined = person(village.program, NEWCOMER)
    assert joined is not None
    assert joined.name == "赵敏"
    assert joined.has_phone


async def test_a_volunteer_waits_for_a_coordinator_and_then_hears(village: Village) -> None:
    await apply_as_volunteer(village, NEWCOMER, "赵敏")
    waiting = person(village.program, NEWCOMER)
    assert waiting is not None
    assert waiting.roles == {"volunteer": "waiting"}
    assert numbers_in(await village.heard(COORDINATOR, "赵敏", "报名")) == []
    await village.press(COORDINATOR, "通过")
    await village.heard(NEWCOMER, "您现在是志愿者了")
    approved = person(village.program, NEWCOMER)
    assert approved is not None
    assert approved.is_approved("volunteer")


async def test_the_second_coordinator_sees_who_decided(village: Village) -> None:
    code = village.program.database.do(
        make_invitation, now=village.program.clock.now(), role="coordinator"
    )
    await village.add_person(SECOND_COORDINATOR, "孙丽")
    await village.send(SECOND_COORDINATOR, f"/start {code}")
    await village.press(SECOND_COORDINATOR, "我同意")
    await village.press(SECOND_COORDINATOR, "用这里聊")
    await village.send(SECOND_COORDINATOR, "孙丽")
    await apply_as_volunteer(village, NEWCOMER, "赵敏")
    message_id, data = await village.button(SECOND_COORDINATOR, "不通过")
    await village.press(COORDINATOR, "通过")
    await village.post(
        "press", chat=SECOND_COORDINATOR, message_id=message_id, data=data, forged=True
    )
    await village.rest()
    await village.heard(SECOND_COORDINATOR, "王珊")
    approved = person(village.program, NEWCOMER)
    assert approved is not None
    assert approved.is_approved("volunteer")


async def test_a_code_lets_one_person_in_once(village: Village) -> None:
    code = village.program.database.do(
        make_invitation, now=village.program.clock.now(), role="coordinator"
    )
    await village.add_person(SECOND_COORDINATOR, "孙丽")
    for chat in (NEWCOMER, SECOND_COORDINATOR):
        await village.send(chat, f"/start {code}")
        await village.press(chat, "我同意")
        await village.press(chat, "用这里聊")
        if chat == NEWCOMER:
            await village.send(chat, "赵敏")
    first, second = (person(village.program, chat) for chat in (NEWCOMER, SECOND_COORDINATOR))
    assert first is not None
    assert first.is_approved("coordinator")
    assert second is None or not second.roles


async def test_a_relative_speaks_for_somebody_only_after_their_yes(village: Village) -> None:
    await village.send(NEWCOMER, "/start")
    await village.press(NEWCOMER, "我同意")
    await village.press(NEWCOMER, "用这里聊")
    await village.press(NEWCOMER, "我替家人提需求")
    await village.send(NEWCOMER, "赵敏")
    await village.press(NEWCOMER, "东街社区")
    await village.send(NEWCOMER, "10012345670")
    await village.send(NEWCOMER, "陈素芬")
    await village.press(NEWCOMER, "东街社区")
    await village.send(NEWCOMER, "10012345678")
    await village.heard(RESIDENT, "赵敏")
    await village.press(RESIDENT, "同意")
    await village.heard(NEWCOMER, "陈素芬")


async def test_the_resident_ends_it_when_they_like(village: Village) -> None:
    await village.send(RESIDENT, "/family")
    await village.press(RESIDENT, "不再让李梅替我提需求")
    await village.send(DAUGHTER, "/family")
    assert "陈素芬" not in await village.last(DAUGHTER)


async def test_language_changes_at_once(village: Village) -> None:
    await village.send(RESIDENT, "/language")
    await village.press(RESIDENT, "English")
    await village.send(RESIDENT, "/help")
    await village.heard(RESIDENT, "How it works")
