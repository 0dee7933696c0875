"""Two entries with a call plan each become one: who merges them sees both plans and chooses."""

from datetime import time

from sqlalchemy import insert

from storage.call_plans import list_own_plans
from storage.tables import duplicate
from tests.handlers.calls.talk import Talk
from tests.storage.calls.street import Street


def twice(talk: Talk) -> Street:
    """lan was written down twice: lan and lanlan."""
    street = talk.street
    street.join("lanlan", "resident", phone="+8610012340002")
    low, high = sorted((street.people["lan"], street.people["lanlan"]))
    row = {"low_id": low, "high_id": high, "why": "name", "created_at": street.now}
    with street.database.transaction() as session:
        session.execute(insert(duplicate).values(row))
    return street


def plan_also(street: Street) -> None:
    """The second entry has a plan of its own."""
    lan = street.people["lan"]
    street.people["lan"] = street.people["lanlan"]
    street.plan(clock=time(10))
    street.people["lan"] = lan


def merge(talk: Talk) -> str:
    talk.type("wang", "/duplicates")
    return talk.press("wang", "保留第 1 份")


def test_who_merges_two_entries_with_calls_sees_both_plans_and_ends_one(talk: Talk) -> None:
    street = twice(talk)
    street.plan()
    plan_also(street)
    said = merge(talk)
    assert "会接到两处的电话" in said
    assert len(street.do(list_own_plans, person_id=street.people["lan"])) == 2, "none ends alone"
    talk.press("wang", "结束：zhang，10:00")
    talk.press("wang", "结束计划")
    (left,) = street.do(list_own_plans, person_id=street.people["lan"])
    assert left.time == "15:00"


def test_with_one_plan_nothing_is_asked(talk: Talk) -> None:
    street = twice(talk)
    street.plan()
    assert "会接到两处的电话" not in merge(talk)
    assert "duplicate_plans" not in street.heard("wang")
