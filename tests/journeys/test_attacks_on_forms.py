"""Attacks on forms and commands: what was not offered is not taken, whoever tries."""

import pytest
from sqlalchemy import select

from storage.roles import end_role
from storage.tables import check_in_plan, claim, dialogue
from tests.journeys.attackers import (
    everything_shown,
    listening,
    person_of,
    press_all,
    register,
    state_of,
)
from tests.journeys.village import (
    COORDINATOR,
    DAUGHTER,
    LIU,
    NEWCOMER,
    RESIDENT,
    ZHANG,
    Village,
)

STRANGER, SECOND = 9201, 9202
COMMANDS = (
    *("start", "help", "mine", "language", "days", "pause", "stop", "cancel", "family"),
    *("office", "find", "communities", "plan", "plans", "export", "broadcast", "START", "nosuch"),
)
RESTS = ("", " x", " 1", " " + "9" * 40, " <b>", " 1 2 3", "@jiai_bot", "@another_bot")


def step_of(village: Village, chat: int) -> int:
    """Where the chat's form stands."""
    return village.program.database.do(
        lambda session: int(
            session.value(select(dialogue.c.step).where(dialogue.c.chat_id == chat)) or 0
        )
    )


def topic_of(village: Village, chat: int) -> str | None:
    """Which form the chat is in, and at which question."""
    row = village.program.database.do(
        lambda session: session.find(select(dialogue).where(dialogue.c.chat_id == chat))
    )
    return f"{row.topic}.{row.question}" if row is not None else None


@pytest.mark.parametrize("chat", [STRANGER, RESIDENT, DAUGHTER, ZHANG, COORDINATOR])
async def test_every_command_in_every_shape_is_answered_and_breaks_nothing(
    village: Village, chat: int
) -> None:
    if chat == STRANGER:
        await village.add_person(STRANGER, "路人")
    before = state_of(village)
    with listening() as log:
        for command in COMMANDS:
            for rest in RESTS:
                count = len(await village.said(chat))
                await village.send(chat, f"/{command}{rest}")
                assert len(await village.said(chat)) > count, (command, rest)
            await village.send(chat, "/cancel")
    assert [line for line in log.lines if "failed" in line] == []
    # Asking shows things; only a press or an answer changes any.
    assert state_of(village) == before
    if chat in (STRANGER, ZHANG):
        shown = await everything_shown(village, chat)
        assert not any(word in shown for word in ("桂花小区", "100 1234 5678"))


async def test_a_value_that_was_not_offered_is_not_taken(village: Village) -> None:
    await village.send(NEWCOMER, "/start")
    await village.press(NEWCOMER, "我同意")
    await village.press(NEWCOMER, "用这里聊")
    await village.press(NEWCOMER, "我需要帮忙")
    await village.send(NEWCOMER, "赵敏")
    at = topic_of(village, NEWCOMER)
    for value in ("999", "-1", "as_shown", "yes", "send", "", "1 or 1=1", "９", "1" * 30):
        step = step_of(village, NEWCOMER)
        await press_all(village, NEWCOMER, [f"form:pick:{step}:0:{value}", f"form:pick:{step}:0"])
        assert topic_of(village, NEWCOMER) == at
    for act in ("skip", "ready", "zzz", ""):
        await press_all(village, NEWCOMER, [f"form:{act}:{step_of(village, NEWCOMER)}:0"])
        assert topic_of(village, NEWCOMER) == at


async def test_a_hidden_community_or_a_step_that_has_passed_is_not_taken(village: Village) -> None:
    await village.send(NEWCOMER, "/start")
    await village.press(NEWCOMER, "我同意")
    await village.press(NEWCOMER, "用这里聊")
    await village.press(NEWCOMER, "我需要帮忙")
    await village.send(NEWCOMER, "赵敏")
    step = step_of(village, NEWCOMER)
    await press_all(village, COORDINATOR, ["community:hide:1:0"])
    at = topic_of(village, NEWCOMER)
    await press_all(village, NEWCOMER, [f"form:pick:{step}:0:1"])
    assert topic_of(village, NEWCOMER) == at
    now_at = step_of(village, NEWCOMER)
    await press_all(village, NEWCOMER, [f"form:pick:{step - 1}:0:2", f"form:pick:{now_at + 9}:0:2"])
    assert topic_of(village, NEWCOMER) == at


async def test_a_button_of_a_form_that_is_over_says_so(village: Village) -> None:
    await village.send(RESIDENT, "家里的灯坏了，想请人来看看")
    message_id, data = await village.button(RESIDENT, "发出")
    await village.press(RESIDENT, "发出")
    before = state_of(village)
    for _ in range(3):
        await village.post("press", chat=RESIDENT, message_id=message_id, data=data, forged=True)
    await village.rest()
    assert state_of(village) == before
    # The same button in another form of the same chat answers nothing there.
    await village.send(RESIDENT, "想请人帮忙买米")
    await press_all(village, RESIDENT, [data])
    assert state_of(village) == before


async def test_only_who_was_offered_for_a_plan_can_be_chosen(village: Village) -> None:
    await register(village, SECOND, "等批准的人", "volunteer", state="waiting")
    waiting, resident = person_of(village, SECOND), person_of(village, RESIDENT)
    await village.send(COORDINATOR, "/plan")
    at = topic_of(village, COORDINATOR)
    for number in (waiting, person_of(village, ZHANG), 0, 999999):
        step = step_of(village, COORDINATOR)
        await press_all(village, COORDINATOR, [f"form:pick:{step}:0:{number}"])
        assert topic_of(village, COORDINATOR) == at
    step = step_of(village, COORDINATOR)
    await press_all(village, COORDINATOR, [f"form:pick:{step}:0:{resident}"])
    at = topic_of(village, COORDINATOR)
    for number in (waiting, resident, 999999):
        step = step_of(village, COORDINATOR)
        await press_all(village, COORDINATOR, [f"form:pick:{step}:0:{number}"])
        assert topic_of(village, COORDINATOR) == at


