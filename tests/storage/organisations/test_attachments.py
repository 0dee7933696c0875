"""Attachments: a school or clinic sees the stated fields of those tied to it, and no more."""

from datetime import datetime
from typing import Any

import pytest

from storage.attachments import attach, detach, list_attached, open_attached
from storage.database import Database
from storage.organisations import Organisation
from storage.refusals import AlreadyDone, NotAllowed, OutsideScope, TooLate
from storage.registers import change_profile
from tests.storage.organisations.street import Street, a_street, place
from tests.storage.residents import journalled


@pytest.fixture
def street(database: Database, now: datetime) -> Street:
    return database.do(a_street, now)


def test_a_pupil_is_seen_by_name_and_community_alone(
    database: Database, now: datetime, street: Street
) -> None:
    with database.transaction() as session:
        tie = attach(
            session,
            now=now,
            actor=street.of_first,
            organisation_id=street.school.id,
            person_id=street.resident.id,
        )
        look: dict[str, Any] = {
            "now": now,
            "actor": street.teacher,
            "organisation_id": street.school.id,
        }
        (pupil,) = list_attached(session, **look)
        assert (pupil.name, set(pupil.facts)) == ("陈素芬", {"community"})
        assert journalled(session, "attached_seen") == 1
        with pytest.raises(NotAllowed):
            open_attached(session, now=now, actor=street.teacher, attachment_id=tie)
        with pytest.raises(NotAllowed):
            list_attached(session, **look | {"actor": street.of_second})


def test_a_clinic_knows_the_grade_and_may_see_the_phone_but_never_this_category(
    database: Database, now: datetime, street: Street
) -> None:
    with database.transaction() as session:
        clinic: Organisation = place(session, "桂阳社区卫生服务中心")
        tie = attach(
            session,
            now=now,
            actor=street.office,
            organisation_id=clinic.id,
            person_id=street.resident.id,
        )
        for category, shown in (("physical", ("physical", "2")), ("psychiatric", (None, None))):
            change_profile(
                session,
                now=now,
                actor=street.office,
                person_id=street.resident.id,
                values={"category": category, "grade": "2"},
                ground="staff",
            )
            (patient,) = list_attached(
                session, now=now, actor=street.office, organisation_id=clinic.id
            )
            assert (patient.facts["category"], patient.facts["grade"]) == shown
        contact = open_attached(session, now=now, actor=street.office, attachment_id=tie)
        assert contact.phone == "+8610012345678"
        assert journalled(session, "contact_seen") == 1


def test_only_whoever_sees_the_person_ties_them_and_either_side_ends_it(
    database: Database, now: datetime, street: Street
) -> None:
    with database.transaction() as session:
        tie: dict[str, Any] = {
            "now": now,
            "organisation_id": street.school.id,
            "person_id": street.resident.id,
        }
        for stranger in (street.of_second, street.teacher):
            with pytest.raises(OutsideScope):
                attach(session, actor=stranger, **tie)
        added = attach(session, actor=street.of_first, **tie)
        with pytest.raises(AlreadyDone):
            attach(session, actor=street.office, **tie)
        with pytest.raises(NotAllowed):
            detach(session, now=now, actor=street.of_second, attachment_id=added)
        detach(session, now=now, actor=street.teacher, attachment_id=added)
        with pytest.raises(AlreadyDone):
            detach(session, now=now, actor=street.of_first, attachment_id=added)
        with pytest.raises(TooLate):
            open_attached(session, now=now, actor=street.teacher, attachment_id=added)


def test_a_village_ties_nobody_to_itself_since_people_live_there(
    database: Database, now: datetime, street: Street
) -> None:
    with database.transaction() as session, pytest.raises(TooLate):
        attach(
            session,
            now=now,
            actor=street.of_first,
            organisation_id=street.first.id,
            person_id=street.resident.id,
        )


def test_of_a_child_under_14_a_clinic_sees_name_and_community_alone(
    database: Database, now: datetime, street: Street
) -> None:
    with database.transaction() as session:
        clinic = place(session, "桂阳社区卫生服务中心")
        tie = attach(
            session,
            now=now,
            actor=street.office,
            organisation_id=clinic.id,
            person_id=street.resident.id,
        )
        change_profile(
            session,
            now=now,
            actor=street.office,
            person_id=street.resident.id,
            values={"category": "physical", "grade": "2", "born_on": "2015-06-01"},
            ground="staff",
        )
        (patient,) = list_attached(session, now=now, actor=street.office, organisation_id=clinic.id)
        assert set(patient.facts) == {"community"}
        with pytest.raises(NotAllowed):
            open_attached(session, now=now, actor=street.office, attachment_id=tie)
