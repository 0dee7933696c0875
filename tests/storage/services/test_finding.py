"""Who provides what: the nearest with room, and only who may."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from storage.database import Database, Session
from storage.needs.opening import understand, write_need
from storage.rules.areas import Category
from storage.services import find_providers, list_org_staff, plant_services
from storage.tables import licence, organisation, referral, service, service_area
from tests.storage.statements import count_statements
from tests.storage.town import Town, a_town


@pytest.fixture
def town(database: Database, now: datetime) -> Town:
    return a_town(database, now)


def _names(town: Town, category: Category, *, home: int | None = None) -> list[str]:
    found = town.database.do(
        find_providers, category=category, community_id=home or town.home, now=town.now
    )
    return [one.organisation for one in found]


def _organisation(session: Session, name: str) -> int:
    return int(session.value(select(organisation.c.id).where(organisation.c.name == name)))


def _add(session: Session, town: Town, name: str, **values: object) -> int:
    row = {
        "organisation_id": _organisation(session, name),
        "category": "haircut",
        "provider": "society",
        "hours": "",
        "contact": "",
        "text": "",
        "state": "active",
        "created_at": town.now,
        "version": 1,
    }
    return session.add(insert(service).values(row | values))


def test_a_new_register_knows_who_answers_for_what(town: Town) -> None:
    assert _names(town, Category.HOME_ACCESSIBILITY) == ["桂阳街道残联"]
    assert _names(town, Category.TWO_SUBSIDIES) == ["社会事务办公室"]
    assert town.database.do(plant_services, now=town.now) == 0


def test_only_a_designated_institution_is_found_for_rehabilitation(town: Town) -> None:
    assert _names(town, Category.HOME_REHAB) == []
    with town.database.transaction() as session:
        session.execute(
            insert(licence).values(
                organisation_id=_organisation(session, "桂阳社区卫生服务中心"),
                kind="designated",
                expires_on=town.now.date(),
                state="live",
                made_by=town.people["王珊"],
                created_at=town.now,
                version=1,
            )
        )
    assert _names(town, Category.HOME_REHAB) == ["桂阳社区卫生服务中心"]
    with town.database.transaction() as session:
        session.change(update(licence).values(expires_on=date(2020, 1, 1)))
    assert _names(town, Category.HOME_REHAB) == []


def test_the_own_community_comes_first_and_another_one_s_not_at_all(town: Town) -> None:
    with town.database.transaction() as session:
        _add(session, town, "聋人协会")
        named = _add(session, town, "肢残人协会")
        session.execute(insert(service_area).values(service_id=named, community_id=town.home))
        home = session.value(
            select(organisation.c.name).where(organisation.c.community_id == town.home)
        )
        _add(session, town, home)
    assert _names(town, Category.HAIRCUT) == [home, "肢残人协会", "聋人协会"]
    assert _names(town, Category.HAIRCUT, home=town.away) == ["聋人协会"]


def test_who_has_no_room_left_this_week_is_not_found_until_monday(town: Town) -> None:
    with town.database.transaction() as session:
        full = _add(session, town, "聋人协会", capacity=1)
        session.execute(
            insert(referral).values(
                uid="r",
                need_id=_a_need(session, town),
                organisation_id=_organisation(session, "聋人协会"),
                service_id=full,
                state="accepted",
                reason="",
                with_desk=False,
                by_phone=False,
                due_at=town.now,
                created_at=town.now,
                version=1,
            )
        )
    assert _names(town, Category.HAIRCUT) == []
    town.now += timedelta(days=7)
    assert _names(town, Category.HAIRCUT) == ["聋人协会"]


def test_who_is_paused_or_whose_organisation_is_hidden_is_not_found(town: Town) -> None:
    with town.database.transaction() as session:
        _add(session, town, "聋人协会", state="paused")
        _add(session, town, "肢残人协会")
        session.change(
            update(organisation).where(organisation.c.name == "肢残人协会").values(active=False)
        )
    assert _names(town, Category.HAIRCUT) == []


def test_whoever_works_for_the_office_as_such_works_in_its_organisation(town: Town) -> None:
    with town.database.transaction() as session:
        office = _organisation(session, "桂阳街道残联")
        clinic = _organisation(session, "桂阳社区卫生服务中心")
        assert [name for _, name in list_org_staff(session, organisation_id=office)] == ["王珊"]
        assert list_org_staff(session, organisation_id=clinic, reachable=True) == []


def _a_need(session: Session, town: Town) -> int:
    return write_need(
        session,
        now=town.now,
        resident_id=town.people["陈素芬"],
        actor_id=town.people["陈素芬"],
        said=understand("想剪头发"),
        origin="chat",
    )


def test_licences_are_read_at_once_however_many_provide_it(town: Town) -> None:
    def look() -> None:
        _names(town, Category.HOME_REHAB)

    few = count_statements(town.database, look)
    with town.database.transaction() as session:
        for name in ("聋人协会", "盲人协会"):
            _add(session, town, name, category=Category.HOME_REHAB.value)
    assert count_statements(town.database, look) == few