async def test_only_who_may_be_asked_can_be_asked_in_person(village: Village) -> None:
    await register(village, SECOND, "等批准的人", "volunteer", state="waiting")
    await village.send(RESIDENT, "家里的灯坏了，想请人来看看")
    await village.press(RESIDENT, "发出")
    people = [person_of(village, one) for one in (SECOND, RESIDENT, DAUGHTER, COORDINATOR)]
    before = state_of(village)
    extras = [*map(str, people), "0", "999999", "9" * 40, "x", "-1", "１"]
    with listening() as log:
        await press_all(village, COORDINATOR, [f"desk:to:1:1:{extra}" for extra in extras])
    assert [line for line in log.lines if "failed" in line] == []
    assert state_of(village) == before


async def test_a_form_left_open_by_a_former_coordinator_writes_nothing(village: Village) -> None:
    await register(village, SECOND, "另一位", "coordinator")
    await village.send(SECOND, "/communities")
    await press_all(village, SECOND, ["community:add:0:0"])
    await village.send(COORDINATOR, "/plans")
    await press_all(village, SECOND, ["plan:change:1:1"])
    await village.send(SECOND, "1")
    village.program.database.do(
        end_role,
        now=village.program.clock.now(),
        person_id=person_of(village, SECOND),
        kind="coordinator",
        actor_id=person_of(village, COORDINATOR),
    )
    before = state_of(village)
    with listening() as log:
        for words in ("1", "2", "09:00", "每天", "保存", "好"):
            await village.send(SECOND, words)
    assert [line for line in log.lines if "failed" in line] == []
    assert state_of(village) == before


async def test_who_left_finds_the_door_and_starts_anew_with_a_yes(village: Village) -> None:
    await village.send(LIU, "/stop")
    plans = village.program.database.do(
        lambda session: session.all(select(check_in_plan.c.stand_in_id))
    )
    assert plans
    await village.send(DAUGHTER, "/stop")
    await village.press(DAUGHTER, "退出")
    before = state_of(village)
    acts = ("add", "drop", "all")
    await press_all(village, DAUGHTER, [f"need:{act}:1:1" for act in acts])
    await press_all(village, DAUGHTER, ["caregiver:end:1:1", "join:resident:0:0", "days:on:0:0"])
    await village.send(DAUGHTER, "妈妈家里的灯坏了")
    assert topic_of(village, DAUGHTER) is None
    after = state_of(village)
    assert before.replace('"True"', '"False"') == after.replace('"True"', '"False"')
    await village.send(DAUGHTER, "/start")
    await village.press(DAUGHTER, "我同意")
    await village.press(DAUGHTER, "用这里聊")
    await village.press(DAUGHTER, "我需要帮忙")
    assert topic_of(village, DAUGHTER) is not None


async def test_two_phones_of_one_person_take_and_give_back_in_some_order(village: Village) -> None:
    await village.send(RESIDENT, "家里的灯坏了，想请人来看看")
    await village.press(RESIDENT, "发出")
    with listening() as log:
        await press_all(
            village,
            ZHANG,
            ["offer:go:1:1", "claim:cannot:1:1", "offer:go:1:1", "claim:at:1:1:30"] * 3,
        )
    assert [line for line in log.lines if "failed" in line] == []
    live = village.program.database.do(
        lambda session: session.all(
            select(claim.c.state).where(claim.c.state.in_(("active", "done")))
        )
    )
    assert len(live) <= 1


async def test_nothing_personal_is_said_in_a_group_whatever_comes_from_it(
    village: Village,
) -> None:
    # Asleep meanwhile: a bot that is quick has left before the last word is said.
    await village.asleep(True)
    await village.post("groups", id=-100777, title="邻里群")
    for text in ("救命", "/mine", "/office", "1", "/start", "我的事情"):
        await village.post("send", chat=-100777, text=text, **{"from": RESIDENT})
    await village.asleep(False)
    await village.rest()
    shown = await everything_shown(village, -100777)
    assert not any(word in shown for word in ("陈素芬", "桂花小区", "1234"))
    assert len(await village.said(-100777)) <= 1


async def test_words_of_danger_are_heard_inside_every_kind_of_answer(village: Village) -> None:
    await village.send(RESIDENT, "家里的灯坏了，想请人来看看")
    await village.press(RESIDENT, "发出")
    await village.press(ZHANG, "我去")
    await village.press(ZHANG, "我能做")
    await village.press(ZHANG, "30分钟内")
    await village.press(ZHANG, "我在路上了")
    await village.press(ZHANG, "办好了")
    await village.send(ZHANG, "救命，她摔倒了起不来")
    await village.heard(COORDINATOR, "张强", "她摔倒了起不来")
    assert topic_of(village, ZHANG) == "claim_done.minutes"
    await village.send(RESIDENT, "/mine")
    await village.press(RESIDENT, "补充")
    await village.send(RESIDENT, "救命，着火了")
    await village.heard(COORDINATOR, "着火了")
    assert topic_of(village, RESIDENT) == "need_add.words"
    liu = {"id": LIU, "is_bot": False, "first_name": "刘洋"}
    picture = {"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}
    message = {"message_id": 900, "date": 1, "chat": {"id": LIU, "type": "private"}, "from": liu}
    await village.post("update", message={**message, "caption": "有人落水", "photo": [picture]})
    await village.rest()
    await village.heard(COORDINATOR, "有人落水")
