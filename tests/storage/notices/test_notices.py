"""Notices: to whom, by batches, stopped, read, noted, and reminded without wearying anybody."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import insert, select, update

from storage.notices import (
    NobodyMeant,
    RemindedEnough,
    get_notice,
    get_received,
    list_attachable,
    list_notices,
    list_unread,
    mark_read,
    next_notice_at,
    note_read,
    open_phones,
    preview_facts,
    remind_notice,
    send_notice,
    send_notices,
    stepping,
    stop_notice,
)
from storage.people import Person
from storage.refusals import AlreadyDone, NotAllowed, TooLate
from storage.rules.audiences import Audience
from storage.tables import document, edition, notice, outbox, person, receipt
from tests.storage.residents import heard, journalled
from tests.storage.town import CHEN, ZHOU, Town

BATCH = 3
WORDS = "明天上午停水，请提前接水。"


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stepping, "BATCH", BATCH)


def send(town: Town, sender: str = "王珊", audience: Audience | None = None, **more: int) -> int:
    return town.database.do(
        send_notice,
        now=town.now,
        actor=town[sender],
        text=WORDS,
        audience=audience or Audience(),
        expires_at=town.now + timedelta(days=7),
        **more,
    )


def run(town: Town) -> None:
    """Let every batch that is due go, and the following ones in their time."""
    while True:
        while send_notices(town.database, now=town.now):
            pass
        with town.database.transaction() as session:
            due = next_notice_at(session)
        if due is None:
            return
        town.now = due


def receipts(town: Town) -> dict[str, int]:
    """Who got a notice: name to receipt."""
    with town.database.transaction() as session:
        rows = session.all(
            select(receipt.c.id, person.c.name).join(person, person.c.id == receipt.c.person_id)
        )
    return {row.name: row.id for row in rows}


def test_everybody_meant_is_told_once_and_the_others_are_listed(town: Town) -> None:
    notice_id = send(town)
    run(town)
    with town.database.transaction() as session:
        assert heard(session, CHEN) == heard(session, ZHOU) == ["notice_told"]
        session.change(update(outbox).values(state="sent"))
    seen = town.database.do(get_notice, actor=town["王珊"], notice_id=notice_id)
    assert (seen.state, seen.people, seen.by_chat, seen.received, seen.read) == ("sent", 3, 2, 2, 0)
    by_hand = town.database.do(list_unread, actor=town["王珊"], notice_id=notice_id, by_chat=False)
    assert [one.name for one in by_hand] == ["罗德明"]


def test_two_of_three_have_read_it(town: Town) -> None:
    notice_id = send(town)
    run(town)
    ids = receipts(town)
    mark_read_by(town, "陈素芬", ids["陈素芬"])
    town.database.do(
        note_read, now=town.now, actor=town["孙丽"], receipt_id=ids["罗德明"], channel="phone"
    )
    seen = town.database.do(get_notice, actor=town["王珊"], notice_id=notice_id)
    assert (seen.people, seen.read) == (3, 2)
    assert [(one.people, one.read) for one in seen.communities] == [(2, 2), (1, 0)]
    left = town.database.do(list_unread, actor=town["王珊"], notice_id=notice_id)
    assert [one.name for one in left] == ["周小兰"]


def mark_read_by(town: Town, name: str, receipt_id: int) -> None:
    town.database.do(mark_read, now=town.now, actor=town[name], receipt_id=receipt_id)


def test_reading_twice_counts_once_and_noting_what_was_read_is_told(town: Town) -> None:
    send(town)
    run(town)
    mine = receipts(town)["陈素芬"]
    mark_read_by(town, "陈素芬", mine)
    mark_read_by(town, "陈素芬", mine)
    received = town.database.do(get_received, actor=town["陈素芬"], receipt_id=mine)
    assert received.read
    assert received.buttons == []
    with pytest.raises(AlreadyDone):
        town.database.do(
            note_read, now=town.now, actor=town["孙丽"], receipt_id=mine, channel="visit"
        )
    with town.database.transaction() as session:
        assert journalled(session, "notice_read") == 1


def test_a_notice_is_its_receivers_to_read_and_nobody_elses(town: Town) -> None:
    send(town)
    with pytest.raises(NotAllowed):
        mark_read_by(town, "周小兰", receipts(town)["陈素芬"])


def test_a_coordinator_writes_to_their_own_people_only(town: Town) -> None:
    with pytest.raises(NotAllowed):
        send(town, "孙丽", Audience(communities=(town.home, town.away)))
    send(town, "孙丽")
    assert set(receipts(town)) == {"陈素芬", "罗德明"}


def test_a_coordinator_of_another_community_sees_and_notes_nothing(town: Town) -> None:
    notice_id = send(town, "孙丽")
    theirs = receipts(town)["罗德明"]
    qian = town["钱进"]
    assert town.database.do(list_notices, actor=qian) == []
    with pytest.raises(NotAllowed):
        town.database.do(get_notice, actor=qian, notice_id=notice_id)
    with pytest.raises(NotAllowed):
        town.database.do(note_read, now=town.now, actor=qian, receipt_id=theirs, channel="phone")
    with pytest.raises(NotAllowed):
        town.database.do(stop_notice, now=town.now, actor=qian, notice_id=notice_id, version=1)
    assert town.database.do(list_unread, actor=qian, notice_id=notice_id) == []


def test_a_coordinator_follows_the_offices_notice_among_their_own_people(town: Town) -> None:
    notice_id = send(town)
    seen = town.database.do(get_notice, actor=town["孙丽"], notice_id=notice_id)
    assert seen.people == 2
    with pytest.raises(NotAllowed):
        town.database.do(
            stop_notice, now=town.now, actor=town["孙丽"], notice_id=notice_id, version=1
        )
    line = town.database.do(list_notices, actor=town["孙丽"])[0]
    assert (line.people, line.read) == (2, 0)


def test_whoever_is_not_staff_sends_and_sees_nothing(town: Town) -> None:
    somebody = town["陈素芬"]
    with pytest.raises(NobodyMeant):
        send(town, "陈素芬")
    with pytest.raises(NotAllowed):
        town.database.do(list_notices, actor=somebody)
    with pytest.raises(NotAllowed):
        town.database.do(list_unread, actor=somebody, notice_id=1)
    with pytest.raises(NotAllowed):
        town.database.do(stop_notice, now=town.now, actor=somebody, notice_id=1, version=1)


def test_nobody_meant_is_said_and_nothing_is_kept(town: Town) -> None:
    with pytest.raises(NobodyMeant):
        send(town, audience=Audience(roles=("volunteer",)))


def test_a_stopped_notice_goes_to_nobody_more(town: Town) -> None:
    many(town, 2 * BATCH)
    notice_id = send(town)
    send_notices(town.database, now=town.now)
    town.database.do(stop_notice, now=town.now, actor=town["王珊"], notice_id=notice_id, version=1)
    run(town)
    assert told(town) == BATCH
    with pytest.raises(TooLate):
        town.database.do(
            stop_notice, now=town.now, actor=town["王珊"], notice_id=notice_id, version=1
        )
    with town.database.transaction() as session:
        rows = session.all(select(outbox.c.wanted).where(outbox.c.template == "notice_told"))
        version = session.value(select(notice.c.version).where(notice.c.id == notice_id))
    # What was queued and not yet sent is not wanted any more.
    assert {row.wanted for row in rows} == {f"notice:{notice_id}:1"}
    assert version == 2


def many(town: Town, count: int) -> None:
    with town.database.transaction() as session:
        for number in range(count):
            town.join(
                session, f"居民{number}", "resident", chat=1000 + number, community_id=town.home
            )


def told(town: Town) -> int:
    with town.database.transaction() as session:
        rows = session.all(select(outbox.c.key).where(outbox.c.template == "notice_told"))
    return len({row.key for row in rows})


def test_many_are_told_by_batches_a_minute_apart(town: Town) -> None:
    many(town, 2 * BATCH)
    send(town)
    begun = town.now
    while send_notices(town.database, now=town.now):
        pass
    assert told(town) == BATCH
    run(town)
    assert told(town) == 2 * BATCH + 2
    assert town.now - begun == timedelta(minutes=2)


def test_no_batch_begins_at_night(town: Town) -> None:
    town.pass_time(hours=12)  # ten in the evening
    send(town)
    while send_notices(town.database, now=town.now):
        pass
    assert told(town) == 0
    run(town)
    assert town.database.house.local(town.now).hour == 8
    assert told(town) == 2


def test_a_batch_that_was_slept_through_into_the_night_waits_for_the_morning(town: Town) -> None:
    send(town)
    town.pass_time(hours=12)
    send_notices(town.database, now=town.now)
    assert told(town) == 0
    run(town)
    assert told(town) == 2


def test_what_has_lost_its_worth_is_not_sent_any_more(town: Town) -> None:
    notice_id = send(town)
    town.pass_time(days=8)
    run(town)
    assert told(town) == 0
    seen = town.database.do(get_notice, actor=town["王珊"], notice_id=notice_id)
    assert seen.state == "sent"
    with pytest.raises(TooLate):
        remind(town, notice_id, 1)


def remind(town: Town, notice_id: int, version: int) -> None:
    town.database.do(
        remind_notice, now=town.now, actor=town["王珊"], notice_id=notice_id, version=version
    )


def test_only_those_who_have_not_read_it_are_reminded_and_twice_at_most(town: Town) -> None:
    notice_id = send(town)
    with pytest.raises(TooLate):
        remind(town, notice_id, 1)  # it is still going out
    run(town)
    mark_read_by(town, "陈素芬", receipts(town)["陈素芬"])
    with pytest.raises(RemindedEnough):
        remind(town, notice_id, 1)  # the same day
    for times in (1, 2):
        town.pass_time(days=1)
        remind(town, notice_id, times)
        run(town)
    town.pass_time(days=1)
    with pytest.raises(RemindedEnough):
        remind(town, notice_id, 3)
    with pytest.raises(TooLate):
        remind(town, notice_id, 2)  # an old button
    with town.database.transaction() as session:
        assert heard(session, CHEN) == ["notice_told"]
        assert heard(session, ZHOU) == ["notice_told"] * 3


def test_whoever_left_the_chat_meanwhile_is_on_the_list_to_phone(town: Town) -> None:
    notice_id = send(town)
    with town.database.transaction() as session:
        session.change(
            update(person).where(person.c.id == town.people["周小兰"]).values(telegram_id=None)
        )
    run(town)
    by_hand = town.database.do(list_unread, actor=town["王珊"], notice_id=notice_id, by_chat=False)
    assert [one.name for one in by_hand] == ["罗德明", "周小兰"]


def test_phones_are_opened_for_one_page_and_each_look_is_noted(town: Town) -> None:
    notice_id = send(town)
    opened = town.database.do(
        open_phones, now=town.now, actor=town["孙丽"], notice_id=notice_id, by_chat=False
    )
    assert [one.phone for one in opened] == ["+8610012345672"]
    with town.database.transaction() as session:
        assert journalled(session, "contact_seen") == 1


def test_a_document_in_force_goes_with_it_and_its_words_can_be_read(town: Town) -> None:
    number = add_edition(town, effective_in=0)
    later = add_edition(town, effective_in=30)
    offered = town.database.do(list_attachable, now=town.now)
    assert [one.edition_id for one in offered] == [number]
    shown = town.database.do(preview_facts, actor=town["王珊"], text=WORDS, edition_id=number)
    assert shown["title"] == "办法"
    send(town, edition_id=number)
    run(town)
    received = town.database.do(
        get_received, actor=town["陈素芬"], receipt_id=receipts(town)["陈素芬"]
    )
    assert received.document == "第一条"
    assert [line[0].label for line in received.buttons] == ["notice.read", "notice.text"]
    with pytest.raises(NotAllowed):
        send(town, edition_id=later + 1)


def add_edition(town: Town, *, effective_in: int) -> int:
    with town.database.transaction() as session:
        kept = session.add(
            insert(document).values(
                kind="plan", is_basis=False, state="kept", created_at=town.now, version=1
            )
        )
        return session.add(
            insert(edition).values(
                document_id=kept,
                number=1,
                title="办法",
                reference="",
                text="第一条",
                effective_on=town.now.date() + timedelta(days=effective_in),
                created_at=town.now,
            )
        )


def test_a_channel_that_is_none_and_a_receipt_that_is_none_are_refused(town: Town) -> None:
    send(town)
    for receipt_id, channel in ((receipts(town)["罗德明"], "chat"), (999, "phone")):
        with pytest.raises(NotAllowed):
            town.database.do(
                note_read,
                now=town.now,
                actor=town["王珊"],
                receipt_id=receipt_id,
                channel=channel,
            )


def test_two_who_note_the_same_person_at_once_note_it_once(town: Town) -> None:
    send(town)
    theirs = receipts(town)["罗德明"]
    together, ends = Barrier(2), list[str]()

    def press(actor: Person) -> None:
        together.wait()
        try:
            town.database.do(
                note_read, now=town.now, actor=actor, receipt_id=theirs, channel="phone"
            )
            ends.append("noted")
        except AlreadyDone:
            ends.append("already")

    presses = [Thread(target=press, args=(town[name],)) for name in ("王珊", "孙丽")]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    assert sorted(ends) == ["already", "noted"]
