"""Choices: every open button of a chat has a number of its own."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from storage import choices
from storage.choices import Button, close_card, list_choices, open_choices
from storage.database import Database, Session

CHAT = 9002


def _buttons(count: int, start: int = 1) -> list[Button]:
    return [Button("need.go", f"need:go:{start + n}:1") for n in range(count)]


def test_numbers_are_the_lowest_that_are_free(database: Database) -> None:
    with database.transaction() as session:
        assert open_choices(session, chat_id=CHAT, card="a", buttons=_buttons(2)) == [1, 2]
        assert open_choices(session, chat_id=CHAT, card="b", buttons=_buttons(2)) == [3, 4]
        close_card(session, chat_id=CHAT, card="a")
        assert open_choices(session, chat_id=CHAT, card="c", buttons=_buttons(3)) == [1, 2, 5]
        assert open_choices(session, chat_id=CHAT, card="b", buttons=[]) == []
        assert open_choices(session, chat_id=1, card="b", buttons=_buttons(1)) == [1]


def test_the_newest_choice_is_listed_first_with_its_words(database: Database) -> None:
    named = Button("verbatim", "community:pick:7:1", {"text": "桂花小区"})
    with database.transaction() as session:
        open_choices(session, chat_id=CHAT, card="a", buttons=_buttons(1))
        open_choices(session, chat_id=CHAT, card="b", buttons=[named])
        newest, oldest = list_choices(session, chat_id=CHAT)
    assert (newest.number, newest.card, newest.data) == (2, "b", named.data)
    assert newest.facts == {"text": "桂花小区"}
    assert (oldest.number, oldest.facts) == (1, {})


def test_a_button_carries_at_most_what_telegram_takes() -> None:
    assert Button("x", "d" * 64).data == "d" * 64
    assert Button("x", "字" * 21).data == "字" * 21
    for too_long in ("d" * 65, "字" * 22):
        with pytest.raises(ValueError, match="64 bytes"):
            Button("x", too_long)


def test_when_another_hand_is_always_faster_the_error_is_shown_not_hidden(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = list[int]()

    def taken(session: Session, **_: object) -> list[int]:
        drawn.append(1)
        raise IntegrityError("taken", None, ValueError())

    monkeypatch.setattr(choices, "_draw", taken)
    with pytest.raises(IntegrityError), database.transaction() as session:
        open_choices(session, chat_id=CHAT, card="a", buttons=_buttons(1))
    assert len(drawn) == (1 if database.sqlite else choices.DRAWS)


def test_a_number_another_hand_took_meanwhile_is_drawn_anew(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database.sqlite:
        return  # one writer: nobody is beside us
    draw: Callable[..., list[int]] = choices._draw
    first = [IntegrityError("taken", None, ValueError())]

    def raced(session: Session, **more: Any) -> list[int]:
        drawn = draw(session, **more)
        if first:
            raise first.pop()
        return drawn

    monkeypatch.setattr(choices, "_draw", raced)
    with database.transaction() as session:
        assert open_choices(session, chat_id=CHAT, card="a", buttons=_buttons(2)) == [1, 2]
        assert len(list_choices(session, chat_id=CHAT)) == 2, "the first draw was undone"
