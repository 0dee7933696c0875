"""Written down for somebody: within one's scope, once, and taken back by whoever wrote it."""

from datetime import date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from storage.communities import get_name, seed
from storage.database import Database, Session
from storage.looks import LookNeedsApproval
from storage.organisations import find_by_name
from storage.paper import (
    AlreadyRegistered,
    NewResident,
    find_named,
    list_lines,
    make_sheet,
    open_sheet,
    open_to_call,
    record_call,
    register_resident,
    type_line,
    undo_call,
    undo_registering,
)
from storage.paper.sheets import LineTyped, SheetEmpty
from storage.pauses import begin_pause
from storage.people import Person, get_person, set_phone
from storage.refusals import NotAllowed, TooLate
from storage.registers import (
    change_profile,
    find_household,
    list_same_number,
    open_profile,
)
from storage.roles import end_role, grant
from storage.rules.ladder import Outcome
from storage.rules.pauses import Reason
from storage.tables import call_record, consent, sheet_line
from tests.storage.residents import journalled, register

MONDAY = date(2026, 11, 23)


@pytest.fixture
def staff(database: Database, now: datetime) -> Person:
    """Somebody of the office; the shipped communities and their associations are there."""
    with database.transaction() as session:
        seed(session, now=now)
        return register(session, now=now, name="王珊", roles=("coordinator",), chat=1)


def enter(session: Session, now: datetime, staff: Person, name: str, **more: object) -> int:
    new = NewResident(name=name, **{"community_id": 1, **more})  # type: ignore[arg-type]
    return register_resident(session, now=now, actor=staff, new=new)


def of_village(session: Session, now: datetime, community_id: int, chat: int) -> Person:
    """A coordinator of one village's association."""
    home = find_by_name(session, name=get_name(session, community_id=community_id))
    assert home is not None
    who = register(session, now=now, name=f"专干{chat}", chat=chat)
    grant(
        session,
        now=now,
        person_id=who.id,
        kind="coordinator",
        actor_id=None,
        organisation_id=home.id,
    )
    return get_person(session, person_id=who.id)


def test_somebody_entered_is_a_resident_with_the_words_of_the_line(
    database: Database, now: datetime, staff: Person
) -> None:
    with database.transaction() as session:
        who = enter(
            session,
            now,
            staff,
            "王桂英",
            group_code="3组",
            phone="+8610012345001",
            profile={"sex": "female", "born_on": "1948", "category": "physical", "grade": "2"},
        )
        (found,) = find_named(session, actor=staff, name="王桂英")
        assert (found.id, found.group_code) == (who, "3组")
        assert open_profile(session, person_id=who)["born_on"] == "1948"
        grounds = {
            row.purpose: (row.ground, row.channel)
            for row in session.all(select(consent).where(consent.c.person_id == who))
        }
        assert grounds == {
            "keep_data": ("staff", "paper"),
            "record_disability": ("staff", "paper"),
        }


def test_the_same_name_in_the_same_place_is_registered_twice_only_on_purpose(
    database: Database, now: datetime, staff: Person
) -> None:
    with database.transaction() as session:
        enter(session, now, staff, "王桂英")
        with pytest.raises(AlreadyRegistered):
            enter(session, now, staff, "王桂英")
        enter(session, now, staff, "王桂英", community_id=2)
        register_resident(session, now=now, actor=staff, new=NewResident("王桂英", 1), another=True)
        assert len(find_named(session, actor=staff, name="王桂英")) == 3


def test_a_registration_is_taken_back_within_the_hour_and_not_with_a_need(
    database: Database, now: datetime, staff: Person
) -> None:
    with database.transaction() as session:
        number = "50029919450307018211"
        more = {"phone": "+8610012345001", "certificate": number, "group_code": "3组"}
        who = enter(session, now, staff, "王桂英", **more)
        later = now + timedelta(hours=2)
        with pytest.raises(TooLate):
            undo_registering(session, now=later, actor=staff, person_id=who)
        undo_registering(session, now=now, actor=staff, person_id=who)
        person = get_person(session, person_id=who)
        assert (person.roles, person.has_phone) == ({}, False)
        assert open_profile(session, person_id=who) == {}
        assert find_household(session, person_id=who) is None
        assert list_same_number(session, number=number) == []


def test_nobody_writes_for_people_beside_their_own(
    database: Database, now: datetime, staff: Person
) -> None:
    with database.transaction() as session:
        who = enter(session, now, staff, "王桂英")
        neighbour = of_village(session, now, 2, 7)
        assert find_named(session, actor=neighbour, name="王桂英") == []
        with pytest.raises(NotAllowed):
            record_call(
                session,
                now=now,
                actor=neighbour,
                person_id=who,
                channel="phone",
                outcome=Outcome.SPOKE_FINE,
            )
        with pytest.raises(NotAllowed):
            enter(session, now, neighbour, "李德明")
        number = make_sheet(session, now=now, actor=staff, first_day=MONDAY, community_id=1)
        assert list_lines(session, actor=neighbour, number=number) == {}


