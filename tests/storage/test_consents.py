"""Consents: one yes for one purpose and version, and its end."""

from datetime import datetime

from storage.consents import give_consent, has_consent, withdraw
from storage.database import Database, Session
from storage.people import Person
from tests.storage.residents import journalled, register


def _say_yes(session: Session, now: datetime, person: Person, version: str = "1") -> bool:
    return give_consent(
        session,
        now=now,
        person_id=person.id,
        purpose="keep_data",
        version=version,
        given_by=person.id,
    )


def _take_back(session: Session, now: datetime, person: Person) -> bool:
    return withdraw(session, now=now, person_id=person.id, purpose="keep_data", actor_id=person.id)


def test_a_yes_stands_for_its_version_until_it_is_taken_back(
    database: Database, now: datetime
) -> None:
    with database.transaction() as session:
        person = register(session, now=now, name="陈素芬")
        assert not has_consent(session, person_id=person.id, purpose="keep_data")
        assert _say_yes(session, now, person)
        assert has_consent(session, person_id=person.id, purpose="keep_data", version="1")
        assert not has_consent(session, person_id=person.id, purpose="keep_data", version="2")
        assert not has_consent(session, person_id=person.id, purpose="share_contact")
        assert _take_back(session, now, person)
        assert not has_consent(session, person_id=person.id, purpose="keep_data")


def test_the_same_yes_twice_is_one_row_and_one_line_in_the_journal(
    database: Database, now: datetime
) -> None:
    with database.transaction() as session:
        person = register(session, now=now, name="陈素芬")
        assert _say_yes(session, now, person)
        assert not _say_yes(session, now, person)
        assert journalled(session, "consent_given") == 1


def test_after_taking_it_back_one_can_say_yes_again(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        person = register(session, now=now, name="陈素芬")
        _say_yes(session, now, person)
        assert _take_back(session, now, person)
        assert not _take_back(session, now, person)
        assert _say_yes(session, now, person)
