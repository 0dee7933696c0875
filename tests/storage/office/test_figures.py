"""Figures of the week: counted for this week and the last, and for nobody below the office."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select

from storage.confirmations import add_mark
from storage.database import Database
from storage.demo import make_demo_data
from storage.office import figure_facts, list_waiting
from storage.people import Person
from storage.refusals import NotAllowed
from storage.rules.marks import MarkKind
from storage.tables import claim, survey_answer, survey_round
from tests.storage.office.reading import read_through, steps_of
from tests.storage.office.records import add_call, add_claim, add_need
from tests.storage.residents import register

DAY = timedelta(days=1)


@pytest.fixture
def wang(database: Database, now: datetime) -> Person:
    long_ago = now - 60 * DAY
    return database.do(register, now=long_ago, name="王珊", roles=("coordinator",), chat=1)


def test_this_week_stands_beside_the_last(database: Database, now: datetime, wang: Person) -> None:
    # It is Wednesday: two days ago is this week, five days ago the last.
    this, last = now - 2 * DAY, now - 5 * DAY
    with database.transaction() as session:
        lan = register(session, now=this, name="陈素芬", roles=("resident",)).id
        zhang = register(session, now=last, name="张强", roles=("volunteer",)).id
        first = add_need(session, resident=lan, at=this, area="health")
        add_claim(session, need_id=first, volunteer=zhang, at=this + timedelta(minutes=30))
        second = add_need(session, resident=lan, at=last, state="closed", ended=this)
        add_claim(
            session, need_id=second, volunteer=zhang, at=last + timedelta(hours=2), minutes=90
        )
        add_need(session, resident=lan, at=now - 30 * DAY)
        for rung in (0, 1, 3):
            add_call(session, resident=lan, caller=wang.id, at=this, rung=rung)
        unmarked = figure_facts(session, now=now, actor=wang)
        visit = session.value(select(claim.c.id).where(claim.c.need_id == second))
        for kind in (MarkKind.RESIDENT, MarkKind.DOOR_WORDS):
            add_mark(session, now=now, claim_id=visit, kind=kind, by=lan)
        facts = figure_facts(session, now=now, actor=wang)
    assert (unmarked["visits_before"], unmarked["visit_minutes_before"]) == (1, 0)
    told = {
        name: (facts[name], facts[f"{name}_before"]) for name in facts if f"{name}_before" in facts
    }
    assert told == {
        "residents": (1, 0),
        "volunteers": (0, 1),
        "stated": (1, 1),
        "closed": (1, 0),
        "claim_minutes": (30, 120),
        "calls": (3, 0),
        "unanswered": (2, 0),
        "looked_in": (1, 0),
        "visits": (0, 1),
        "visit_minutes": (0, 90),
    }
    assert facts["open"] == 2
    assert facts["areas"] == ["livelihood", "health"]
    assert (facts["stated_by"], facts["closed_by"]) == (["0", "1"], ["1", "0"])
    assert facts["open_by"] == ["1", "1"]


def test_whole_weeks_are_the_last_and_the_one_before(
    database: Database, now: datetime, wang: Person
) -> None:
    with database.transaction() as session:
        lan = register(session, now=now - 60 * DAY, name="陈素芬", roles=("resident",)).id
        for days in (1, 5, 6, 12):
            add_need(session, resident=lan, at=now - days * DAY)
        facts = figure_facts(session, now=now, actor=wang, whole=True)
    assert (facts["stated"], facts["stated_before"]) == (2, 1)


def test_an_empty_register_has_figures_too(database: Database, now: datetime, wang: Person) -> None:
    facts = database.do(figure_facts, now=now, actor=wang)
    assert (facts["stated"], facts["claim_minutes"], facts["areas"]) == (0, None, [])


@pytest.mark.parametrize("role", ["resident", "volunteer", "caregiver"])
def test_nobody_else_sees_figures(database: Database, now: datetime, role: str) -> None:
    other = database.do(register, now=now, name="张强", roles=(role,), chat=4)
    with pytest.raises(NotAllowed):
        database.do(figure_facts, now=now, actor=other)


def test_figures_cost_what_a_week_holds(database: Database, now: datetime, wang: Person) -> None:
    make_demo_data(database, now=now, residents=300, volunteers=100, seed=1)
    with database.transaction() as session:
        steps = steps_of(session, lambda: figure_facts(session, now=now, actor=wang))
    assert len(steps) > 10
    assert read_through(steps) == []


def test_those_who_lead_see_the_whole_and_small_cells_only_as_few(
    database: Database, now: datetime, wang: Person
) -> None:
    with database.transaction() as session:
        leader = register(session, now=now, name="刘主任", roles=("leading_group",), chat=9)
        lan = register(session, now=now, name="陈素芬", roles=("resident",)).id
        for number in range(7):
            area = "health" if number < 5 else "learning"
            add_need(session, resident=lan, at=now - DAY, area=area)
        facts = figure_facts(session, now=now, actor=leader)
        assert (facts["stated"], facts["areas"]) == (7, ["health", "learning"])
        assert (facts["stated_by"], facts["closed_by"]) == (["5", "few"], ["0", "0"])
        assert figure_facts(session, now=now, actor=wang)["stated_by"] == ["5", "2"]


def test_open_surveys_say_how_far_they_are(database: Database, now: datetime, wang: Person) -> None:
    with database.transaction() as session:
        one = session.add(
            insert(survey_round).values(
                title="2026年摸底",
                kind="resident",
                field_keys="",
                questions="[]",
                audience="{}",
                reminders=0,
                state="open",
                closes_at=now + 3 * DAY,
                next_step_at=now,
                opened_by=wang.id,
                created_at=now,
                version=1,
            )
        )
        for number, state in enumerate(("outstanding", "answered")):
            lan = register(session, now=now, name="陈素芬", roles=("resident",)).id
            row = {"uid": f"{number}", "round_id": one, "person_id": lan, "by_chat": False}
            row |= {"state": state, "channel": "phone" if number else None, "version": 1}
            session.execute(insert(survey_answer), row | {"asked": 0})
        facts = figure_facts(session, now=now, actor=wang)
        assert (facts["rounds"], facts["answered"], facts["asked"]) == (
            ["2026年摸底"],
            ["1"],
            ["2"],
        )
        assert [one.key for one in list_waiting(session, now=now, actor=wang)] == ["rounds"]
