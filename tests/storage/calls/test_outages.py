"""Times without a word: noted by the heartbeats, told once and honestly, no burst after."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from storage.alarms.raising import raise_alarm
from storage.check_ins import (
    ask_usual_callers,
    next_outage_at,
    show_missed,
    take_check_in,
    tell_outages,
)
from storage.database import Session
from storage.heartbeats import beat
from storage.outages import CALLS, MESSENGER, find_lasting, list_outages, note_outages
from storage.outbox import MessageClass, say
from storage.people import Person, get_person
from storage.refusals import NotAllowed
from storage.rules.dangers import DangerKind
from storage.rules.ladder import Outcome
from storage.tables import check_in, journal, outage
from tests.storage.calls.street import Street

# Thursday the 26th, 08:10 and 09:40 in Shanghai.
GONE = datetime(2026, 11, 26, 0, 10, tzinfo=UTC)
BACK = datetime(2026, 11, 26, 1, 40, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def alive(street: Street, *names: str, at: datetime | None = None) -> None:
    """The program runs, or the messenger answers, at this moment."""
    street.do(beat, names=names or (CALLS, MESSENGER), now=at or street.now)


def look(street: Street) -> None:
    """What each tick begins with: look back, tell, and then all that is due."""
    street.do(note_outages, now=street.now)
    while tell_outages(street.database, now=street.now):
        pass
    street.tick()
    alive(street, CALLS)


def sleep(street: Street, *, until: datetime = BACK, since: datetime = GONE) -> None:
    """The whole program stands still."""
    alive(street, at=since)
    street.sleep_until(until)
    look(street)
    street.deliver()


def run(street: Street, until: datetime, *, reached: bool) -> None:
    """The program runs minute by minute; the messenger answers, or it does not."""
    while street.now < until:
        street.now = min(street.now + MINUTE, until)
        if reached:
            alive(street, MESSENGER)
        look(street)
        if reached:
            street.deliver()


def plan_calls(street: Street, *clocks: time) -> list[str]:
    """One more resident for each of these hours; returns their names in that order."""
    names = []
    kept = street.people["lan"]
    for number, clock in enumerate(clocks):
        name = f"r{number:02}"
        street.join(name, "resident", phone="+8610012345678")
        street.people["lan"] = street.people[name]
        street.plan(clock=clock)
        names.append(name)
    street.people["lan"] = kept
    street.deliver()
    street.got.clear()
    return names


FOUR = (time(8, 15), time(8, 40), time(9), time(9, 30))


def test_four_calls_due_in_a_sleep_make_one_message_and_can_be_made(street: Street) -> None:
    names = plan_calls(street, *FOUR)
    sleep(street)
    assert street.got == {}, "what people wrote meanwhile is read first"
    assert street.do(next_outage_at) == BACK + MINUTE
    run(street, BACK + MINUTE, reached=True)
    assert street.heard("wang") == street.heard("chen") == ["outage_told"]
    assert street.heard("zhang") == [], "no stale prompt"
    told = street.last("wang")
    assert told.facts["names"] == names
    assert (told.facts["began"], told.facts["ended"]) == (GONE.isoformat(), BACK.isoformat())
    assert street.count("outage_told") == 1
    wang = street.people["wang"]
    street.do(take_check_in, now=street.now, actor_id=wang, check_in_id=1)
    street.answer("wang", Outcome.SPOKE_FINE)
    assert street.case().ending == "spoke_fine"
    run(street, BACK + 40 * MINUTE, reached=True)
    assert street.last("chen").template == "check_in_missed"
    assert street.last("chen").facts["names"] == names[1:]
    assert street.last("chen").facts["again"] is True


def test_fifty_calls_after_two_hours_are_one_message_to_each_on_duty(street: Street) -> None:
    plan_calls(street, *[time(8, 10 + number) for number in range(50)])
    sleep(street, until=GONE + timedelta(hours=2))
    run(street, GONE + timedelta(hours=2, minutes=20), reached=True)
    assert {name: len(got) for name, got in street.got.items()} == {"wang": 1, "chen": 1}
    told = street.last("wang")
    assert told.facts["count"] == 50
    assert len(told.buttons) == 22
    assert told.buttons[-2][0].data.startswith("missed_call:more:")
    rest, buttons = street.do(show_missed, actor=who(street, "wang"), after=20)
    assert (rest["count"], len(buttons)) == (30, 22)


def test_the_usual_callers_are_asked_when_somebody_on_duty_says_so(street: Street) -> None:
    plan_calls(street, *FOUR)
    sleep(street)
    run(street, BACK + MINUTE, reached=True)
    asked = street.do(ask_usual_callers, now=street.now, actor=who(street, "wang"))
    assert asked == 4
    run(street, BACK + 2 * MINUTE, reached=True)
    assert street.heard("zhang") == ["check_in_call"] * 4
    street.answer("zhang", Outcome.SPOKE_FINE, 2)
    again = street.do(ask_usual_callers, now=street.now, actor=who(street, "chen"))
    assert again == 0, "a second press finds nothing to hand back"


@pytest.mark.parametrize("name", ["zhang", "lan", "other"])
def test_nobody_but_staff_sees_or_moves_what_was_missed(street: Street, name: str) -> None:
    plan_calls(street, *FOUR)
    sleep(street)
    with pytest.raises(NotAllowed):
        street.do(show_missed, actor=who(street, name), after=0)
    with pytest.raises(NotAllowed):
        street.do(ask_usual_callers, now=street.now, actor=who(street, name))


def test_ten_minutes_without_a_tick_are_no_outage(street: Street) -> None:
    plan_calls(street, time(8, 15))
    sleep(street, until=GONE + 10 * MINUTE)
    assert outages(street) == []
    run(street, street.now + MINUTE, reached=True)
    assert street.heard("zhang") == ["check_in_call"]


def test_a_sleep_in_which_nothing_was_due_disturbs_nobody(street: Street) -> None:
    sleep(street)
    run(street, BACK + 5 * MINUTE, reached=True)
    assert street.got == {}
    assert [row.calls for row in outages(street)] == [0]


def test_a_clock_set_back_is_no_outage_and_none_is_noted_twice(street: Street) -> None:
    sleep(street)
    alive(street, at=GONE)
    street.do(note_outages, now=GONE - timedelta(hours=1))
    street.do(note_outages, now=BACK)
    assert len(outages(street)) == 1


def test_at_night_duty_is_told_in_the_morning(street: Street) -> None:
    plan_calls(street, time(20))
    sleep(street, since=GONE.replace(hour=11), until=GONE.replace(hour=14))
    run(street, street.now + 5 * MINUTE, reached=True)
    assert street.got == {}
    street.now = GONE.replace(day=27, hour=0, minute=1)
    alive(street)
    look(street)
    street.deliver()
    assert street.heard("wang") == ["outage_told"]


def test_offers_that_went_out_of_date_are_counted_and_not_sent(street: Street) -> None:
    alive(street, at=GONE)
    street.now = GONE
    for name in ("zhang", "liu"):
        street.do(
            say,
            now=GONE,
            to=street.people[name],
            key=f"late:{name}",
            template="offer_card",
            message_class=MessageClass.INFO,
            shelf=timedelta(hours=1),
        )
    street.sleep_until(BACK)
    look(street)
    run(street, BACK + MINUTE, reached=True)
    told = street.last("wang").facts
    assert (told["kinds"], told["counts"], told["count"]) == (["offers"], ["2"], 0)
    assert street.heard("zhang") == []


def test_while_the_messenger_is_away_the_ladder_climbs_on_nothing(street: Street) -> None:
    names = plan_calls(street, *FOUR)
    street.now = GONE
    alive(street)
    run(street, BACK, reached=False)
    assert street.do(find_lasting) is not None
    assert {row.last_outcome for row in cases(street)} == {"missed"}
    assert street.count("check_in_climbed") == street.count("check_in_missed_told") == 0
    run(street, BACK + 10 * MINUTE, reached=True)
    assert {name: len(got) for name, got in street.got.items()} == {"wang": 1, "chen": 1}
    told = street.last("wang")
    assert told.facts["names"] == names
    assert (told.facts["asleep"], told.facts["messenger"]) == (False, True)
    assert told.facts["began"] == GONE.isoformat()


def test_a_case_under_way_waits_for_the_messenger_and_then_goes_on(street: Street) -> None:
    plan_calls(street, time(8, 5))
    street.now = GONE - 6 * MINUTE
    run(street, GONE, reached=True)
    assert street.heard("zhang") == ["check_in_call"]
    street.answer("zhang", Outcome.NO_ANSWER)
    run(street, BACK, reached=False)
    assert street.case().last_outcome == "no_answer"
    assert street.case().rung == 1
    run(street, BACK + 10 * MINUTE, reached=True)
    assert street.heard("zhang") == ["check_in_call", "check_in_call_again"]
    assert "outage_told" not in street.heard("wang"), "no call was missed"


def test_what_somebody_holds_comes_back_in_time_also_while_the_messenger_is_away(
    street: Street,
) -> None:
    street.plan(clock=time(15))
    street.forward(hours=12)
    street.now = GONE
    alive(street)
    street.take("wang")
    run(street, GONE + 20 * MINUTE, reached=False)
    assert street.do(find_lasting) is not None
    run(street, BACK, reached=False)
    assert street.case().holder_id is None
    assert street.count("check_in_hold_over") == 1
    run(street, BACK + 40 * MINUTE, reached=True)
    assert street.last("chen").template == "check_in_duty"


def test_an_alarm_rings_on_and_is_heard_once_when_the_messenger_is_back(street: Street) -> None:
    street.now = GONE
    alive(street)
    street.do(
        raise_alarm,
        now=GONE,
        chat_id=street.chat_of("lan"),
        person_id=street.people["lan"],
        words="救命",
        kind=DangerKind.UNKNOWN,
    )
    run(street, BACK, reached=False)
    street.deliver()
    assert len(street.got["wang"]) == 1
    assert int(str(street.last("wang").facts["ring"])) > 10


def test_who_wakes_into_a_time_without_messenger_tells_both_as_one(street: Street) -> None:
    plan_calls(street, *FOUR)
    alive(street, at=GONE)
    street.sleep_until(GONE + 40 * MINUTE)
    run(street, BACK, reached=False)
    assert [one.kind for one in street.do(list_outages, since=GONE)] == ["messenger", "asleep"]
    run(street, BACK + 10 * MINUTE, reached=True)
    assert len(street.got["wang"]) == 1
    told = street.last("wang").facts
    assert (told["asleep"], told["messenger"], told["count"]) == (True, True, 4)
    assert (told["began"], told["ended"]) == (GONE.isoformat(), (BACK + MINUTE).isoformat())


def test_five_minutes_without_the_messenger_are_no_outage(street: Street) -> None:
    street.now = GONE
    alive(street)
    run(street, GONE + 5 * MINUTE, reached=False)
    assert street.do(find_lasting) is None
    run(street, GONE + 6 * MINUTE, reached=False)
    assert street.do(find_lasting) is not None


def who(street: Street, name: str) -> Person:
    """Somebody as the database knows them."""
    return street.do(get_person, person_id=street.people[name])


def outages(street: Street) -> Sequence[Any]:
    """Every row of the table."""

    def read(session: Session) -> Sequence[Any]:
        return session.all(select(outage))

    return street.do(read)


def cases(street: Street) -> Sequence[Any]:
    """Every check-in."""

    def read(session: Session) -> Sequence[Any]:
        return session.all(select(check_in))

    return street.do(read)


def test_what_is_noted_of_an_outage_names_nobody(street: Street) -> None:
    plan_calls(street, *FOUR)
    sleep(street)
    run(street, BACK + MINUTE, reached=True)
    with street.database.transaction() as session:
        (detail,) = session.all(select(journal.c.detail).where(journal.c.what == "outage_told"))
    assert detail.detail == f"{GONE.isoformat()} to {BACK.isoformat()}: 4 calls"
