"""Lists become entries of the register: looked at first, written once, told apart."""

from collections.abc import Sequence

import pytest
from sqlalchemy import func, select

from storage.consents import has_consent
from storage.imports.batches import drop_import, map_column
from storage.imports.refusals import ImportDecided, ImportRunning, NothingToImport
from storage.people import open_contact
from storage.refusals import NotAllowed
from storage.registers import change_profile, find_certificate, find_household, open_profile
from storage.roles import end_role
from storage.rules.fields import Register
from storage.rules.importing.cells import Cell
from storage.tables import duplicate, import_row, person, role, volunteer
from tests.storage.imports.desk import HEADER, LIST, NUMBERS, Desk
from tests.storage.residents import journalled, register


def test_nothing_is_written_before_somebody_says_so(desk: Desk) -> None:
    before = desk.people()
    batch = desk.stage()
    assert desk.counts(batch) == {"new": 3}
    assert batch.state == "staged"
    assert (batch.header_row, batch.summary["rows"]) == (1, 3)
    assert desk.people() == before


def test_a_list_becomes_people_of_the_register(desk: Desk) -> None:
    batch = desk.send()
    assert batch.state == "applied"
    assert desk.counts(batch) == {"applied": 3}
    chen = desk.get(desk.one("陈素芬"))
    assert chen.roles == {"resident": "approved"}
    assert chen.community_id == desk.homes["青山村"]
    assert chen.telegram_id is None
    with desk.database.transaction() as session:
        contact = open_contact(session, person_id=chen.id)
        assert (contact.phone, contact.address) == ("+8610012345671", "1组2号")
        certificate = find_certificate(session, person_id=chen.id)
        assert certificate is not None
        assert (certificate.number, certificate.grade) == (NUMBERS[0], 1)
        assert open_profile(session, person_id=chen.id)["born_on"] == "1945-03-07"
        for purpose in ("keep_data", "record_disability"):
            assert has_consent(session, person_id=chen.id, purpose=purpose)
        assert journalled(session, "import_applied") == 1


def test_consents_are_written_down_only_when_somebody_says_they_are_on_file(desk: Desk) -> None:
    batch = desk.stage()
    desk.write(batch, consents=False)
    chen = desk.one("陈素芬")
    with desk.database.transaction() as session:
        assert not has_consent(session, person_id=chen, purpose="keep_data")


def test_the_same_list_again_changes_nothing_and_says_so(desk: Desk) -> None:
    first = desk.send()
    chen = desk.one("陈素芬")
    with desk.database.transaction() as session:
        change_profile(
            session,
            now=desk.now,
            actor=desk.office,
            person_id=chen,
            values={"phone": "+8610012345699"},
            ground="called",
        )
    turned: list[Sequence[Cell]] = [LIST[0], *reversed(LIST[1:])]
    again = desk.stage(turned)
    assert again.state == "dropped"
    assert again.summary["same_as"] == first.id
    assert desk.counts(again) == {}


def test_the_same_people_in_another_list_are_nothing_new(desk: Desk) -> None:
    desk.send()
    rows: list[list[Cell]] = [["编号", *HEADER], ["9", *LIST[1]]]
    rows.append(["8", "赵敏", "双河村", "", "", ""])
    other = desk.stage(rows)
    assert desk.counts(other) == {"same": 1, "new": 1}


def test_only_what_is_otherwise_is_changed(desk: Desk) -> None:
    desk.send()
    chen = desk.one("陈素芬")
    changed: list[list[Cell]] = [HEADER, ["陈素芬", "青山村", "", NUMBERS[0], "2组9号"]]
    batch = desk.stage(changed)
    assert desk.counts(batch) == {"changed": 1}
    desk.write(batch)
    with desk.database.transaction() as session:
        contact = open_contact(session, person_id=chen)
    assert (contact.phone, contact.address) == ("+8610012345671", "2组9号")


def test_what_somebody_said_in_the_chat_is_not_overwritten_by_a_list(desk: Desk) -> None:
    with desk.database.transaction() as session:
        chen = register(
            session,
            now=desk.now,
            name="陈素芬",
            roles=("resident",),
            chat=30,
            phone="+8610012345699",
            community_id=desk.homes["青山村"],
        )
        change_profile(
            session,
            now=desk.now,
            actor=desk.office,
            person_id=chen.id,
            values={"born_on": "1945-03-07"},
            ground="test",
        )
    desk.send(LIST[:2])
    assert desk.find("陈素芬") == [chen.id]
    with desk.database.transaction() as session:
        contact = open_contact(session, person_id=chen.id)
    assert (contact.phone, contact.address) == ("+8610012345699", "1组2号")


