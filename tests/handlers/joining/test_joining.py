"""Joining in the chat: the notice first, few questions, and roles that only their owner adds."""

from datetime import timedelta

import pytest

from storage.consents import NOTICE_VERSION, give_consent, has_consent
from storage.invitations import make_invitation
from storage.registers import open_profile
from storage.rules.fields import Register
from tests.handlers.joining.door import Door

WANG, ANNA, BEN = 1, 20, 21


def become_resident(door: Door, chat: int, name: str = "赵敏") -> None:
    door.type(chat, "/start")
    door.press(chat, "我同意")
    door.press(chat, "用这里聊")
    door.press(chat, "我需要帮忙")
    door.type(chat, name)
    door.press(chat, "青山村")
    door.type(chat, "跳过")


@pytest.mark.parametrize("said", ["你好", "/start", "/start@jiai_bot", "帮我买米"])
def test_whatever_a_stranger_says_first_the_notice_comes_and_nothing_is_kept(
    door: Door, said: str
) -> None:
    answer = door.type(ANNA, said)
    assert "谁保管" in answer
    assert "境外" in answer
    assert "/stop" in answer
    assert door.who(ANNA) is None


def test_a_strangers_voice_message_gets_the_notice_too(door: Door) -> None:
    assert "谁保管" in door.send_voice(ANNA)


def test_the_yes_is_kept_with_its_version_before_any_question(door: Door) -> None:
    door.type(ANNA, "/start")
    assert "要单独问您" in door.press(ANNA, "我同意")
    assert "要单独问您" in door.type(ANNA, "等一下")
    assert "您来是为了什么" in door.press(ANNA, "用这里聊")
    anna = door.who(ANNA)
    assert anna is not None
    assert anna.roles == {}
    with door.database.transaction() as session:
        assert has_consent(session, person_id=anna.id, purpose="keep_data", version=NOTICE_VERSION)
        assert has_consent(session, person_id=anna.id, purpose="abroad")
    assert "您来是为了什么" in door.type(ANNA, "我又来了")


@pytest.mark.parametrize(
    "data", ["join:resident:0:0", "join:code:0:0", "join:agree:0:0", "join:what:0:0"]
)
def test_nobody_goes_on_without_a_yes_to_the_words_as_they_are(door: Door, data: str) -> None:
    assert "谁保管" in door.press_data(ANNA, data)
    assert door.who(ANNA) is None


def test_whoever_wants_no_servers_abroad_hears_the_other_way_and_leaves_only_the_no(
    door: Door,
) -> None:
    door.names[ANNA] = "赵敏"
    door.type(ANNA, "/start")
    door.press(ANNA, "我同意")
    assert "打电话或到您的村" in door.press(ANNA, "用电话办")
    anna = door.who(ANNA)
    assert anna is not None
    assert (anna.name, anna.roles) == ("?", {})
    with door.database.transaction() as session:
        assert not has_consent(session, person_id=anna.id, purpose="keep_data")
    assert "谁保管" in door.press_data(ANNA, "join:resident:0:0")
    assert "谁保管" in door.type(ANNA, "/start")


@pytest.mark.parametrize("data", ["join:abroad:0:1", "join:phone:0:1", "join:abroad:0:9"])
def test_the_second_yes_counts_only_after_the_first(door: Door, data: str) -> None:
    assert "谁保管" in door.press_data(ANNA, data)
    assert door.who(ANNA) is None


def test_the_name_of_the_messenger_is_taken_by_one_press(door: Door) -> None:
    door.names[ANNA] = "Zhào · Mǐn"
    door.type(ANNA, "/start")
    door.press(ANNA, "我同意")
    door.press(ANNA, "用这里聊")
    door.press(ANNA, "我需要帮忙")
    door.press(ANNA, "Zhào · Mǐn")
    door.type(ANNA, "都不是")
    answer = door.share(ANNA, "+86 100 1234 5670", owner=ANNA)
    assert "登记好了，Zhào · Mǐn" in answer
    anna = door.who(ANNA)
    assert anna is not None
    assert anna.community_id is None
    assert anna.has_phone


