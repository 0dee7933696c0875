"""Likely the same need: shown to who may write to it, and to the second of two at once."""

from sqlalchemy import insert

from storage.needs import Statement, find_like
from storage.rules.areas import Category, Urgency
from storage.tables import household, household_member
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
