"""Stations with guidance and satisfaction, home visits that stay sealed, links that stand."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from storage.attachments import attach
from storage.database import Database, Session
from storage.links import add_link, end_link, list_links
from storage.organisations import add_organisation, get_organisation
from storage.people import Person, get_person
from storage.privacy.copying import open_copy
from storage.refusals import AlreadyDone, NotAllowed, TooLate
from storage.rehab import (
    Record,
    find_site,
    list_guidance,
    list_home_visits,
    list_overdue,
    list_quarters,
    next_reminder_at,
    note_guidance,
    rate_site,
    record_home_visit,
    register_site,
    remind_of_visits,
)
from storage.rules.certificate import DisabilityCategory
from storage.rules.home_visits import quarter_of
from storage.rules.recurring import read_pattern
from storage.tables import home_visit, outbox
from tests.storage.organisations.street import Street, a_street, staff
from tests.storage.residents import register

TODAY = date(2026, 11, 25)
SIGHT = Record(TODAY, DisabilityCategory.VISUAL, ("mobility_training",), "每天练十分钟")


def do(database: Database, step: Any, *args: Any, **facts: Any) -> Any:
    """Run one use case in a transaction of its own."""
    return database.do(step, *args, **facts)


@dataclass
class Place:
    """The street with a station, the clinic that guides it, and six people who go there."""

    street: Street
    office: Person
    nurse: Person
    station: int
    clinic: int
    people: list[int]


def _settle(session: Session, now: datetime) -> Place:
    street = a_street(session, now=now)
    office = street.office
    below = street.school.parent_id
    assert below is not None
    clinic, station = (
        add_organisation(session, now=now, actor=office, parent_id=below, kind=kind, name=name)
        for kind, name in (("medical_institution", "卫生中心"), ("rehab_station", "青山康复站"))
    )
    nurse = staff(session, now, "何护士", 900, get_organisation(session, organisation_id=clinic))
    people = []
    for number in range(6):
        one = register(
            session, now=now, name=f"病人{number}", roles=("resident",), chat=910 + number
        )
        people.append(one.id)
        for organisation_id in (station, clinic):
            attach(
                session, now=now, actor=office, organisation_id=organisation_id, person_id=one.id
            )
    return Place(street, office, nurse, station, clinic, people)


@pytest.fixture
def place(database: Database, now: datetime) -> Place:
    made: Place = do(database, _settle, now)
    return made


def _registered(database: Database, place: Place, now: datetime) -> None:
    pattern = read_pattern("day:1")
    do(
        database,
        register_site,
        now=now,
        actor=place.office,
        organisation_id=place.station,
        guided_by=place.clinic,
        pattern=pattern,
    )


def test_a_station_is_guided_each_month_and_overdue_when_it_was_not(
    database: Database, now: datetime, place: Place
) -> None:
    _registered(database, place, now)
    late = {"actor": place.office, "today": date(2026, 12, 2)}
    assert [one.name for one in do(database, list_overdue, **late)] == ["青山康复站"]
    done = {"organisation_id": place.station, "visited_on": TODAY, "notes": "器材要换"}
    do(database, note_guidance, now=now, actor=place.nurse, **done)
    site = do(database, find_site, organisation_id=place.station)
    assert site is not None
    assert site.next_on == date(2027, 1, 1)
    assert do(database, list_overdue, **late) == []
    with pytest.raises(AlreadyDone):
        do(database, note_guidance, now=now, actor=place.nurse, **done)
    notes = do(database, list_guidance, actor=place.nurse, organisation_id=place.station)
    assert [one.notes for one in notes] == ["器材要换"]


def test_only_who_runs_or_guides_a_station_knows_of_it(
    database: Database, now: datetime, place: Place
) -> None:
    first = get_person_of(database, place.street.of_first.id)
    with pytest.raises(NotAllowed):
        do(database, list_guidance, actor=first, organisation_id=place.station)
    with pytest.raises(NotAllowed):
        do(database, list_guidance, actor=place.nurse, organisation_id=place.station)
    _registered(database, place, now)
    assert do(database, list_guidance, actor=place.nurse, organisation_id=place.station) == []


def get_person_of(database: Database, person_id: int) -> Person:
    found: Person = do(database, get_person, person_id=person_id)
    return found


def test_satisfaction_is_asked_once_a_quarter_and_shown_from_five_on(
    database: Database, now: datetime, place: Place
) -> None:
    _registered(database, place, now)
    for day in (TODAY, TODAY - timedelta(days=1)):
        done = {"organisation_id": place.station, "visited_on": day, "notes": "好"}
        do(database, note_guidance, now=now, actor=place.nurse, **done)
    with database.transaction() as session:
        asked = session.all(select(outbox.c.key).where(outbox.c.template == "rate_ask"))
    assert len(asked) == 6
    quarter = quarter_of(TODAY)
    for number, person_id in enumerate(place.people):
        shown = do(database, list_quarters, organisation_id=place.station, today=TODAY)[0]
        assert (shown.tenths is not None) == (number >= 5)
        facts = {"organisation_id": place.station, "quarter": quarter, "score": 5 - number % 2}
        do(database, rate_site, now=now, person_id=person_id, **facts)
        with pytest.raises(AlreadyDone):
            do(database, rate_site, now=now, person_id=person_id, **facts)
    shown = do(database, list_quarters, organisation_id=place.station, today=TODAY)[0]
    assert (shown.visits, shown.answers, shown.tenths) == (2, 6, 45)
    nobody = {"organisation_id": place.station, "quarter": quarter, "score": 5}
    with pytest.raises(NotAllowed):
        do(database, rate_site, now=now, person_id=place.office.id, **nobody)


def _write(database: Database, now: datetime, place: Place, record: Record = SIGHT) -> int:
    facts = {"organisation_id": place.clinic, "person_id": place.people[0], "record": record}
    made: int = do(database, record_home_visit, now=now, actor=place.nurse, **facts)
    return made


def test_a_home_visit_is_sealed_and_shown_to_that_institution_and_the_person(
    database: Database, now: datetime, place: Place
) -> None:
    _write(database, now, place)
    with database.transaction() as session:
        row = session.all(select(home_visit))[0]
        assert b"visual" not in row.record
        known: dict[str, Any] = {
            "now": now,
            "person_id": place.people[0],
            "organisation_id": place.clinic,
        }
        (seen,) = list_home_visits(session, actor=place.nurse, **known)
        assert seen.record == SIGHT
        mine = get_person(session, person_id=place.people[0])
        copied = {one.key: one for one in open_copy(session, subject=mine)}
        lines = {line.key: line.value for line in copied["home_visits"].lines}
        assert lines["advice"] == "每天练十分钟"
        stranger = get_person(session, person_id=place.street.of_first.id)
        with pytest.raises(NotAllowed):
            list_home_visits(session, actor=stranger, **known)


def test_only_of_who_is_tied_and_only_what_the_category_knows(
    database: Database, now: datetime, place: Place
) -> None:
    hearing = Record(TODAY, DisabilityCategory.VISUAL, ("hearing_aid",))
    ahead = Record(TODAY + timedelta(days=1), DisabilityCategory.VISUAL, ("eye_check",))
    for record in (hearing, ahead, Record(TODAY, DisabilityCategory.VISUAL, ())):
        with pytest.raises(TooLate):
            _write(database, now, place, record)
    with pytest.raises(NotAllowed):
        do(
            database,
            record_home_visit,
            now=now,
            actor=place.nurse,
            organisation_id=place.clinic,
            person_id=place.office.id,
            record=SIGHT,
        )


def test_the_day_before_the_next_visit_both_sides_are_reminded_once(
    database: Database, now: datetime, place: Place
) -> None:
    soon = date(2026, 12, 3)
    following = Record(TODAY, DisabilityCategory.VISUAL, ("eye_check",), next_on=soon)
    _write(database, now, place, following)
    due = do(database, next_reminder_at)
    assert due == datetime.fromisoformat("2026-12-02T09:00:00+08:00")
    assert remind_of_visits(database, now=due)
    assert not remind_of_visits(database, now=due)
    with database.transaction() as session:
        told = session.all(select(outbox.c.key).where(outbox.c.template == "home_visit_reminder"))
    assert len(told) == 2


def test_two_institutions_work_together_until_one_ends_it(
    database: Database, now: datetime, place: Place
) -> None:
    link = {"from_id": place.clinic, "to_id": place.station, "kind": "guidance"}
    by = {"now": now, "actor": place.nurse}
    do(database, add_link, **by, **link, note_words="找何护士")
    with pytest.raises(AlreadyDone):
        do(database, add_link, **by, **link)
    seen = {"actor": place.office, "organisation_id": place.station}
    (found,) = do(database, list_links, **seen)
    assert (found.other, found.kind, found.note) == ("卫生中心", "guidance", "找何护士")
    first = get_person_of(database, place.street.of_first.id)
    with pytest.raises(NotAllowed):
        do(database, end_link, now=now, actor=first, link_id=found.id)
    do(database, end_link, **by, link_id=found.id)
    assert do(database, list_links, **seen) == []
    with pytest.raises(AlreadyDone):
        do(database, end_link, **by, link_id=found.id)
