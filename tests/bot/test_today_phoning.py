"""Today's list: who is on the phone with whom, and where an institution is expected today."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

import pytest

from bot.today.text import as_text, width
from messages.render import LANGUAGES, Wording
from storage.attachments import attach
from storage.check_ins.day.leases import give_number_back, take_number
from storage.database import Database, Session
from storage.organisations import add_organisation, get_organisation
from storage.people import Person
from storage.rehab import Record, note_guidance, record_home_visit, register_site
from storage.rules.certificate import DisabilityCategory
from storage.rules.recurring import read_pattern
from storage.today import Ground, TodayKind, TodayLine, read_today
from tests.storage.calls.street import Street
from tests.storage.organisations.street import a_street, staff
from tests.storage.residents import register

WORDING = Wording(zone="Asia/Shanghai")
DAY = timedelta(days=1)


def lines(database: Database, now: datetime, kind: TodayKind) -> list[TodayLine]:
    return database.do(read_today, now=now, ground=Ground.PRINTED).of(kind)


def printed(database: Database, now: datetime, language: str = "zh") -> str:
    today = database.do(read_today, now=now, ground=Ground.PRINTED)
    return as_text(today, wording=WORDING, language=language, local=database.house.local)


def line_of(text: str, name: str) -> str:
    (found,) = [one for one in text.splitlines() if name in one]
    return found


def test_who_has_the_number_just_now_stands_beside_the_call(
    database: Database, now: datetime
) -> None:
    street = Street(database, now)
    street.settle()
    street.plan(clock=time(15))
    street.forward(hours=5)
    who = street.people["zhang"]
    assert "正在打" not in printed(database, street.now)
    street.do(take_number, now=street.now, actor_id=who, check_in_id=1)
    at = f"{database.house.local(street.now):%H:%M}"
    assert f"zhang从{at}起正在打" in line_of(printed(database, street.now), "lan")
    assert f"zhang has been calling since {at}" in printed(database, street.now, "en")
    # After 45 minutes, and once the number was given back, it is free again.
    assert "正在打" not in printed(database, street.now + timedelta(minutes=45))
    street.do(give_number_back, now=street.now, actor_id=who, check_in_id=1)
    assert "正在打" not in printed(database, street.now)


@dataclass
class Clinic:
    """An institution that comes to somebody's home and guides a station."""

    office: Person
    nurse: Person
    clinic: int
    station: int
    person_id: int


@pytest.fixture
def clinic(database: Database, now: datetime) -> Clinic:
    return database.do(_settle, now)


def _settle(session: Session, now: datetime) -> Clinic:
    street = a_street(session, now=now)
    below = street.school.parent_id
    assert below is not None
    made, station = (
        add_organisation(session, now=now, actor=street.office, parent_id=below, kind=kind, name=to)
        for kind, to in (("medical_institution", "卫生中心"), ("rehab_station", "青山康复站"))
    )
    nurse = staff(session, now, "何护士", 900, get_organisation(session, organisation_id=made))
    one = register(session, now=now, name="黄小妹", roles=("resident",), chat=910)
    attach(session, now=now, actor=street.office, organisation_id=made, person_id=one.id)
    return Clinic(street.office, nurse, made, station, one.id)


def visit(database: Database, clinic: Clinic, now: datetime, *, again: int | None) -> None:
    """The nurse was there, and comes again in so many days."""
    on = database.house.local(now).date()
    following = on + again * DAY if again else None
    record = Record(on, DisabilityCategory.VISUAL, ("mobility_training",), "练", following)
    database.do(
        record_home_visit,
        now=now,
        actor=clinic.nurse,
        organisation_id=clinic.clinic,
        person_id=clinic.person_id,
        record=record,
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_home_visit_that_is_due_stands_among_the_visits_without_an_hour(
    database: Database, now: datetime, clinic: Clinic, language: str
) -> None:
    visit(database, clinic, now, again=7)
    assert lines(database, now + 6 * DAY, TodayKind.VISIT) == []
    text = line_of(printed(database, now + 7 * DAY, language), "黄小妹")
    word, what = {"zh": ("今天", "机构上门康复"), "en": ("today", "rehabilitation at home")}[
        language
    ]
    assert text.startswith(f"□ {word}")
    assert what in text
    assert "卫生中心" in text
    assert "00:00" not in text
    (line,) = lines(database, now + 7 * DAY, TodayKind.VISIT)
    assert line.person_id == clinic.person_id
    assert lines(database, now + 8 * DAY, TodayKind.VISIT) == []


def test_once_the_institution_was_there_again_it_is_not_expected_any_more(
    database: Database, now: datetime, clinic: Clinic
) -> None:
    visit(database, clinic, now, again=7)
    visit(database, clinic, now + 7 * DAY, again=None)
    assert lines(database, now + 7 * DAY, TodayKind.VISIT) == []


def test_a_station_to_be_guided_stays_on_the_list_until_it_was(
    database: Database, now: datetime, clinic: Clinic
) -> None:
    database.do(
        register_site,
        now=now,
        actor=clinic.office,
        organisation_id=clinic.station,
        guided_by=clinic.clinic,
        pattern=read_pattern("day:1"),
    )
    december = datetime(2026, 12, 1, 9, tzinfo=database.house.zone)
    assert lines(database, december - DAY, TodayKind.VISIT) == []
    for day in (december, december + DAY):
        line = line_of(printed(database, day), "青山康复站")
        assert "康复站指导" in line
        assert "卫生中心去" in line
        assert "没有电话" not in line
    database.do(
        note_guidance,
        now=december + DAY,
        actor=clinic.nurse,
        organisation_id=clinic.station,
        visited_on=december.date(),
        notes="好",
    )
    assert lines(database, december + DAY, TodayKind.VISIT) == []


def test_with_days_and_hours_the_columns_stay_straight(
    database: Database, now: datetime, clinic: Clinic
) -> None:
    visit(database, clinic, now, again=7)
    text = printed(database, now + 7 * DAY)
    assert width(line_of(text, "黄小妹").split("黄小妹")[0]) == width("□ 今天") + 2
