"""Words of danger ring everyone on duty until a named person holds and ends the alarm."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import insert, select

from storage.alarms import (
    ENDINGS,
    AlarmHeld,
    AlarmOver,
    Ending,
    Handover,
    Raised,
    add_to_alarm,
    ask_if_danger,
    confirm_danger,
    deny_danger,
    end_alarm,
    get_alarm,
    raise_alarm,
    say_safe,
    take_alarm,
)
from storage.alarms.rows import change_alarm
from storage.dialogues import save_dialogue
from storage.refusals import NotAllowed, Refusal, TooLate
from storage.rules.dangers import DangerKind
from storage.tables import alarm, caregiver
from tests.storage.calls.street import Street
from tests.storage.calls.test_check_ins_always_go_on import fresh_database

STRANGER = 555
START = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


def danger(street: Street, name: str | None = "lan", words: str = "救命", **more: Any) -> Raised:
    return street.do(
        raise_alarm,
        now=street.now,
        chat_id=street.chat_of(name) if name else STRANGER,
        person_id=street.people[name] if name else None,
        words=words,
        kind=more.get("kind", DangerKind.UNKNOWN),
    )


def unclear(street: Street, name: str = "lan", words: str = "摔了一跤") -> Raised:
    return street.do(
        ask_if_danger,
        now=street.now,
        chat_id=street.chat_of(name),
        person_id=street.people[name],
        words=words,
        kind=DangerKind.MEDICAL,
    )


def take(street: Street, name: str = "wang") -> None:
    street.do(take_alarm, now=street.now, actor_id=street.people[name], alarm_id=1)


def end(street: Street, name: str = "wang", ending: Ending = Ending.SEEN, **more: Any) -> None:
    if ending is Ending.HANDED_OVER:
        more.setdefault("handover", Handover("120", name))
    street.do(
        end_alarm, now=street.now, actor_id=street.people[name], alarm_id=1, ending=ending, **more
    )


def own(street: Street, act: Any, name: str = "lan") -> Raised:
    made: Raised = street.do(act, now=street.now, chat_id=street.chat_of(name), alarm_id=1)
    return made


def row(street: Street) -> Any:
    with street.database.transaction() as session:
        return get_alarm(session, alarm_id=1)


def test_certain_words_ring_everyone_on_duty_at_once_with_who_and_where(street: Street) -> None:
    raised = danger(street)
    assert raised.told == ["wang", "chen"]
    street.deliver()
    for one in ("wang", "chen"):
        ring = street.last(one)
        assert ring.template == "alarm_ring"
        assert ring.message_class == "alarm"
        assert ring.facts["phone"] == "+8613900139000"
        assert ring.facts["address"] == "桂花小区 3 栋 501"
        assert ring.facts["words"] == "救命"
    assert street.count("contact_shown") == 2


def test_an_alarm_of_somebody_unregistered_rings_too(street: Street) -> None:
    assert danger(street, None).told == ["wang", "chen"]
    street.deliver()
    assert street.last("wang").facts["name"] is None
    assert street.count("contact_shown") == 0


def test_a_caregivers_alarm_names_whom_they_care_for(street: Street) -> None:
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
    danger(street, "mei", "妈妈叫不醒")
    street.deliver()
    assert street.last("wang").facts["cared_for"] == ["lan · 139 0013 9000 · 桂花小区 3 栋 501"]
    # Two were told, and each was shown two people's numbers.
    assert street.count("contact_shown") == 4


def test_it_rings_again_every_five_minutes_also_at_night(street: Street) -> None:
    street.now += timedelta(hours=13)  # 23:00
    danger(street)
    street.forward(minutes=11)
    assert street.heard("wang") == ["alarm_ring"] * 3
    assert street.last("wang").facts["ring"] == 3


def test_after_an_outage_it_rings_once_not_in_a_burst(street: Street) -> None:
    danger(street)
    street.deliver()
    street.sleep_until(street.now + timedelta(hours=5))
    street.forward(minutes=1)
    assert street.heard("wang") == ["alarm_ring"] * 2


def test_a_second_message_is_added_and_told_on_without_a_new_siren(street: Street) -> None:
    danger(street)
    again = danger(street, words="起火了")
    assert not again.is_new
    street.deliver()
    assert street.heard("wang") == ["alarm_ring", "alarm_more"]
    assert row(street).words == "救命\n起火了"
    take(street)
    assert unclear(street).told == ["wang"]  # now the holder alone


def test_words_added_at_once_do_not_hold_up_the_first_ring(street: Street) -> None:
    danger(street)
    danger(street, words="快来")
    delivered = [parcel.template for parcel in street.deliver()]
    assert delivered.count("alarm_ring") == 2


def test_what_follows_within_half_an_hour_is_passed_on(street: Street) -> None:
    def follow(words: str, chat_id: int = STRANGER) -> Raised | None:
        return street.do(add_to_alarm, now=street.now, chat_id=chat_id, words=words)

    danger(street, None)
    added = follow("我在菜市场门口")
    assert added is not None
    assert added.told == ["wang", "chen"]
    street.deliver()
    assert street.last("wang").template == "alarm_more"
    assert follow("别的聊天", chat_id=777) is None
    street.now += timedelta(minutes=31)
    assert follow("我想理发") is None


def test_who_went_back_to_their_form_fills_in_the_form(street: Street) -> None:
    chat_id = street.chat_of("lan")
    danger(street)
    street.now += timedelta(minutes=1)
    with street.database.transaction() as session:
        save_dialogue(session, now=street.now, chat_id=chat_id, topic="x", question="y", answers={})
    assert street.do(add_to_alarm, now=street.now, chat_id=chat_id, words="13900139000") is None


def test_an_unclear_word_is_asked_about_and_silence_is_treated_as_danger(street: Street) -> None:
    asked = unclear(street)
    assert (asked.alarm.rings, asked.told) == (0, [])
    street.forward(minutes=2, seconds=59)
    assert street.heard("wang") == []
    street.forward(seconds=1)
    assert street.heard("wang") == ["alarm_ring"]
    assert street.heard("lan") == ["danger_unanswered"]


def test_no_ends_it_and_yes_rings(street: Street) -> None:
    unclear(street)
    assert own(street, deny_danger).alarm.ending == "not_danger"
    street.forward(minutes=10)
    assert street.heard("wang") == []
    assert not own(street, deny_danger).is_new
    assert not own(street, say_safe).is_new


def test_yes_rings_at_once_and_only_once(street: Street) -> None:
    unclear(street)
    assert own(street, confirm_danger).told == ["wang", "chen"]
    assert not own(street, confirm_danger).is_new
    street.deliver()
    assert street.heard("wang") == ["alarm_ring"]


def test_certain_words_answer_the_open_question(street: Street) -> None:
    unclear(street)
    assert not unclear(street, words="又摔了").is_new
    assert danger(street).is_new
    assert row(street).rings == 1
    assert row(street).words == "摔了一跤\n又摔了\n救命"


def test_a_no_after_it_rang_is_told_on_but_ends_nothing(street: Street) -> None:
    danger(street)
    assert own(street, deny_danger).told == ["wang", "chen"]
    street.deliver()
    assert street.last("wang").template == "alarm_says_safe"
    street.forward(minutes=5)
    assert street.heard("wang")[-1] == "alarm_ring"


def test_i_take_it_names_the_holder_and_holds_for_five_minutes_only(street: Street) -> None:
    danger(street)
    street.deliver()
    take(street)
    street.deliver()
    assert street.last("chen").template == "alarm_taken"
    assert street.last("lan").template == "danger_taken"
    street.forward(minutes=4)
    assert street.heard("chen")[-1] == "alarm_taken"
    take(street)  # still on the way
    street.forward(minutes=4)
    assert street.heard("chen")[-1] == "alarm_taken"
    assert street.last("chen").facts["again"] is True
    assert street.heard("lan").count("danger_taken") == 1
    street.forward(minutes=1)
    assert street.heard("chen")[-1] == "alarm_ring"
    assert street.last("chen").facts["released"] == "wang"
    assert street.last("chen").facts["why"] == "not_confirmed"


@pytest.mark.parametrize("ending", ENDINGS)
def test_everybody_is_told_how_it_ended(street: Street, ending: Ending) -> None:
    danger(street, kind=DangerKind.SELF_HARM)
    take(street)
    end(street, ending=ending, reason="误读" if ending is Ending.FALSE_ALARM else "")
    street.deliver()
    assert street.last("chen").template == "alarm_ended"
    assert street.last("lan").template == "danger_ended"
    assert row(street).words.endswith("误读") is (ending is Ending.FALSE_ALARM)
    street.forward(hours=1)
    assert street.heard("chen")[-1] == "alarm_ended"


def test_a_late_press_explains_who_has_it_or_how_it_ended(street: Street) -> None:
    danger(street)
    take(street)
    with pytest.raises(AlarmHeld) as held:
        take(street, "chen")
    assert held.value.facts["holder"] == "wang"
    end(street)
    with pytest.raises(AlarmOver) as over:
        take(street, "chen")
    assert over.value.facts == {"ending": "seen", "holder": "wang"}


def test_only_staff_hold_and_end_and_only_the_person_speaks_for_themselves(
    street: Street,
) -> None:
    danger(street)
    for name in ("zhang", "lan"):
        with pytest.raises(NotAllowed):
            take(street, name)
        with pytest.raises(NotAllowed):
            end(street, name)
    with pytest.raises(NotAllowed):
        own(street, say_safe, "zhang")
    with pytest.raises(NotAllowed):
        street.do(take_alarm, now=street.now, actor_id=street.people["wang"], alarm_id=9)
    with pytest.raises(NotAllowed):
        street.do(say_safe, now=street.now, chat_id=1, alarm_id=9)


def test_with_nobody_on_duty_it_waits_for_the_first_coordinator(street: Street) -> None:
    for one in ("wang", "chen"):
        street.end_role(one, "coordinator")
    assert danger(street).told == []
    street.forward(hours=1)
    street.join("first", "coordinator")
    street.forward(minutes=5)
    assert street.heard("first") == ["alarm_ring"]
    assert street.count("nobody_on_duty") > 10


def test_a_coordinator_in_danger_rings_the_others(street: Street) -> None:
    assert danger(street, "wang").told == ["chen"]


def test_words_are_sealed_in_the_table(street: Street) -> None:
    danger(street, words="我在桂花小区")
    with street.database.transaction() as session:
        stored = session.value(select(alarm.c.words))
    assert "桂花".encode() not in stored


def test_of_many_who_take_it_together_one_has_it(street: Street) -> None:
    street.join("sun", "coordinator")
    danger(street)
    names, got = ["wang", "chen", "sun"], list[str]()
    start = Barrier(len(names))

    def press(name: str) -> None:
        start.wait()
        try:
            take(street, name)
            got.append("taken")
        except Refusal as refusal:
            got.append(refusal.key)

    threads = [Thread(target=press, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == ["alarm_held", "alarm_held", "taken"]


def test_a_row_that_changed_meanwhile_is_not_overwritten(street: Street) -> None:
    old = danger(street).alarm
    take(street)
    with street.database.transaction() as session, pytest.raises(TooLate):
        change_alarm(session, old, {"rings": 9})


class OpenAlarms(RuleBasedStateMachine):
    """People cry for help, deny it, take it and let go of it; the clock moves and sleeps."""

    @initialize()
    def settle(self) -> None:
        self.opened = fresh_database()
        database = self.opened.__enter__()
        self.street = Street(database, START)
        self.street.settle()
        unclear(self.street)

    @rule(minutes=st.sampled_from((1, 3, 5, 11)))
    def time_passes(self, minutes: int) -> None:
        self.street.forward(minutes=minutes)

    @rule(hours=st.sampled_from((1, 30)))
    def the_house_is_down(self, hours: int) -> None:
        self.street.sleep_until(self.street.now + timedelta(hours=hours))

    @rule(act=st.sampled_from((deny_danger, confirm_danger, say_safe)))
    def the_person_answers(self, act: Any) -> None:
        own(self.street, act)

    @rule(certain=st.booleans())
    def the_person_says_more(self, certain: bool) -> None:
        (danger if certain else unclear)(self.street)

    @rule(name=st.sampled_from(("wang", "chen", "zhang")), act=st.sampled_from((take, end)))
    def somebody_acts(self, name: str, act: Any) -> None:
        try:
            act(self.street, name)
        except Refusal:
            return

    @invariant()
    def each_open_one_rings_or_is_held_for_a_named_time(self) -> None:
        if not hasattr(self, "street"):
            return
        self.street.tick()
        with self.street.database.transaction() as session:
            rows = session.all(select(alarm))
        assert len([one for one in rows if one.state != "closed"]) <= 1
        for one in rows:
            if one.state == "closed":
                assert one.ending == "not_danger" or one.holder_id is not None
                continue
            assert one.next_step_at > self.street.now
            limit = {"held": 10, "open": 5}[one.state]
            assert one.next_step_at - self.street.now <= timedelta(minutes=limit)
            assert (one.state == "held") == (one.holder_id is not None)

    def teardown(self) -> None:
        if hasattr(self, "opened"):
            self.opened.__exit__(None, None, None)


OpenAlarms.TestCase.settings = settings(
    max_examples=25, stateful_step_count=15, deadline=None, derandomize=True
)
TestOpenAlarms = OpenAlarms.TestCase
