"""Half-filled forms survive, and an old button of one form does not fit the next."""

from datetime import datetime

from sqlalchemy import select

from storage.database import Database
from storage.dialogues import (
    Answers,
    choose_language,
    end_dialogue,
    find_dialogue,
    find_language,
    mark_reachable,
    save_dialogue,
)
from storage.tables import chat, dialogue

CHAT = 9002


def _save(database: Database, now: datetime, question: str, **answers: object) -> int:
    given: Answers = {name: str(value) for name, value in answers.items()}
    return database.do(
        save_dialogue, now=now, chat_id=CHAT, topic="join", question=question, answers=given
    )


def test_a_form_goes_on_where_it_was_left(database: Database, now: datetime) -> None:
    assert database.do(find_dialogue, chat_id=CHAT) is None
    first = _save(database, now, "name")
    second = _save(database, now, "phone", name="陈素芬")
    assert second == first + 1
    found = database.do(find_dialogue, chat_id=CHAT)
    assert found is not None
    assert (found.topic, found.question, found.step) == ("join", "phone", second)
    assert found.answers == {"name": "陈素芬"}
    assert database.do(find_dialogue, chat_id=1) is None


def test_answers_are_sealed(database: Database, now: datetime) -> None:
    _save(database, now, "phone", name="陈素芬")
    with database.transaction() as session:
        assert "陈素芬".encode() not in session.value(select(dialogue.c.answers))


def test_an_ended_form_is_forgotten(database: Database, now: datetime) -> None:
    assert database.do(end_dialogue, chat_id=CHAT) is False
    _save(database, now, "name")
    assert database.do(end_dialogue, chat_id=CHAT) is True
    assert database.do(find_dialogue, chat_id=CHAT) is None


def test_the_steps_of_two_forms_do_not_meet(database: Database, now: datetime) -> None:
    steps = set[int]()
    for _ in range(20):
        steps |= {_save(database, now, "name"), _save(database, now, "phone")}
        database.do(end_dialogue, chat_id=CHAT)
    assert len(steps) == 40


def test_a_chat_keeps_its_language_and_can_be_written_to_again(database: Database) -> None:
    assert database.do(find_language, chat_id=CHAT) is None
    database.do(choose_language, chat_id=CHAT, language="zh")
    database.do(mark_reachable, chat_id=CHAT, reachable=False)
    database.do(choose_language, chat_id=CHAT, language="en")
    assert database.do(find_language, chat_id=CHAT) == "en"
    with database.transaction() as session:
        assert session.value(select(chat.c.reachable)) is True
    database.do(mark_reachable, chat_id=CHAT, reachable=False)
    with database.transaction() as session:
        assert session.value(select(chat.c.reachable)) is False
    database.do(mark_reachable, chat_id=1, reachable=True)
    assert database.do(find_language, chat_id=1) is None
