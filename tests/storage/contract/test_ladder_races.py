"""Two hands on one open check-in at one moment, on either database: one end, climb, or hold."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select, update

from storage.check_ins import (
    answer_for_oneself,
    climb_ladder,
    confirm_check_in,
    take_check_in,
)
from storage.database import Database
from storage.refusals import Refusal
from storage.rules.ladder import ORDER, Outcome, Presence, Rung
from storage.tables import check_in, check_in_asked, journal
from tests.storage.calls.street import WORDS, Street

ROUNDS = 4


@pytest.fixture
def street(database: Database, now: datetime) -> Street:
    """The stand-in was asked; two neighbours come after."""
    made = Street(database, now)
    made.settle()
    made.plan()
    for name in ("next_door", "across"):
        made.join(name, "volunteer")
        made.pair(name)
    made.forward(hours=5)
    for wait in (30, 120, 1):
        made.answer("zhang", Outcome.NO_ANSWER)
        made.forward(minutes=wait)
    return made


def at_once(*steps: Callable[[], object]) -> list[object]:
    """Run all at the same moment; what each gave back, or the key of its refusal."""
    line = Barrier(len(steps))

    def run(step: Callable[[], object]) -> object:
        line.wait()
        try:
            return step()
        except Refusal as refusal:
            return refusal.key

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


def put(street: Street, rung: Rung, **values: Any) -> None:
    """Put the case back on a rung, its step due now."""
    row = {"rung": ORDER[rung], "repeat": 1, "next_step_at": street.now}
    nobody = {"holder_id": None, "held_until": None, "confirmed_as": None}
    with street.database.transaction() as session:
        session.change(
            update(check_in)
            .where(check_in.c.id == 1)
            .values(**(row | nobody | values), version=check_in.c.version + 1)
        )


def count(street: Street, what: str) -> int:
    return street.count(what)


def test_at_the_door_and_the_end_of_the_hold_at_one_moment_leave_one_of_them(
    street: Street,
) -> None:
    liu = street.people["liu"]
    for _ in range(ROUNDS):
        put(street, Rung.STAND_IN, holder_id=liu, held_until=street.now)
        said, _ = at_once(
            lambda: street.do(
                confirm_check_in,
                now=street.now,
                actor_id=liu,
                check_in_id=1,
                presence=Presence.AT_DOOR,
            ),
            lambda: climb_ladder(street.database, now=street.now),
        )
        case = street.case()
        if said in ("check_in_hold_over", "too_late"):
            assert case.holder_id is None
        else:
            assert (case.holder_id, case.confirmed_as) == (liu, "at_door")
            assert case.next_step_at > street.now


def test_of_two_neighbours_who_take_it_together_one_has_it(street: Street) -> None:
    street.answer("liu", Outcome.NO_ANSWER)
    street.forward(minutes=1)
    for _ in range(ROUNDS):
        put(street, Rung.NEIGHBOUR)
        steps = [
            lambda who=street.people[name]: street.do(
                take_check_in, now=street.now, actor_id=who, check_in_id=1
            )
            for name in ("next_door", "across")
        ]
        refused = [one for one in at_once(*steps) if isinstance(one, str)]
        assert refused in (["check_in_held"], ["too_late"])


def test_a_vain_report_and_the_end_of_its_window_climb_once(street: Street) -> None:
    for _ in range(ROUNDS):
        # Asked, looked after once, and never sent: this step passes the caller over.
        put(street, Rung.RETRY_CALLER, repeat=2)
        before = count(street, "check_in_climbed") + count(street, "check_in_passed_over")
        at_once(
            lambda: street.answer("zhang", Outcome.NO_ANSWER),
            lambda: climb_ladder(street.database, now=street.now),
        )
        rung = street.case().rung
        assert rung in (ORDER[Rung.RETRY_OTHER_CHANNEL], ORDER[Rung.STAND_IN])
        moved = count(street, "check_in_climbed") + count(street, "check_in_passed_over") - before
        assert moved == 1
    with street.database.transaction() as session:
        twice = session.all(
            select(check_in_asked.c.version)
            .group_by(check_in_asked.c.version, check_in_asked.c.person_id)
            .having(func.count() > 1)
        )
    assert twice == []


def test_the_residents_button_and_the_neighbours_report_end_it_once(street: Street) -> None:
    lan = street.people["lan"]
    at_once(
        lambda: street.do(
            answer_for_oneself,
            now=street.now,
            person_id=lan,
            check_in_id=1,
            is_well=True,
            words=WORDS,
        ),
        lambda: street.answer("liu", Outcome.SEEN),
    )
    assert street.case().ending in ("own_button", "seen")
    with street.database.transaction() as session:
        noted = session.value(
            select(func.count()).where(
                journal.c.what.in_(("check_in_outcome", "check_in_late_outcome")),
                journal.c.detail.in_(("own_button", "seen")),
            )
        )
    assert noted == 2
    street.deliver()
    assert street.heard("zhang").count("check_in_over") == 1
