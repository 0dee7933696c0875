"""The day is coming: each of its audience is reminded once, in working hours, if they wish."""

from datetime import UTC, datetime, timedelta
from threading import Thread
from unittest.mock import patch

from sqlalchemy import insert, select, update

import storage.days
from storage.days import BATCH, next_day_reminder_at, send_day_reminders
from storage.heartbeats import beat
from storage.people import switch_day_reminders
from storage.roles import grant
from storage.tables import day_reminder, person, role
from tests.storage.calls.street import Street

# 3 December is the day of disabled people, 5 December that of volunteers.
TWO_WEEKS_BEFORE = datetime(2026, 11, 19, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai


def send(street: Street) -> None:
    while send_day_reminders(street.database, now=street.now):
        pass
    street.deliver()


def test_two_weeks_before_its_audience_is_reminded_once_at_nine(street: Street) -> None:
    street.now = TWO_WEEKS_BEFORE - timedelta(minutes=1)
    send(street)
    assert street.heard("lan") == []
    street.now = TWO_WEEKS_BEFORE
    send(street)
    send(street)
    reminder = street.last("lan")
    assert street.heard("lan") == ["day_reminder"]
    assert reminder.facts["day"] == "disability_day"
    assert reminder.facts["left"] == 14
    assert reminder.buttons[0][0].data == "days:off:0:0"
    assert reminder.message_class == "info"


def test_only_those_whom_the_day_names_are_reminded(street: Street) -> None:
    street.now = TWO_WEEKS_BEFORE + timedelta(days=2)  # two weeks before volunteers' day
    send(street)
    days = {name: [p.facts["day"] for p in street.got.get(name, [])] for name in street.people}
    assert "volunteer_day" in days["zhang"]
    assert "volunteer_day" not in days["lan"]


def test_somebody_with_two_roles_is_reminded_once(street: Street) -> None:
    with street.database.transaction() as session:
        grant(
            session,
            now=street.now,
            person_id=street.people["lan"],
            kind="volunteer",
            actor_id=None,
        )
    street.now = TWO_WEEKS_BEFORE
    send(street)
    assert street.heard("lan") == ["day_reminder"]


def test_who_switched_it_off_or_waits_or_has_no_chat_is_left_alone(street: Street) -> None:
    street.join("paper", "resident", in_chat=False)
    with street.database.transaction() as session:
        switch_day_reminders(session, now=street.now, person_id=street.people["lan"], on=False)
        session.change(
            update(role).where(role.c.person_id == street.people["zhang"]).values(state="waiting")
        )
    street.now = TWO_WEEKS_BEFORE
    send(street)
    assert street.heard("lan") == street.heard("zhang") == []
    assert street.heard("liu") == ["day_reminder"]


def test_a_large_audience_goes_out_by_batches_and_a_restart_between_loses_nobody(
    street: Street,
) -> None:
    many = 2 * BATCH + 3
    with street.database.transaction() as session:
        for number in range(many):
            session.execute(
                insert(person).values(
                    id=1000 + number,
                    uid=f"uid{number}",
                    telegram_id=5000 + number,
                    name="somebody",
                    day_reminders=True,
                    created_at=street.now,
                    version=1,
                )
            )
            session.execute(
                insert(role).values(
                    person_id=1000 + number,
                    kind="resident",
                    state="approved",
                    created_at=street.now,
                    version=1,
                )
            )
    street.now = TWO_WEEKS_BEFORE
    assert send_day_reminders(street.database, now=street.now)
    assert send_day_reminders(street.database, now=street.now)
    assert len(street.pending()) == BATCH
    with street.database.transaction() as session:
        assert next_day_reminder_at(session) == street.now  # the rest is due
    while send_day_reminders(street.database, now=street.now):
        pass
    assert len(street.pending()) == many + len(street.people)
    with street.database.transaction() as session:
        kept = session.all(select(day_reminder))[0]
    assert (kept.state, kept.told) == ("sent", many + len(street.people))


def test_after_an_outage_only_the_newest_goes_out_and_says_what_is_true(street: Street) -> None:
    street.now = TWO_WEEKS_BEFORE + timedelta(days=9)  # 5 days before, 7 was slept through
    send(street)
    about = [p.facts for p in street.got["lan"] if p.facts["day"] == "disability_day"]
    assert [facts["left"] for facts in about] == [5]


def test_a_reminder_that_is_later_than_its_limit_is_left_out(street: Street) -> None:
    street.now = TWO_WEEKS_BEFORE + timedelta(days=4)  # 10 days before: 14 is too long ago
    send(street)
    assert "lan" not in street.got


def test_a_day_that_passed_in_mid_run_is_not_announced_any_more(street: Street) -> None:
    street.now = TWO_WEEKS_BEFORE
    assert send_day_reminders(street.database, now=street.now)
    street.now += timedelta(days=15)
    send(street)
    with street.database.transaction() as session:
        rows = session.all(select(day_reminder).where(day_reminder.c.day == "disability_day"))
    assert rows[0].state == "skipped"


def test_a_day_taken_out_of_the_data_in_mid_run_is_let_go(street: Street) -> None:
    street.now = TWO_WEEKS_BEFORE
    assert send_day_reminders(street.database, now=street.now)
    with patch.object(storage.days, "DAYS", ()):
        assert send_day_reminders(street.database, now=street.now)
    street.deliver()
    assert street.heard("lan") == []


def test_the_day_itself_brings_no_reminder(street: Street) -> None:
    street.now = TWO_WEEKS_BEFORE + timedelta(days=14)
    send(street)
    assert all(p.facts["day"] != "disability_day" for p in street.got.get("lan", []))


def test_the_clock_knows_when_the_next_reminder_is_due(street: Street) -> None:
    with street.database.transaction() as session:
        assert next_day_reminder_at(session) is None
        beat(session, names=["days"], now=TWO_WEEKS_BEFORE - timedelta(hours=3))
        assert next_day_reminder_at(session) == TWO_WEEKS_BEFORE


def test_two_workers_at_once_start_a_reminder_once(street: Street) -> None:
    street.now = TWO_WEEKS_BEFORE
    threads = [Thread(target=lambda: send_day_reminders(street.database, now=street.now))]
    threads += [Thread(target=lambda: send_day_reminders(street.database, now=street.now))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    send(street)
    assert street.heard("lan") == ["day_reminder"]


def test_a_reminder_that_another_worker_started_meanwhile_is_not_started_again(
    street: Street,
) -> None:
    street.now = TWO_WEEKS_BEFORE
    send(street)
    with patch.object(storage.days, "_is_known", lambda _session, _one: False):
        assert send_day_reminders(street.database, now=street.now)
    with street.database.transaction() as session:
        assert len(session.all(select(day_reminder))) == 1
