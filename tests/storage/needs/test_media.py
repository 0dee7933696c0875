"""Voices and photos: who hears them when, what becomes of those nobody hears, and their end."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from storage.files import fill_file
from storage.leaving import erase
from storage.needs import Statement, cancel_need, change_need, state_need
from storage.needs.media import (
    MediumHeard,
    Sent,
    Taken,
    TooManyMedia,
    find_medium,
    hear_voice,
    move_media,
    next_media_at,
    open_sender,
    play_media,
    play_unheard,
    show_medium,
    take_medium,
    write_down,
)
from storage.needs.media.taking import MOST_AN_HOUR, UNHEARD_FOR
from storage.people import Person, get_person
from storage.refusals import NotAllowed, OutsideScope
from storage.retention import purge_now
from storage.rules.areas import Category, Urgency
from storage.rules.lifecycle import NeedState
from storage.tables import file, need_media, outbox, retention
from tests.storage.needs.village import Village

VOICE = Sent("voice", "AwAC-1", 5000, seconds=12)
UNREAD = Statement(Category.UNCLEAR, Urgency.U1, "【语音，12秒】")
MEGABYTE = 1024 * 1024


def _take(village: Village, sent: Sent = VOICE, *, by: int | None = None, here: bool = True) -> int:
    taken: Taken = village.do(
        take_medium,
        actor_id=by or village.resident,
        resident_id=village.resident,
        sent=sent,
    )
    if here and not taken.too_big:
        _arrive(village, taken.id)
    return taken.id


def _arrive(village: Village, media_id: int) -> None:
    with village.database.transaction() as session:
        file_id = session.value(select(need_media.c.file_id).where(need_media.c.id == media_id))
        assert fill_file(session, file_id=file_id, body=b"OggS" + bytes(40))


def _move(village: Village) -> None:
    while move_media(village.database, now=village.now):
        pass


def _said(village: Village, template: str, to: int) -> list[str]:
    chat = village.chat_of(to)
    with village.database.transaction() as session:
        rows = session.all(
            select(outbox.c.message_class, outbox.c.kind)
            .where(outbox.c.template == template, outbox.c.chat_id == chat)
            .order_by(outbox.c.id)
        )
    return [f"{row.message_class} {row.kind}" for row in rows]


def _coordinator(village: Village) -> Person:
    with village.database.transaction() as session:
        return get_person(session, person_id=village.coordinator)


def test_a_voice_goes_to_the_staff_as_soon_as_it_is_here(village: Village) -> None:
    media_id = _take(village, here=False)
    _move(village)
    assert _said(village, "medium_staff", village.coordinator) == []
    _arrive(village, media_id)
    _move(village)
    assert _said(village, "medium_staff", village.coordinator) == ["must document"]


def test_unheard_it_rings_as_an_alarm_four_times_and_then_twice_a_day(village: Village) -> None:
    _take(village)
    _move(village)
    for _ in range(4):
        village.now += UNHEARD_FOR
        _move(village)
    rings = ["must document", *["alarm document"] * 3, "must document"]
    assert _said(village, "medium_staff", village.coordinator) == rings
    assert village.database.do(next_media_at) == village.now + timedelta(hours=12)


def test_heard_it_rings_no_more_and_a_second_hears_who_it_was(village: Village) -> None:
    media_id = _take(village)
    _move(village)
    actor = _coordinator(village)
    assert village.do(hear_voice, actor=actor, media_id=media_id).state == "done"
    with pytest.raises(MediumHeard) as refused:
        village.do(hear_voice, actor=actor, media_id=media_id)
    assert refused.value.facts["by"] == "王主任"
    village.now += timedelta(days=2)
    _move(village)
    assert len(_said(village, "medium_staff", village.coordinator)) == 1


def test_one_that_does_not_come_is_said_to_the_sender_and_rings(village: Village) -> None:
    media_id = _take(village, here=False)
    with village.database.transaction() as session:
        session.change(update(file).values(state="lost", reason="gone"))
    _move(village)
    assert _said(village, "media_lost", village.resident) == ["answer send"]
    assert _said(village, "medium_staff", village.coordinator) == ["alarm send"]
    with village.database.transaction() as session:
        found = find_medium(session, media_id=media_id)
    assert found is not None
    assert (found.state, found.is_kept) == ("waiting", False)


def test_one_that_is_too_big_waits_for_a_human_at_once(village: Village) -> None:
    _take(village, Sent("voice", "AwAC-2", 50 * MEGABYTE, seconds=9000))
    _move(village)
    assert _said(village, "medium_staff", village.coordinator) == ["alarm send"]


def test_while_an_alarm_is_open_it_rings_without_waiting(village: Village) -> None:
    known = {"actor_id": village.resident, "resident_id": village.resident, "sent": VOICE}
    _arrive(village, village.do(take_medium, urgent=True, **known).id)
    _move(village)
    assert _said(village, "medium_staff", village.coordinator) == ["alarm document"]


def test_a_photo_is_shown_with_its_need_and_alone_only_when_it_became_none(
    village: Village,
) -> None:
    alone = Sent("photo", "AgAC-1", 900)
    first = _take(village, alone)
    village.do(
        state_need,
        actor_id=village.resident,
        resident_id=village.resident,
        said=UNREAD,
        media=[first],
    )
    _take(village, alone)
    _move(village)
    village.now += UNHEARD_FOR
    _move(village)
    assert _said(village, "medium_staff", village.coordinator) == ["must document"]


def test_photos_of_one_album_belong_to_one_need_whenever_they_come(village: Village) -> None:
    album = Sent("photo", "AgAC-1", 900, album="7")
    first, second = _take(village, album), _take(village, album)
    need_id = village.do(
        state_need,
        actor_id=village.resident,
        resident_id=village.resident,
        said=UNREAD,
        media=[first],
    )
    late = _take(village, album)
    with village.database.transaction() as session:
        rows = session.all(select(need_media.c.id).where(need_media.c.need_id == need_id))
    assert {row.id for row in rows} == {first, second, late}


def test_nobody_attaches_what_somebody_else_sent(village: Village) -> None:
    other = village.add_resident("周伯")
    theirs = _take(village)
    village.do(state_need, actor_id=other, resident_id=other, said=UNREAD, media=[theirs])
    with village.database.transaction() as session:
        assert session.value(select(need_media.c.need_id)) is None


def test_the_helper_hears_it_between_the_time_and_the_end_and_nobody_else(
    village: Village,
) -> None:
    media_id = _take(village)
    said = Statement(Category.ERRAND, Urgency.U2, "买米")
    need_id = village.state(said)
    version = village.need(need_id).version
    known = {"actor_id": village.resident, "need_id": need_id, "version": version}
    village.do(change_need, said=said, media=[media_id], **known)
    helper, other = village.volunteers

    def play(actor: int) -> int:
        card = village.need(need_id)
        return int(village.do(play_media, actor_id=actor, card=card, key=f"k{card.version}"))

    for actor in (helper, other):
        with pytest.raises(NotAllowed):
            play(actor)
    village.claim(need_id, helper)
    with pytest.raises(NotAllowed):
        play(helper)
    village.come(need_id)
    assert (play(helper), play(village.daughter), play(village.coordinator)) == (1, 1, 1)
    with pytest.raises(NotAllowed):
        play(other)
    village.do(
        cancel_need,
        actor_id=village.resident,
        need_id=need_id,
        version=village.need(need_id).version,
    )
    with pytest.raises(NotAllowed):
        play(helper)


def test_what_a_helper_was_played_leaves_their_chat_with_the_end_of_the_claim(
    village: Village,
) -> None:
    said = Statement(Category.ERRAND, Urgency.U2, "买米")
    mine = {"actor_id": village.resident, "resident_id": village.resident}
    need_id = village.do(state_need, **mine, said=said, media=[_take(village)])
    helper = village.volunteers[0]
    village.claim(need_id, helper)
    village.come(need_id)
    known: dict[str, Any] = {"actor_id": helper, "card": village.need(need_id)}
    for key in ("seen", "waiting"):
        village.do(play_media, **known, key=key)
    with village.database.transaction() as session:
        seen = update(outbox).where(outbox.c.key.like("seen:%"))
        session.change(seen.values(state="sent", message_id=77))
    village.do(
        cancel_need,
        actor_id=village.resident,
        need_id=need_id,
        version=village.need(need_id).version,
    )
    with village.database.transaction() as session:
        rows = session.all(select(outbox).where(outbox.c.template == "medium_stays"))
        (waiting,) = session.all(select(outbox.c.state).where(outbox.c.key.like("waiting:%")))
    assert [(row.kind, row.edits, row.chat_id) for row in rows] == [
        ("edit", 77, village.chat_of(helper))
    ]
    assert waiting.state == "unwanted"


def test_without_the_yes_to_be_known_a_helper_hears_no_voice(village: Village) -> None:
    media_id = _take(village)
    said = Statement(Category.ERRAND, Urgency.U2, "买米")
    mine = {"actor_id": village.resident, "resident_id": village.resident}
    need_id = village.do(state_need, **mine, said=said, media=[media_id], share=False)
    village.claim(need_id, village.volunteers[0])
    village.come(need_id)
    card = village.need(need_id)
    with pytest.raises(NotAllowed):
        village.do(play_media, actor_id=village.volunteers[0], card=card, key="k")
    assert village.do(play_media, actor_id=village.coordinator, card=card, key="k") == 1


def test_what_staff_write_down_is_read_added_and_shown_to_who_said_it(village: Village) -> None:
    media_id = _take(village)
    need_id = village.do(
        state_need,
        actor_id=village.resident,
        resident_id=village.resident,
        said=UNREAD,
        media=[media_id],
    )
    assert village.need(need_id).state is NeedState.UNCLAIMED
    actor = _coordinator(village)
    known = {"actor": actor, "media_id": media_id}
    written = village.do(write_down, words="想请人帮忙买米", **known)
    assert written.medium.transcript == "想请人帮忙买米"
    card = village.need(need_id)
    assert (card.category, card.state) == (Category.ERRAND, NeedState.OPEN)
    assert "买米" in card.words
    assert _said(village, "voice_written", village.resident) == ["info send"]
    with village.database.transaction() as session:
        assert "买米".encode() not in session.value(select(need_media.c.transcript))


def test_a_stranger_and_a_volunteer_hear_nothing(village: Village) -> None:
    media_id = _take(village)
    with village.database.transaction() as session:
        for one in (village.volunteers[0], village.daughter):
            actor = get_person(session, person_id=one)
            with pytest.raises((NotAllowed, OutsideScope)):
                show_medium(session, actor=actor, media_id=media_id)
            with pytest.raises(NotAllowed):
                play_unheard(session, now=village.now, actor=actor)
    with pytest.raises(NotAllowed):
        _take(village, by=village.volunteers[0])


def test_the_staff_sees_whom_to_phone(village: Village) -> None:
    media_id = _take(village, by=village.daughter)
    resident, sender = village.do(open_sender, actor=_coordinator(village), media_id=media_id)
    assert (resident.name, sender.name) == ("兰姨", "李梅")


def test_more_than_anybody_can_hear_is_refused(village: Village) -> None:
    for _ in range(MOST_AN_HOUR):
        _take(village, here=False)
    with pytest.raises(TooManyMedia):
        _take(village)


def test_erasing_a_person_takes_their_voice_and_its_words(village: Village) -> None:
    media_id = _take(village)
    actor = _coordinator(village)
    village.do(write_down, actor=actor, media_id=media_id, words="灯坏了")
    with village.database.transaction() as session:
        subject = get_person(session, person_id=village.resident)
        assert erase(session, now=village.now, actor=subject, subject=subject)
        row = session.all(select(file.c.state, file.c.body))[0]
        assert (row.state, row.body) == ("wiped", None)
        assert session.value(select(need_media.c.transcript)) is None


def test_a_month_after_the_end_the_sound_is_wiped_and_the_words_stay_on(village: Village) -> None:
    kept = _take(village)
    need_id = village.do(
        state_need,
        actor_id=village.resident,
        resident_id=village.resident,
        said=UNREAD,
        media=[kept],
    )
    loose, actor = _take(village), _coordinator(village)
    village.do(write_down, actor=actor, media_id=kept, words="买米")
    village.do(hear_voice, actor=actor, media_id=loose)
    version = village.need(need_id).version
    village.do(cancel_need, actor_id=village.resident, need_id=need_id, version=version)
    with village.database.transaction() as session:
        for key in ("need_media", "loose_media"):
            row = {"key": key, "days": 30, "state": "allowed", "showing": 1, "purged": 0}
            decided = {"decided_by": village.coordinator, "decided_at": village.now}
            session.execute(insert(retention).values(**row, **decided))
    village.now += timedelta(days=31)
    assert purge_now(village.database, now=village.now) == {"need_media": 1, "loose_media": 1}
    with village.database.transaction() as session:
        rows = session.all(select(file.c.state, file.c.body))
        words = find_medium(session, media_id=kept)
    assert [(row.state, row.body) for row in rows] == [("wiped", None), ("wiped", None)]
    assert words is not None
    assert words.transcript == "买米"
