"""Turns: one update, one effect; a crash is set aside; refusals undo the act and keep the words."""

from datetime import datetime
from typing import ClassVar

import pytest
from sqlalchemy import select

from bot import turns
from bot.turns import worth_handling
from handlers.turn import Turn
from storage.database import Database
from storage.dialogues import choose_language, find_language
from storage.heartbeats import beat, list_heartbeats
from storage.inbox import TRIES
from storage.refusals import NotAllowed, Refusal
from storage.tables import chat, inbox, outbox
from tests.bot.desk import Desk, Json, a_desk, chat_of, member, press, text, user_of
from tests.storage.post import COORDINATOR, RESIDENT, VOLUNTEER


class TooMany(Refusal):
    """A refusal of the tests' own."""

    key: ClassVar[str] = "not_allowed"


@pytest.fixture
def desk(database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = a_desk(database, now)
    made.post.join(RESIDENT, "陈素芬", kind="resident")
    made.post.join(VOLUNTEER, "张强", kind="volunteer")
    made.post.join(COORDINATOR, "王珊", kind="coordinator")
    monkeypatch.setattr(turns, "route", made.route)
    return made


def crash(turn: Turn) -> None:
    if turn.text == "炸":
        turn.say("half_said")
        raise ZeroDivisionError("the person's own words")


def echo(turn: Turn) -> None:
    turn.say("not_understood")


def test_an_update_becomes_one_turn_of_its_person(desk: Desk) -> None:
    number = desk.come(text(RESIDENT, "我要\u200b买菜"))
    desk.acts = [echo]
    desk.take_all()
    (turn,) = desk.routed
    assert turn.person is not None
    assert (turn.person.name, turn.text, turn.language) == ("陈素芬", "我要买菜", "zh")
    assert desk.said(RESIDENT) == ["not_understood"]
    assert desk.state(number) == ("done", 0)


def test_the_same_update_twice_has_one_effect(desk: Desk) -> None:
    number = desk.come(text(RESIDENT, "好"))
    desk.acts = [echo]
    desk.take_all()
    desk.come(text(RESIDENT, "好"), number=number)
    desk.take_all()
    assert desk.said(RESIDENT) == ["not_understood"]


def test_an_update_that_crashes_three_times_is_set_aside_and_everybody_is_told(
    desk: Desk,
) -> None:
    bad = desk.come(text(RESIDENT, "炸"))
    good = desk.come(text(VOLUNTEER, "好"))
    after = desk.come(text(RESIDENT, "还在吗"))
    desk.acts = [crash, echo]
    desk.take_all()
    assert desk.state(bad) == ("failed", TRIES)
    assert desk.state(good) == ("done", 0)
    assert desk.state(after) == ("done", 0)
    assert desk.said(RESIDENT) == ["sorry_failed", "not_understood"]
    assert desk.said(VOLUNTEER) == ["not_understood"]
    assert desk.said(COORDINATOR) == ["update_failed"]


def test_updates_before_a_crash_are_kept_and_those_after_it_wait_in_order(desk: Desk) -> None:
    first = desk.come(text(VOLUNTEER, "好"))
    bad = desk.come(text(RESIDENT, "炸"))
    after = desk.come(text(RESIDENT, "再来"))
    desk.acts = [crash, echo]
    desk.take()
    assert desk.state(first) == ("done", 0)
    assert desk.state(bad) == ("new", 1)
    assert desk.state(after) == ("new", 0)


def test_a_crash_leaves_no_half_change(desk: Desk) -> None:
    def half(turn: Turn) -> None:
        beat(turn.session, names=["half"], now=turn.now)
        raise KeyError("x")

    desk.come(text(RESIDENT, "好"))
    desk.acts = [half]
    desk.take_all()
    assert desk.database.do(list_heartbeats) == {}
    assert desk.said(RESIDENT) == ["sorry_failed"]


def test_the_log_of_a_crash_has_its_place_and_none_of_the_words(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.come(text(RESIDENT, "炸"))
    desk.acts = [crash]
    desk.take_all()
    assert "ZeroDivisionError at test_turns.py" in caplog.text
    assert "own words" not in caplog.text
    assert "炸" not in caplog.text


def test_a_refusal_takes_back_the_act_and_keeps_its_wording(desk: Desk) -> None:
    def refuse(turn: Turn) -> None:
        beat(turn.session, names=["half"], now=turn.now)
        turn.say("half_said")
        raise TooMany

    number = desk.come(press(RESIDENT, "need:claim:1:1"))
    desk.acts = [refuse]
    answers = desk.take_all()
    assert desk.database.do(list_heartbeats) == {}
    assert desk.said(RESIDENT) == ["refusal_not_allowed"]
    assert desk.state(number) == ("done", 0)
    assert answers == ["q1"]


def test_a_stranger_who_is_refused_keeps_the_language_they_came_with(desk: Desk) -> None:
    def refuse(turn: Turn) -> None:
        raise NotAllowed

    english = text(555, "hello")
    english["message"]["from"]["language_code"] = "en-GB"
    desk.come(english)
    desk.acts = [refuse]
    desk.take_all()
    assert desk.database.do(find_language, chat_id=555) == "en"
    assert desk.said(555) == ["refusal_not_allowed"]


@pytest.mark.parametrize("code", ["fr", None, "", "zh-hans"])
def test_who_speaks_another_language_is_met_in_the_house_s(desk: Desk, code: str | None) -> None:
    came = text(555, "?")
    came["message"]["from"]["language_code"] = code
    desk.come(came)
    desk.take_all()
    assert desk.routed[0].language == "zh"


def test_a_chosen_language_stays_whatever_the_app_says(desk: Desk) -> None:
    desk.database.do(choose_language, chat_id=RESIDENT, language="en")
    desk.come(text(RESIDENT, "你好"))
    desk.take_all()
    assert desk.routed[0].language == "en"


def test_each_press_is_read_and_acknowledged_after_the_commit(desk: Desk) -> None:
    desk.come(press(RESIDENT, "need:claim:812:3"), press(RESIDENT, "rubbish"))
    desk.come(press(RESIDENT, None))
    assert desk.take_all() == ["q1"] * 3
    first, second, third = desk.routed
    assert first.press is not None
    assert (first.press.topic, first.press.id, first.press.version) == ("need", 812, 3)
    assert second.press is None
    assert third.press is None


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"message": {"message_id": 1}},
        {"message": {"message_id": "x", "date": "y", "chat": 5}},
        {"message": []},
        {"callback_query": {"id": "q"}},
        {"unknown_kind": {"x": 1}},
        {"message": {"message_id": 1, "date": 1, "chat": {"id": 9002, "type": "private"}}},
    ],
)
def test_an_update_that_is_none_stops_nobody(desk: Desk, odd: Json) -> None:
    desk.come(odd)
    good = desk.come(text(VOLUNTEER, "好"))
    desk.acts = [echo]
    desk.take_all()
    assert desk.state(good) == ("done", 0)
    assert desk.said(VOLUNTEER) == ["not_understood"]


