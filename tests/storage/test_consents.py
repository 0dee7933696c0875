"""Consents: one yes for one purpose and version, and its end."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from storage.consents import (
    give_consent,
    has_consent,
    last_no_at,
    list_consents,
    own_no_stands,
    refuse,
    withdraw,
)
from storage.database import Database, Session
from storage.people import Person
from storage.tables import consent
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


def _share(session: Session, now: datetime, person: Person, by: int, ground: str) -> bool:
    return give_consent(
        session,
        now=now,
        person_id=person.id,
        purpose="share_contact",
        given_by=by,
        ground=ground,
    )


def _ends(session: Session, person: Person) -> datetime | None:
    ends: datetime | None = session.value(
        select(consent.c.expires_at).where(
            consent.c.person_id == person.id, consent.c.withdrawn_at.is_(None)
        )
    )
    return ends


def test_the_same_yes_again_lasts_longer(database: Database, now: datetime) -> None:
    later = now + timedelta(days=100)
    with database.transaction() as session:
        person = register(session, now=now, name="陈素芬")
        assert _share(session, now, person, person.id, "self")
        assert not _share(session, later, person, person.id, "self")
        assert _ends(session, person) == later + timedelta(days=365)


def test_a_yes_that_has_run_out_counts_no_more_even_before_the_tick(
    database: Database, now: datetime
) -> None:
    after = now + timedelta(days=365)
    with database.transaction() as session:
        person = register(session, now=now, name="陈素芬")
        _share(session, now, person, person.id, "self")
        known: dict[str, Any] = {"person_id": person.id, "purpose": "share_contact"}
        assert has_consent(session, **known, now=after - timedelta(seconds=1))
        assert not has_consent(session, **known, now=after)


def test_ones_own_word_takes_the_place_of_a_caregivers_and_not_the_other_way_round(
    database: Database, now: datetime
) -> None:
    with database.transaction() as session:
        person = register(session, now=now, name="陈素芬")
        daughter = register(session, now=now, name="李梅")
        assert _share(session, now, person, daughter.id, "caregiver")
        assert _share(session, now, person, person.id, "self")
        assert not _share(session, now, person, daughter.id, "caregiver")
        standing = {one.purpose: one for one in list_consents(session, person_id=person.id)}
        assert standing["share_contact"].ground == "self"
        assert standing["share_contact"].own
        assert not standing["keep_data"].given


def test_where_somebody_said_no_themselves_a_caregivers_yes_changes_nothing(
    database: Database, now: datetime
) -> None:
    with database.transaction() as session:
        person = register(session, now=now, name="陈素芬")
        daughter = register(session, now=now, name="李梅")
        known: dict[str, Any] = {"person_id": person.id, "purpose": "share_contact"}
        refuse(session, now=now, **known, actor_id=person.id)
        assert own_no_stands(session, **known)
        assert last_no_at(session, **known) == now
        assert not _share(session, now, person, daughter.id, "caregiver")
        later = now + timedelta(minutes=1)
        assert _share(session, later, person, person.id, "self")
        assert not own_no_stands(session, **known)
        withdraw(session, now=later, **known, actor_id=person.id)
        assert not _share(session, later, person, daughter.id, "staff")
        assert not has_consent(session, **known)
