"""Two people of one household whose calls are near are asked about in one message."""

from datetime import time

import pytest
from sqlalchemy import insert

from storage.rules.ladder import Outcome
from storage.tables import household, household_member, outage
from tests.storage.calls.street import Street


@pytest.fixture
def home(street: Street) -> Street:
    """lan and gui live together; zhang phones both, at three and a quarter past."""
    street.join("gui", "resident", phone="+8610012340001")
    with street.database.transaction() as session:
        made = session.add(insert(household).values(created_at=street.now, version=1))
        for name in ("lan", "gui"):
            session.execute(
                insert(household_member),
                {
                    "person_id": street.people[name],
                    "household_id": made,
                    "relation": "other",
                    "since": street.now,
                },
            )
    street.plan()
    plan_for_gui(street)
    return street


def plan_for_gui(street: Street, **changes: object) -> None:
    lan = street.people["lan"]
    street.people["lan"] = street.people["gui"]
    street.plan(**({"clock": time(15, 15)} | changes))
    street.people["lan"] = lan


def test_near_calls_of_one_household_come_as_one_message(home: Street) -> None:
    home.forward(hours=5, minutes=14)
    assert "check_in_call" not in home.heard("zhang"), "the first waits for the second"
    home.forward(minutes=2)
    assert home.heard("zhang").count("check_in_household") == 1
    asked = home.last("zhang")
    assert asked.facts["names"] == ["lan", "gui"]
    assert len([one for line in asked.buttons for one in line]) == 8
    home.answer("zhang", Outcome.SPOKE_FINE, 1)
    home.answer("zhang", Outcome.SPOKE_FINE, 2)
    home.forward(hours=6)
    assert home.heard("wang") == []


def test_each_goes_on_for_itself(home: Street) -> None:
    home.forward(hours=5, minutes=20)
    home.answer("zhang", Outcome.SPOKE_FINE, 1)
    home.forward(minutes=46)
    assert home.case(1).state == "closed"
    assert home.heard("zhang")[-1] == "check_in_call_again"
    home.forward(hours=4)
    assert home.case(2).rung > 2, "the second climbs alone"


def test_others_of_the_street_are_asked_about_apart(street: Street) -> None:
    street.join("gui", "resident", phone="+8610012340001")
    street.plan()
    plan_for_gui(street, clock=time(15))
    street.forward(hours=5, minutes=5)
    assert street.heard("zhang").count("check_in_call") == 2


def test_asked_about_together_neither_counts_as_unasked_when_the_messenger_goes_away(
    home: Street,
) -> None:
    home.forward(hours=5, minutes=20)
    assert home.heard("zhang").count("check_in_household") == 1
    with home.database.transaction() as session:
        session.execute(insert(outage).values(kind="messenger", began=home.now, version=1))
    home.forward(hours=1)
    assert [home.case(one).last_outcome for one in (1, 2)] == [None, None]
    assert home.count("check_in_missed") == 0
