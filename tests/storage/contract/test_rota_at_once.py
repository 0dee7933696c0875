"""Two on one slot of a rota at one moment: one has it and the other hears so, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from threading import Barrier

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.duty import accept_swap, ask_swap, fill_slot
from storage.people import Person
from storage.refusals import Refusal
from storage.roles import grant
from storage.rules.duty import Reason, week_of
from storage.tables import shift
from tests.storage.duty.conftest import add_colleague, here
from tests.storage.residents import register
from tests.storage.town import Town, a_town

ROUNDS = 3
NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
NEXT = week_of(date(2026, 11, 30))
NAMES = ("孙丽", "何敏", "蒋平")


@pytest.fixture
def town(database: Database) -> Town:
    """Three who work in one village."""
    town = a_town(database, NOW)
    database.do(add_colleague, town)
    where = here(town)
    with database.transaction() as session:
        one = register(session, now=NOW, name="蒋平", chat=61)
        town.people["蒋平"] = one.id
        facts = {"person_id": one.id, "kind": "coordinator", "actor_id": None}
        grant(session, now=NOW, organisation_id=where, **facts)  # type: ignore[arg-type]
    return town


def at_once(*steps: Callable[[], object]) -> list[str]:
    """Run all at the same moment; returns "ok" or the key of each refusal."""
    line = Barrier(len(steps))

    def run(step: Callable[[], object]) -> str:
        line.wait()
        try:
            step()
        except Refusal as refusal:
            return refusal.key
        return "ok"

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


def fill(town: Town, name: str, *, week: date, version: int = 0) -> None:
    actor = town[name]
    town.database.do(
        fill_slot,
        now=NOW,
        actor=actor,
        organisation_id=here(town),
        span=week_of(week),
        person_id=actor.id,
        version=version,
    )


def on(town: Town) -> list[int]:
    who = select(shift.c.person_id).order_by(shift.c.first_day)
    return list(town.database.do(lambda session: session.execute(who).scalars().all()))


def test_of_two_who_fill_the_same_week_one_does_and_the_other_hears_it(town: Town) -> None:
    for round_ in range(ROUNDS):
        week = NEXT.first + timedelta(weeks=round_)
        before = len(on(town))
        came = at_once(*(partial(fill, town, name, week=week) for name in NAMES[:2]))
        assert sorted(came) == ["ok", "rota_moved"]
        assert len(on(town)) == before + 1


def test_of_two_who_say_yes_to_a_swap_one_has_the_slot(town: Town) -> None:
    fill(town, "何敏", week=NEXT.first)
    town.database.do(ask_swap, now=NOW, actor=town["何敏"], shift_id=1, version=1)
    takers = [town[name] for name in ("孙丽", "蒋平")]

    def yes(taker: Person) -> None:
        town.database.do(accept_swap, now=NOW, actor=taker, swap_id=1)

    came = at_once(*(partial(yes, taker) for taker in takers))
    assert came.count("ok") == 1
    assert on(town) == [takers[came.index("ok")].id]


def test_a_swap_and_a_change_of_the_same_slot_do_not_both_count(town: Town) -> None:
    fill(town, "何敏", week=NEXT.first)
    town.database.do(ask_swap, now=NOW, actor=town["何敏"], shift_id=1, version=1)
    taker, sun = town["蒋平"], town["孙丽"]
    change = partial(
        town.database.do,
        fill_slot,
        now=NOW,
        actor=sun,
        organisation_id=here(town),
        span=NEXT,
        person_id=sun.id,
        version=1,
        reason=Reason.ILL,
    )
    came = at_once(partial(town.database.do, accept_swap, now=NOW, actor=taker, swap_id=1), change)
    assert came.count("ok") == 1
    assert on(town) == [(taker, sun)[came.index("ok")].id]