def test_a_new_number_after_a_new_assessment_is_a_change_and_the_old_is_kept(desk: Desk) -> None:
    desk.send()
    newer = NUMBERS[0][:18] + "12"
    batch = desk.send([HEADER, ["陈素芬", "青山村", "", newer, ""]])
    assert desk.counts(batch) == {"applied": 1}
    certificate = desk.database.do(find_certificate, person_id=desk.one("陈素芬"))
    assert certificate is not None
    assert (certificate.number, certificate.grade) == (newer, 2)


def test_a_likely_double_is_entered_and_shown_never_merged(desk: Desk) -> None:
    with desk.database.transaction() as session:
        register(
            session,
            now=desk.now,
            name="陈素芬",
            roles=("resident",),
            community_id=desk.homes["青山村"],
        )
    batch = desk.stage()
    assert desk.counts(batch) == {"duplicate": 1, "new": 2}
    desk.write(batch)
    assert len(desk.find("陈素芬")) == 2
    with desk.database.transaction() as session:
        pairs = session.all(select(duplicate.c.low_id, duplicate.c.high_id))
    assert [tuple(pair) for pair in pairs] == [tuple(desk.find("陈素芬"))]


def test_good_rows_go_in_and_bad_ones_come_back_with_their_reasons(desk: Desk) -> None:
    batch = desk.send(
        [
            HEADER,
            LIST[1],
            ["罗德明", "月球村", "120", "5.00E+19", ""],
            ["", "双河村", "10012345674", "", ""],
            ["何小梅", "双河村", "1001234567", "", ""],
        ]
    )
    assert desk.counts(batch) == {"applied": 1, "bad": 3}
    assert desk.reasons(batch) == [
        (3, ["community_unknown", "phone_emergency_number", "number_eaten"]),
        (4, ["name_missing"]),
        (5, ["phone_too_short"]),
    ]
    assert ["number_eaten", "D", "残疾人证号", 1] in batch.summary["reasons"]


def test_a_number_that_is_somebody_elses_is_asked_back(desk: Desk) -> None:
    desk.send()
    batch = desk.stage([HEADER, ["赵敏", "双河村", "", NUMBERS[0], ""]])
    assert desk.reasons(batch) == [(2, ["certificate_of_another"])]


def test_one_person_twice_in_a_list_is_taken_once(desk: Desk) -> None:
    batch = desk.send([*LIST, LIST[1], ["陈素芬", "青山村", "", NUMBERS[0], "别处"]])
    assert desk.counts(batch) == {"applied": 3, "same": 1, "bad": 1}
    assert desk.reasons(batch) == [(6, ["repeated_in_file"])]


def test_people_of_one_household_number_live_together(desk: Desk) -> None:
    desk.send(
        [
            ["姓名", "村", "户编号", "组"],
            ["陈素芬", "青山村", "017", "3组"],
            ["陈国庆", "青山村", "017", "3组"],
            ["罗德明", "双河村", "017", "1组"],
        ]
    )
    homes = [
        desk.database.do(find_household, person_id=desk.one(name))
        for name in ("陈素芬", "陈国庆", "罗德明")
    ]
    assert all(home is not None for home in homes)
    first, second, third = homes
    assert first == second != third
    assert first is not None
    assert (first.code, first.group_code) == ("017", "3组")


def test_a_village_imports_its_own_people_and_no_others(desk: Desk) -> None:
    batch = desk.send(by=desk.village)
    assert desk.counts(batch) == {"applied": 2, "bad": 1}
    assert desk.reasons(batch) == [(4, ["community_not_yours"])]
    assert desk.find("何小梅") == []


def test_a_village_does_not_learn_who_lives_elsewhere(desk: Desk) -> None:
    desk.send([HEADER, ["陈素芬", "双河村", "10012345671", NUMBERS[0], ""]])
    batch = desk.stage(LIST[:2], by=desk.village)
    assert desk.reasons(batch) == [(2, ["registered_elsewhere"])]
    stranger = desk.stage([HEADER, ["赵敏", "青山村", "", NUMBERS[0], ""]], by=desk.village)
    assert desk.reasons(stranger) == [(2, ["certificate_of_another"])]


def test_a_list_without_a_village_is_that_of_the_village_who_sends_it(desk: Desk) -> None:
    desk.send([["姓名", "性别"], ["陈素芬", "女"]], by=desk.village)
    assert desk.get(desk.one("陈素芬")).community_id == desk.homes["青山村"]