def test_an_update_that_no_key_opens_is_set_aside_without_a_word_to_nobody(desk: Desk) -> None:
    bad = desk.come(text(RESIDENT, "好"))
    with desk.database.transaction() as session:
        session.change(inbox.update().values(body=b"\x01\x01 not ours"))
    good = desk.come(text(VOLUNTEER, "好"))
    desk.take_all()
    assert desk.state(bad)[0] == "failed"
    assert desk.state(good)[0] == "done"
    assert desk.said(COORDINATOR) == ["update_failed"]


def test_an_update_with_broken_parts_still_finds_its_chat_to_say_sorry(desk: Desk) -> None:
    desk.come({"message": {"chat": {"id": RESIDENT, "type": "private"}, "date": "never"}})
    desk.take_all()
    assert desk.said(RESIDENT) == ["sorry_failed"]


@pytest.mark.parametrize(
    "ignored",
    [
        {"channel_post": {"message_id": 1, "date": 1, "chat": chat_of(-100, "channel")}},
        {"message": text(RESIDENT, "x")["message"] | {"from": user_of(7, is_bot=True)}},
        {"message": text(RESIDENT, "x")["message"] | {"via_bot": user_of(7, is_bot=True)}},
        {
            "callback_query": {
                "id": "q",
                "from": user_of(7),
                "chat_instance": "1",
                "data": "a:b:1:1",
            }
        },
        {"poll": {"id": "1"}},
    ],
)
def test_what_is_not_for_us_is_done_without_a_word(desk: Desk, ignored: Json) -> None:
    number = desk.come(ignored)
    desk.take_all()
    assert desk.routed == []
    assert desk.state(number)[0] in ("done", "failed")
    assert desk.said(RESIDENT) == []


@pytest.mark.parametrize("kind", ["group", "supergroup"])
@pytest.mark.parametrize("anonymous", [False, True])
def test_a_group_hears_one_line_and_is_left(desk: Desk, kind: str, anonymous: bool) -> None:
    said = {
        "message_id": 1,
        "date": 1,
        "chat": chat_of(-100, kind),
        "from": user_of(7),
        "text": "x",
    }
    desk.come(member(-100, "member", kind, is_bot=anonymous), {"message": said})
    desk.come(press(RESIDENT, "need:claim:1:1", where=chat_of(-100, kind)))
    desk.take_all()
    assert desk.routed == []
    with desk.database.transaction() as session:
        kinds = session.all(select(outbox.c.kind).where(outbox.c.chat_id == -100))
    assert [row.kind for row in kinds] == ["send", "leave"]


@pytest.mark.parametrize(("status", "kind"), [("left", "group"), ("kicked", "supergroup")])
def test_a_group_that_threw_the_bot_out_hears_nothing(desk: Desk, status: str, kind: str) -> None:
    desk.come(member(-100, status, kind))
    desk.take_all()
    assert desk.said(-100) == []


def test_blocking_and_letting_back_in_is_noted(desk: Desk) -> None:
    def reachable() -> bool:
        with desk.database.transaction() as session:
            return bool(session.value(select(chat.c.reachable).where(chat.c.id == RESIDENT)))

    desk.come(member(RESIDENT, "kicked"))
    desk.take_all()
    assert reachable() is False
    desk.come(member(RESIDENT, "member"))
    desk.take_all()
    assert reachable() is True
    assert desk.routed == []


def test_words_under_a_picture_are_text_too(desk: Desk) -> None:
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    message = text(RESIDENT, "x")["message"]
    del message["text"]
    desk.come({"message": message | {"photo": photo, "caption": "药盒"}})
    desk.come({"message": message | {"photo": photo}})
    desk.take_all()
    assert [turn.text for turn in desk.routed] == ["药盒", None]


def test_text_that_only_looks_like_text_is_empty(desk: Desk) -> None:
    desk.come(text(RESIDENT, "\u3164\u2800"))
    desk.take_all()
    assert desk.routed[0].text == ""


def test_only_what_has_a_number_is_an_update() -> None:
    good = {"update_id": 5}
    assert worth_handling([good, {}, None, 3, [], {"update_id": "5"}]) == [good]
