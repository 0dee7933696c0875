"""A call that is not answered climbs, rung by rung, until somebody knows how the person is."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from storage.call_plans import PlanDraft, change_plan
from storage.check_ins import confirm_check_in, prolong_check_in, take_check_in
from storage.check_ins.starting import next_call_at
from storage.database import Database
from storage.house import House
from storage.outbox.outcomes import sent_at
from storage.rules.ladder import Outcome, Presence
from storage.rules.sending import QuietHours
from storage.vault import Vault
from tests.blank import lay_tables
from tests.storage.calls.street import EVERY_DAY, Street

THREE = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)  # 15:00 in Shanghai


def test_at_the_due_time_the_caller_gets_the_number_and_four_answers(street: Street) -> None:
    street.plan()
    street.forward(hours=5)
    prompt = street.last("zhang")
    assert prompt.template == "check_in_call"
    assert prompt.facts["phone"] == "+8613900139000"
    assert [one.data.split(":")[1] for line in prompt.buttons for one in line] == [
        "spoke_fine",
        "no_answer",
        "needs_help",
        "could_not_tell",
    ]
    assert street.count("contact_shown") == 1


def test_spoke_and_fine_closes_the_check_in_and_the_next_call_tells_of_it(street: Street) -> None:
    street.plan()
    street.forward(hours=5, minutes=10)
    street.answer("zhang", Outcome.SPOKE_FINE)
    assert street.case().state == "closed"
    street.forward(days=1)
    again = street.last("zhang")
    assert again.template == "check_in_call"
    assert again.facts["last_outcomes"] == ["spoke_fine"]


def test_nobody_is_asked_before_the_due_time(street: Street) -> None:
    street.plan()
    street.forward(hours=4, minutes=59)
    assert "check_in_call" not in street.heard("zhang")


def test_no_answer_asks_the_caller_again_then_otherwise_then_the_stand_in(street: Street) -> None:
    street.plan()
    street.forward(hours=5)
    street.answer("zhang", Outcome.NO_ANSWER)
    street.forward(minutes=29)
    assert street.heard("zhang")[-1] == "check_in_call"
    street.forward(minutes=1)
    assert street.heard("zhang")[-1] == "check_in_call_again"
    street.answer("zhang", Outcome.NO_ANSWER)
    street.forward(hours=2)
    assert street.heard("zhang")[-1] == "check_in_call_otherwise"
    street.answer("zhang", Outcome.COULD_NOT_TELL)
    street.forward(minutes=1)
    assert street.last("liu").template == "check_in_stand_in"
    assert "address" not in street.last("liu").facts


def test_silence_climbs_and_the_window_starts_when_the_prompt_was_sent(street: Street) -> None:
    street.plan()
    street.now = THREE
    street.tick()
    street.now += timedelta(minutes=2)  # the messenger was slow for two minutes
    street.tick()
    street.deliver()
    with street.database.transaction() as session:
        assert sent_at(session, key="check_in:1:v2:ask") == street.now
    street.forward(minutes=44)
    assert street.heard("zhang")[-1] == "check_in_call"
    street.forward(minutes=2)
    assert street.heard("zhang")[-1] == "check_in_call_again"
    street.forward(minutes=46)
    assert street.heard("liu")[-1] == "check_in_stand_in"
    street.forward(minutes=61)
    for one in ("wang", "chen"):
        assert street.heard(one)[-1] == "check_in_duty"


def test_the_top_rung_repeats_until_a_named_person_holds_it(street: Street) -> None:
    street.plan(stand_in_id=None)
    street.forward(hours=9)
    before = street.heard("wang").count("check_in_duty")
    street.forward(hours=2)
    assert street.heard("wang").count("check_in_duty") == before + 4
    street.do(take_check_in, now=street.now, actor_id=street.people["wang"], check_in_id=1)
    there: Any = {"now": street.now, "actor_id": street.people["wang"], "check_in_id": 1}
    street.do(confirm_check_in, presence=Presence.ON_PHONE, **there)
    street.do(prolong_check_in, span=timedelta(hours=2), **there)
    rung = street.heard("chen").count("check_in_duty")
    street.forward(hours=1, minutes=59)
    assert street.heard("chen").count("check_in_duty") == rung
    assert street.heard("chen")[-1] == "check_in_taken"
    street.forward(minutes=1)
    assert street.heard("chen").count("check_in_duty") == rung + 1
    assert street.last("chen").facts["released"] == "wang"


def test_a_prompt_that_cannot_arrive_costs_a_minute_and_no_second_try(street: Street) -> None:
    street.plan()
    street.forward(hours=4, minutes=59)
    street.unreachable.add("zhang")
    street.forward(minutes=2)
    assert street.heard("liu")[-1] == "check_in_stand_in"
    assert street.count("check_in_prompt_unsent") == 1


def test_a_prompt_unsent_after_five_minutes_climbs_and_is_not_sent_any_more(
    street: Street,
) -> None:
    street.plan()
    street.now = THREE
    for _ in range(6):
        street.tick()  # nothing is delivered: the messenger does not answer
        street.now += timedelta(minutes=1)
    street.tick()
    street.deliver()
    assert "check_in_call" not in street.heard("zhang")
    assert street.heard("liu")[-1] == "check_in_stand_in"


def test_a_caller_removed_at_the_due_minute_is_passed_over(street: Street) -> None:
    street.plan()
    street.end_role("zhang", "volunteer")
    street.forward(hours=5)
    assert "check_in_call" not in street.heard("zhang")
    assert street.heard("liu")[-1] == "check_in_stand_in"


def test_without_stand_in_the_caller_phones_the_emergency_contact(street: Street) -> None:
    street.plan(stand_in_id=None, contact_name="李梅", contact_phone="+8613800138000")
    street.contact_agrees()
    street.forward(hours=5)
    for wait in (30, 120, 0):
        street.answer("zhang", Outcome.NO_ANSWER)
        street.forward(minutes=wait)
    asked = street.last("zhang")
    assert asked.template == "check_in_contact"
    assert asked.facts["contact_phone"] == "+8613800138000"
    street.answer("zhang", Outcome.NO_ANSWER)
    street.forward(minutes=1)
    assert street.last("wang").facts["contact_phone"] == "+8613800138000"


def test_a_silent_caller_is_not_asked_to_phone_the_contact_but_everyone_on_duty_is(
    street: Street,
) -> None:
    street.plan(stand_in_id=None, contact_name="李梅", contact_phone="+8613800138000")
    street.forward(hours=7)
    assert "check_in_contact" not in street.heard("zhang")
    assert street.last("wang").template == "check_in_duty"
    told = street.last("wang").facts
    assert (told["contact_name"], told["contact_unasked"]) == ("李梅", True)
    assert street.count("unasked_contact_named") > 0, "who was told is written down"


def test_a_contact_who_agreed_is_named_without_that_caveat(street: Street) -> None:
    street.plan(stand_in_id=None, contact_name="李梅", contact_phone="+8613800138000")
    street.contact_agrees()
    street.forward(hours=7)
    told = street.last("wang").facts
    assert (told["contact_name"], told["contact_unasked"]) == ("李梅", False)
    assert street.count("unasked_contact_named") == 0


def test_with_nobody_on_duty_the_people_of_the_plan_are_rung(street: Street) -> None:
    street.plan()
    for one in ("wang", "chen"):
        street.end_role(one, "coordinator")
    street.forward(hours=9)
    assert street.heard("liu")[-1] == "check_in_duty"
    assert street.heard("zhang")[-1] == "check_in_duty"
    assert street.count("nobody_on_duty") > 0
    assert [line[0].data.split(":")[1] for line in street.last("liu").buttons] == ["take"]
    assert "take" not in str(street.last("zhang").buttons)


def test_five_minutes_late_the_call_is_still_asked_for(street: Street) -> None:
    street.plan()
    street.sleep_until(THREE + timedelta(minutes=5))
    street.forward(minutes=1)
    assert street.heard("zhang")[-1] == "check_in_call"


def test_five_hours_late_no_stale_prompt_goes_out_and_duty_is_told_once(street: Street) -> None:
    street.plan(clock=time(9))
    street.sleep_until(datetime(2026, 11, 26, 6, 0, tzinfo=UTC))  # 14:00, five hours late
    street.forward(minutes=1)
    assert "check_in_call" not in street.heard("zhang")
    assert street.heard("wang")[-1] == "check_in_missed"
    assert street.last("wang").facts["names"] == ["lan"]
    assert street.last("wang").facts["again"] is False


def test_three_days_down_make_one_summary_of_all_plans_not_a_flood(street: Street) -> None:
    for name in ("yu", "mei", "fang"):
        street.join(name, "resident")
        street.people["lan"], kept = street.people[name], street.people["lan"]
        street.plan(clock=time(9))
        street.people["lan"] = kept
    street.deliver()
    before = len(street.got["wang"]) if "wang" in street.got else 0
    street.sleep_until(datetime(2026, 11, 29, 6, 0, tzinfo=UTC))
    street.forward(minutes=5)
    assert len(street.got["wang"]) == before + 1
    assert street.last("wang").facts["names"] == ["yu", "mei", "fang"]
    assert street.count("check_in_missed") == 12  # four days, three people
    assert street.count("check_in_missed_told") == 3


def test_missed_calls_are_named_again_until_somebody_takes_each(street: Street) -> None:
    street.plan(clock=time(9))
    street.sleep_until(datetime(2026, 11, 26, 6, 0, tzinfo=UTC))
    street.forward(minutes=31)
    assert street.last("chen").facts["again"] is True
    street.do(take_check_in, now=street.now, actor_id=street.people["wang"], check_in_id=1)
    assert street.deliver()
    assert street.heard("chen")[-1] == "check_in_taken"
    street.forward(minutes=31)
    assert street.heard("chen")[-1] == "check_in_duty"
    street.answer("wang", Outcome.SPOKE_FINE)
    street.deliver()
    assert street.heard("chen")[-1] == "check_in_over"


def test_at_night_a_missed_call_waits_for_the_morning(street: Street) -> None:
    street.plan(clock=time(20, 30))
    street.sleep_until(datetime(2026, 11, 25, 14, 0, tzinfo=UTC))  # 22:00
    street.forward(hours=9)
    assert street.heard("wang") == []
    street.forward(hours=2)
    assert street.heard("wang")[0] == "check_in_missed"


def test_after_an_outage_the_next_call_is_again_on_time(street: Street) -> None:
    street.plan()
    street.sleep_until(THREE + timedelta(days=3, hours=1))
    street.tick()
    with street.database.transaction() as session:
        assert next_call_at(session) == THREE + timedelta(days=4)


def test_a_plan_edited_while_a_case_is_open_leaves_the_case_with_its_caller(
    street: Street,
) -> None:
    plan = street.plan()
    street.forward(hours=5, minutes=2)
    street.do(
        change_plan,
        now=street.now,
        actor_id=street.people["wang"],
        plan_id=plan.id,
        version=plan.version,
        draft=PlanDraft(street.people["other"], EVERY_DAY, time(15), street.people["liu"]),
    )
    street.forward(minutes=50)
    assert street.heard("zhang")[-1] == "check_in_call_again"
    street.forward(days=1)
    assert street.heard("other")[-1].startswith("check_in_call")


def test_a_clock_set_back_makes_no_call_twice_and_loses_none(street: Street) -> None:
    plan = street.plan()
    street.forward(hours=6, minutes=30)  # the server ran 90 minutes fast, past the due time
    street.now = THREE - timedelta(minutes=1)
    street.do(
        change_plan,
        now=street.now,
        actor_id=street.people["wang"],
        plan_id=plan.id,
        version=plan.version,
        draft=PlanDraft(street.people["zhang"], EVERY_DAY, time(15), None),
    )
    street.answer("zhang", Outcome.SPOKE_FINE)
    street.forward(hours=1)
    assert street.heard("zhang").count("check_in_call") == 1
    street.forward(days=1)
    assert street.heard("zhang").count("check_in_call") == 2


def test_a_second_person_taken_out_of_the_plan_meanwhile_is_not_asked(street: Street) -> None:
    street.plan()
    street.forward(hours=5)
    for wait in (30, 120):
        street.answer("zhang", Outcome.NO_ANSWER)
        street.forward(minutes=wait)
    street.answer("zhang", Outcome.NO_ANSWER)
    street.end_role("liu", "volunteer")
    street.forward(minutes=1)
    assert "check_in_stand_in" not in street.heard("liu")
    assert street.heard("wang")[-1] == "check_in_duty"


def test_the_calls_to_somebody_who_left_stop(street: Street) -> None:
    street.plan()
    street.end_role("lan", "resident")
    street.forward(hours=6)
    assert "check_in_call" not in street.heard("zhang")
    assert street.count("plan_ended") == 1


def test_a_call_planned_for_an_hour_that_the_clocks_skip_is_due_when_it_exists_again(
    tmp_path: Path,
) -> None:
    quiet = QuietHours.parse("22:00-01:00")
    assert isinstance(quiet, QuietHours)
    house = House(zone=ZoneInfo("Europe/Berlin"), quiet=quiet, language="en")
    vault = Vault(keys={1: bytes(32)}, index_key=bytes(32))
    database = Database(lay_tables(tmp_path / "berlin.sqlite3"), vault=vault, house=house)
    street = Street(database, datetime(2027, 3, 27, 12, 0, tzinfo=UTC))
    street.settle()
    plan = street.plan(clock=time(2, 30), stand_in_id=None)
    assert plan.next_due_at == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)  # 03:00, the first there is
    street.forward(days=3)
    database.close()
    assert street.heard("zhang").count("check_in_call") == 3
