"""The staff deal with it within its limit: one takes it, hears both, ends it; late ones climb."""

import pytest
from sqlalchemy import update

from storage.apart import are_apart
from storage.complaints import (
    ComplaintEnding,
    ComplaintOver,
    end_complaint,
    get_complaint,
    list_staff,
    list_to_handle,
    open_parties,
    staff_party,
    state_complaint,
    take_complaint,
)
from storage.office import list_waiting
from storage.outbox import MessageClass
from storage.privacy import open_copy
from storage.refusals import AlreadyDecided, NotAllowed
from storage.retention import purge_now
from storage.tables import retention
from tests.storage.complaints.quarrel import Quarrel


def colleague(quarrel: Quarrel, name: str = "李干事") -> int:
    """Somebody else of the office."""
    with quarrel.village.database.transaction() as session:
        return quarrel.village._join(session, name, "coordinator", quarrel.village.home)


def waiting(quarrel: Quarrel, who: int) -> int:
    found = quarrel.village.do(list_waiting, actor=quarrel.person(who))
    return next((one.count for one in found if one.key == "complaints"), 0)


def test_who_takes_it_is_named_and_the_result_is_told(quarrel: Quarrel) -> None:
    village = quarrel.village
    other = colleague(quarrel)
    quarrel.say(quarrel.resident, village.carried())
    assert waiting(quarrel, quarrel.staff) == 1
    quarrel.do(take_complaint, quarrel.staff)
    quarrel.do(take_complaint, quarrel.staff)  # pressed twice
    with pytest.raises(AlreadyDecided):
        quarrel.do(take_complaint, other)
    quarrel.do(
        end_complaint,
        quarrel.staff,
        ending=ComplaintEnding.KEPT_APART,
        note="听了双方",
        answer="以后请小周来",
    )
    sent = village.deliver()
    assert village.said_to(quarrel.resident, sent)[-2:] == [
        "complaint_is_taken",
        "complaint_is_ended",
    ]
    assert not any("complaint" in one for one in village.said_to(quarrel.helper, sent))
    assert village.database.do(are_apart, quarrel.resident, quarrel.helper)
    assert waiting(quarrel, quarrel.staff) == 0
    with pytest.raises(ComplaintOver):
        quarrel.do(take_complaint, other)


def test_only_what_was_talked_over_lets_them_meet_again(quarrel: Quarrel) -> None:
    village = quarrel.village
    quarrel.say(quarrel.resident, village.carried())
    quarrel.do(end_complaint, quarrel.staff, ending=ComplaintEnding.SETTLED, note="说开了")
    assert not village.database.do(are_apart, quarrel.resident, quarrel.helper)


def test_what_is_grave_goes_at_once_and_names_the_duty_to_report(quarrel: Quarrel) -> None:
    village = quarrel.village
    quarrel.say(quarrel.resident, village.carried(), what="child")
    (told,) = [one for one in village.deliver() if one.template == "complaint_new"]
    assert told.message_class == MessageClass.ALARM
    assert told.facts["duty_digits"] == ["110", "12338", "12355", "12345"]


def test_over_its_limit_it_is_brought_up_each_day_and_who_said_it_is_told_once(
    quarrel: Quarrel,
) -> None:
    village = quarrel.village
    other = colleague(quarrel)
    quarrel.say(quarrel.resident, village.carried())
    quarrel.do(take_complaint, quarrel.staff)
    village.deliver()
    quarrel.wait(hours=47)
    assert "complaint_late" not in village.said_to(quarrel.staff)
    told = []
    for hours in (2, 24):
        quarrel.wait(hours=hours)
        sent = village.deliver()
        assert village.said_to(other, sent) == ["complaint_late"]
        told += village.said_to(quarrel.resident, sent)
    assert told == ["complaint_goes_on"]


def test_what_is_about_staff_goes_to_the_office_and_never_to_them(quarrel: Quarrel) -> None:
    village = quarrel.village
    other = colleague(quarrel)
    actor = quarrel.person(quarrel.resident)
    assert {one for one, _ in village.database.do(list_staff, actor=actor)} == {
        quarrel.staff,
        other,
    }
    with village.database.transaction() as session:
        party = staff_party(session, now=village.now, actor=actor, person_id=quarrel.staff)
        said = state_complaint(
            session, now=village.now, actor=actor, party=party, what="rude", words="不理人"
        )
    assert said.to_office
    sent = village.deliver()
    assert "complaint_new" in village.said_to(other, sent)
    assert village.said_to(quarrel.staff, sent) == []
    assert waiting(quarrel, quarrel.staff) == 0
    assert waiting(quarrel, other) == 1
    for act in (get_complaint, take_complaint, open_parties):
        with pytest.raises(NotAllowed):
            quarrel.do(act, quarrel.staff)
    listed = village.database.do(list_to_handle, actor=quarrel.person(other))
    assert [one.id for one in listed] == [said.id]


def test_nobody_but_staff_sees_or_ends_it(quarrel: Quarrel) -> None:
    quarrel.say(quarrel.resident, quarrel.village.carried())
    for one in (quarrel.resident, quarrel.helper):
        for act in (get_complaint, take_complaint, open_parties):
            with pytest.raises(NotAllowed):
                quarrel.do(act, one)
        with pytest.raises(NotAllowed):
            quarrel.village.database.do(list_to_handle, actor=quarrel.person(one))


def test_each_look_at_the_phones_is_written_down(quarrel: Quarrel) -> None:
    quarrel.say(quarrel.resident, quarrel.village.carried())
    before = quarrel.village.noted().count("contact_shown")
    people = quarrel.do(open_parties, quarrel.staff)
    assert [one.name for one in people] == ["兰姨", "志愿者1"]
    assert quarrel.village.noted().count("contact_shown") == before + 2


def test_the_copy_holds_what_one_said_and_nothing_of_what_was_said_of_one(
    quarrel: Quarrel,
) -> None:
    quarrel.say(quarrel.resident, quarrel.village.carried(), words="不来也不说")
    copies = {
        who: {
            section.key
            for section in quarrel.village.database.do(open_copy, subject=quarrel.person(who))
        }
        for who in (quarrel.resident, quarrel.helper)
    }
    assert "complaints" in copies[quarrel.resident]
    assert "complaints" not in copies[quarrel.helper]


def test_its_words_go_three_years_after_its_end(quarrel: Quarrel) -> None:
    village = quarrel.village
    quarrel.say(quarrel.resident, village.carried())
    quarrel.do(end_complaint, quarrel.staff, ending=ComplaintEnding.NOT_FOUND, note="没查到")
    purge_now(village.database, now=village.now)
    with village.database.transaction() as session:
        mine = update(retention).where(retention.c.key == "complaint_words")
        session.change(mine.values(state="allowed", decided_by=quarrel.staff))
    quarrel.wait(days=1000)
    assert "complaint_words" not in purge_now(village.database, now=village.now)
    quarrel.wait(days=100)
    assert purge_now(village.database, now=village.now)["complaint_words"] == 1
    assert quarrel.row().note is None
