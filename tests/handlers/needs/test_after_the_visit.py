"""In the chat: a swap with its yes, /hours and the second mark, and the call-back (回访)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select, update

from storage.call_backs import plan_call_backs
from storage.needs import Statement, confirm_done
from storage.rules.areas import Category, Urgency
from storage.rules.lifecycle import NeedState
from storage.tables import call_back, confirmation, qualification
from tests.handlers.needs.chats import Chats
from tests.storage.needs.village import Village


def _closed(village: Village) -> int:
    need_id = village.carried()
    village.finish(need_id)
    version = village.need(need_id).version
    village.do(confirm_done, actor_id=village.resident, need_id=need_id, version=version)
    return need_id


def test_a_swap_is_made_by_the_yes_and_both_homes_read_who_comes(
    village: Village, chats: Chats
) -> None:
    first, second = village.volunteers
    mine = village.carried()
    other = village.add_resident("周伯")
    theirs = village.do_state(other)
    village.claim(theirs, second)
    village.come(theirs, after=timedelta(hours=5))
    held = village.need(mine).held
    chats.press_data(first, f"claim:swap:{held.id}:{held.version}")
    chats.press(first, "志愿者2，11月")
    chats.receive()
    assert "换一换" in "".join(chats.read(second))
    chats.press(second, "我去")
    assert village.need(mine).held.volunteer_id == second
    assert village.need(theirs).held.volunteer_id == first
    chats.receive()
    assert "志愿者2" in chats.read(village.resident)[-1]
    assert "志愿者1" in chats.read(other)[-1]


def test_a_swap_that_is_declined_leaves_both_where_they_were(
    village: Village, chats: Chats
) -> None:
    first, second = village.volunteers
    mine = village.carried()
    theirs = village.do_state(village.add_resident("周伯"))
    village.claim(theirs, second)
    village.come(theirs, after=timedelta(hours=5))
    held = village.need(mine).held
    chats.press_data(first, f"claim:swap:{held.id}:{held.version}")
    chats.press(first, "志愿者2，11月")
    chats.press(second, "这次不去")
    assert village.need(mine).held.volunteer_id == first
    assert village.need(theirs).held.volunteer_id == second


def test_hours_wait_for_a_second_mark_until_staff_say_how_they_know(
    village: Village, chats: Chats
) -> None:
    _closed(village)
    helper = village.volunteers[0]
    assert "已计入：0分钟" in chats.type(helper, "/hours")
    assert "等一个证明：45分钟" in chats.type(helper, "/hours")
    assert "已计入" in chats.type(village.coordinator, "/hours")
    card = chats.press(village.coordinator, "等证明的时长")
    assert "志愿者1" in card
    assert "兰姨" in card
    assert "没有等证明的时长了" in chats.press(village.coordinator, "电话问过了")
    assert "已计入：45分钟" in chats.type(helper, "/hours")
    with village.database.transaction() as session:
        made = session.all(select(confirmation).where(confirmation.c.kind == "staff"))
    assert [(one.marked_by, one.reason) for one in made] == [(village.coordinator, "phoned")]


def test_nobody_gives_themselves_hours_by_a_forged_press(village: Village, chats: Chats) -> None:
    _closed(village)
    helper = village.volunteers[0]
    for who in (helper, village.resident):
        for why in ("phoned", "seen", "x", ""):
            chats.press_data(who, f"hours:mark:1:0:{why}")
    chats.press_data(village.coordinator, "hours:mark:1:0:x")
    assert "已计入：0分钟" in chats.type(helper, "/hours")


def test_a_call_back_is_noted_in_the_chat_and_what_is_unsolved_is_opened_again(
    village: Village, chats: Chats
) -> None:
    need_id = _closed(village)
    village.now += timedelta(days=5)
    plan_call_backs(village.database, now=village.now)
    desk = village.coordinator
    card = chats.press_data(desk, "call_back:list:0:0")
    assert "回访：兰姨" in card
    assert "139 0013 9000" not in card
    assert "139 0013 9000" in chats.press(desk, "看电话号码")
    chats.press(desk, "没联系上")
    card = chats.press_data(desk, "call_back:list:0:0")
    assert "上次没联系上" in card
    assert "解决了吗" in chats.press(desk, "联系上了")
    assert "觉得怎么样" in chats.press(desk, "没有办好")
    assert "还说了什么" in chats.press(desk, "一般")
    assert "兰姨的回访记下了" in chats.type(desk, "灯又不亮了")
    with village.database.transaction() as session:
        row = session.all(select(call_back))[0]
    assert (row.state, row.outcome, row.satisfied) == ("done", "not", 3)
    assert "灯又不亮了".encode() not in row.words
    chats.press(desk, "重新打开")
    chats.press(desk, "又坏了")
    assert village.need(need_id).state is NeedState.OPEN


def test_call_backs_are_the_coordinators_alone(village: Village, chats: Chats) -> None:
    _closed(village)
    village.now += timedelta(days=5)
    plan_call_backs(village.database, now=village.now)
    for who in (village.volunteers[0], village.resident):
        for act in ("list", "phone", "reached", "missed"):
            assert "兰姨" not in chats.press_data(who, f"call_back:{act}:1:1")
    with village.database.transaction() as session:
        assert session.value(select(call_back.c.state)) == "open"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_who_lacks_the_paper_reads_which_and_where_to_register_it(
    village: Village, chats: Chats, language: str
) -> None:
    chats.language = language
    helper = village.add_volunteer("按摩师", skills="massage")
    with village.database.transaction() as session:
        session.execute(
            insert(qualification).values(
                uid="m",
                person_id=helper,
                kind="massage_therapist",
                state="confirmed",
                expires_on=date(2026, 11, 25),
                confirmed_by=village.coordinator,
                created_at=village.now,
                version=1,
            )
        )
    need_id = village.state(Statement(Category.MASSAGE, Urgency.U2, "腰疼，想请人按摩"))
    chats.receive()
    with village.database.transaction() as session:
        session.change(update(qualification).values(state="declined"))
    said = chats.press_data(helper, f"offer:go:{need_id}:1")
    assert "/profile" in said
    assert "massage" in said.lower() if language == "en" else "按摩" in said
    assert village.need(need_id).claim is None
