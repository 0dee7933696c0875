"""Who is kept apart from a person in danger is rung about them only where nobody else is there."""

from datetime import time, timedelta

import pytest
from sqlalchemy import delete, select, update

from storage.alarms import (
    Ending,
    Raised,
    add_to_alarm,
    end_alarm,
    raise_alarm,
    say_unsafe,
    show_alarms,
    take_alarm,
)
from storage.apart import Ground, keep_apart
from storage.check_ins import answer_for_oneself
from storage.check_ins.cases import MISSED
from storage.communities import list_communities, seed
from storage.database import Session
from storage.files import fill_file
from storage.needs.media import Sent, hear_voice, move_media, take_medium
from storage.people import get_person
from storage.refusals import NotAllowed
from storage.rules.dangers import DangerKind
from storage.rules.ladder import RUNGS, Outcome, Rung
from storage.tables import journal, need_media, organisation, outbox, pause, person, role
from tests.storage.calls.street import Street
from tests.storage.calls.test_outages import BACK, MINUTE, run, sleep


def part(street: Street, name: str) -> None:
    street.do(
        keep_apart,
        now=street.now,
        one=street.people["lan"],
        other=street.people[name],
        ground=Ground.RESIDENT,
        by=street.people["lan"],
    )


def danger(street: Street) -> Raised:
    return street.do(
        raise_alarm,
        now=street.now,
        chat_id=street.chat_of("lan"),
        person_id=street.people["lan"],
        words="救命",
        kind=DangerKind.UNKNOWN,
    )


def take(street: Street, name: str) -> None:
    street.do(take_alarm, now=street.now, actor_id=street.people[name], alarm_id=1)


def desk(street: Street, name: str) -> int:
    def show(session: Session) -> int:
        actor = get_person(session, person_id=street.people[name])
        return show_alarms(session, now=street.now, actor=actor)

    return street.do(show)


def settle_two_villages(street: Street) -> None:
    """lan and wang belong to the first village, chen to the second; the office is empty."""
    with street.database.transaction() as session:
        seed(session, now=street.now)
        home, away = (one.id for one in list_communities(session)[:2])
        for name, place in (("wang", home), ("chen", away)):
            at = select(organisation.c.id).where(organisation.c.community_id == place)
            session.change(
                update(role)
                .where(role.c.person_id == street.people[name])
                .values(organisation_id=session.value(at))
            )
        session.change(
            update(person).where(person.c.id == street.people["lan"]).values(community_id=home)
        )


def test_an_alarm_does_not_ring_to_whom_they_are_kept_apart_from(street: Street) -> None:
    part(street, "wang")
    assert danger(street).told == ["chen"]
    street.forward(minutes=6)
    street.do(add_to_alarm, now=street.now, chat_id=street.chat_of("lan"), words="在三楼")
    take(street, "chen")
    street.deliver()
    assert street.heard("wang") == []
    assert desk(street, "wang") == 0
    assert desk(street, "chen") == 1
    with pytest.raises(NotAllowed):
        take(street, "wang")
    assert street.count("rung_though_apart") == 0


@pytest.mark.parametrize("other", ["gone", "away"])
def test_with_nobody_else_there_it_rings_to_them_all_the_same(street: Street, other: str) -> None:
    part(street, "wang")
    if other == "gone":
        street.end_role("chen", "coordinator")
    else:
        street.go_away("chen")
    assert danger(street).told == ["wang"]
    assert street.count("rung_though_apart") == 1
    assert desk(street, "wang") == 1
    take(street, "wang")
    street.do(
        end_alarm,
        now=street.now,
        actor_id=street.people["wang"],
        alarm_id=1,
        ending=Ending.SEEN,
    )


def back(street: Street, name: str) -> None:
    """Who was away is there again."""
    with street.database.transaction() as session:
        session.change(delete(pause).where(pause.c.person_id == street.people[name]))


def test_after_two_rings_without_an_answer_they_are_rung_as_well(street: Street) -> None:
    part(street, "wang")
    assert danger(street).told == ["chen"]
    street.forward(minutes=6)
    street.deliver()
    assert street.heard("wang") == []
    street.forward(minutes=6)
    street.deliver()
    assert street.heard("wang") == ["alarm_ring"]


