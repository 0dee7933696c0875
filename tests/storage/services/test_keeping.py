"""The catalogue is kept by the organisations themselves, and by the office above them."""

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.refusals import AlreadyDone, NotAllowed, TooLate
from storage.rules.areas import Category
from storage.rules.licences import Licence
from storage.services import (
    Entry,
    ServiceExists,
    add_licence,
    add_service,
    change_service,
    end_licence,
    find_providers,
    find_service,
    list_kept,
    list_licences,
    list_offered,
    list_unconfirmed,
    switch_service,
)
from storage.tables import organisation
from tests.storage.statements import count_statements
from tests.storage.town import Town, a_town

CUT = Entry(Category.HAIRCUT, capacity=3, hours="周三上午", text="上门理发")


@pytest.fixture
def town(database: Database, now: datetime) -> Town:
    return a_town(database, now)


def _home(town: Town) -> int:
    with town.database.transaction() as session:
        found = session.value(
            select(organisation.c.id).where(organisation.c.community_id == town.home)
        )
    return int(found)


def _add(town: Town, *, by: str = "孙丽", entry: Entry = CUT) -> int:
    added = town.database.do(
        add_service, now=town.now, actor=town[by], organisation_id=_home(town), entry=entry
    )
    return int(added)


def _switch(town: Town, service_id: int, state: str, *, by: str = "孙丽") -> None:
    one = town.database.do(find_service, service_id=service_id)
    assert one is not None
    town.database.do(
        switch_service,
        now=town.now,
        actor=town[by],
        service_id=service_id,
        version=one.version,
        state=state,
    )


def test_a_coordinator_lists_what_their_organisation_provides_and_people_find_it(
    town: Town,
) -> None:
    _add(town)
    offered = town.database.do(list_offered, category=Category.HAIRCUT, limit=5)
    assert [(one.hours, one.provider, one.capacity) for one in offered] == [("周三上午", "dpf", 3)]
    with pytest.raises(ServiceExists):
        _add(town)


def test_nobody_keeps_the_services_of_an_organisation_beside_their_own(town: Town) -> None:
    with pytest.raises(NotAllowed):
        _add(town, by="钱进")
    added = _add(town)
    with pytest.raises(NotAllowed):
        _switch(town, added, "ended", by="钱进")
    with pytest.raises(NotAllowed):
        town.database.do(list_kept, actor=town["钱进"], organisation_id=_home(town))


def test_what_is_paused_is_not_found_and_what_is_ended_may_be_listed_anew(town: Town) -> None:
    added = _add(town)
    found: dict[str, Any] = {
        "category": Category.HAIRCUT,
        "community_id": town.home,
        "now": town.now,
    }
    _switch(town, added, "paused")
    assert town.database.do(find_providers, **found) == []
    _switch(town, added, "active")
    assert len(town.database.do(find_providers, **found)) == 1
    _switch(town, added, "ended")
    assert _add(town) != added


def test_a_change_over_an_older_reading_is_refused(town: Town) -> None:
    added = _add(town)
    changing: dict[str, Any] = {
        "actor": town["孙丽"],
        "service_id": added,
        "version": 1,
        "now": town.now,
    }
    one = town.database.do(change_service, **changing, field="capacity", value=None)
    assert (one.capacity, one.version) == (None, 2)
    with pytest.raises(TooLate):
        town.database.do(change_service, **changing, field="hours", value="周四")
    named: dict[str, Any] = changing | {"version": 2}
    one = town.database.do(change_service, **named, field="area", value=[town.away])
    assert len(one.communities) == 1


def test_shipped_entries_are_confirmed_by_the_office_alone(town: Town) -> None:
    shipped = town.database.do(list_unconfirmed, actor=town["王珊"], limit=50)
    assert len(shipped) > 10
    _switch(town, shipped[0].id, "active", by="王珊")
    assert len(town.database.do(list_unconfirmed, actor=town["王珊"], limit=50)) == len(shipped) - 1
    with pytest.raises(NotAllowed):
        town.database.do(list_unconfirmed, actor=town["孙丽"], limit=50)


def test_only_the_office_says_who_is_designated_and_until_when(town: Town) -> None:
    home = _home(town)
    adding: dict[str, Any] = {"organisation_id": home, "kind": Licence.DESIGNATED, "now": town.now}
    with pytest.raises(NotAllowed):
        town.database.do(add_licence, actor=town["孙丽"], expires_on=None, **adding)
    held = town.database.do(
        add_licence, actor=town["王珊"], expires_on=date(2026, 11, 30), **adding
    )
    with pytest.raises(AlreadyDone):
        town.database.do(add_licence, actor=town["王珊"], expires_on=None, **adding)
    listed = town.database.do(list_licences, now=town.now, organisation_id=home)
    assert [one.holds for one in listed] == [True]
    town.pass_time(days=30)
    listed = town.database.do(list_licences, now=town.now, organisation_id=home)
    assert [one.holds for one in listed] == [False]
    ending: dict[str, Any] = {
        "actor": town["王珊"],
        "licence_id": held,
        "version": 1,
        "now": town.now,
    }
    town.database.do(end_licence, **ending)
    with pytest.raises(TooLate):
        town.database.do(end_licence, **ending)


def test_a_catalogue_takes_as_many_statements_however_long_it_is(town: Town) -> None:
    def look() -> None:
        found = town.database.do(list_kept, actor=town["孙丽"], organisation_id=_home(town))
        lengths.append(len(found))

    lengths: list[int] = []
    _add(town)
    few = count_statements(town.database, look)
    for category in (Category.ERRAND, Category.HOUSEKEEPING, Category.MEAL_HELP):
        _add(town, entry=Entry(category, communities=(town.home,)))
    assert count_statements(town.database, look) == few
    assert lengths == [1, 4]