def test_a_list_of_helpers_fills_their_register_and_makes_nobody_staff(desk: Desk) -> None:
    batch = desk.send(
        [
            ["姓名", "村", "联系电话", "特长技能", "可服务时间", "语言", "身份"],
            ["张强", "青山村", "10012345681", "理发、代购", "周末", "重庆话", "协调员"],
        ]
    )
    assert batch.register is Register.VOLUNTEER
    zhang = desk.get(desk.one("张强"))
    assert zhang.roles == {"volunteer": "approved"}
    with desk.database.transaction() as session:
        row = session.find(select(volunteer).where(volunteer.c.person_id == zhang.id))
    assert row is not None
    assert (row.skills, row.times) == ("haircut,errands", "weekend")


def test_whoever_is_in_the_other_register_gets_a_second_role(desk: Desk) -> None:
    desk.send()
    desk.send(
        [
            ["姓名", "村", "联系电话", "特长技能", "可服务时间"],
            ["陈素芬", "青山村", "10012345671", "电话问候", "随时"],
        ]
    )
    assert desk.get(desk.one("陈素芬")).roles == {"resident": "approved", "volunteer": "approved"}


def test_a_column_that_was_read_as_something_else_is_read_again(desk: Desk) -> None:
    rows: list[Sequence[Cell]] = [[*HEADER[:4], "家里"], *LIST[1:]]
    batch = desk.stage(rows)
    assert [one.field for one in batch.columns][-1] is None
    mapped = desk.database.do(
        map_column,
        now=desk.now,
        actor=desk.office,
        batch_id=batch.id,
        version=batch.version,
        at=4,
        field="address",
    )
    assert mapped.state == "reading"
    assert mapped.mapping[4] == "address"
    with pytest.raises(NotAllowed):
        desk.database.do(
            map_column,
            now=desk.now,
            actor=desk.office,
            batch_id=batch.id,
            version=mapped.version,
            at=4,
            field="consent_on",
        )


def test_of_two_who_press_import_one_begins_and_the_other_hears_it(desk: Desk) -> None:
    batch = desk.stage()
    desk.start(batch)
    with pytest.raises(ImportDecided) as refused:
        desk.start(batch)
    assert refused.value.facts == {"by": "王珊", "state": "applying"}


def test_one_list_at_a_time_is_written_into_one_scope(desk: Desk) -> None:
    first, second = desk.stage(LIST[:2]), desk.stage([LIST[0], LIST[2]])
    desk.start(first)
    with pytest.raises(ImportRunning):
        desk.start(second)
    # The village writes its own beside it.
    desk.start(
        desk.stage([HEADER, ["赵敏", "青山村", "", "", ""]], by=desk.village), by=desk.village
    )


def test_a_dropped_list_leaves_nothing_behind(desk: Desk) -> None:
    batch = desk.stage()
    desk.database.do(drop_import, now=desk.now, actor=desk.office, batch_id=batch.id)
    with desk.database.transaction() as session:
        assert session.value(select(func.count()).select_from(import_row)) == 0
    with pytest.raises(ImportDecided):
        desk.start(batch)


def test_a_list_with_nothing_to_write_is_not_begun(desk: Desk) -> None:
    batch = desk.stage([HEADER, ["", "青山村", "10012345674", "", ""]])
    with pytest.raises(NothingToImport):
        desk.start(batch)


def test_nobody_else_sends_or_sees_a_list(desk: Desk) -> None:
    batch = desk.stage()
    with pytest.raises(NotAllowed):
        desk.start(batch, by=desk.village)
    with desk.database.transaction() as session:
        helper = register(session, now=desk.now, name="张强", roles=("volunteer",))
    with pytest.raises(NotAllowed):
        desk.stage(by=helper)


def test_whose_role_ends_in_the_middle_writes_no_further(desk: Desk) -> None:
    batch = desk.stage(LIST[:2], by=desk.village)
    desk.start(batch, by=desk.village)
    with desk.database.transaction() as session:
        end_role(
            session,
            now=desk.now,
            person_id=desk.village.id,
            kind="coordinator",
            actor_id=desk.office.id,
        )
    from_then_on = desk.counts(desk.finish(batch))
    assert from_then_on == {"bad": 1}
    with desk.database.transaction() as session:
        residents = select(func.count()).where(role.c.kind == "resident")
        assert session.value(residents) == 0
        assert session.value(select(func.count()).select_from(person)) == 2
