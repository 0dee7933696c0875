"""How the bot says what it understood: why, what else it may be, and what it asks first."""

import pytest

from storage.categories import CategoryOff, Changing, change_rule
from storage.needs import Statement, state_need, take_in
from storage.needs.media import Sent, take_medium, write_down
from storage.people import get_person
from storage.rules.areas import Category, Urgency
from tests.handlers.needs.chats import Chats
from tests.storage.needs.village import Village


def _change(village: Village, category: Category, field: Changing, value: str) -> None:
    with village.database.transaction() as session:
        change_rule(
            session,
            now=village.now,
            actor=get_person(session, person_id=village.coordinator),
            category=category,
            field=field,
            value=value,
            version=0,
        )


def test_a_reading_says_which_words_it_comes_from(village: Village, chats: Chats) -> None:
    shown = chats.type(village.resident, "降压药吃完了，帮我去拿药")
    assert "就医用药，加急" in shown
    assert "因为您说到" in shown
    assert "药吃完" in shown


def test_what_else_it_may_be_is_one_press_away(village: Village, chats: Chats) -> None:
    resident = village.resident
    chats.type(resident, "下周要去县医院拿药，我一个人去不了")
    shown = chats.press(resident, "不是，是")
    assert "不是，是" not in shown
    assert "因为您说到" not in shown
    chats.press(resident, "发出")
    card = village.need(1)
    with village.database.transaction() as session:
        understood = take_in(session, card.words)
    assert card.category is understood.others[0]


def test_words_added_after_another_kind_was_chosen_leave_it_as_it_is(
    village: Village, chats: Chats
) -> None:
    resident = village.resident
    chats.type(resident, "下周要去县医院拿药，我一个人去不了")
    chats.press(resident, "不是，是")
    chats.type(resident, "想理个发")
    chats.press(resident, "发出")
    assert village.need(1).category is not Category.HAIRCUT


def test_what_says_nothing_is_asked_about_once_and_the_answer_is_read(
    village: Village, chats: Chats
) -> None:
    resident = village.resident
    assert "想请人帮什么忙" in chats.type(resident, "帮个忙嘛")
    assert "理发" in chats.type(resident, "头发长了想理一下")
    chats.press(resident, "发出")
    card = village.need(1)
    assert card.category is Category.HAIRCUT
    assert card.words == "帮个忙嘛\n头发长了想理一下"


def test_whoever_cannot_say_it_is_asked_by_a_coordinator(village: Village, chats: Chats) -> None:
    resident = village.resident
    chats.type(resident, "帮个忙嘛")
    chats.press(resident, "请协调员来问我")
    chats.press(resident, "发出")
    assert village.need(1).category is Category.UNCLEAR
    chats.type(resident, "帮个忙嘛")
    assert "我是这样理解的" in chats.type(resident, "就是那个")


def test_the_urgency_that_the_office_chose_holds_unless_the_words_say_more(
    village: Village, chats: Chats
) -> None:
    _change(village, Category.HAIRCUT, Changing.URGENCY, "U3")
    chats.type(village.resident, "想理个发")
    chats.press(village.resident, "发出")
    assert village.need(1).urgency is Urgency.U3
    assert "加急" in chats.type(village.resident, "想理个发，今天就要")


def test_a_kind_that_was_switched_off_is_told_kindly_and_still_reaches_a_person(
    village: Village, chats: Chats
) -> None:
    resident = village.resident
    _change(village, Category.HAIRCUT, Changing.ACTIVE, "no")
    shown = chats.type(resident, "头发长了想理发")
    assert "暂时没有人做" in shown
    assert "12345" in shown
    for button in ("修改", "哪方面的事", "生产生活"):
        shown = chats.press(resident, button)
    assert not [label for label in chats.buttons(resident) if label.endswith("理发")]
    chats.type(resident, "/cancel")
    chats.type(resident, "头发长了想理发")
    chats.press(resident, "发出")
    assert village.need(1).category is Category.UNCLEAR


def test_a_kind_switched_off_while_its_card_is_open_is_shown_again_and_nothing_is_lost(
    village: Village, chats: Chats
) -> None:
    resident = village.resident
    chats.type(resident, "头发长了想理发")
    _change(village, Category.HAIRCUT, Changing.ACTIVE, "no")
    assert "暂时没有人做" in chats.press(resident, "发出")
    chats.press(resident, "发出")
    assert village.need(1).category is Category.UNCLEAR
    assert village.need(1).words == "头发长了想理发"


def test_needs_that_are_open_go_on_when_their_kind_is_switched_off(
    village: Village, chats: Chats
) -> None:
    resident = village.resident
    chats.type(resident, "头发长了想理发")
    chats.press(resident, "发出")
    before = village.need(1)
    _change(village, Category.HAIRCUT, Changing.ACTIVE, "no")
    assert village.need(1) == before
    said = Statement(Category.HAIRCUT, Urgency.U2, "再理一次")
    with village.database.transaction() as session, pytest.raises(CategoryOff):
        state_need(session, now=village.now, actor_id=resident, resident_id=resident, said=said)


def test_what_is_less_likely_than_nothing_at_all_has_no_button(
    village: Village, chats: Chats
) -> None:
    assert "家庭维修" in chats.type(village.resident, "家里的灯坏了")
    assert not [label for label in chats.buttons(village.resident) if "不是，是" in label]


def test_a_voice_that_staff_make_a_need_of_counts_as_the_office_says_now(
    village: Village, chats: Chats
) -> None:
    _change(village, Category.HAIRCUT, Changing.ACTIVE, "no")
    sent = Sent("voice", "AwAC-1", 5000, seconds=4)
    resident = village.resident
    heard = village.do(take_medium, actor_id=resident, resident_id=resident, sent=sent)
    with village.database.transaction() as session:
        actor = get_person(session, person_id=village.coordinator)
    written = village.do(write_down, actor=actor, media_id=heard.id, words="头发长了想理发")
    press = f"media:need:{heard.id}:{written.medium.version}"
    assert "等您安排" in chats.press_data(village.coordinator, press)
    assert village.need(1).category is Category.UNCLEAR
