"""Saying: once for each business fact, held by quiet hours, sealed."""

import json
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest

from storage.choices import Button, list_choices
from storage.database import Database, Session
from storage.outbox import MessageClass, Wanted, leave_chat, say
from storage.outbox.leasing import ShownButton
from storage.people import add_person
from storage.refusals import Fact
from tests.storage.post import RESIDENT, VOLUNTEER, Post

GO, NO = Button("need.go", "need:go:1:1"), Button("need.no", "need:no:1:1")
ALARM, ANSWER, MUST, INFO = (
    MessageClass.ALARM,
    MessageClass.ANSWER,
    MessageClass.MUST,
    MessageClass.INFO,
)
NIGHT = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)  # 23:00 in Shanghai
MORNING = datetime(2026, 11, 26, 0, 0, tzinfo=UTC)


def _numbers(database: Database, chat: int = RESIDENT) -> dict[int, str]:
    return {one.number: one.data for one in database.do(list_choices, chat_id=chat)}


def test_the_same_fact_is_said_once(post: Post) -> None:
    assert post.say("claim:1:v1:resident") is True
    assert post.say("claim:1:v1:resident", template="other") is False
    assert post.keys() == ["claim:1:v1:resident"]


def test_the_same_fact_from_two_hands_at_once_is_said_once(post: Post) -> None:
    start, new = Barrier(6), list[bool]()

    def talk() -> None:
        start.wait()
        new.append(post.say("claim:1:v1:resident", buttons=[[GO, NO]], card="need:1"))

    threads = [Thread(target=talk) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(new) == [False] * 5 + [True]
    (parcel,) = post.lease()
    shown = {button.number for line in parcel.buttons for button in line}
    assert shown == set(_numbers(post.database))


def test_cards_shown_by_many_hands_at_once_have_different_numbers(post: Post) -> None:
    start = Barrier(9)

    def talk(number: int) -> None:
        start.wait()
        post.say(f"offer:{number}", buttons=[[GO, NO]], card=f"need:{number}")

    threads = [Thread(target=talk, args=(number,)) for number in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    parcels = post.lease()
    shown = [button.number for one in parcels for line in one.buttons for button in line]
    assert sorted(shown) == list(range(1, 19))


def test_a_person_without_a_chat_has_no_way(post: Post) -> None:
    silent = post.database.do(add_person, now=post.now, name="没有聊天的人")

    def tell(session: Session, key: str, to: int) -> bool:
        return say(session, now=post.now, key=key, to=to, template="help", message_class=ANSWER)

    assert post.database.do(tell, "a", silent) is False
    assert post.database.do(tell, "b", 12345) is False
    assert post.database.do(tell, "c", post.people[RESIDENT]) is True
    assert post.states() == {"c": "pending"}
    assert post.row("c").chat_id == RESIDENT


@pytest.mark.parametrize(
    ("message_class", "chosen", "goes"),
    [
        (ALARM, False, NIGHT),
        (ANSWER, False, NIGHT),
        (MUST, False, MORNING),
        (MUST, True, NIGHT),
        (INFO, False, MORNING),
        (INFO, True, MORNING),
    ],
)
def test_quiet_hours_hold_what_can_wait(
    post: Post, message_class: MessageClass, chosen: bool, goes: datetime
) -> None:
    post.now = NIGHT
    shelf = timedelta(hours=2)
    post.say("night", message_class=message_class, chosen_time=chosen, shelf=shelf)
    row = post.row("night")
    assert row.not_before == goes
    assert row.expires_at == goes + shelf, "its shelf life begins when it may go"


def test_facts_and_buttons_are_sealed_and_come_back_whole(post: Post) -> None:
    facts: dict[str, Fact] = {
        "name": "陈素芬",
        "n": 3,
        "yes": True,
        "none": None,
        "list": ["甲", "乙"],
    }
    go = Button("verbatim", "need:go:1:1", {"text": "桂花小区"})
    post.say("one", facts=facts, buttons=[[go], [NO]], keyboard="contact", card="need:1")
    row = post.row("one")
    assert json.loads(post.facts("one")) == facts
    assert "陈素芬".encode() not in row.facts
    assert "桂花小区".encode() not in row.buttons
    (parcel,) = post.lease()
    assert parcel.facts == facts
    assert parcel.buttons == [
        [ShownButton(1, "verbatim", {"text": "桂花小区"}, "need:go:1:1")],
        [ShownButton(2, "need.no", {}, "need:no:1:1")],
    ]
    assert (parcel.keyboard, parcel.kind, parcel.edits) == ("contact", "send", None)


def test_a_card_said_anew_takes_the_place_of_its_older_choices(post: Post) -> None:
    post.say("v1", buttons=[[GO, NO]], card="need:1")
    post.say("other", buttons=[[Button("x", "need:go:2:1")]], card="need:2")
    post.say("v2", buttons=[[Button("y", "need:go:1:2")]], card="need:1")
    assert _numbers(post.database) == {3: "need:go:2:1", 1: "need:go:1:2"}
    post.say("v3", card="need:1")
    assert _numbers(post.database) == {3: "need:go:2:1"}


def test_a_fact_said_before_does_not_disturb_newer_choices_of_its_card(post: Post) -> None:
    post.say("closed", card="need:1")
    post.say("asked", buttons=[[GO, NO]], card="need:1")
    assert post.say("closed", card="need:1") is False
    assert post.say("asked", buttons=[[NO]], card="need:1") is False
    assert _numbers(post.database) == {1: "need:go:1:1", 2: "need:no:1:1"}


def test_buttons_without_a_card_stay_open_on_their_own(post: Post) -> None:
    post.say("a", buttons=[[GO]])
    post.say("b", buttons=[[NO]])
    assert _numbers(post.database) == {1: "need:go:1:1", 2: "need:no:1:1"}


def test_a_press_is_answered_by_rewriting_its_card(post: Post) -> None:
    post.say("edit", edits=77, message_class=ANSWER)
    (parcel,) = post.lease()
    assert (parcel.kind, parcel.edits) == ("edit", 77)


def test_a_message_can_only_be_wanted_by_something_that_has_versions() -> None:
    with pytest.raises(ValueError, match="no version"):
        Wanted("chat", 1, 1)


def test_a_group_hears_one_line_and_is_left(post: Post) -> None:
    for _ in range(2):
        post.database.do(leave_chat, now=post.now, chat_id=-100, key="leave:-100")
    line, going = post.lease()
    assert (line.kind, line.template, line.chat_id) == ("send", "group_farewell", -100)
    assert (going.kind, going.chat_id) == ("leave", -100)


def test_the_receivers_language_is_read_when_it_is_sent(post: Post) -> None:
    post.say("to resident")
    post.say("to a stranger", chat=55, message_class=ANSWER)
    with post.database.transaction() as session:
        session.connection.exec_driver_sql("UPDATE chat SET language = 'en'")
    languages = {parcel.key: parcel.language for parcel in post.lease()}
    assert languages == {"to resident": "en", "to a stranger": "zh"}


def test_other_chats_keep_their_own_numbers(post: Post) -> None:
    post.say("a", buttons=[[GO, NO]])
    post.say("b", chat=VOLUNTEER, buttons=[[GO]])
    assert list(_numbers(post.database, VOLUNTEER)) == [1]