@pytest.mark.parametrize(
    "name",
    ["龘靐齉", "买买提·吐尔逊", "محمد", "王" * 64, "👨‍👩‍👧‍👦", "O'Neill <b>", "{{ 7*7 }}"],
)
def test_any_name_is_kept_as_it_is_written(door: Door, name: str) -> None:
    become_resident(door, ANNA, name)
    anna = door.who(ANNA)
    assert anna is not None
    assert anna.name == name
    assert name in door.read(ANNA)[-1]


def test_a_key_of_the_menu_is_never_taken_for_a_name(door: Door) -> None:
    door.type(ANNA, "/start")
    door.press(ANNA, "我同意")
    door.press(ANNA, "用这里聊")
    door.press(ANNA, "我需要帮忙")
    for key in ("怎么用", "My needs and tasks"):
        door.type(ANNA, key)
    assert "您住在哪个村" in door.type(ANNA, "赵敏")


@pytest.mark.parametrize("name", ["王" * 65, "\u3164", " \u2800"])
def test_what_is_no_name_is_asked_again(door: Door, name: str) -> None:
    door.type(ANNA, "/start")
    door.press(ANNA, "我同意")
    door.press(ANNA, "用这里聊")
    door.press(ANNA, "我需要帮忙")
    assert "怎么称呼您" in door.type(ANNA, name)


def test_a_messenger_name_that_cannot_be_seen_is_not_offered(door: Door) -> None:
    door.names[ANNA] = "\u3164"
    door.type(ANNA, "/start")
    door.press(ANNA, "我同意")
    door.press(ANNA, "用这里聊")
    door.press(ANNA, "我需要帮忙")
    offered = [one.label for line in door.got[ANNA][-1].buttons for one in line]
    assert offered == ["form.cancel"]


def test_start_again_says_what_one_is_and_changes_nothing(door: Door) -> None:
    become_resident(door, ANNA)
    answer = door.type(ANNA, "/start")
    assert "您现在是：居民" in answer
    anna = door.who(ANNA)
    assert anna is not None
    assert anna.roles == {"resident": "approved"}
    assert "已经做过" in door.press_data(ANNA, "join:resident:0:0")


def test_a_second_role_asks_only_what_is_not_known(door: Door) -> None:
    become_resident(door, ANNA)
    door.type(ANNA, "/start")
    assert "电话" in door.press(ANNA, "我想帮忙")
    door.type(ANNA, "10012345670")
    door.type(ANNA, "1、3")
    door.press(ANNA, "选好了")
    door.press(ANNA, "周末")
    pledge = door.press(ANNA, "选好了")
    assert "不收钱" in pledge
    assert "风险告知" in pledge
    door.press(ANNA, "我愿意")
    anna = door.who(ANNA)
    assert anna is not None
    assert anna.roles == {"resident": "approved", "volunteer": "waiting"}
    assert "正在等确认：志愿者" in door.type(ANNA, "/start")


def test_a_volunteer_chooses_at_least_one_thing(door: Door) -> None:
    become_resident(door, ANNA)
    door.type(ANNA, "/start")
    door.press(ANNA, "我想帮忙")
    door.type(ANNA, "10012345670")
    assert "请至少选一项" in door.press(ANNA, "选好了")


def test_asking_for_a_relative_gets_the_same_answer_whoever_is_registered(door: Door) -> None:
    become_resident(door, BEN, "陈素芬")
    answers = []
    for chat, name in ((30, "陈素芬"), (31, "不认识的人")):
        door.type(chat, "/start")
        door.press(chat, "我同意")
        door.press(chat, "用这里聊")
        door.press(chat, "我替家人提需求")
        door.type(chat, "李梅")
        door.press(chat, "青山村")
        door.type(chat, "10012345671")
        door.type(chat, name)
        door.press(chat, "青山村")
        answers.append(door.type(chat, "跳过").replace(name, "…"))
    assert answers[0] == answers[1]
    assert "想在这里替您说" in door.read(BEN)[-1]
    assert "不认识的人" in door.read(WANG)[-1]


def test_a_code_in_the_link_asks_for_the_yes_and_a_name(door: Door) -> None:
    code = door.database.do(make_invitation, now=door.now)
    assert "谁保管" in door.type(ANNA, f"/start {code}")
    assert door.who(ANNA) is None
    assert "要单独问您" in door.press(ANNA, "我同意")
    door.press(ANNA, "用这里聊")
    assert "您现在是街道残联的工作人员" in door.type(ANNA, "孙丽")
    anna = door.who(ANNA)
    assert anna is not None
    assert anna.is_approved("coordinator")


