"""Two hands on one entry of the register, on each kind of database."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from storage.database import Database
from storage.people import Person
from storage.refusals import Refusal
from storage.registers import (
    change_profile,
    find_certificate,
    list_members,
    open_profile,
    place_in_household,
    record_certificate,
)
from storage.tables import disability_certificate, household_member
from tests.storage.residents import register

NUMBERS = ("50029919450307018211", "50029919450307018243")


@pytest.fixture
def staff(database: Database, now: datetime) -> Person:
    return database.do(register, now=now, name="王珊", roles=("coordinator",), chat=1)


@pytest.fixture
def chen(database: Database, now: datetime) -> Person:
    return database.do(register, now=now, name="陈素芬", roles=("resident",), chat=2)


def _at_once(steps: Sequence[Callable[[], Any]]) -> list[str]:
    line = Barrier(len(steps))

    def run(step: Callable[[], Any]) -> str:
        line.wait()
        try:
            step()
        except Refusal as refusal:
            return refusal.key
        return "ok"

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


def test_of_two_numbers_at_once_one_is_the_newest_and_nothing_breaks(
    database: Database, now: datetime, staff: Person, chen: Person
) -> None:
    for _ in range(5):
        answers = _at_once(
            [
                partial(
                    database.do,
                    record_certificate,
                    now=now,
                    actor=staff,
                    person_id=chen.id,
                    number=number,
                    ground="card",
                )
                for number in NUMBERS
            ]
        )
        assert set(answers) <= {"ok", "too_late"}
        assert "ok" in answers
        with database.transaction() as session:
            latest = select(func.count()).where(
                disability_certificate.c.person_id == chen.id, disability_certificate.c.latest
            )
            assert session.value(latest) == 1
            newest = find_certificate(session, person_id=chen.id)
            assert newest is not None
            assert newest.number in NUMBERS


def test_of_many_hands_at_one_profile_none_loses_its_column(
    database: Database, now: datetime, staff: Person, chen: Person
) -> None:
    columns = {"sex": "female", "marital": "married", "dialect": "重庆话", "devices": "轮椅"}
    answers = _at_once(
        [
            partial(
                database.do,
                change_profile,
                now=now,
                actor=staff,
                person_id=chen.id,
                values={key: value},
                ground="staff",
            )
            for key, value in columns.items()
        ]
    )
    assert answers == ["ok"] * len(columns)
    with database.transaction() as session:
        assert open_profile(session, person_id=chen.id) == columns


def test_somebody_placed_twice_at_once_lives_in_one_household(
    database: Database, now: datetime, staff: Person, chen: Person
) -> None:
    place = partial(
        database.do, place_in_household, now=now, actor=staff, person_id=chen.id, code="07-1"
    )
    assert _at_once([place, place, place]) == ["ok"] * 3
    with database.transaction() as session:
        rows = session.all(select(household_member.c.household_id))
        assert len(rows) == 1
        members = list_members(session, household_id=rows[0].household_id)
        assert [one.person_id for one in members] == [chen.id]
