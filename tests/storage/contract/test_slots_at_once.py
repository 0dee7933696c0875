"""One helper and many who could be helped, all at one moment: never a third, on either database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from threading import Barrier

from sqlalchemy import Select, select

from storage.database import Database
from storage.pairs import say_no
from storage.refusals import Refusal
from storage.tables import pair
from tests.storage.ties.yard import Yard, a_yard

ROUNDS = 3


def at_once(*steps: Callable[[], object]) -> list[bool]:
    """Run all at the same moment; whether each had its way."""
    line = Barrier(len(steps))

    def run(step: Callable[[], object]) -> bool:
        line.wait()
        try:
            step()
        except Refusal:
            return False
        return True

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


def held(yard: Yard) -> list[int]:
    """The slots that are taken now."""
    live = select(pair.c.slot).where(pair.c.slot.is_not(None), pair.c.state != "ended")
    return sorted(yard.do(lambda session: list(session.execute(live).scalars())))


def find(yard: Yard, statement: Select[int]) -> int | None:
    with yard.database.transaction() as session:
        found: int | None = session.value(statement)
        return found


def test_of_three_recipients_at_once_exactly_two_are_helped(
    database: Database, now: datetime
) -> None:
    yard = a_yard(database, now)
    for _ in range(ROUNDS):
        won = at_once(*(partial(yard.help_out, name) for name in ("qin", "shi", "tao")))
        assert sum(won) == 2
        assert held(yard) == [1, 2]
        for name in ("qin", "shi", "tao"):
            live = (pair.c.resident_id == yard.people[name], pair.c.state != "ended")
            pair_id = find(yard, select(pair.c.id).where(*live))
            if pair_id is not None:
                yard.do(say_no, now=now, actor=yard[name], pair_id=pair_id)


def test_the_same_two_proposed_by_two_of_the_office_stand_once(
    database: Database, now: datetime
) -> None:
    yard = a_yard(database, now)
    won = at_once(*(partial(yard.help_out, "qin", by=name) for name in ("wang", "sun")))
    assert sum(won) == 1
    assert held(yard) == [1]