def test_a_code_can_be_typed_and_is_not_wasted_by_turning_back(door: Door) -> None:
    code = door.database.do(make_invitation, now=door.now)
    door.type(ANNA, f"/start {code}")
    door.press(ANNA, "取消")
    assert door.who(ANNA) is None
    become_resident(door, BEN)
    door.type(BEN, "/start")
    door.press(BEN, "我有邀请码")
    assert "用不了" in door.type(BEN, "wrong")
    assert "您现在是街道残联的工作人员" in door.type(BEN, code)


def test_of_two_who_hold_one_code_the_second_is_let_in_nowhere(door: Door) -> None:
    code = door.database.do(make_invitation, now=door.now)
    for chat in (ANNA, BEN):
        door.type(chat, f"/start {code}")
        door.press(chat, "我同意")
        door.press(chat, "用这里聊")
    door.type(ANNA, "孙丽")
    assert "用不了" in door.type(BEN, "李娜")
    ben = door.who(BEN)
    assert ben is not None
    assert ben.roles == {}


def test_used_expired_and_invented_codes_get_one_and_the_same_text(door: Door) -> None:
    used, expired = (door.database.do(make_invitation, now=door.now) for _ in range(2))
    door.type(ANNA, f"/start {used}")
    door.press(ANNA, "我同意")
    door.press(ANNA, "用这里聊")
    door.type(ANNA, "孙丽")
    door.now += timedelta(hours=73)
    said = {
        door.type(BEN, f"/start {code}")
        for code in (used, expired, "x" * 64, "y" * 65, "a+b/c=", "邀请码")
    }
    assert len(said) == 1
    assert "这个邀请码用不了" in said.pop()


def test_a_coordinator_who_opens_another_code_keeps_it_for_somebody_else(door: Door) -> None:
    code = door.database.do(make_invitation, now=door.now)
    assert "您现在是：协调员" in door.type(WANG, f"/start {code}")
    door.type(ANNA, f"/start {code}")
    door.press(ANNA, "我同意")
    door.press(ANNA, "用这里聊")
    assert "您现在是街道残联的工作人员" in door.type(ANNA, "孙丽")


def test_start_leaves_an_open_form_for_the_beginning(door: Door) -> None:
    become_resident(door, ANNA)
    door.type(ANNA, "/start")
    door.press(ANNA, "我想帮忙")
    assert "您现在是" in door.type(ANNA, "/start")
    assert "没有在填" in door.type(ANNA, "/cancel")


def test_a_minor_names_a_guardian_and_waits_for_their_yes(door: Door) -> None:
    become_resident(door, ANNA)
    door.type(ANNA, "/start")
    door.press(ANNA, "我想帮忙")
    door.type(ANNA, "10012345670")
    door.type(ANNA, "1、3")
    door.press(ANNA, "选好了")
    door.press(ANNA, "周末")
    door.press(ANNA, "选好了")
    assert "出生日期" in door.press(ANNA, "我未满18岁，我愿意")
    assert "没看懂" in door.type(ANNA, "2010年")
    door.type(ANNA, "2010年6月1日")
    door.type(ANNA, "陈大勇")
    assert "问您的监护人" in door.type(ANNA, "100 1234 5600")
    card = door.read(WANG)[-1]
    assert "未满18岁：要先有监护人同意，才能通过" in card
    assert "未满18岁，要先有监护人同意" in door.press(WANG, "通过")
    anna = door.who(ANNA)
    assert anna is not None
    assert anna.roles["volunteer"] == "waiting"
    with door.database.transaction() as session:
        known = open_profile(session, person_id=anna.id, register=Register.VOLUNTEER)
        give_consent(
            session,
            now=door.now,
            person_id=anna.id,
            purpose="volunteer_minor",
            given_by=anna.id,
            ground="guardian",
        )
    assert known == {
        "born_on": "2010-06-01",
        "guardian_name": "陈大勇",
        "guardian_phone": "+8610012345600",
    }
    assert "您已通过" in door.press(WANG, "通过")
