"""Bad input: a clear answer, nothing lost, nothing written that should not be."""

import pytest

from storage.people import Person, find_person
from tests.journeys.village import COORDINATOR, LIU, NEWCOMER, RESIDENT, ZHANG, Village

BLANK_LOOKING = [
    " ",
    "\u3000",
    "\u200b",
    "\u2060",
    "\u3164",
    "\u2800",
    "\U000e0001",
    "\u200b \u3164",
]
HOSTILE = [
    "<b>x",
    "</b><i>",
    "<script>alert(1)</script>",
    "a<b",
    "A & B",
    "\"' onx=",
    "{{ 7*7 }}",
    "{% for %}",
    "{0.__class__}",
    "%s",
    "$(id)",
    "'; DROP TABLE need",
]


def found(village: Village, chat: int) -> Person | None:
    return village.program.database.do(find_person, telegram_id=chat)


async def until_the_name(village: Village) -> None:
    await village.send(NEWCOMER, "/start")
    await village.press(NEWCOMER, "我同意")
    await village.press(NEWCOMER, "用这里聊")
    await village.press(NEWCOMER, "我需要帮忙")


async def answers(village: Village, chat: int) -> int:
    return len(await village.said(chat))


async def test_what_only_looks_blank_is_asked_again_in_one_message(village: Village) -> None:
    await until_the_name(village)
    for text in BLANK_LOOKING:
        before = await answers(village, NEWCOMER)
        await village.send(NEWCOMER, text)
        assert await answers(village, NEWCOMER) == before + 1, repr(text)
        assert "怎么称呼您" in await village.last(NEWCOMER)


async def test_hostile_words_are_shown_as_they_were_typed(village: Village) -> None:
    for text in HOSTILE:
        await village.send(RESIDENT, f"帮我买米 {text}")
        shown = await village.last(RESIDENT)
        assert text in shown, (text, shown)
        await village.send(RESIDENT, "取消")


async def test_a_hostile_name_stops_no_message_about_its_bearer(village: Village) -> None:
    await until_the_name(village)
    await village.send(NEWCOMER, "<b>赵</i>&")
    await village.press(NEWCOMER, "东街社区")
    await village.send(NEWCOMER, "跳过")
    await village.heard(NEWCOMER, "<b>赵</i>&")


async def test_a_need_of_4096_signs_is_kept_whole_and_shown_cut(village: Village) -> None:
    await village.send(RESIDENT, "米" + "&" * 4095)
    await village.press(RESIDENT, "发出")
    await village.heard(RESIDENT, "发出去了")
    for message in await village.shown(RESIDENT):
        assert len(message["text"]) <= 4096


async def test_right_to_left_controls_are_taken_out(village: Village) -> None:
    await village.send(RESIDENT, "帮我买米\u202e\u2066")
    assert "\u202e" not in await village.last(RESIDENT)


@pytest.mark.parametrize("text", ["²", "㈠", "Ⅷ", "0", "99", "三百"])
async def test_a_number_that_is_no_choice_is_no_choice(village: Village, text: str) -> None:
    await until_the_name(village)
    await village.send(NEWCOMER, "赵敏")
    await village.send(NEWCOMER, text)
    assert "您住在哪个村" in await village.last(NEWCOMER)
    assert found(village, NEWCOMER) is None or not found(village, NEWCOMER).roles  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "phone", ["110", "120", "１２０", "12345", "1380013", "+1 555 0100", "电话"]
)
async def test_a_phone_that_is_none_is_asked_again(village: Village, phone: str) -> None:
    await until_the_name(village)
    await village.send(NEWCOMER, "赵敏")
    await village.press(NEWCOMER, "东街社区")
    before = await answers(village, NEWCOMER)
    await village.send(NEWCOMER, phone)
    assert await answers(village, NEWCOMER) == before + 1
    await village.send(NEWCOMER, "跳过")
    person = found(village, NEWCOMER)
    assert person is not None
    assert not person.has_phone


async def test_somebody_elses_contact_is_not_my_phone(village: Village) -> None:
    await until_the_name(village)
    await village.send(NEWCOMER, "赵敏")
    await village.press(NEWCOMER, "东街社区")
    await village.post("contact", chat=NEWCOMER, own=False)
    await village.rest()
    assert "电话" in await village.last(NEWCOMER)
    await village.send(NEWCOMER, "跳过")
    person = found(village, NEWCOMER)
    assert person is not None
    assert not person.has_phone


@pytest.mark.parametrize(
    "command",
    ["/start " + "x" * 64, "/start a+/=", "/start " + "y" * 65, "/start 邀请码"],
)
async def test_a_wrong_code_is_answered_alike_and_lets_nobody_in(
    village: Village, command: str
) -> None:
    await village.send(NEWCOMER, command)
    assert await village.last(NEWCOMER)
    assert found(village, NEWCOMER) is None


