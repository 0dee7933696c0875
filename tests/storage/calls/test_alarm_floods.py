"""Words said again, or in a flood: whoever needs help is heard, and so is the next one."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from storage.alarms import confirm_danger, deny_danger, get_alarm, ring_alarms
from storage.tables import alarm
from tests.storage.calls.street import Street
from tests.storage.calls.test_alarms import danger, own, unclear


def test_of_two_hundred_messages_the_holder_gets_ten_and_then_one_a_minute(street: Street) -> None:
    danger(street)
    for number in range(200):
        assert danger(street, words=f"救命 {number}").told == ["wang", "chen"]
    street.deliver()
    assert street.heard("wang") == ["alarm_ring"] + ["alarm_more"] * 11
    street.now += timedelta(minutes=1)
    danger(street, words="在三楼")
    street.deliver()
    assert street.last("wang").facts["words"] == "在三楼"


def test_words_are_passed_on_also_when_no_more_can_be_kept(street: Street) -> None:
    danger(street, words="救命" * 4000)
    for words in ("在三楼", "301 室"):
        danger(street, words=words)
    street.deliver()
    assert street.heard("wang") == ["alarm_ring", "alarm_more", "alarm_more"]
    assert street.last("wang").facts["words"] == "301 室"


def test_a_yes_after_the_no_rings_as_a_new_alarm(street: Street) -> None:
    unclear(street)
    own(street, deny_danger)
    assert own(street, confirm_danger).told == ["wang", "chen"]
    street.deliver()
    assert street.heard("wang") == ["alarm_ring"]
    assert street.last("wang").facts["words"] == "摔了一跤"


def test_an_alarm_that_fails_keeps_no_other_from_ringing(street: Street) -> None:
    torn, other = danger(street, "lan").alarm.id, danger(street, "other").alarm.id
    street.forward(minutes=2)
    due = street.now + timedelta(minutes=4)
    with street.database.transaction() as session:
        session.change(update(alarm).where(alarm.c.id == torn).values(danger="torn"))
    with pytest.raises(ValueError, match="DangerKind"):
        ring_alarms(street.database, now=due)
    rings = street.do(get_alarm, alarm_id=other).rings
    ring_alarms(street.database, now=due)
    assert street.do(get_alarm, alarm_id=other).rings == rings + 1
