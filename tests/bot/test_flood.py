"""Who writes faster than anybody can read: told once, passed over, and still heard in danger."""

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flood import BURST, KEPT, Flood, Weight
from storage.database import Database
from tests.bot.desk import Desk, a_desk, text
from tests.storage.post import COORDINATOR, RESIDENT, VOLUNTEER


@pytest.fixture
def desk(database: Database, now: datetime) -> Desk:
    """As the program runs, with a limit."""
    made = a_desk(database, now)
    made.turner = replace(made.turner, flood=Flood(per_minute=1))
    for number, name, kind in (
        (RESIDENT, "陈素芬", "resident"),
        (VOLUNTEER, "张强", "volunteer"),
        (COORDINATOR, "王珊", "coordinator"),
    ):
        made.post.join(number, name, kind=kind)
    return made


def test_fifty_starts_in_a_second_get_a_burst_of_answers_and_one_kind_word(desk: Desk) -> None:
    desk.come(*[text(RESIDENT, "/help")] * 50)
    desk.come(text(VOLUNTEER, "/help"))
    desk.take_all()
    assert desk.said(RESIDENT) == ["help"] * BURST + ["too_fast"]
    assert desk.said(VOLUNTEER) == ["help"], "nobody else is kept waiting"


def test_words_of_danger_are_heard_however_much_was_written(desk: Desk) -> None:
    desk.come(*[text(RESIDENT, "/help")] * 40)
    desk.come(text(RESIDENT, "救命，我摔倒起不来了"))
    desk.take_all()
    assert desk.said(RESIDENT)[-1] == "danger_certain"
    assert "alarm_ring" in desk.said(COORDINATOR)


def test_a_press_that_is_passed_over_does_not_spin_for_ever(desk: Desk) -> None:
    desk.come(*[text(RESIDENT, "/help")] * 40)
    card = text(RESIDENT, "x")["message"]
    query = {"id": "q7", "from": card["from"], "chat_instance": "1", "message": card}
    desk.come({"callback_query": query | {"data": "days:on:0:0"}})
    assert "q7" in desk.take_all()


def test_after_a_rest_everything_is_read_again() -> None:
    flood = Flood(per_minute=60)
    first = [flood.weigh(1, at=0.0) for _ in range(BURST + 3)]
    assert first[BURST:] == [Weight.TOLD, Weight.PASSED_OVER, Weight.PASSED_OVER]
    assert flood.weigh(1, at=1.0) is Weight.TAKEN
    assert flood.weigh(1, at=1.0) is Weight.PASSED_OVER, "told already"
    assert flood.weigh(2, at=1.0) is Weight.TAKEN
    later = [flood.weigh(1, at=100.0) for _ in range(BURST + 1)]
    assert later[-1] is Weight.TOLD


def test_without_a_limit_nobody_is_too_fast() -> None:
    flood = Flood(per_minute=0)
    assert {flood.weigh(1, at=0.0) for _ in range(1000)} == {Weight.TAKEN}


def test_it_does_not_remember_everybody_for_ever() -> None:
    flood = Flood(per_minute=60)
    for chat in range(KEPT):
        flood.weigh(chat, at=0.0)
    flood.weigh(KEPT, at=1000.0)
    assert len(flood._chats) == 1


@given(st.lists(st.floats(0, 5), min_size=1, max_size=200))
def test_never_more_is_read_than_the_burst_and_the_rate_allow(gaps: list[float]) -> None:
    flood = Flood(per_minute=60)
    at, taken = 0.0, 0
    for gap in gaps:
        at += gap
        taken += flood.weigh(1, at=at) is Weight.TAKEN
    assert taken <= BURST + at + 1
