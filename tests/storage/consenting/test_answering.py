"""Yes and no by oneself or a guardian, each with its effect at once; nobody else speaks."""

import threading
from typing import Any

import pytest
from sqlalchemy import select

from storage.consenting import ChildNeedsGuardian, answer, get_known, list_wards
from storage.consents import own_no_stands
from storage.dialogues import find_chat
from storage.outbox import MessageClass, say
from storage.people import get_person
from storage.refusals import NotAllowed, TooLate
from storage.registers import (
    change_profile,
    find_disability,
    open_profile,
    record_certificate,
)
from storage.registers.profiles import DisabilityRefused
from storage.roles import grant
from storage.rules.fields import Register
from storage.rules.purposes import Purpose
from storage.rules.shown_to import DISABILITY_FIELDS
from storage.tables import consent, disability_certificate, outbox
from tests.storage.consenting.home import MINOR_BORN, Home
from tests.storage.residents import heard

# Synthetic: area 500299 belongs to nobody. Psychiatric (6), grade 2.
NUMBER = "50029919800101123562"


def test_an_adult_says_yes_and_takes_it_back_and_both_are_written_down(home: Home) -> None:
    assert home.say(Purpose.PUBLISH_NAME, True, by=home.adult)
    assert home.stands(home.adult, Purpose.PUBLISH_NAME)
    assert home.say(Purpose.PUBLISH_NAME, False, by=home.adult)
    assert not home.stands(home.adult, Purpose.PUBLISH_NAME)
    assert len(home.noted("consent_given")) >= 1
    assert len(home.noted("consent_withdrawn")) == 1
    with home.database.transaction() as session:
        assert heard(session, 1) == ["consent_unpublish"], "whoever prepares publicity is told"


@pytest.mark.parametrize("yes", [True, False])
def test_neither_a_caregiver_nor_staff_nor_a_stranger_speaks_for_an_adult(
    home: Home, yes: bool
) -> None:
    for by in (home.daughter, home.staff, home.mother):
        with pytest.raises(NotAllowed):
            home.say(Purpose.PUBLISH_NAME, yes, by=by, about=home.adult)


def test_for_a_child_the_guardian_speaks_and_not_the_child(home: Home) -> None:
    with pytest.raises(ChildNeedsGuardian):
        home.say(Purpose.PUBLISH_PICTURE, True, by=home.child)
    with pytest.raises(ChildNeedsGuardian):
        home.say(Purpose.PUBLISH_PICTURE, False, by=home.child)
    assert home.say(Purpose.PUBLISH_PICTURE, True, by=home.mother, about=home.child)
    assert home.stands(home.child, Purpose.PUBLISH_PICTURE)
    assert [one.name for one in home.database.do(list_wards, guardian_id=home.mother)] == ["周小满"]


def test_a_guardian_who_is_none_any_more_is_refused(home: Home) -> None:
    home.end_tie(home.mother)
    with pytest.raises(NotAllowed):
        home.say(Purpose.PUBLISH_PICTURE, True, by=home.mother, about=home.child)


def test_a_yes_is_only_said_to_the_words_as_they_are(home: Home) -> None:
    with pytest.raises(TooLate):
        home.do(
            answer,
            by=home.adult,
            person_id=home.adult,
            purpose=Purpose.PUBLISH_NAME,
            version="0",
            yes=True,
        )


def test_keeping_data_is_taken_back_by_leaving_only(home: Home) -> None:
    with pytest.raises(NotAllowed):
        home.say(Purpose.KEEP_DATA, False, by=home.adult)


def test_a_no_where_nothing_was_asked_is_remembered_once(home: Home) -> None:
    for _ in range(3):
        home.say(Purpose.PUBLISH_STORY, False, by=home.adult)
    assert len(home.noted("consent_refused")) == 1
    with home.database.transaction() as session:
        assert own_no_stands(session, person_id=home.adult, purpose=Purpose.PUBLISH_STORY)
        assert heard(session, 1) == [], "nothing was published, so nobody is troubled"


def test_no_servers_abroad_closes_the_chat_to_all_but_answers_and_alarms(home: Home) -> None:
    said: Any = {"template": "help", "facts": {"roles": []}, "to": home.adult}
    with home.database.transaction() as session:
        say(session, now=home.now, key="before", message_class=MessageClass.INFO, **said)
    home.say(Purpose.ABROAD, True, by=home.adult)
    home.say(Purpose.ABROAD, False, by=home.adult)
    with home.database.transaction() as session:
        state = session.value(select(outbox.c.state).where(outbox.c.key == "before"))
        assert state == "unwanted"
        goes = {
            kind: say(session, now=home.now, key=kind.value, message_class=kind, **said)
            for kind in MessageClass
        }
        known = find_chat(session, chat_id=3)
    assert {kind for kind, went in goes.items() if went} == {
        MessageClass.ALARM,
        MessageClass.ANSWER,
    }
    assert known is not None
    assert known.closed
    home.say(Purpose.ABROAD, True, by=home.adult)
    with home.database.transaction() as session:
        assert say(session, now=home.now, key="x", message_class=MessageClass.INFO, **said)
        assert "consent_chat_closed_desk" in heard(session, 1)


