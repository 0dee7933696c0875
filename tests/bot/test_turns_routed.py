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
