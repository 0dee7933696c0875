"""Taking a need and giving it back gains no time: it climbs by its own age."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Row, select

from storage.communities import seed
from storage.database import Database
from storage.needs import cancel_need, climb_needs, release_claim
from storage.rules.areas import Urgency
from storage.rules.limits import LADDER, Level, limit_at, limit_of
from storage.tables import climb, need
from tests.storage.needs.test_overdue import association, staff
from tests.storage.needs.village import Village

U2 = Urgency.U2
# What is not urgent falls due at the next of two moments a day.
LOOK = timedelta(days=1)
# Held for a while, given back, and so long until somebody takes it again; in hours.
ROUNDS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=2, max_size=4)


@pytest.fixture
def village(database: Database, now: datetime) -> Village:
    with database.transaction() as session:
        seed(session, now=now)
    made = Village(database, now)
    made.settle(volunteers=1)
    return made


def _stands(village: Village, need_id: int) -> Row[tuple[str, datetime]]:
    with village.database.transaction() as session:
        found = session.find(select(need.c.level, need.c.due_at).where(need.c.id == need_id))
    assert found is not None
    return found


def _pass(village: Village, hours: int) -> None:
    village.wait(timedelta(hours=hours))
    while climb_needs(village.database, now=village.now):
        pass


def _cancel(village: Village, need_id: int) -> None:
    version = village.need(need_id).version
    village.do(cancel_need, actor_id=village.resident, need_id=need_id, version=version)


def _latest(village: Village, need_id: int, stated: datetime) -> datetime:
    """When the limit of a need that nobody has may be over at the latest: by its age alone."""
    with village.database.transaction() as session:
        last = session.find(
            select(climb.c.level, climb.c.at)
            .where(climb.c.need_id == need_id)
            .order_by(climb.c.id.desc())
            .limit(1)
        )
    if last is not None:
        climbed: datetime = last.at
        return climbed + limit_at(Level(last.level), U2).within + LOOK
    asked = limit_of("open", U2).within
    return stated + asked + sum((limit_at(one, U2).within for one in LADDER[1:]), LOOK)


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rounds=ROUNDS)
def test_however_often_it_is_given_back_its_limit_follows_from_its_age(
    village: Village, rounds: list[tuple[int, int]]
) -> None:
    stated, need_id = village.now, village.state()
    for held, left in rounds:
        village.claim(need_id, village.volunteers[0])
        _pass(village, held)
        if village.need(need_id).claim is not None:
            village.act(release_claim, need_id)
        assert _stands(village, need_id).due_at <= _latest(village, need_id, stated)
        _pass(village, left)
    _cancel(village, need_id)


def test_whoever_takes_it_and_gives_it_back_each_day_does_not_keep_it_from_the_office(
    village: Village,
) -> None:
    staff(village, "残协老周", at=association(village))
    need_id = village.state()
    for _ in range(9):
        village.claim(need_id, village.volunteers[0])
        _pass(village, 1)
        village.act(release_claim, need_id)
        assert village.need(need_id).claim is None
        _pass(village, 22)
    assert _stands(village, need_id).level == Level.OFFICE.value


def test_a_first_claim_that_is_given_back_in_time_leaves_the_limit_as_it_was(
    village: Village,
) -> None:
    need_id = village.state()
    before = _stands(village, need_id)
    village.claim(need_id, village.volunteers[0])
    _pass(village, 1)
    village.act(release_claim, need_id)
    after = _stands(village, need_id)
    assert after.due_at <= before.due_at
