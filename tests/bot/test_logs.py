"""Logs: at DEBUG, through a whole journey, no token, phone, name or word of anybody."""

import io
import logging
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from bot.logs import Blot, quiet_logs
from storage.database import Database
from storage.house import House
from storage.people import add_person, set_phone
from storage.tables import person
from storage.vault import Vault
from tests.bot.desk import a_desk, text
from tests.bot.office import Office
from tests.sandbox.room import TOKEN
from tests.storage.post import RESIDENT

NAME, PHONE, WORDS = "金丝雀", "+8613912345678", "canary-words-of-a-resident"
SECRET = TOKEN.split(":")[1]


@pytest.fixture
def stderr(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What goes to standard error with logs as the program sets them, only louder."""
    root, written = logging.getLogger(), io.StringIO()
    before = (root.level, list(root.handlers))
    levels = {name: logging.getLogger(name).level for name in list(root.manager.loggerDict)}
    monkeypatch.setattr(sys, "stderr", written)
    quiet_logs(logging.DEBUG)
    yield written
    root.setLevel(before[0])
    root.handlers[:] = before[1]
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.mark.parametrize(
    "line",
    [
        f"POST https://api.telegram.org/bot{TOKEN}/sendMessage",
        f"GET /file/bot{TOKEN}/photos/1.jpg",
        f"token={TOKEN}",
        TOKEN,
        f"'{TOKEN}'",
    ],
)
def test_a_token_is_blotted_out_wherever_it_stands(line: str) -> None:
    record = logging.LogRecord("x", logging.INFO, "f", 1, "%s", (line,), None)
    shown = Blot("%(message)s").format(record)
    assert SECRET not in shown
    assert "•••" in shown


def test_a_token_in_a_traceback_is_blotted_out_too() -> None:
    try:
        raise ValueError(f"no answer from /bot{TOKEN}/getMe")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "oops", None, sys.exc_info())
    assert SECRET not in Blot("%(message)s").format(record)


def test_ordinary_lines_stay_as_they_are() -> None:
    line = "2026-11-25 09:00:00,123 update 100000001 failed: ValueError at turns.py:55"
    record = logging.LogRecord("x", logging.INFO, "f", 1, line, None, None)
    assert Blot("%(message)s").format(record) == line


async def test_sending_with_every_fault_writes_no_token_and_no_words(
    office: Office, stderr: io.StringIO
) -> None:
    await office.fault("400", description="Bad Request: can't parse entities: oops")
    for kind in ("429", "500", "502html", "drop"):
        await office.fault(kind)
    office.open()
    for number in range(4):
        office.say(f"call{number}", f"<b>{WORDS} {NAME} {PHONE}")
    for _ in range(6):
        await office.skip(61)
        await office.look()
    await office.until("call3", "sent")
    logged = stderr.getvalue()
    assert "message" in logged
    for secret in (SECRET, WORDS, NAME, PHONE, PHONE[3:]):
        assert secret not in logged


def test_a_journey_through_the_database_at_debug_writes_no_personal_word(
    tmp_path: Path, house: House, now: datetime, stderr: io.StringIO
) -> None:
    from_start = Database(
        f"sqlite:///{tmp_path / 'log.sqlite3'}",
        vault=Vault(keys={1: bytes(32)}, index_key=bytes(32)),
        house=house,
    )
    person.metadata.create_all(from_start.engine)
    number = from_start.do(add_person, now=now, name=NAME, telegram_id=RESIDENT)
    from_start.do(set_phone, person_id=number, phone=PHONE)
    with pytest.raises(IntegrityError):
        from_start.do(add_person, now=now, name=NAME, telegram_id=RESIDENT)
    desk = a_desk(from_start, now)
    desk.come(text(RESIDENT, WORDS), {"message": {"text": WORDS, "chat": 5}})
    desk.take_all()
    from_start.close()
    logged = stderr.getvalue()
    for secret in (SECRET, WORDS, NAME, PHONE, PHONE[3:]):
        assert secret not in logged