def test_a_call_is_taken_back_once_and_by_whoever_wrote_it(
    database: Database, now: datetime, staff: Person
) -> None:
    with database.transaction() as session:
        who = enter(session, now, staff, "王桂英")
        other = register(session, now=now, name="李主任", roles=("coordinator",), chat=2)
        record = record_call(
            session,
            now=now,
            actor=staff,
            person_id=who,
            channel="visit",
            outcome=Outcome.SEEN,
            words="在院坝晒太阳",
        )
        kept = session.find(select(call_record))
        assert kept is not None
        assert "晒太阳".encode() not in kept.words
        with pytest.raises(NotAllowed):
            undo_call(session, now=now, actor=other, record_id=record)
        undo_call(session, now=now, actor=staff, record_id=record)
        with pytest.raises(TooLate):
            undo_call(session, now=now, actor=staff, record_id=record)


def test_a_sheet_leaves_out_who_is_away_and_journals_each_number_it_shows(
    database: Database, now: datetime, staff: Person
) -> None:
    with database.transaction() as session:
        with pytest.raises(SheetEmpty):
            make_sheet(session, now=now, actor=staff, first_day=MONDAY, community_id=1)
        enter(session, now, staff, "王桂英")
        away = enter(session, now, staff, "李德明")
        begin_pause(session, now=now, actor=staff, person_id=away, reason=Reason.HOSPITAL)
        number = make_sheet(session, now=now, actor=staff, first_day=MONDAY, community_id=1)
        printed = open_sheet(session, now=now, actor=staff, number=number)
        assert [line.name for line in printed.lines] == ["王桂英"]
        assert journalled(session, "contact_shown") == 1


def test_a_sheet_is_not_printed_for_who_has_left_nor_for_another(
    database: Database, now: datetime, staff: Person
) -> None:
    with database.transaction() as session:
        enter(session, now, staff, "王桂英")
        number = make_sheet(session, now=now, actor=staff, first_day=MONDAY, community_id=1)
        other = register(session, now=now, name="李主任", roles=("coordinator",), chat=2)
        with pytest.raises(LookupError):
            open_sheet(session, now=now, actor=other, number=number)
        end_role(session, now=now, person_id=staff.id, kind="coordinator", actor_id=other.id)
        left = get_person(session, person_id=staff.id)
        with pytest.raises(NotAllowed):
            open_sheet(session, now=now, actor=left, number=number)
        assert journalled(session, "contact_shown") == 0


def test_a_childs_number_is_neither_printed_nor_opened_without_an_approved_look(
    database: Database, now: datetime, staff: Person
) -> None:
    with database.transaction() as session:
        child = enter(session, now, staff, "周小满")
        born = {"born_on": "2018-05-01"}
        change_profile(session, now=now, actor=staff, person_id=child, values=born, ground="paper")
        set_phone(session, person_id=child, phone="+8610000000001")
        number = make_sheet(session, now=now, actor=staff, first_day=MONDAY, community_id=1)
        printed = open_sheet(session, now=now, actor=staff, number=number)
        assert [(line.name, line.phone) for line in printed.lines] == [("周小满", None)]
        assert journalled(session, "contact_shown") == 0
        with pytest.raises(LookNeedsApproval):
            open_to_call(session, now=now, actor=staff, person_id=child)


def test_of_two_who_type_the_same_sheet_one_is_kept(
    database: Database, now: datetime, staff: Person
) -> None:
    with database.transaction() as session:
        enter(session, now, staff, "王桂英")
        make_sheet(session, now=now, actor=staff, first_day=MONDAY, community_id=1)
        other = register(session, now=now, name="李主任", roles=("coordinator",), chat=2)
        line = session.value(select(sheet_line.c.id))
    gate, kept = Barrier(2), []

    def type_in(actor: Person, outcome: Outcome) -> None:
        gate.wait()
        try:
            database.do(type_line, now=now, actor=actor, line_id=line, outcome=outcome)
        except LineTyped:
            return
        kept.append(actor.id)

    hands = [
        Thread(target=type_in, args=(actor, outcome))
        for actor, outcome in ((staff, Outcome.SPOKE_FINE), (other, Outcome.NO_ANSWER))
    ]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    with database.transaction() as session:
        row = session.find(select(sheet_line))
    assert row is not None
    assert [row.typed_by] == kept
