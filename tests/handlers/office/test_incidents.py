"""Incidents in the chat: the clerk reads what was lost, phones, and says that it is done."""

from storage.incidents import SET_ASIDE, note_incident
from tests.handlers.joining.door import Door
from tests.storage.office.test_incidents import LAN, lose
from tests.storage.residents import register

WANG = 1


def test_the_clerk_reads_what_was_lost_phones_and_says_done(door: Door) -> None:
    with door.database.transaction() as session:
        register(
            session,
            now=door.now,
            name="陈素芬",
            roles=("resident",),
            chat=LAN,
            phone="+8610012345678",
        )
        lose(session, now=door.now)
    assert "重要消息没送到：1 人" in door.type(WANG, "/office")
    shown = door.press(WANG, "看没送到的消息")
    assert "您现在是志愿者了" in shown
    assert "陈素芬没有收到消息" in shown
    assert "100 1234 5678" in door.press(WANG, "看电话号码")
    assert "处理完了" in door.press(WANG, "处理好了")
    assert "都处理完了" in door.type(WANG, "/office")


def test_a_message_set_aside_names_its_number(door: Door) -> None:
    with door.database.transaction() as session:
        note_incident(session, now=door.now, kind=SET_ASIDE, chat_id=555, thing_id=42)
    door.type(WANG, "/office")
    assert "编号 42" in door.press(WANG, "看没处理成的消息")
    door.press(WANG, "处理好了")
    assert "没有在等的" in door.press_data(WANG, "incident:set_aside:0:0")
    assert "情况已经变了" in door.press_data(WANG, "incident:what:0:0")
