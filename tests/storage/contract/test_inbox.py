"""The inbox: an update is written down once, handled once, and never lost."""

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select, update

from storage.database import Database
from storage.inbox import (
    TRIES,
    count_waiting,
    list_new,
    mark_done,
    mark_failed,
    store_updates,
    wipe_old,
)
from storage.tables import inbox

BOT = 1_000_000_001


def _updates(*numbers: int) -> list[dict[str, object]]:
    return [{"update_id": number, "message": {"text": f"第{number}条"}} for number in numbers]


def _store(database: Database, now: datetime, *numbers: int, bot: int = BOT) -> int:
    return database.do(store_updates, bot_id=bot, updates=_updates(*numbers), now=now)


def _waiting(database: Database) -> list[int]:
    return [letter.update_id for letter in database.do(list_new, bot_id=BOT, limit=50)]


def test_an_update_that_comes_twice_is_written_once(database: Database, now: datetime) -> None:
    assert _store(database, now, 1, 2) == 2
    assert _store(database, now, 2, 3, 3) == 1
    assert _store(database, now) == 0
    assert _waiting(database) == [1, 2, 3]


def test_the_same_number_for_another_bot_is_another_update(
    database: Database, now: datetime
) -> None:
    assert _store(database, now, 1) == 1
    assert _store(database, now, 1, bot=BOT + 1) == 1
    assert _waiting(database) == [1]
    assert database.do(count_waiting) == 2


def test_ten_pollers_that_bring_the_same_update_write_it_once(
    database: Database, now: datetime
) -> None:
    start, new = Barrier(10), list[int]()

    def bring() -> None:
        start.wait()
        new.append(_store(database, now, 1, 2, 3))

    threads = [Thread(target=bring) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(new) == 3
    assert _waiting(database) == [1, 2, 3]


def test_updates_are_handed_out_in_their_order_and_only_until_they_are_done(
    database: Database, now: datetime
) -> None:
    _store(database, now, 30, 10, 20)
    first, second = database.do(list_new, bot_id=BOT, limit=2)
    assert (first.update_id, second.update_id) == (10, 20)
    assert first.body == {"update_id": 10, "message": {"text": "第10条"}}
    database.do(mark_done, bot_id=BOT, update_ids=[10, 20], now=now)
    assert _waiting(database) == [30]
    assert _store(database, now, 10) == 0, "what was handled is not handled again"


def test_half_an_emoji_in_a_text_is_written_down_too(database: Database, now: datetime) -> None:
    odd = {"update_id": 1, "message": {"text": "\ud83d 你好\x00"}}
    assert database.do(store_updates, bot_id=BOT, updates=[odd], now=now) == 1
    (letter,) = database.do(list_new, bot_id=BOT, limit=5)
    assert letter.body == odd


def test_an_update_is_set_aside_at_its_third_crash_and_not_before(
    database: Database, now: datetime
) -> None:
    _store(database, now, 1, 2)

    def crash() -> bool:
        error = "ValueError" * 50
        return database.do(mark_failed, bot_id=BOT, update_id=1, error=error, now=now)

    ends = [crash() for _ in range(TRIES)]
    assert ends == [False, False, True]
    assert _waiting(database) == [2]
    assert crash() is False, "a human is told once"


@pytest.mark.parametrize("body", [b"", b"\x01\x01 not ours"])
def test_an_update_that_no_key_opens_is_handed_out_without_a_body(
    database: Database, now: datetime, body: bytes
) -> None:
    _store(database, now, 1)
    with database.transaction() as session:
        session.change(update(inbox).values(body=body))
    (letter,) = database.do(list_new, bot_id=BOT, limit=5)
    assert (letter.update_id, letter.body) == (1, None)


@pytest.mark.parametrize("text", ["[1]", "{half"])
def test_a_body_that_is_no_update_is_handed_out_without_one(
    database: Database, now: datetime, text: str
) -> None:
    _store(database, now, 1)
    with database.transaction() as session:
        sealed = session.vault.seal(text, place=f"inbox.body:{BOT}:1")
        session.change(update(inbox).values(body=sealed))
    (letter,) = database.do(list_new, bot_id=BOT, limit=5)
    assert letter.body is None


def test_bodies_are_wiped_after_a_day_and_rows_after_three(
    database: Database, now: datetime
) -> None:
    _store(database, now, 1, 2)
    database.do(mark_done, bot_id=BOT, update_ids=[1], now=now)

    def kept(later: timedelta) -> list[tuple[int, bool]]:
        database.do(wipe_old, now=now + later)
        with database.transaction() as session:
            rows = session.all(select(inbox).order_by(inbox.c.update_id))
        return [(row.update_id, row.body is not None) for row in rows]

    assert kept(timedelta(hours=24)) == [(1, True), (2, True)]
    assert kept(timedelta(hours=25)) == [(1, False), (2, True)]
    assert kept(timedelta(days=3)) == [(1, False), (2, True)]
    assert kept(timedelta(days=4)) == [(2, True)], "what waits is never wiped"


def test_what_was_set_aside_stays_readable_for_three_days_and_then_keeps_only_its_number(
    database: Database, now: datetime
) -> None:
    _store(database, now, 1)
    for _ in range(TRIES):
        database.do(mark_failed, bot_id=BOT, update_id=1, error="ValueError", now=now)

    def kept(later: timedelta) -> list[bool]:
        database.do(wipe_old, now=now + later)
        with database.transaction() as session:
            return [row.body is not None for row in session.all(select(inbox.c.body))]

    assert kept(timedelta(days=2)) == [True]
    assert kept(timedelta(days=4)) == [False]
    assert kept(timedelta(days=31)) == []


def test_nothing_readable_of_an_update_stands_in_the_database(
    database: Database, now: datetime
) -> None:
    _store(database, now, 1)
    with database.transaction() as session:
        body = session.value(select(inbox.c.body))
        assert session.value(select(func.count()).select_from(inbox)) == 1
    assert "第1条".encode() not in body
    assert b"update_id" not in body
