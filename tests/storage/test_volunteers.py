"""Volunteers: they apply with a pledge, one coordinator decides, they rest when they wish."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from storage.communities import list_communities, seed
from storage.database import Database, Session
from storage.people import Person, get_person
from storage.refusals import AlreadyDecided, AlreadyDone, NotAllowed, Refusal, TooLate
from storage.roles import end_role
from storage.rules.skills import Skill, TimeSlot
from storage.tables import volunteer
from storage.volunteers import (
    PLEDGE_VERSION,
    Applicant,
    card_facts,
    change_skills,
    decide_volunteer,
    find_volunteer,
    get_volunteer,
    list_applicants,
    open_applicant,
    pause_volunteer,
    resume_volunteer,
)
from tests.storage.residents import OFFICE, apply, heard, journalled, register

WANG, LI, ZHANG = 1, 2, 3


@pytest.fixture
def office(database: Database, now: datetime) -> list[Person]:
    """Two coordinators."""
    with database.transaction() as session:
        return [
            register(session, now=now, name=name, roles=("coordinator",), chat=chat)
            for name, chat in (("王珊", WANG), ("李娜", LI))
        ]


@pytest.fixture
def applicant(database: Database, now: datetime, office: list[Person]) -> Applicant:
    with database.transaction() as session:
        seed(session, now=now)
        home = list_communities(session)[0].id
        person = register(
            session,
            now=now,
            name="张强",
            chat=ZHANG,
            phone="+8610000000003",
            community_id=home,
        )
        apply(session, now=now, person=person)
        return list_applicants(session, actor=OFFICE)[0]


def _decide(
    session: Session, now: datetime, actor: Person, one: Applicant, approve: bool
) -> Applicant:
    return decide_volunteer(
        session,
        now=now,
        actor=actor,
        role_id=one.role_id,
        version=one.version,
        approve=approve,
    )


def test_every_coordinator_sees_who_applied_but_not_their_phone(
    database: Database, applicant: Applicant
) -> None:
    with database.transaction() as session:
        assert heard(session, WANG) == heard(session, LI) == ["volunteer_waits"]
        assert get_person(session, person_id=applicant.person_id).roles == {"volunteer": "waiting"}
    facts = card_facts(applicant)
    assert facts["skills"] == ["errands", "haircut"]
    assert facts["community"] == "东街社区"
    assert "phone" not in facts


def test_the_pledge_is_kept_with_its_version_and_time(
    database: Database, now: datetime, applicant: Applicant
) -> None:
    with database.transaction() as session:
        row = session.find(select(volunteer.c.pledge_version, volunteer.c.pledged_at))
    assert row is not None
    assert tuple(row) == (PLEDGE_VERSION, now)


@pytest.mark.parametrize(("approve", "state"), [(True, "approved"), (False, "declined")])
def test_the_volunteer_and_the_other_coordinator_hear_the_decision(
    database: Database,
    now: datetime,
    office: list[Person],
    applicant: Applicant,
    approve: bool,
    state: str,
) -> None:
    with database.transaction() as session:
        _decide(session, now, office[0], applicant, approve)
        assert heard(session, ZHANG) == [f"volunteer_{state}"]
        assert heard(session, WANG) == ["volunteer_waits"]
        assert heard(session, LI) == ["volunteer_waits", "volunteer_decided"]
        assert list_applicants(session, actor=OFFICE) == []
        person = get_person(session, person_id=applicant.person_id)
        assert person.is_approved("volunteer") is approve


def test_the_coordinator_who_is_late_hears_who_decided(
    database: Database, now: datetime, office: list[Person], applicant: Applicant
) -> None:
    with database.transaction() as session:
        _decide(session, now, office[0], applicant, False)
        with pytest.raises(AlreadyDecided) as late:
            _decide(session, now, office[1], applicant, True)
        assert late.value.facts == {"by": "王珊", "state": "declined"}
        with pytest.raises(AlreadyDone):
            _decide(session, now, office[0], applicant, False)


def test_of_many_presses_at_once_one_decides_and_the_volunteer_hears_one_answer(
    database: Database, now: datetime, office: list[Person], applicant: Applicant
) -> None:
    def press(number: int) -> str:
        try:
            database.do(_decide, now, office[number % 2], applicant, number % 3 == 0)
        except Refusal as refusal:
            return refusal.key
        return "decided"

    with ThreadPoolExecutor(8) as crowd:
        ends = list(crowd.map(press, range(20)))
    assert ends.count("decided") == 1
    assert set(ends) == {"decided", "already_decided", "already_done"}
    with database.transaction() as session:
        assert len(heard(session, ZHANG)) == 1


def test_nobody_else_decides_and_an_unknown_application_is_not_found(
    database: Database, now: datetime, office: list[Person], applicant: Applicant
) -> None:
    with database.transaction() as session:
        stranger = get_person(session, person_id=applicant.person_id)
        with pytest.raises(NotAllowed):
            _decide(session, now, stranger, applicant, True)
        with pytest.raises(NotAllowed):
            decide_volunteer(
                session, now=now, actor=office[0], role_id=999, version=1, approve=True
            )
        with pytest.raises(NotAllowed):
            open_applicant(session, now=now, actor=stranger, role_id=applicant.role_id)


def test_who_took_the_application_back_can_no_longer_be_decided_on(
    database: Database, now: datetime, office: list[Person], applicant: Applicant
) -> None:
    with database.transaction() as session:
        end_role(
            session,
            now=now,
            person_id=applicant.person_id,
            kind="volunteer",
            actor_id=applicant.person_id,
        )
        with pytest.raises(TooLate):
            _decide(session, now, office[0], applicant, True)
        with pytest.raises(TooLate):
            open_applicant(session, now=now, actor=office[0], role_id=applicant.role_id)


def test_the_phone_is_shown_for_the_call_before_and_the_look_is_journalled(
    database: Database, now: datetime, office: list[Person], applicant: Applicant
) -> None:
    with database.transaction() as session:
        contact = open_applicant(session, now=now, actor=office[0], role_id=applicant.role_id)
        assert contact.phone == "+8610000000003"
        assert journalled(session, "contact_seen") == 1


def test_one_application_at_a_time_and_again_after_a_no(
    database: Database, now: datetime, office: list[Person], applicant: Applicant
) -> None:
    with database.transaction() as session:
        person = get_person(session, person_id=applicant.person_id)
        with pytest.raises(AlreadyDone):
            apply(session, now=now, person=person)
        _decide(session, now, office[0], applicant, False)
        apply(session, now=now, person=person)
        assert [one.person_id for one in list_applicants(session, actor=OFFICE)] == [person.id]


def test_a_volunteer_says_anew_what_they_can_do_rests_and_comes_back(
    database: Database, now: datetime, applicant: Applicant
) -> None:
    until = now + timedelta(days=7)
    with database.transaction() as session:
        person = get_person(session, person_id=applicant.person_id)
        change_skills(session, now=now, person=person, skills=[], times=[TimeSlot.ANY_TIME])
        pause_volunteer(session, now=now, person=person, until=until)
        resting = get_volunteer(session, person_id=person.id)
        assert (resting.skills, resting.times) == ((), (TimeSlot.ANY_TIME,))
        assert resting.paused_until == until
        resume_volunteer(session, now=now, person=person)
        assert get_volunteer(session, person_id=person.id).paused_until is None


def test_who_never_volunteered_has_nothing_to_change(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        person = register(session, now=now, name="陈素芬", roles=("resident",))
        assert find_volunteer(session, person_id=person.id) is None
        with pytest.raises(LookupError):
            get_volunteer(session, person_id=person.id)
        with pytest.raises(NotAllowed):
            change_skills(session, now=now, person=person, skills=[Skill.ERRANDS], times=[])
