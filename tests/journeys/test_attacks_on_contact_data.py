"""Attacks: name, address and phone reach a volunteer's chat between claim and close alone."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import update

from storage.caregivers import end_tie, list_ties
from storage.database import Session
from storage.people import get_person
from storage.roles import end_role
from storage.tables import check_in_plan, role
from tests.journeys.attackers import (
    everything_shown,
    listening,
    person_of,
    press_all,
    register,
    written,
)
from tests.journeys.village import COORDINATOR, DAUGHTER, LIU, RESIDENT, ZHANG, Village

ADDRESS, PHONE, IN_WORDS = "桂花小区 3 栋", "100 1234 5678", "13812345678"
WORDS = f"家里的灯坏了，想请人来看看，打{IN_WORDS}"
LOOKS = (ADDRESS, PHONE, "10012345678", IN_WORDS)


async def carried(village: Village, *, arrival: bool = True) -> None:
    """A need with a phone number in its words, in a volunteer's hand; nobody is to be phoned."""
    village.program.database.do(
        lambda session: session.change(
            update(check_in_plan).values(state="ended", next_due_at=None)
        )
    )
    await village.send(RESIDENT, WORDS)
    await village.press(RESIDENT, "发出")
    await village.press(ZHANG, "我去")
    if arrival:
        await village.press(ZHANG, "我能做")
        await village.press(ZHANG, "30分钟内")
        await village.heard(ZHANG, ADDRESS, PHONE)


async def standing(village: Village, chat: int) -> str:
    """What can be read in the chat now, texts and buttons."""
    texts = []
    for one in await village.shown(chat):
        if one["from"] == "bot":
            texts.append(one["text"])
            texts += [button["text"] for row in one["buttons"] or [] for button in row]
    return "\n".join(texts)


def found_in(text: str) -> list[str]:
    return [look for look in LOOKS if look in text]


async def released(village: Village) -> None:
    await village.press(ZHANG, "我去不了")


async def cancelled(village: Village) -> None:
    await village.send(RESIDENT, "/mine")
    await village.press(RESIDENT, "不需要了")
    await village.press(RESIDENT, "是的，取消")


async def done(village: Village) -> None:
    await village.press(ZHANG, "我在路上了")
    await village.press(ZHANG, "办好了")
    await village.send(ZHANG, "40分钟")
    await village.send(ZHANG, "跳过")
    await village.press(ZHANG, "我出来了，平安")


async def confirmed(village: Village) -> None:
    await done(village)
    await village.press(RESIDENT, "办好了")


async def not_yet(village: Village) -> None:
    await done(village)
    await village.press(RESIDENT, "还没有")
    await village.press(RESIDENT, "没有办好")
    await village.press(RESIDENT, "时间不够")
    await village.press(RESIDENT, "再请人来")


async def changed_and_released(village: Village) -> None:
    await village.send(RESIDENT, "/mine")
    await village.press(RESIDENT, "补充")
    await village.send(RESIDENT, f"也可以打{IN_WORDS}")
    await village.send(ZHANG, "/mine")
    await village.press(ZHANG, "我去不了")


async def taken_back(village: Village) -> None:
    for _ in range(2):
        await village.clock(days=1)
    await village.press(COORDINATOR, "收回")


ENDS = [released, cancelled, done, confirmed, not_yet, changed_and_released, taken_back]


@pytest.mark.parametrize("end", ENDS)
async def test_after_the_end_neither_address_nor_phone_stands_in_the_chat(
    village: Village, end: Callable[[Village], Awaitable[None]]
) -> None:
    await carried(village)
    await end(village)
    # Quiet rewriting may wait for the morning.
    await village.clock(days=1)
    await village.send(ZHANG, "/mine")
    assert found_in(await standing(village, ZHANG)) == []
    assert found_in(await everything_shown(village, LIU)) == []
    old = [f"claim:{act}:{n}:{v}" for act in ("where", "ask", "at") for n in (1, 2) for v in (1, 9)]
    old += [f"need:{act}:1:{v}" for act in ("all", "keep", "add") for v in range(1, 9)]
    await press_all(village, ZHANG, [*old, *(f"offer:go:1:{v}" for v in (1, 2))])
    assert found_in(await standing(village, ZHANG)) == []


async def test_before_the_claim_the_words_have_no_phone_however_it_is_written(
    village: Village,
) -> None:
    for written_so in (
        "138 1234 5678",
        "１３８１２３４５６７８",
        "幺三八一二三四五六七八",
        "138-1234-5678",
    ):
        await village.send(RESIDENT, f"家里的灯坏了，想请人来看看，打{written_so}")
        await village.press(RESIDENT, "发出")
    shown = await everything_shown(village, LIU)
    assert "灯坏了" in shown
    assert not any(part in shown for part in ("12345678", "1234 5678", "1234-5678", "一二三四五"))
    assert "１２３４" not in shown


