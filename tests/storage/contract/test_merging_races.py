"""Two at once around a merge, on both databases: nothing is lost, nothing stays behind."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select, update

from storage.database import Database
from storage.duplicates import look_for_duplicates, merge
from storage.needs import claim_need
from storage.needs.matching.offering import add_offer
from storage.people import Person, get_person
from storage.refusals import Refusal
from storage.tables import claim, person
from tests.storage.duplicates.twice import CHEN, Twice
from tests.storage.needs.village import Village

ROUNDS = 5


@pytest.fixture
def village(database: Database, now: datetime) -> Village:
    made = Village(database, now)
    made.settle()
    return made


def at_once(steps: Sequence[Callable[[], Any]]) -> list[str]:
    """Run all at the same moment; returns "ok" or the key of each refusal."""
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


def doubles(village: Village) -> tuple[Twice, int, int]:
    """Two volunteers who are one person."""
    pair = village.add_volunteer(CHEN), village.add_volunteer(CHEN)
    with village.database.transaction() as session:
        others = ~person.c.id.in_(pair) & (person.c.name == CHEN)
        session.change(update(person).where(others).values(name="旧"))
    return Twice(village.database, village.now, [village.home]), *pair


def people(village: Village, *ids: int) -> list[Person]:
    return [village.database.do(get_person, person_id=one) for one in ids]


def test_a_claim_and_a_merge_at_once_end_with_one_person_who_has_the_need(
    village: Village,
) -> None:
    for _ in range(ROUNDS):
        twice, kept, gone = doubles(village)
        need_id = village.state()
        version = village.need(need_id).version
        if gone not in {who for _, who, _ in village.offers(need_id)}:
            village.do(add_offer, card=village.need(need_id), volunteer_id=gone, wave=1)
        pair_id = twice.pair_id(*people(village, kept, gone))
        press = {"volunteer_id": gone, "need_id": need_id, "version": version}
        merging = {"actor": twice.office, "duplicate_id": pair_id, "version": 1, "kept_id": kept}
        answers = at_once(
            [partial(village.do, claim_need, **press), partial(village.do, merge, **merging)]
        )
        assert answers[1] == "ok"
        look_for_duplicates(village.database, now=village.now)
        with village.database.transaction() as session:
            holders = session.execute(
                select(claim.c.volunteer_id).where(claim.c.need_id == need_id)
            ).scalars()
            assert list(holders) == ([kept] if answers[0] == "ok" else [])


def test_of_two_who_merge_a_pair_from_both_ends_one_does(village: Village) -> None:
    for _ in range(ROUNDS):
        twice, one, other = doubles(village)
        pair_id = twice.pair_id(*people(village, one, other))
        merging = {"actor": twice.office, "duplicate_id": pair_id, "version": 1}
        answers = at_once(
            [partial(village.do, merge, kept_id=kept, **merging) for kept in (one, other)]
        )
        assert answers.count("ok") == 1
        assert set(answers) <= {"ok", "duplicate_decided", "too_late"}
        survivor = village.database.do(get_person, person_id=one)
        assert survivor == village.database.do(get_person, person_id=other)
