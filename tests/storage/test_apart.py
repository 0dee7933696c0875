"""Kept apart: either order, once for each ground, until every ground is lifted."""

from datetime import datetime

import pytest

from storage.apart import Ground, apart_from, are_apart, keep_apart, let_meet
from storage.database import Database
from storage.references import move_references
from tests.storage.residents import register


@pytest.fixture
def people(database: Database, now: datetime) -> tuple[int, int, int]:
    with database.transaction() as session:
        made = [register(session, now=now, name=name) for name in ("陈素芬", "李强", "周小兰")]
    return made[0].id, made[1].id, made[2].id


def test_nobody_is_kept_apart_from_anybody_at_first(
    database: Database, people: tuple[int, int, int]
) -> None:
    chen, li, _ = people
    assert not database.do(are_apart, chen, li)
    assert database.do(apart_from, chen) == frozenset()


def test_a_pair_is_apart_whoever_is_named_first(
    database: Database, now: datetime, people: tuple[int, int, int]
) -> None:
    chen, li, zhou = people
    assert database.do(keep_apart, now=now, one=li, other=chen, ground=Ground.REPORT, by=chen)
    assert database.do(are_apart, chen, li)
    assert database.do(are_apart, li, chen)
    assert not database.do(are_apart, chen, zhou)
    assert database.do(apart_from, chen) == {li}
    assert database.do(apart_from, li) == {chen}


def test_the_same_ground_is_written_down_once(
    database: Database, now: datetime, people: tuple[int, int, int]
) -> None:
    chen, li, _ = people
    ground = Ground.RESIDENT
    assert database.do(keep_apart, now=now, one=chen, other=li, ground=ground, by=chen)
    assert not database.do(keep_apart, now=now, one=li, other=chen, ground=ground, by=chen)


def test_they_meet_again_only_when_no_ground_is_left(
    database: Database, now: datetime, people: tuple[int, int, int]
) -> None:
    chen, li, _ = people
    for ground in (Ground.REPORT, Ground.HELPER):
        database.do(keep_apart, now=now, one=chen, other=li, ground=ground, by=chen)
    assert database.do(let_meet, now=now, one=li, other=chen, ground=Ground.REPORT, by=None)
    assert database.do(are_apart, chen, li)
    assert database.do(let_meet, now=now, one=chen, other=li, ground=Ground.HELPER, by=None)
    assert not database.do(are_apart, chen, li)
    assert not database.do(let_meet, now=now, one=chen, other=li, ground=Ground.HELPER, by=None)


def test_who_was_merged_stays_apart_under_the_number_that_is_kept(
    database: Database, now: datetime, people: tuple[int, int, int]
) -> None:
    chen, li, zhou = people
    database.do(keep_apart, now=now, one=li, other=zhou, ground=Ground.REPORT, by=li)
    assert database.do(move_references, gone=zhou, kept=chen) == []
    assert database.do(are_apart, li, chen)
    assert database.do(apart_from, li) == {chen}
