"""回访: who is drawn, that it is fair, and that whoever helped does not ask themselves."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from storage.call_backs import (
    Said,
    answer_call_back,
    list_call_backs,
    note_unreached,
    plan_call_backs,
)
from storage.database import Database
from storage.needs import confirm_done
from storage.people import get_person
from storage.refusals import NotAllowed, TooLate
from storage.rules.call_backs import MINIMUM, Closed, Why, choose
from storage.tables import call_back, claim
from tests.storage.needs.village import Village

MONDAY = date(2026, 11, 16)
CLOSED = st.builds(
    Closed,
    need_id=st.integers(1, 500),
    uid=st.text("0123456789abcdef", min_size=4, max_size=4),
    resident_id=st.integers(1, 60),
    community_id=st.one_of(st.none(), st.integers(1, 5)),
    outcome=st.sampled_from(["solved", "partly", "not", None]),
    rating=st.one_of(st.none(), st.integers(1, 5)),
    has_chat=st.booleans(),
)


@given(st.lists(CLOSED, unique_by=lambda one: one.need_id, max_size=80))
def test_everything_unsolved_is_drawn_and_of_the_rest_enough(closed: list[Closed]) -> None:
    chosen = choose(closed, week=MONDAY)
    assert chosen == choose(list(reversed(closed)), week=MONDAY), "the order decides nothing"
    rest = set()
    for one in closed:
        low = one.rating is not None and one.rating <= 2
        if one.outcome in ("partly", "not") or low:
            assert chosen[one.need_id] is Why.NOT_SOLVED
        elif not one.has_chat:
            assert chosen[one.need_id] is Why.NO_CHAT
        else:
            rest.add(one.resident_id)
    drawn = [one for one in closed if chosen.get(one.need_id) is Why.SAMPLE]
    assert len(drawn) >= min(MINIMUM, len(rest))
    assert len({one.resident_id for one in drawn}) == len(drawn), "nobody is phoned twice"


@pytest.fixture
def village(database: Database, now: Any) -> Village:
    made = Village(database, now)
    made.settle()
    need_id = made.carried()
    made.finish(need_id)
    version = made.need(need_id).version
    made.do(confirm_done, actor_id=made.resident, need_id=need_id, version=version)
    made.now += timedelta(days=5)
    plan_call_backs(database, now=made.now)
    return made


def _list(village: Village, person_id: int) -> Any:
    with village.database.transaction() as session:
        actor = get_person(session, person_id=person_id)
        return list_call_backs(session, actor=actor)


def test_each_monday_the_last_week_is_drawn_once(village: Village) -> None:
    plan_call_backs(village.database, now=village.now + timedelta(hours=1))
    (one,) = _list(village, village.coordinator)
    assert (one.resident, one.helper, one.why) == ("兰姨", "志愿者1", "sample")
    with pytest.raises(NotAllowed):
        _list(village, village.resident)


def test_whoever_helped_never_asks_how_it_was(village: Village) -> None:
    with village.database.transaction() as session:
        session.change(update(claim).values(volunteer_id=village.coordinator))
    assert _list(village, village.coordinator) == []
    facts = {"actor_id": village.coordinator, "call_back_id": 1, "version": 1}
    with pytest.raises(NotAllowed):
        village.do(answer_call_back, said=Said("solved"), **facts)


def test_what_was_said_is_kept_sealed_and_once(village: Village) -> None:
    facts = {"actor_id": village.coordinator, "call_back_id": 1}
    village.do(note_unreached, version=1, **facts)
    said = Said("partly", 4, "还差一点")
    village.do(answer_call_back, version=2, said=said, **facts)
    with pytest.raises(TooLate):
        village.do(answer_call_back, version=3, said=said, **facts)
    with village.database.transaction() as session:
        row = session.all(select(call_back))[0]
    assert (row.state, row.outcome, row.satisfied, row.called_by) == (
        "done",
        "partly",
        4,
        village.coordinator,
    )
    assert "还差一点".encode() not in row.words


def test_who_is_not_reached_twice_is_left_in_peace(village: Village) -> None:
    facts = {"actor_id": village.coordinator, "call_back_id": 1}
    village.do(note_unreached, version=1, **facts)
    assert len(_list(village, village.coordinator)) == 1
    village.do(note_unreached, version=2, **facts)
    assert _list(village, village.coordinator) == []
