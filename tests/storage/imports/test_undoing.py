"""A batch is taken back as a whole, but never what somebody did since."""

import pytest
from sqlalchemy import func, select

from storage.imports.refusals import ImportDecided, ImportMoved, ImportRunning
from storage.needs import Statement, state_need
from storage.people import open_contact
from storage.registers import change_profile, find_certificate
from storage.rules.areas import Category, Urgency
from storage.tables import consent, disability_certificate, household, person, resident
from tests.storage.imports.desk import HEADER, LIST, NUMBERS, Desk
from tests.storage.residents import journalled


def test_people_whom_the_list_made_are_gone_as_if_it_never_was(desk: Desk) -> None:
    before = desk.people()
    batch = desk.send([[*HEADER, "户编号"], *[[*row, "1"] for row in LIST[1:]]])
    assert desk.undo(batch).state == "undone"
    assert desk.counts(batch) == {"undone": 3}
    assert desk.people() == before
    with desk.database.transaction() as session:
        for table in (resident, disability_certificate, household):
            assert session.value(select(func.count()).select_from(table)) == 0
        assert session.value(select(func.count()).where(consent.c.ground == "staff")) == 0
        assert journalled(session, "person_removed") == 3


def test_the_list_can_be_sent_again_after_it_was_taken_back(desk: Desk) -> None:
    desk.undo(desk.send())
    assert desk.counts(desk.send()) == {"applied": 3}


def test_what_the_list_changed_is_as_before(desk: Desk) -> None:
    desk.send()
    chen = desk.one("陈素芬")
    second = desk.send(
        [[*HEADER, "备注"], ["陈素芬", "青山村", "10012345699", NUMBERS[0], "2组9号", "爱听戏"]]
    )
    desk.undo(second)
    assert desk.counts(second) == {"undone": 1}
    with desk.database.transaction() as session:
        contact = open_contact(session, person_id=chen)
    assert (contact.phone, contact.address) == ("+8610012345671", "1组2号")
    assert desk.people() == 5


def test_what_was_changed_since_stays_and_is_reported(desk: Desk) -> None:
    batch = desk.send()
    chen = desk.one("陈素芬")
    desk.database.do(
        change_profile,
        now=desk.now,
        actor=desk.office,
        person_id=chen,
        values={"phone": "+8610012345699"},
        ground="called",
    )
    desk.undo(batch)
    assert desk.counts(batch) == {"undone": 2, "kept": 1}
    assert desk.find("陈素芬") == [chen]


def test_whoever_has_a_need_stays(desk: Desk) -> None:
    batch = desk.send()
    chen = desk.one("陈素芬")
    desk.database.do(
        state_need,
        now=desk.now,
        actor_id=desk.office.id,
        resident_id=chen,
        said=Statement(Category.ERRAND, Urgency.U2, "买米"),
    )
    desk.undo(batch)
    assert desk.counts(batch) == {"undone": 2, "kept": 1}
    assert desk.get(chen).roles == {"resident": "approved"}


def test_a_certificate_that_the_list_brought_goes_with_it(desk: Desk) -> None:
    desk.send([["姓名", "村", "联系电话"], LIST[1][:3]])
    chen = desk.one("陈素芬")
    batch = desk.send([HEADER, LIST[1]])
    assert desk.database.do(find_certificate, person_id=chen) is not None
    desk.undo(batch)
    assert desk.database.do(find_certificate, person_id=chen) is None
    assert desk.counts(batch) == {"undone": 1}


def test_only_what_was_written_can_be_taken_back_and_once(desk: Desk) -> None:
    staged = desk.stage(LIST[:2])
    with pytest.raises(ImportMoved):
        desk.undo(staged)
    batch = desk.write(staged)
    desk.undo(batch)
    with pytest.raises(ImportDecided) as refused:
        desk.undo(batch)
    assert refused.value.facts["state"] == "undone"


def test_nothing_is_taken_back_while_another_list_is_written(desk: Desk) -> None:
    done = desk.send(LIST[:2])
    desk.start(desk.stage([LIST[0], LIST[2]]))
    with pytest.raises(ImportRunning):
        desk.undo(done)
    with desk.database.transaction() as session:
        assert session.value(select(func.count()).select_from(person)) == 3
