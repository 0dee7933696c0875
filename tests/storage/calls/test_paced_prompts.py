"""Many calls due at once: whose prompt only waits for the messenger's pace is not passed over."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from storage.outbox.leasing import lease
from storage.outbox.outcomes import End, SendResult, record
from storage.tables import outbox
from tests.storage.calls.street import Street

THREE = datetime(2026, 11, 26, 7, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CALLERS = 12


@pytest.fixture
def crowd(street: Street) -> Street:
    """Twelve residents are due at three, each with a caller of their own and liu to stand in."""
    lan = street.people["lan"]
    for number in range(CALLERS):
        street.join(f"r{number}", "resident", phone=f"+8610012340{number:03}")
        street.join(f"c{number}", "volunteer")
        street.people["lan"] = street.people[f"r{number}"]
        street.plan(caller_id=street.people[f"c{number}"])
    street.people["lan"] = lan
    street.deliver()
    street.got.clear()
    street.now = THREE
    return street


def pass_minutes(street: Street, minutes: int, *, a_minute: int = 1) -> None:
    """The post takes so many a minute and no more."""
    for _ in range(minutes):
        street.tick()
        if a_minute:
            street.deliver(most=a_minute)
        street.now += MINUTE


def test_a_prompt_behind_many_others_is_waited_for_and_not_passed_over(crowd: Street) -> None:
    pass_minutes(crowd, CALLERS)
    crowd.tick()
    assert [crowd.heard(f"c{number}") for number in range(CALLERS)] == [["check_in_call"]] * CALLERS
    assert crowd.heard("liu") == []
    assert crowd.count("check_in_prompt_unsent") == 0


def test_the_time_to_report_counts_from_when_the_last_prompt_went_out(crowd: Street) -> None:
    pass_minutes(crowd, CALLERS)
    last = f"c{CALLERS - 1}"
    crowd.now = THREE + (CALLERS - 1 + 44) * MINUTE
    crowd.tick()
    crowd.deliver()
    assert crowd.heard("c0")[-1] == "check_in_call_again"
    assert crowd.heard(last) == ["check_in_call"]
    crowd.now += MINUTE
    crowd.tick()
    crowd.deliver()
    assert crowd.heard(last)[-1] == "check_in_call_again"


def test_when_nothing_goes_out_any_more_somebody_else_is_asked(crowd: Street) -> None:
    pass_minutes(crowd, 3)
    pass_minutes(crowd, 4, a_minute=0)
    assert crowd.count("check_in_prompt_unsent") == CALLERS - 3
    pass_minutes(crowd, 2, a_minute=20)
    assert crowd.heard("liu").count("check_in_stand_in") == CALLERS - 3


def test_a_chat_that_sent_a_message_back_is_not_waited_for(crowd: Street) -> None:
    crowd.tick()
    refuse_first(crowd)
    pass_minutes(crowd, 6)
    assert crowd.heard("c0") == []
    assert crowd.count("check_in_prompt_unsent") == 1
    pass_minutes(crowd, 2)
    assert crowd.heard("liu") == ["check_in_stand_in"]


def refuse_first(street: Street) -> None:
    """The messenger asks for an hour's patience with the first caller's chat."""
    with street.database.transaction() as session:
        parcel = lease(session, owner="test", limit=1, now=street.now, real=0.0)[0]
        later = SendResult(parcel.id, End.LATER, wait=3600.0)
        record(session, owner="test", results=[later], now=street.now, real=0.0)


def test_a_prompt_waits_for_its_turn_no_longer_than_half_an_hour(crowd: Street) -> None:
    for _ in range(29):
        crowd.tick()
        hurry(crowd)
        crowd.now += MINUTE
    assert crowd.count("check_in_prompt_unsent") == 0
    pass_minutes(crowd, 2, a_minute=0)
    assert crowd.count("check_in_prompt_unsent") == CALLERS
    crowd.deliver()
    assert crowd.heard("liu") == ["check_in_stand_in"] * CALLERS
    assert not any(crowd.heard(f"c{number}") for number in range(CALLERS))


def hurry(street: Street) -> None:
    """Something more urgent, to somebody else, takes this minute's place."""
    with street.database.transaction() as session:
        session.execute(
            outbox.insert(),
            {
                "key": f"urgent:{street.now:%H%M}",
                "chat_id": 1,
                "template": "help",
                "facts": b"",
                "message_class": "answer",
                "priority": 1,
                "state": "sent",
                "not_before": street.now,
                "created_at": street.now,
                "sent_at": street.now,
                "kind": "send",
                "attempts": 1,
                "unclear": 0,
                "retry_at": 0.0,
            },
        )


def test_what_may_have_arrived_already_is_not_waited_for_as_if_it_were_queued(
    crowd: Street,
) -> None:
    crowd.tick()
    with crowd.database.transaction() as session:
        parcel = lease(session, owner="test", limit=1, now=crowd.now, real=0.0)[0]
        lost = SendResult(parcel.id, End.UNCLEAR, wait=3600.0)
        record(session, owner="test", results=[lost], now=crowd.now, real=0.0)
        assert session.value(select(outbox.c.unclear).where(outbox.c.id == parcel.id)) == 1
    pass_minutes(crowd, 6)
    assert crowd.count("check_in_prompt_unsent") == 1
