"""The office changes how a kind of need is dealt with, card by card, and takes it back."""

from sqlalchemy import func, select

from storage.categories import rule_of
from storage.organisations import plant
from storage.rules.areas import Category, CategoryRule, Mode, Urgency
from storage.tables import journal
from tests.handlers.needs.chats import Chats
from tests.storage.needs.village import Village


def _rule(village: Village, category: Category = Category.HAIRCUT) -> CategoryRule:
    with village.database.transaction() as session:
        return rule_of(session, category)


def _open(village: Village, chats: Chats, area: str = "生产生活", kind: str = "理发") -> str:
    office = village.coordinator
    chats.type(office, "/categories")
    chats.press(office, area)
    return chats.press(office, kind)


def test_the_card_of_a_kind_says_in_plain_words_how_it_is_dealt_with(
    village: Village, chats: Chats
) -> None:
    with village.database.transaction() as session:
        plant(session, now=village.now)
    card = _open(village, chats)
    for words in ("一般", "有这项技能的可以做", "抢单", "不用", "残疾人专门协会", "半小时以内"):
        assert words in card


def test_each_change_is_kept_journalled_and_undone(village: Village, chats: Chats) -> None:
    office = village.coordinator
    _open(village, chats)
    assert "现在不受理新的" in chats.press(office, "停止受理新的")
    assert not _rule(village).active
    assert "现在不受理新的" not in chats.press(office, "撤销刚才的修改")
    assert _rule(village).active
    chats.press(office, "改：急不急")
    chats.press(office, "不急，可以安排")
    chats.press(office, "改：谁去")
    chats.press(office, "竞标")
    chats.press(office, "改：要不要先核实")
    assert "在48小时以内" in chats.press(office, "48小时")
    rule = _rule(village)
    assert (rule.urgency, rule.mode, rule.verify_hours) == (Urgency.U3, Mode.CHOSEN, 48)
    with village.database.transaction() as session:
        changes = select(func.count()).where(journal.c.what == "category_changed")
        assert session.value(changes) == 5


def test_organisations_are_ticked_on_and_off_in_their_order(village: Village, chats: Chats) -> None:
    with village.database.transaction() as session:
        plant(session, now=village.now)
    office = village.coordinator
    _open(village, chats)
    before = _rule(village).providers
    chats.press(office, "改：转给哪类单位")
    chats.press(office, "学校")
    assert _rule(village).providers == (*before, "school")
    chats.press(office, "改：转给哪类单位")
    chats.press(office, "残疾人专门协会")
    assert _rule(village).providers == (*before[1:], "school")


def test_what_safety_depends_on_offers_no_switch(village: Village, chats: Chats) -> None:
    card = _open(village, chats, area="紧急", kind="急病")
    assert "任何时候都受理" in card
    chat = village.chat_of(village.coordinator)
    newest = max(chats.shown[chat].values(), key=lambda one: one.id)
    assert not [label for label in newest.buttons if "停止受理" in label or "急不急" in label]
    data = f"category:set:{list(Category).index(Category.EMERGENCY_MEDICAL)}:0:active.no"
    assert "任何时候都要受理" in chats.press_data(village.coordinator, data)


def test_an_old_press_changes_nothing_and_a_stranger_is_told_nothing(
    village: Village, chats: Chats
) -> None:
    number = list(Category).index(Category.HAIRCUT)
    off = f"category:set:{number}:0:active.no"
    chats.press_data(village.coordinator, off)
    assert "用不上" in chats.press_data(village.coordinator, f"category:set:{number}:0:urgency.U1")
    assert "急不急" not in chats.press_data(village.resident, f"category:see:{number}:0")
    assert "category" not in chats.type(village.resident, "/categories")
    chats.press_data(village.resident, f"category:set:{number}:1:active.yes")
    assert not _rule(village).active


def test_forged_presses_of_what_is_not_there_are_answered(village: Village, chats: Chats) -> None:
    for data in (
        "category:see:99:0",
        "category:area:99:0",
        "category:field:4:0:nothing",
        "category:field:4:0:active",
        "category:set:4:0:urgency.U0",
        "category:set:4:0:providers.moon",
        "category:undo:4:0",
        "category:fly:4:0",
    ):
        assert chats.press_data(village.coordinator, data)
    assert _rule(village).urgency is Urgency.U2