async def test_the_first_look_is_after_the_hour_is_said_and_each_is_journalled(
    village: Village,
) -> None:
    await carried(village, arrival=False)
    # Nor does the button for the whole words bring the phone that stands in them.
    await press_all(village, ZHANG, ["need:all:1:2"])
    assert found_in(await everything_shown(village, ZHANG)) == []
    assert written(village, what="contact_shown") == []
    await village.press(ZHANG, "我能做")
    await village.press(ZHANG, "30分钟内")
    await village.send(ZHANG, "/mine")
    await press_all(village, ZHANG, ["claim:where:1:2"] * 3)
    assert len(written(village, what="contact_shown")) == 4


async def test_a_contact_card_that_waits_is_not_sent_after_the_claim_has_ended(
    village: Village,
) -> None:
    await carried(village, arrival=False)
    await village.press(ZHANG, "我能做")
    message_id, data = await village.button(ZHANG, "30分钟内")
    await village.post("fault", method="sendMessage", kind="429", times=1, retry_after=2)
    await village.post("press", chat=ZHANG, message_id=message_id, data=data)
    await press_all(village, RESIDENT, [f"need:drop:1:{v}" for v in (1, 2, 3)])
    await village.clock(days=1)
    assert found_in(await standing(village, ZHANG)) == []


async def test_who_lost_the_role_sees_nothing_more_and_announces_nobody(village: Village) -> None:
    await carried(village)
    village.program.database.do(
        end_role,
        now=village.program.clock.now(),
        person_id=person_of(village, ZHANG),
        kind="volunteer",
        actor_id=person_of(village, COORDINATOR),
    )
    # Whoever waited for them is told once that they do not come.
    await village.clock(next=True)
    await village.heard(RESIDENT, "张强来不了了")
    looks = len(written(village, what="contact_shown"))
    before = len(await village.said(RESIDENT))
    presses = [f"claim:{act}:1:2" for act in ("where", "way", "at", "done")]
    await press_all(village, ZHANG, [*presses, "need:all:1:2", "claim:at:1:2:60"])
    assert len(written(village, what="contact_shown")) == looks
    assert len(await village.said(RESIDENT)) == before


async def test_a_paused_or_declined_volunteer_is_offered_nothing_and_takes_nothing(
    village: Village,
) -> None:
    await village.send(RESIDENT, "家里的灯坏了，想请人来看看")
    await village.press(RESIDENT, "发出")
    liu = person_of(village, LIU)
    village.program.database.do(
        lambda session: session.change(
            update(role)
            .where(role.c.person_id == liu, role.c.kind == "volunteer")
            .values(state="declined")
        )
    )
    await press_all(village, LIU, [f"offer:go:1:{v}" for v in (1, 2)])
    await village.press(ZHANG, "我去")
    await village.heard(ZHANG, "您能做吗")


async def test_a_caregiver_whose_tie_has_ended_hears_and_decides_nothing_more(
    village: Village,
) -> None:
    await village.send(DAUGHTER, "妈妈家里的灯坏了")
    await village.press(DAUGHTER, "陈素芬")
    await village.press(DAUGHTER, "发出")
    mother = person_of(village, RESIDENT)

    def end(session: Session) -> None:
        (tie,) = list_ties(session, person_id=mother)
        end_tie(
            session,
            now=village.program.clock.now(),
            actor=get_person(session, person_id=mother),
            tie_id=tie.id,
            version=tie.version,
        )

    village.program.database.do(end)
    await village.rest()
    before = len(await village.shown(DAUGHTER))
    await village.press(ZHANG, "我去")
    await village.press(ZHANG, "我能做")
    await village.press(ZHANG, "30分钟内")
    assert len(await village.shown(DAUGHTER)) == before
    assert "李梅" not in await everything_shown(village, ZHANG)
    acts = ("add", "change", "cancel", "drop", "yes", "notyet", "all", "keep")
    await press_all(village, DAUGHTER, [f"need:{act}:1:{v}" for act in acts for v in (1, 2, 3)])
    assert "张强" not in await everything_shown(village, DAUGHTER)
    assert [row.what for row in written(village, what="need_cancelled")] == []


async def test_a_call_that_found_a_need_gives_the_caller_no_say_in_it(village: Village) -> None:
    await village.clock(to="2026-11-25T02:00:30+00:00")
    await village.press(ZHANG, "需要帮助")
    await village.send(ZHANG, "想请人帮忙买米")
    before = len(await village.shown(ZHANG))
    await village.press(COORDINATOR, "请一位志愿者")
    await village.press(COORDINATOR, "刘洋")
    await village.press(LIU, "我去")
    await village.press(LIU, "30分钟内")
    assert len(await village.shown(ZHANG)) == before
    assert "替他说的" not in await everything_shown(village, LIU)


async def test_nothing_personal_stands_in_any_line_of_the_log(village: Village) -> None:
    with listening() as log:
        await carried(village)
        await village.send(RESIDENT, "我摔倒了，起不来，在桂花小区门口")
        await press_all(village, ZHANG, ["claim:where:1:2", "claim:where:999:1", "x"])
        await village.post("update", message={"chat": "what", "text": IN_WORDS})
        await register(village, 9150, "别的人", "volunteer")
        await village.clock(days=1)
    assert any("set aside" in line for line in log.lines)
    secrets = ("陈素芬", "张强", "灯坏了", "摔倒", "桂花小区", IN_WORDS, "10012345678")
    assert [line for line in log.lines if any(word in line for word in secrets)] == []
