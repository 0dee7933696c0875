"""Likely the same need: shown to who may write to it, and to the second of two at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlalchemy import insert, select

from storage.needs import Statement, find_like, state_need
from storage.rules.areas import Category, Urgency
from storage.tables import household, household_member, need
from tests.storage.needs.village import ERRAND, Village

LAMP = Statement(Category.HOME_REPAIR, Urgency.U2, "家里的灯坏了")


def _like(village: Village, said: Statement = LAMP, **who: int) -> list[int]:
    known = {"actor_id": village.resident, "resident_id": village.resident} | who
    return [one.id for one in village.do(find_like, said=said, **known)]


def test_an_open_need_of_the_same_kind_is_shown_and_another_kind_is_not(village: Village) -> None:
    need_id = village.state(LAMP)
    assert _like(village) == [need_id]
    assert _like(village, ERRAND) == []


def test_a_caregiver_and_the_staff_are_asked_as_well(village: Village) -> None:
    need_id = village.state(LAMP)
    for actor in (village.daughter, village.coordinator):
        assert _like(village, actor_id=actor) == [need_id]


def test_of_a_neighbour_in_the_household_only_who_speaks_for_them_learns(village: Village) -> None:
    husband = village.add_resident("兰叔")
    with village.database.transaction() as session:
        home = session.add(
            insert(household).values(community_id=village.home, created_at=village.now)
        )
        for one in (husband, village.resident):
            row = {"household_id": home, "person_id": one, "relation": "other"}
            session.execute(insert(household_member).values(**row, since=village.now))
    need_id = village.state(LAMP)
    assert _like(village, actor_id=husband, resident_id=husband) == []
    assert _like(village, actor_id=village.coordinator, resident_id=husband) == [need_id]


def test_of_two_caregivers_at_the_same_minute_the_second_is_asked(village: Village) -> None:
    at_once = Barrier(2)

    def state(actor_id: int) -> str:
        at_once.wait()
        with village.database.transaction() as session:
            known: dict[str, Any] = {"resident_id": village.resident, "said": LAMP}
            known |= {"now": village.now, "actor_id": actor_id}
            if find_like(session, **known):
                return "asked"
            state_need(session, **known)
            return "stated"

    with ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(state, (village.daughter, village.resident)))
    assert sorted(ends) == ["asked", "stated"]
    with village.database.transaction() as session:
        assert len(session.all(select(need.c.id))) == 1
