"""Commands to others, edited messages: what the real router makes of them."""

from datetime import datetime

import pytest

from storage.database import Database
from tests.bot.desk import Desk, a_desk, text
from tests.storage.post import RESIDENT


@pytest.fixture
def desk(database: Database, now: datetime) -> Desk:
    """As the program runs: with the real router."""
    made = a_desk(database, now)
    made.post.join(RESIDENT, "陈素芬", kind="resident")
    return made


@pytest.mark.parametrize("command", ["/help", "/HELP", "/help@jiai_practice_bot", "/unknown_one"])
def test_a_command_to_this_bot_is_answered(desk: Desk, command: str) -> None:
    desk.come(text(RESIDENT, command))
    desk.take_all()
    assert desk.said(RESIDENT) == ["help"]


def test_a_command_to_another_bot_is_not_obeyed(desk: Desk) -> None:
    desk.come(text(RESIDENT, "/help@other_bot"))
    desk.take_all()
    assert "help" not in desk.said(RESIDENT)


def test_an_edited_message_is_no_new_answer(desk: Desk) -> None:
    edited = text(RESIDENT, "/start")["message"]
    desk.come({"edited_message": edited | {"edit_date": 2}})
    desk.take_all()
    assert desk.said(RESIDENT) == ["edit_not_read"]


def test_danger_in_an_edited_message_is_heard(desk: Desk) -> None:
    edited = text(RESIDENT, "救命，我摔倒起不来了")["message"]
    desk.come({"edited_message": edited | {"edit_date": 2}})
    desk.take_all()
    assert "edit_not_read" not in desk.said(RESIDENT)
    assert desk.said(RESIDENT) != []


def _file(caption: str | None = None) -> dict[str, object]:
    """A file that somebody attached, with words under it or none."""
    message = text(RESIDENT, caption or "")["message"]
    del message["text"]
    entities = message.pop("entities", [])
    document = {"file_id": "BQAC1", "file_unique_id": "AQ1", "file_name": "名册.xlsx"}
    if caption:
        message |= {"caption": caption, "caption_entities": entities}
    return {"message": message | {"document": document}}


def test_a_file_without_a_place_to_go_is_answered_kindly(desk: Desk) -> None:
    desk.come(_file())
    desk.take_all()
    assert desk.said(RESIDENT) == ["media_not_read"]


def test_a_command_under_a_file_is_obeyed(desk: Desk) -> None:
    desk.come(_file("/help"))
    desk.take_all()
    assert desk.said(RESIDENT) == ["help"]


def test_danger_under_a_file_is_heard(desk: Desk) -> None:
    desk.come(_file("救命，我摔倒了"))
    desk.take_all()
    assert "danger_certain" in desk.said(RESIDENT)


def test_words_under_a_file_are_no_answer_and_no_need(desk: Desk) -> None:
    desk.come(_file("这是我们村的名册，请帮忙看看"))
    desk.take_all()
    assert desk.said(RESIDENT) == ["media_not_read"]
