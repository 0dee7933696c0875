"""Whoever takes an alarm is there within minutes, or it goes on; everybody hears each step."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert

from storage.alarms import (
    Confirmed,
    Ending,
    EndingProblem,
    Handover,
    HeldAlarm,
    add_to_alarm,
    confirm_alarm,
    raise_alarm,
    say_unsafe,
)
from storage.refusals import NotAllowed
from storage.registers import change_profile
from storage.rules.dangers import DangerKind
from storage.rules.fields import Register
from storage.tables import caregiver
from tests.storage.calls.street import Street
from tests.storage.calls.test_alarms import danger, end, own, row, take
from tests.storage.pauses.rest import pause
from tests.storage.residents import OFFICE


def confirm(street: Street, name: str = "wang", how: Confirmed = Confirmed.AT_DOOR) -> HeldAlarm:
    return street.do(
        confirm_alarm, now=street.now, actor_id=street.people[name], alarm_id=1, how=how
    )


def daughter(street: Street) -> None:
    """mei cares for lan, and lives elsewhere."""
    street.join("mei", "caregiver", phone="+8613800138000")
    with street.database.transaction() as session:
        session.execute(
            insert(caregiver).values(
                resident_id=street.people["lan"],
                caregiver_id=street.people["mei"],
                state="confirmed",
                created_at=street.now,
                version=1,
            )
        )


@pytest.mark.parametrize("how", Confirmed)
def test_who_is_there_has_ten_minutes_more_and_the_others_and_the_person_know(
    street: Street, how: Confirmed
) -> None:
    danger(street)
    take(street)
    confirm(street, how=how)
    street.deliver()
    assert street.last("chen").template == "alarm_confirmed"
    assert street.last("lan").template == "danger_confirmed"
    assert street.last("lan").facts["how"] == how.value
    street.forward(minutes=9)
    assert street.heard("chen")[-1] == "alarm_confirmed"
    street.forward(minutes=1)
    assert street.last("chen").facts["why"] == "no_end"
    assert street.last("lan").template == "danger_goes_on"
    assert street.count("alarm_confirmed") == 1


def test_without_a_word_from_the_door_it_goes_on_and_says_why(street: Street) -> None:
    danger(street)
    take(street)
    street.forward(minutes=5)
    assert street.last("chen").template == "alarm_ring"
    assert street.last("chen").facts["released"] == "wang"
    assert street.last("chen").facts["why"] == "not_confirmed"
    assert street.last("lan").facts["holder"] == "wang"
    assert street.last("lan").template == "danger_goes_on"


def test_who_is_there_after_it_went_on_has_it_again(street: Street) -> None:
    danger(street)
    take(street)
    street.forward(minutes=5)
    assert row(street).holder_id is None
    assert confirm(street).is_mine
    assert row(street).holder_id == street.people["wang"]
    assert row(street).confirmed_as == "at_door"


def test_who_is_there_after_another_took_it_is_passed_on_and_takes_nothing_away(
    street: Street,
) -> None:
    danger(street)
    take(street)
    street.forward(minutes=5)
    take(street, "chen")
    assert not confirm(street).is_mine
    street.deliver()
    assert street.last("chen").template == "alarm_also_there"
    assert row(street).holder_id == street.people["chen"]


def test_whoever_takes_it_anew_has_not_been_there_yet(street: Street) -> None:
    danger(street)
    take(street)
    confirm(street)
    street.forward(minutes=10)
    take(street, "chen")
    assert row(street).confirmed_as is None


def test_nobody_but_who_is_on_duty_confirms(street: Street) -> None:
    danger(street)
    with pytest.raises(NotAllowed):
        confirm(street, "zhang")


def test_while_nobody_takes_it_the_person_is_told_now_and_then_not_each_time(
    street: Street,
) -> None:
    danger(street)
    street.forward(minutes=41)
    assert street.heard("wang").count("alarm_ring") == 9
    assert street.heard("lan").count("danger_nobody_yet") == 3  # the second, fourth and eighth


def test_handed_over_names_the_number_and_who_called(street: Street) -> None:
    danger(street)
    with pytest.raises(EndingProblem):
        end(street, ending=Ending.HANDED_OVER, handover=None)
    for wrong in (Handover("12345", "王珊"), Handover("120", "")):
        with pytest.raises(EndingProblem):
            end(street, ending=Ending.HANDED_OVER, handover=wrong)
    end(street, ending=Ending.HANDED_OVER, handover=Handover("119", "李强"))
    street.deliver()
    assert (row(street).handed_to, row(street).handed_by) == ("119", "李强")
    assert street.last("lan").facts["handed_by"] == "李强"


def test_a_false_alarm_has_a_reason_and_another_end_no_number(street: Street) -> None:
    danger(street)
    with pytest.raises(EndingProblem):
        end(street, ending=Ending.FALSE_ALARM)
    with pytest.raises(EndingProblem):
        end(street, ending=Ending.SEEN, handover=Handover("120", "王珊"))


def test_a_caregivers_words_ring_about_whom_they_care_for(street: Street) -> None:
    daughter(street)
    street.do(
        raise_alarm,
        now=street.now,
        chat_id=street.chat_of("mei"),
        person_id=street.people["lan"],
        words="我妈叫不醒",
        kind=DangerKind.MEDICAL,
    )
    street.deliver()
    ring = street.last("wang").facts
    assert (ring["name"], ring["address"]) == ("lan", "桂花小区 3 栋 501")
    assert ring["said_by"] == "mei · 138 0013 8000"
    # Two were told, and each was shown two people's numbers.
    assert street.count("contact_shown") == 4
    added = street.do(add_to_alarm, now=street.now, chat_id=street.chat_of("mei"), words="在厨房里")
    assert added is not None
    take(street)
    street.deliver()
    assert street.last("mei").template == "danger_taken"


def test_whoever_speaks_up_about_the_same_person_hears_how_it_goes(street: Street) -> None:
    daughter(street)
    danger(street)
    joined = street.do(
        raise_alarm,
        now=street.now,
        chat_id=street.chat_of("mei"),
        person_id=street.people["lan"],
        words="我妈不接电话",
        kind=DangerKind.MEDICAL,
    )
    assert (joined.is_new, joined.alarm.id) == (False, 1)
    take(street)
    end(street)
    street.deliver()
    for one in ("lan", "mei"):
        assert street.heard(one)[-2:] == ["danger_taken", "danger_ended"]


def test_how_somebody_is_reached_and_whom_they_named_stands_in_the_ring(street: Street) -> None:
    known: dict[str, str | int | bool | list[str] | None] = {
        "category": "hearing",
        "communication": ["sign_language", "text"],
        "contact_name": "李敏",
        "contact_phone": "+8610000000009",
    }
    street.do(
        change_profile,
        now=street.now,
        actor=OFFICE,
        person_id=street.people["lan"],
        register=Register.RESIDENT,
        values=known,
        ground="visit",
    )
    danger(street)
    street.deliver()
    ring = street.last("wang").facts
    assert ring["reach"] == ["by_text", "sign_language"]
    assert ring["contact"] == "李敏 · 100 0000 0009"


def test_night_and_pauses_hold_no_alarm_back(street: Street) -> None:
    night = datetime.fromisoformat("2026-11-25T23:30:00+08:00")
    for name in ("wang", "chen", "lan"):
        pause(street, by=name, whom=name, last_day=None)
    street.now = night
    danger(street)
    street.deliver()
    assert [street.heard(one)[-1] for one in ("wang", "chen")] == ["alarm_ring", "alarm_ring"]
    take(street)
    street.deliver()
    assert street.last("lan").template == "danger_taken"


def test_not_safe_is_told_on_at_once_and_talk_goes_on_until_somebody_has_them(
    street: Street,
) -> None:
    danger(street, words="不想活了", kind=DangerKind.SELF_HARM)
    take(street)
    assert own(street, say_unsafe).told == ["wang"]
    street.deliver()
    assert street.last("wang").template == "alarm_says_unsafe"
    street.now += timedelta(hours=2)
    chat = street.chat_of("lan")
    added = street.do(add_to_alarm, now=street.now, chat_id=chat, words="睡不着")
    assert added is not None
    end(street)
    assert street.do(add_to_alarm, now=street.now, chat_id=chat, words="谢谢") is None


def test_after_the_end_not_safe_is_a_new_alarm(street: Street) -> None:
    danger(street, words="不想活了", kind=DangerKind.SELF_HARM)
    end(street)
    assert own(street, say_unsafe).alarm.id == 2