@pytest.mark.parametrize("near", [True, False])
def test_whoever_took_it_hears_more_words_also_when_another_is_back(
    street: Street, near: bool
) -> None:
    if near:
        part(street, "wang")
    else:
        settle_two_villages(street)
    holder, other = ("wang", "chen") if near else ("chen", "wang")
    street.go_away(other)
    assert danger(street).told == [holder]
    take(street, holder)
    back(street, other)
    unsafe = street.do(say_unsafe, now=street.now, chat_id=street.chat_of("lan"), alarm_id=1)
    assert unsafe is not None
    assert unsafe.told == [holder]
    assert desk(street, holder) == 1


def test_whoever_is_on_the_way_is_told_to_turn_back_also_when_another_is_back(
    street: Street,
) -> None:
    street.plan()
    part(street, "wang")
    street.go_away("chen")
    street.forward(hours=17)
    street.take("wang")
    back(street, "chen")
    street.do(
        answer_for_oneself,
        now=street.now,
        person_id=street.people["lan"],
        check_in_id=1,
        is_well=True,
    )
    street.deliver()
    assert "check_in_turn_back" in street.heard("wang")


def test_it_rings_in_the_next_village_and_whoever_is_rung_there_may_take_it(
    street: Street,
) -> None:
    settle_two_villages(street)
    part(street, "wang")
    assert danger(street).told == ["chen"]
    take(street, "chen")


def test_an_alarm_of_the_next_village_is_taken_by_nobody_who_was_not_rung(street: Street) -> None:
    settle_two_villages(street)
    assert danger(street).told == ["wang"]
    with pytest.raises(NotAllowed):
        take(street, "chen")


def test_the_duty_rungs_of_a_call_go_to_the_next_village_likewise(street: Street) -> None:
    settle_two_villages(street)
    street.plan()
    part(street, "wang")
    street.forward(hours=17)
    assert RUNGS[street.case().rung] is Rung.NO_SUPPORT
    assert street.heard("wang") == []
    assert street.last("chen").template == "check_in_duty"
    street.take("chen")
    street.answer("chen", Outcome.SEEN)
    assert street.case().state == "closed"


def test_staff_kept_apart_are_rung_about_a_call_after_those_of_the_plan(street: Street) -> None:
    settle_two_villages(street)
    street.end_role("chen", "coordinator")
    street.plan()
    part(street, "wang")
    street.forward(hours=17)
    assert street.last("liu").template == "check_in_duty"
    assert street.last("wang").template == "check_in_duty"
    with street.database.transaction() as session:
        rows = session.all(select(journal.c.detail).where(journal.c.what == "rung_though_apart"))
    assert {row.detail for row in rows} == {f"to {street.people['wang']}"}


def test_a_call_that_an_outage_swallowed_may_be_taken_by_whoever_is_told(street: Street) -> None:
    settle_two_villages(street)
    street.plan(clock=time(8, 40))
    part(street, "wang")
    sleep(street)
    run(street, BACK + MINUTE, reached=True)
    assert street.case().last_outcome == MISSED
    street.take("chen")


def test_a_voice_is_played_to_nobody_who_may_not_hear_it(street: Street) -> None:
    settle_two_villages(street)
    part(street, "wang")
    lan = street.people["lan"]
    sent = Sent("voice", "AwAC-1", 5000, seconds=12)
    taken = street.do(take_medium, now=street.now, actor_id=lan, resident_id=lan, sent=sent)
    with street.database.transaction() as session:
        file = select(need_media.c.file_id).where(need_media.c.id == taken.id)
        assert fill_file(session, file_id=session.value(file), body=b"OggS" + bytes(40))
    for _ in range(8):
        while move_media(street.database, now=street.now):
            pass
        street.now += timedelta(hours=1)
    with street.database.transaction() as session:
        rows = session.all(select(outbox.c.chat_id).where(outbox.c.template == "medium_staff"))
    assert {row.chat_id for row in rows} == {street.chat_of("wang")}
    wang = street.do(get_person, person_id=street.people["wang"])
    street.do(hear_voice, now=street.now, actor=wang, media_id=taken.id)