async def test_after_six_wrong_codes_the_door_closes_and_duty_hears_once(village: Village) -> None:
    for number in range(8):
        await village.send(NEWCOMER, f"/start wrong-code-{number}")
    told = [text for text in await village.said(COORDINATOR) if "邀请码" in text]
    assert len(told) == 1, told


@pytest.mark.parametrize(
    "text", ["/nosuch", "/export", "/DONE 5", "/office", "/plan", "/communities"]
)
async def test_a_command_that_is_not_yours_is_like_one_that_does_not_exist(
    village: Village, text: str
) -> None:
    before = await answers(village, ZHANG)
    await village.send(ZHANG, text)
    assert await answers(village, ZHANG) == before + 1


async def test_a_command_to_another_bot_is_no_command_here(village: Village) -> None:
    await village.send(RESIDENT, "/start@another_bot")
    assert "您现在是" not in await village.last(RESIDENT)


@pytest.mark.parametrize(
    "data", ["", "x", "need:go", "need:go:a:b", "no:such:1:1", "offer:go:999999:1"]
)
async def test_forged_data_explains_itself_and_changes_nothing(village: Village, data: str) -> None:
    await village.send(ZHANG, "/help")
    shown = await village.shown(ZHANG)
    await village.post(
        "press", chat=ZHANG, message_id=shown[-1]["message_id"], data=data, forged=True
    )
    before = await answers(village, ZHANG)
    await village.rest()
    assert await answers(village, ZHANG) >= before
    assert await village.last(ZHANG)


async def test_the_same_button_twice_has_one_effect(village: Village) -> None:
    await village.send(RESIDENT, "家里的灯坏了")
    await village.press(RESIDENT, "发出")
    message_id, data = await village.button(ZHANG, "我去")
    for _ in range(2):
        await village.post("press", chat=ZHANG, message_id=message_id, data=data, forged=True)
    await village.rest()
    await village.heard(ZHANG, "您已经答应了")
    await village.press(ZHANG, "说个时间")
    await village.press(ZHANG, "我能做")
    await village.press(ZHANG, "30分钟内")
    assert sum("张强会来" in text for text in await village.said(RESIDENT)) == 1


async def test_one_broken_update_does_not_stop_the_others(village: Village) -> None:
    await village.post("update", message={"chat": "what", "date": "never"})
    await village.post("update", callback_query={"id": 5})
    await village.post("update", nothing_known={"deep": [1, 2, 3]})
    await village.send(RESIDENT, "/help")
    await village.heard(RESIDENT, "怎么用")


async def test_an_edit_is_answered_and_danger_in_it_is_heard(village: Village) -> None:
    await village.send(RESIDENT, "帮我买米")
    mine = [one for one in await village.shown(RESIDENT) if one["from"] != "bot"][-1]
    await village.post("edit", chat=RESIDENT, message_id=mine["message_id"], text="救命，起不来")
    await village.rest()
    await village.heard(COORDINATOR, "紧急")


async def test_a_group_gets_one_polite_line_and_nothing_personal(village: Village) -> None:
    # Asleep meanwhile: a bot that is quick has left before the second word is said.
    await village.asleep(True)
    await village.post("groups", id=-100123, title="邻里群")
    await village.post("send", chat=-100123, text="帮我买米", **{"from": RESIDENT})
    await village.post("send", chat=-100123, text="我再说一次", **{"from": RESIDENT})
    await village.asleep(False)
    await village.rest()
    said = await village.said(-100123)
    assert len(said) == 1
    assert "陈素芬" not in said[0]


async def test_a_photo_without_words_is_answered(village: Village) -> None:
    await village.post("location", chat=RESIDENT)
    await village.rest()
    assert await village.last(RESIDENT)


async def test_a_blocked_chat_is_noted_and_duty_is_told_by_whom_to_phone(village: Village) -> None:
    await village.post("block", chat=ZHANG, on=True)
    await village.clock(to="2026-11-25T02:00:30+00:00")
    await village.clock(hours=1)
    assert any("张强" in text for text in await village.said(COORDINATOR)) or any(
        "陈素芬" in text for text in await village.said(LIU)
    )


async def test_a_flood_refusal_only_delays(village: Village) -> None:
    await village.post("fault", method="sendMessage", kind="429", times=2, retry_after=1)
    await village.send(RESIDENT, "/help")
    said = await village.said(RESIDENT)
    assert sum("怎么用" in text for text in said) == 1
    assert not any("可能已经发过" in text for text in said)


async def test_an_answer_lost_on_the_wire_is_repeated_once_and_marked(village: Village) -> None:
    await village.post("fault", method="sendMessage", kind="drop", times=1)
    await village.send(RESIDENT, "/help")
    said = [text for text in await village.said(RESIDENT) if "怎么用" in text]
    assert len(said) == 2
    assert "可能已经发过" in said[1]