def test_a_disability_is_forgotten_with_its_certificate_and_the_rest_stays(home: Home) -> None:
    staff = home.person(home.staff)
    with home.database.transaction() as session:
        record_certificate(
            session,
            now=home.now,
            actor=staff,
            person_id=home.adult,
            number=NUMBER,
            ground="card",
            seen_on_card=True,
        )
        assert find_disability(session, person_id=home.adult) is not None
    home.say(Purpose.RECORD_DISABILITY, True, by=home.adult)
    home.say(Purpose.RECORD_DISABILITY, False, by=home.adult)
    with home.database.transaction() as session:
        assert find_disability(session, person_id=home.adult) is None
        assert session.find(select(disability_certificate.c.id)) is None
        profile = open_profile(session, person_id=home.adult)
    assert not set(profile) & DISABILITY_FIELDS[Register.RESIDENT]
    assert profile["born_on"] == "1980-01-01"
    assert len(home.noted("disability_forgotten")) == 1


def test_over_somebodys_own_no_staff_write_no_disability_down(home: Home) -> None:
    staff = home.person(home.staff)
    facts: Any = {"now": home.now, "actor": staff, "person_id": home.adult, "ground": "visit"}
    home.say(Purpose.RECORD_DISABILITY, False, by=home.adult)
    with home.database.transaction() as session:
        for key, value in (("category", "visual"), ("cause", "illness")):
            with pytest.raises(DisabilityRefused):
                change_profile(session, values={key: value}, **facts)
        with pytest.raises(DisabilityRefused):
            record_certificate(session, number=NUMBER, seen_on_card=True, **facts)
        assert change_profile(session, values={"education": "primary"}, **facts) == ["education"]
    home.say(Purpose.RECORD_DISABILITY, True, by=home.adult)
    with home.database.transaction() as session:
        assert change_profile(session, values={"category": "visual"}, **facts) == ["category"]


def test_a_minor_helps_only_as_long_as_the_guardian_says_so(home: Home) -> None:
    with home.database.transaction() as session:
        home.born(session, home.child, MINOR_BORN)
    with pytest.raises(ChildNeedsGuardian):
        home.say(Purpose.VOLUNTEER_MINOR, True, by=home.child)
    assert home.say(Purpose.VOLUNTEER_MINOR, True, by=home.mother, about=home.child)
    assert home.say(Purpose.VOLUNTEER_MINOR, False, by=home.mother, about=home.child)
    assert not home.stands(home.child, Purpose.VOLUNTEER_MINOR)


def test_who_has_come_of_age_helps_whatever_the_former_guardian_says(home: Home) -> None:
    with home.database.transaction() as session:
        home.born(session, home.child, "2000-05-01")
        grant(session, now=home.now, person_id=home.child, kind="volunteer", actor_id=home.staff)
    for yes in (True, False):
        with pytest.raises(TooLate):
            home.say(Purpose.VOLUNTEER_MINOR, yes, by=home.mother, about=home.child)
    assert home.person(home.child).is_approved("volunteer")


def test_what_one_sees_of_whose_consents(home: Home) -> None:
    def see(by: int, about: int) -> object:
        return home.do(get_known, by=by, person_id=about)

    mine = home.do(get_known, by=home.adult, person_id=home.adult)
    assert (mine.own, mine.staff, mine.may_answer) == (True, False, True)
    assert Purpose.VOLUNTEER_MINOR not in [one.purpose for one in mine.consents]
    ward = home.do(get_known, by=home.mother, person_id=home.child)
    assert (ward.own, ward.staff, ward.may_answer) == (False, False, True)
    childs = home.do(get_known, by=home.child, person_id=home.child)
    assert not childs.may_answer
    desk = home.do(get_known, by=home.staff, person_id=home.adult)
    assert (desk.staff, desk.may_answer) == (True, False)
    assert len(home.noted("consents_looked_at")) == 1
    for by in (home.daughter, home.mother):
        with pytest.raises(NotAllowed):
            see(by, home.adult)


def test_yes_and_no_pressed_at_once_leave_one_state_and_no_half_of_one(home: Home) -> None:
    start = threading.Barrier(4)

    def press(yes: bool) -> None:
        start.wait()
        home.say(Purpose.SHARE_CONTACT, yes, by=home.adult)

    threads = [threading.Thread(target=press, args=(one,)) for one in (True, False, True, False)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    with home.database.transaction() as session:
        person = get_person(session, person_id=home.adult)
        rows = session.all(
            select(consent).where(
                consent.c.person_id == person.id, consent.c.purpose == "share_contact"
            )
        )
    assert sum(row.withdrawn_at is None for row in rows) <= 1
    assert all((row.ended is None) == (row.withdrawn_at is None) for row in rows)
