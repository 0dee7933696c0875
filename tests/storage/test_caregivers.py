"""Caregivers: the resident's own word counts, staff's where they cannot; asking tells nothing."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from storage.caregivers import (
    ask_to_care,
    decide_tie,
    end_tie,
    find_tie,
    list_residents_of,
    list_staff_ties,
    list_ties,
    may_ask_for,
    open_tie,
)
from storage.communities import list_communities, seed
from storage.database import Database, Session
from storage.dialogues import mark_reachable
from storage.people import Person, find_by_phone, find_person, get_person
from storage.refusals import AlreadyDone, NotAllowed, Refusal, TooLate
from tests.storage.residents import OFFICE, heard, journalled, register

WANG, LI, MOTHER, DAUGHTER, SON = 1, 2, 3, 4, 5
PHONE, NOBODYS = "+8610000000003", "+8610000000009"


@dataclass
class Family:
    """A mother with a chat, her daughter and son, two coordinators."""

    home: int
    mother: Person
    daughter: Person
    son: Person
    wang: Person
    li: Person


@pytest.fixture
def family(database: Database, now: datetime) -> Family:
    with database.transaction() as session:
        seed(session, now=now)
        home = list_communities(session)[0].id
        coordinator = ("coordinator",)
        return Family(
            home=home,
            mother=register(
                session,
                now=now,
                name="陈素芬",
                roles=("resident",),
                chat=MOTHER,
                phone=PHONE,
                community_id=home,
            ),
            daughter=register(session, now=now, name="李梅", chat=DAUGHTER),
            son=register(session, now=now, name="李刚", chat=SON),
            wang=register(session, now=now, name="王珊", roles=coordinator, chat=WANG),
            li=register(session, now=now, name="李娜", roles=coordinator, chat=LI),
        )


def _ask(
    session: Session,
    now: datetime,
    family: Family,
    *,
    asker: Person | None = None,
    name: str = "陈素芬",
    phone: str | None = PHONE,
) -> None:
    asker = asker or family.daughter
    ask_to_care(
        session,
        now=now,
        asker=get_person(session, person_id=asker.id),
        name=name,
        community_id=family.home,
        phone=phone,
    )


def _decide(
    session: Session, now: datetime, actor: Person, tie_id: int, yes: bool, version: int = 1
) -> None:
    decide_tie(session, now=now, actor=actor, tie_id=tie_id, version=version, yes=yes)


def _only_tie(session: Session, person: Person) -> int:
    ties = list_ties(session, person_id=person.id)
    assert len(ties) == 1
    return ties[0].id


def test_a_resident_found_by_phone_is_asked_and_her_yes_lets_the_daughter_ask(
    database: Database, now: datetime, family: Family
) -> None:
    with database.transaction() as session:
        _ask(session, now, family, name="妈妈")
        assert heard(session, MOTHER) == ["caregiver_asks"]
        assert not may_ask_for(
            session, caregiver_id=family.daughter.id, resident_id=family.mother.id
        )
        _decide(session, now, family.mother, _only_tie(session, family.mother), True)
        assert heard(session, DAUGHTER) == ["caregiver_confirmed"]
        assert may_ask_for(session, caregiver_id=family.daughter.id, resident_id=family.mother.id)
        residents = list_residents_of(session, caregiver_id=family.daughter.id)
        assert [one.name for one in residents] == ["陈素芬"]
        assert get_person(session, person_id=family.daughter.id).is_approved("caregiver")
        assert heard(session, WANG) == []


def test_her_no_is_told_without_a_name_and_she_is_not_asked_again_for_a_week(
    database: Database, now: datetime, family: Family
) -> None:
    with database.transaction() as session:
        _ask(session, now, family)
        _decide(session, now, family.mother, _only_tie(session, family.mother), False)
        assert heard(session, DAUGHTER) == ["caregiver_declined"]
        _ask(session, now + timedelta(days=6), family)
        assert heard(session, MOTHER) == ["caregiver_asks"]
        _ask(session, now + timedelta(days=8), family)
        assert heard(session, MOTHER) == ["caregiver_asks"] * 2


def test_asking_twice_asks_her_once(database: Database, now: datetime, family: Family) -> None:
    with database.transaction() as session:
        _ask(session, now, family)
        _ask(session, now, family)
        assert heard(session, MOTHER) == ["caregiver_asks"]


def test_without_a_phone_name_and_community_find_her(
    database: Database, now: datetime, family: Family
) -> None:
    with database.transaction() as session:
        _ask(session, now, family, phone=None)
        assert heard(session, MOTHER) == ["caregiver_asks"]


def test_of_two_who_share_a_phone_the_name_decides(
    database: Database, now: datetime, family: Family
) -> None:
    with database.transaction() as session:
        register(session, now=now, name="李老", roles=("resident",), chat=33, phone=PHONE)
        _ask(session, now, family)
        assert heard(session, MOTHER) == ["caregiver_asks"]
        _ask(session, now, family, asker=family.son, name="不认得")
        assert heard(session, 33) == []
        assert len(list_staff_ties(session, actor=OFFICE)) == 1


def test_somebody_without_a_chat_is_written_down_and_staff_are_asked(
    database: Database, now: datetime, family: Family
) -> None:
    with database.transaction() as session:
        _ask(session, now, family, name="罗德明", phone=NOBODYS)
        assert heard(session, WANG) == heard(session, LI) == ["caregiver_waits"]
        tie = list_staff_ties(session, actor=OFFICE)[0]
        assert (tie.resident_name, tie.caregiver_name) == ("罗德明", "李梅")
        contacts = open_tie(session, now=now, actor=family.wang, tie_id=tie.id)
        assert contacts[0].phone == NOBODYS
        assert journalled(session, "contact_seen") == 2
        _decide(session, now, family.wang, tie.id, True)
        made = get_person(session, person_id=tie.resident_id)
        assert made.roles == {"resident": "approved"}
        assert made.telegram_id is None
        assert heard(session, LI) == ["caregiver_waits", "caregiver_decided"]
        assert heard(session, DAUGHTER) == ["caregiver_confirmed"]


def test_when_staff_say_no_the_phone_of_somebody_unknown_is_forgotten(
    database: Database, now: datetime, family: Family
) -> None:
    with database.transaction() as session:
        _ask(session, now, family, name="罗德明", phone=NOBODYS)
        _ask(session, now, family, asker=family.son, name="罗德明", phone=NOBODYS)
        first, second = list_staff_ties(session, actor=OFFICE)
        _decide(session, now, family.wang, first.id, False)
        assert find_by_phone(session, phone=NOBODYS) == [first.resident_id]
        _decide(session, now, family.wang, second.id, False)
        assert find_by_phone(session, phone=NOBODYS) == []
        assert get_person(session, person_id=first.resident_id).roles == {}


def test_a_resident_on_the_phone_of_the_one_who_asks_is_somebody_else(
    database: Database, now: datetime, family: Family
) -> None:
    with database.transaction() as session:
        asker = register(
            session, now=now, name="罗小梅", roles=("resident",), chat=44, phone=NOBODYS
        )
        _ask(session, now, family, asker=asker, name="罗德明", phone=NOBODYS)
        tie = list_staff_ties(session, actor=OFFICE)[0]
        assert tie.resident_id != asker.id


def test_a_resident_who_cannot_be_written_to_is_answered_for_by_staff(
    database: Database, now: datetime, family: Family
) -> None:
    with database.transaction() as session:
        mark_reachable(session, chat_id=MOTHER, reachable=False)
        _ask(session, now, family)
        assert heard(session, MOTHER) == []
        tie = list_staff_ties(session, actor=OFFICE)[0]
        with pytest.raises(NotAllowed):
            _decide(session, now, family.mother, tie.id, True)
        _decide(session, now, family.wang, tie.id, True)
        assert may_ask_for(session, caregiver_id=family.daughter.id, resident_id=family.mother.id)


def test_a_coordinator_does_not_confirm_what_they_asked_for_themselves(
    database: Database, now: datetime, family: Family
) -> None:
    with database.transaction() as session:
        mark_reachable(session, chat_id=MOTHER, reachable=False)
        _ask(session, now, family, asker=family.wang)
        tie = list_staff_ties(session, actor=OFFICE)[0]
        with pytest.raises(NotAllowed):
            _decide(session, now, family.wang, tie.id, True)
        _decide(session, now, family.li, tie.id, True)


def test_staff_do_not_answer_for_somebody_who_can(
    database: Database, now: datetime, family: Family
) -> None:
    with database.transaction() as session:
        _ask(session, now, family)
        tie_id = _only_tie(session, family.mother)
        for actor in (family.wang, family.daughter, family.son):
            with pytest.raises(NotAllowed):
                _decide(session, now, actor, tie_id, True)
        for actor in (family.wang, family.son):
            with pytest.raises(NotAllowed):
                open_tie(session, now=now, actor=actor, tie_id=tie_id)
        with pytest.raises(NotAllowed):
            _decide(session, now, family.mother, 999, True)
        assert list_staff_ties(session, actor=OFFICE) == []


def test_of_two_coordinators_one_decides_and_the_other_hears_who(
    database: Database, now: datetime, family: Family
) -> None:
    database.do(_ask, now, family, name="罗德明", phone=NOBODYS)
    tie_id = database.do(list_staff_ties, actor=OFFICE)[0].id

    def press(actor: Person) -> str:
        try:
            database.do(_decide, now, actor, tie_id, True)
        except Refusal as late:
            return f"{late.key} {late.facts.get('by', '')}".strip()
        return "decided"

    with ThreadPoolExecutor(4) as crowd:
        ends = list(crowd.map(press, [family.wang, family.li] * 5))
    assert ends.count("decided") == 1
    decided_by = "李娜" if "already_decided 李娜" in ends else "王珊"
    assert set(ends) == {"decided", f"already_decided {decided_by}", "already_done"}
    with database.transaction() as session:
        assert heard(session, DAUGHTER) == ["caregiver_confirmed"]


@pytest.mark.parametrize("side", ["mother", "daughter", "wang"])
def test_either_side_or_staff_end_a_tie_and_the_others_hear_it(
    database: Database, now: datetime, family: Family, side: str
) -> None:
    with database.transaction() as session:
        _ask(session, now, family)
        tie_id = _only_tie(session, family.mother)
        _decide(session, now, family.mother, tie_id, True)
        actor: Person = getattr(family, side)
        end_tie(session, now=now, actor=actor, tie_id=tie_id, version=2)
        assert not may_ask_for(
            session, caregiver_id=family.daughter.id, resident_id=family.mother.id
        )
        told = {
            "mother": "caregiver_ended" in heard(session, MOTHER),
            "daughter": "caregiver_ended" in heard(session, DAUGHTER),
        }
        assert told == {"mother": side != "mother", "daughter": side != "daughter"}
        with pytest.raises(AlreadyDone):
            end_tie(session, now=now, actor=actor, tie_id=tie_id, version=2)


def test_who_asked_can_take_it_back_in_silence_and_then_it_is_too_late_to_answer(
    database: Database, now: datetime, family: Family
) -> None:
    with database.transaction() as session:
        _ask(session, now, family)
        tie_id = _only_tie(session, family.mother)
        end_tie(session, now=now, actor=family.daughter, tie_id=tie_id, version=1)
        assert "caregiver_ended" not in heard(session, MOTHER)
        with pytest.raises(TooLate):
            _decide(session, now, family.mother, tie_id, True)


def test_an_old_button_or_a_strangers_ends_nothing(
    database: Database, now: datetime, family: Family
) -> None:
    with database.transaction() as session:
        _ask(session, now, family)
        tie_id = _only_tie(session, family.mother)
        _decide(session, now, family.mother, tie_id, True)
        with pytest.raises(TooLate):
            end_tie(session, now=now, actor=family.mother, tie_id=tie_id, version=1)
        with pytest.raises(NotAllowed):
            end_tie(session, now=now, actor=family.son, tie_id=tie_id, version=2)
        with pytest.raises(NotAllowed):
            end_tie(session, now=now, actor=family.mother, tie_id=999, version=2)
        tie = find_tie(session, tie_id=tie_id)
        assert tie is not None
        assert tie.state == "confirmed"
        assert find_tie(session, tie_id=999) is None


def test_a_second_relative_needs_a_word_of_their_own(
    database: Database, now: datetime, family: Family
) -> None:
    with database.transaction() as session:
        _ask(session, now, family)
        _decide(session, now, family.mother, _only_tie(session, family.mother), True)
        daughter = find_person(session, person_id=family.daughter.id)
        assert daughter is not None
        _ask(session, now, family, asker=daughter, name="罗德明", phone=None)
        assert daughter.is_approved("caregiver")
        assert len(list_residents_of(session, caregiver_id=daughter.id)) == 1
        assert len(list_ties(session, person_id=daughter.id)) == 2
