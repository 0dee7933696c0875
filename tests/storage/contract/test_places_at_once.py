"""Many press on a need that wants several: never more helpers than places, on either database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from threading import Barrier

from storage.database import Database
from storage.needs import cancel_need, claim_need, list_places, release_claim, want_helpers
from storage.refusals import Refusal
from storage.rules.lifecycle import NeedState
from tests.storage.needs.village import Village

ROUNDS = 4


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


def settled(database: Database, now: datetime) -> Village:
    village = Village(database, now)
    village.settle(volunteers=5)
    return village


def helpers(village: Village, need_id: int) -> list[int]:
    """Who has a place, and that nobody has two."""
    places = village.database.do(list_places, card=village.need(need_id))
    found = [one.held.volunteer_id for one in places.cards if one.claim is not None]
    assert len(set(found)) == len(found) <= places.wanted
    return found


def test_as_many_have_a_place_as_were_wanted(database: Database, now: datetime) -> None:
    village = settled(database, now)
    for _ in range(ROUNDS):
        need_id = village.state()
        village.do(want_helpers, actor_id=village.resident, need_id=need_id, wanted=2)
        version = village.need(need_id).version

        def press(who: int, need_id: int = need_id, version: int = version) -> Callable[[], object]:
            mine = {"volunteer_id": who, "need_id": need_id, "version": version}
            return lambda: village.do(claim_need, **mine)

        # Everybody on two phones.
        won = at_once(*[press(who) for who in village.volunteers * 2])
        assert sum(won) == len(helpers(village, need_id)) == 2
        for one in village.database.do(list_places, card=village.need(need_id)).cards:
            village.act(release_claim, one.id)
        version = village.need(need_id).version
        facts = {"actor_id": village.resident, "need_id": need_id, "version": version}
        village.do(cancel_need, **facts)


def test_one_more_wanted_against_withdrawn_leaves_no_place_open(
    database: Database, now: datetime
) -> None:
    village = settled(database, now)
    for _ in range(ROUNDS):
        need_id = village.state()
        who = {"actor_id": village.resident, "need_id": need_id}
        version = village.need(need_id).version
        more = partial(village.do, want_helpers, **who, wanted=2)
        at_once(more, more, partial(village.do, cancel_need, **who, version=version))
        places = village.database.do(list_places, card=village.need(need_id))
        assert places.state is NeedState.CANCELLED
        assert len(places.cards) <= 2
