"""Each caregiver of one resident gets a copy of the news; not who is none, nor who is left out."""

from sqlalchemy import update

from storage.needs import confirm_done
from storage.tables import caregiver
from tests.storage.needs.village import Village


def _second_carer(village: Village) -> int:
    son = village.add_resident("李刚")
    with village.database.transaction() as session:
        village.tie(session, village.resident, son)
    return son


def _set(village: Village, carer: int, **values: object) -> None:
    with village.database.transaction() as session:
        session.change(update(caregiver).where(caregiver.c.caregiver_id == carer).values(**values))


def test_every_caregiver_hears_who_comes_and_is_asked_whether_it_was_done(
    village: Village,
) -> None:
    son = _second_carer(village)
    need_id = village.carried()
    told = (village.resident, village.daughter, son)
    parcels = village.deliver()
    assert [village.said_to(one, parcels) for one in told] == [["need_who_comes"]] * 3
    village.finish(need_id)
    parcels = village.deliver()
    assert [village.said_to(one, parcels) for one in told] == [["need_was_it_done"]] * 3
    card = village.need(need_id)
    village.do(confirm_done, actor_id=son, need_id=need_id, version=card.version)
    parcels = village.deliver()
    assert village.said_to(village.resident, parcels) == ["need_closed"]
    assert village.said_to(son, parcels) == []


def test_who_is_left_out_or_is_no_caregiver_any_more_hears_nothing(village: Village) -> None:
    son = _second_carer(village)
    _set(village, son, state="ended")
    _set(village, village.daughter, copies=False)
    village.carried()
    parcels = village.deliver()
    assert village.said_to(village.resident, parcels) == ["need_who_comes"]
    assert village.said_to(village.daughter, parcels) == []
    assert village.said_to(son, parcels) == []


def test_a_caregiver_without_copies_still_hears_of_what_they_stated(village: Village) -> None:
    _set(village, village.daughter, copies=False)
    village.carried(by=village.daughter)
    assert "need_who_comes" in village.said_to(village.daughter)
