"""Demo data: invented people, the same for the same seed, whom no message can reach."""

from collections import Counter
from datetime import datetime

from sqlalchemy import func, select

from storage.database import Database
from storage.demo import BATCH, DemoData, make_demo_data
from storage.people import open_contact
from storage.registers import list_certificates, list_disabilities, list_facts
from storage.rules.certificate import CertificateNumber, DisabilityCategory, read_certificate
from storage.tables import person, resident, role, volunteer, volunteer_profile


def _count(database: Database, table: object) -> int:
    with database.transaction() as session:
        return int(session.value(select(func.count()).select_from(table)))  # type: ignore[arg-type]


def test_as_many_as_asked_for_are_added_with_their_roles(database: Database, now: datetime) -> None:
    made = make_demo_data(database, now=now, residents=BATCH - 3, volunteers=5, seed=1)
    assert made == DemoData(residents=BATCH - 3, volunteers=5)
    with database.transaction() as session:
        count = func.count().label("count_of")
        kinds = session.all(select(role.c.kind, count).group_by(role.c.kind))
    assert {row.kind: row.count_of for row in kinds} == {"resident": BATCH - 3, "volunteer": 5}
    assert _count(database, volunteer) == 5


def test_residents_alone_are_possible(database: Database, now: datetime) -> None:
    assert make_demo_data(database, now=now, residents=2, volunteers=0, seed=1) == DemoData(2, 0)
    assert _count(database, volunteer) == 0


def test_nobody_at_all_is_possible(database: Database, now: datetime) -> None:
    assert make_demo_data(database, now=now, residents=0, volunteers=0, seed=1) == DemoData(0, 0)
    assert _count(database, person) == 0


def test_a_second_time_adds_others(database: Database, now: datetime) -> None:
    for seed in (1, 2):
        make_demo_data(database, now=now, residents=3, volunteers=1, seed=seed)
    assert _count(database, person) == 8
    assert _count(database, volunteer) == 2


def test_the_people_are_invented_and_out_of_reach(database: Database, now: datetime) -> None:
    make_demo_data(database, now=now, residents=5, volunteers=2, seed=7)
    with database.transaction() as session:
        rows = session.all(select(person.c.id, person.c.telegram_id).order_by(person.c.id))
        contacts = [open_contact(session, person_id=row.id) for row in rows]
    assert {row.telegram_id for row in rows} == {None}
    for one in contacts:
        assert one.phone is not None
        assert one.address is not None
        assert one.phone.startswith("+86100"), "no mobile number begins with 100"
        assert "虚构" in one.address


def test_both_registers_are_filled_in_the_usual_mix(database: Database, now: datetime) -> None:
    make_demo_data(database, now=now, residents=600, volunteers=20, seed=3)
    with database.transaction() as session:
        residents = [row.person_id for row in session.all(select(resident.c.person_id))]
        known = list_disabilities(session, person_ids=residents)
        facts = list_facts(session, now=now, person_ids=residents)
        certificates = list_certificates(session, person_ids=residents)
        helpers = session.all(select(volunteer_profile.c.languages))
    assert len(residents) == len(known) == 600
    assert len(helpers) == 20
    share = Counter(one.category for one in known.values())[DisabilityCategory.PHYSICAL] / 600
    assert 0.58 < share < 0.70
    severe = sum(one.severe for one in facts.values()) / 600
    assert 0.30 < severe < 0.45
    homes = {one.household_id for one in facts.values()}
    assert None not in homes
    assert 460 < len(homes) < 540
    for one in certificates.values():
        read = read_certificate(one.number, today=now.date())
        assert isinstance(read, CertificateNumber)
        assert read.check_right
        assert one.number.startswith("500299"), "an area that is assigned to no place"
