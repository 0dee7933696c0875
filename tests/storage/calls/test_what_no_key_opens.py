"""A sealed value that no key opens costs the value, never the call, the rung or the alarm."""

from sqlalchemy import Table, insert, update

from messages.render import Wording
from storage.alarms import Confirmed, add_to_alarm, confirm_alarm, take_alarm
from storage.outbox.leasing import Parcel
from storage.rules.ladder import Outcome, Rung
from storage.tables import alarm, check_in_plan, home_access, person, resident
from storage.vault import UNREADABLE
from tests.storage.calls.street import Street
from tests.storage.calls.test_alarms import danger

WORDING = Wording(zone="Asia/Shanghai")


def tear(street: Street, table: Table, *columns: str) -> None:
    """What stands in these columns is damaged, in every row that has it."""
    with street.database.transaction() as session:
        for column in columns:
            session.change(
                update(table).where(table.c[column].is_not(None)).values({column: b"torn"})
            )


def tear_register(street: Street) -> None:
    """What the register knows of lan is damaged."""
    row = {"person_id": street.people["lan"], "uid": "f" * 32, "profile": b"torn"}
    row |= {"updated_at": street.now, "version": 1}
    with street.database.transaction() as session:
        session.execute(insert(resident), row)


def tear_door(street: Street) -> None:
    """What is kept of lan's door is damaged."""
    lan = street.people["lan"]
    row = {"person_id": lan, "uid": "e" * 32, "facts": b"torn", "told_by": lan}
    with street.database.transaction() as session:
        session.execute(insert(home_access), row | {"told_at": street.now})


def said(parcel: Parcel) -> list[str]:
    """The message in every language."""
    return [WORDING.text(parcel.template, language=one, facts=parcel.facts) for one in ("zh", "en")]


def test_a_call_is_asked_for_without_a_number_that_no_key_opens(street: Street) -> None:
    street.plan(contact_name="gui", contact_phone="+8613900139009")
    tear(street, person, "phone", "address")
    street.forward(hours=5)
    assert street.last("zhang").template == "check_in_call"
    chinese, english = said(street.last("zhang"))
    assert "打不开，请问村（社区）残协" in chinese
    assert "cannot be opened here; please ask the community" in english
    street.answer("zhang", Outcome.NO_ANSWER)
    street.forward(hours=12)
    assert street.case().rung == list(Rung).index(Rung.NO_SUPPORT), "the ladder goes on to its end"
    held = street.take("wang")
    assert (held.facts["phone"], held.facts["address"]) == (UNREADABLE, UNREADABLE)


def test_a_contact_and_a_register_that_no_key_opens_hold_up_no_call(street: Street) -> None:
    street.plan(contact_name="gui", contact_phone="+8613900139009")
    street.contact_agrees()
    tear(street, check_in_plan, "contact_phone")
    tear_register(street)
    street.forward(hours=5)
    street.answer("zhang", Outcome.NO_ANSWER)
    street.forward(hours=12)
    assert street.case().rung == list(Rung).index(Rung.NO_SUPPORT)
    rung = next(one for one in reversed(street.got["wang"]) if one.template == "check_in_duty")
    assert rung.facts["contact_phone"] == UNREADABLE
    assert all("gui" in text for text in said(rung))


def test_an_alarm_rings_though_no_key_opens_words_number_or_register(street: Street) -> None:
    danger(street, words="救命")
    tear(street, alarm, "words")
    tear(street, person, "phone", "address")
    tear_register(street)
    street.forward(minutes=6)
    rung = street.last("wang")
    assert rung.template == "alarm_ring"
    assert rung.facts["ring"] == 2
    chinese, english = said(rung)
    assert "原话打不开" in chinese
    assert "the words cannot be opened here; please ask what has happened" in english
    assert "电话<b>（这里打不开" in chinese
    assert UNREADABLE not in chinese + english


def test_such_an_alarm_is_held_and_added_to_like_any_other(street: Street) -> None:
    raised = danger(street, words="救命").alarm
    tear(street, alarm, "words")
    tear_door(street)
    wang = street.people["wang"]
    held = street.do(take_alarm, now=street.now, actor_id=wang, alarm_id=raised.id)
    assert held.facts["words"] == UNREADABLE
    at_door = Confirmed.AT_DOOR
    street.do(confirm_alarm, now=street.now, actor_id=wang, alarm_id=raised.id, how=at_door)
    chat = street.chat_of("lan")
    more = street.do(add_to_alarm, now=street.now, chat_id=chat, words="在三楼")
    assert more is not None
    assert more.alarm.words == f"{UNREADABLE}\n在三楼"
