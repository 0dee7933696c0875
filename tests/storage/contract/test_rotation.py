"""Key rotation, killed anywhere and beside a writer, on each kind of database."""

import random
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from storage.database import Database, Session
from storage.dialogues import save_dialogue
from storage.inbox import store_updates
from storage.key_file import add_key, read_keys
from storage.outbox import MessageClass, say
from storage.people import add_person, open_contact, set_address, set_phone
from storage.rotation import Progress, find_older, reseal, reseal_row, retire, select_older
from storage.sealed import SEALED
from storage.tables import alarm
from storage.vault import VaultError, key_of, open_vault

PEOPLE = 7


class Killed(BaseException):
    """The process is gone: nothing of the program may catch it."""


class Doomed:
    """Seals so many values, and is killed at the next."""

    def __init__(self, seal: Any, *, lives: int) -> None:
        self._seal, self._lives = seal, lives

    def __call__(self, words: bytes, *, place: str) -> bytes:
        self._lives -= 1
        if self._lives < 0:
            raise Killed
        sealed: bytes = self._seal(words, place=place)
        return sealed


@pytest.fixture
def key_file(tmp_path: Path, database: Database) -> Path:
    path = tmp_path / "keys" / "secret.key"
    database.vault = open_vault(path)
    return path


@pytest.fixture
def filled(database: Database, key_file: Path, now: datetime) -> Database:
    """Something in most of the sealed columns, in keys of one and of two columns, of each type."""
    with database.transaction() as session:
        for number in range(PEOPLE):
            one = add_person(session, now=now, name=f"人{number}")
            set_phone(session, person_id=one, phone=f"+8610000000{number:03}")
            set_address(session, person_id=one, address=f"青山村{number}号")
        store_updates(
            session, bot_id=7, updates=[{"update_id": one} for one in range(1, 5)], now=now
        )
        for number in (1, 2, 3):
            say(
                session,
                now=now,
                chat_id=number,
                key=f"a{number}",
                template="help",
                message_class=MessageClass.ANSWER,
            )
            save_dialogue(
                session, now=now, chat_id=number, topic="t", question="q", answers={"a": "答"}
            )
            _alarm(session, now)
    return database


def _alarm(session: Session, now: datetime) -> None:
    uid = secrets.token_hex(16)
    session.execute(
        insert(alarm),
        {
            "uid": uid,
            "chat_id": 1,
            "danger": "fire_gas",
            "words": session.vault.seal("着火了", place=f"alarm.words:{uid}"),
            "state": "open",
            "next_step_at": now,
            "created_at": now,
            "rings": 0,
            "version": 1,
        },
    )


def open_all(session: Session) -> dict[str, tuple[int, bytes]]:
    """Open every sealed value there is: by its place, the key that sealed it and what it says."""
    opened = {}
    for one in SEALED:
        for row in session.all(select(one.of).where(one.sealed.is_not(None))):
            sealed = row._mapping[one.column]
            place = one.place_of(row._mapping)
            plain = session.vault.unseal_bytes(sealed, place=place)
            opened[f"{one.column} {place}"] = (key_of(sealed), plain)
    return opened


def plain(database: Database) -> dict[str, bytes]:
    return {place: words for place, (_, words) in database.do(open_all).items()}


def keys_used(database: Database) -> set[int]:
    return {key for key, _ in database.do(open_all).values()}


def ignore(progress: Progress) -> None:
    """Progress is for people."""


def test_everything_is_sealed_by_the_new_key_and_says_the_same(
    filled: Database, key_file: Path
) -> None:
    before = plain(filled)
    assert len(before) > 2 * PEOPLE + 10
    add_key(key_file)
    assert reseal(filled, told=ignore) == len(before)
    assert plain(filled) == before
    assert keys_used(filled) == {2}
    assert filled.do(find_older) == {}
    assert reseal(filled, told=ignore) == 0


def test_killed_at_any_row_everything_opens_and_a_second_run_goes_on(
    filled: Database, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, dice = plain(filled), random.Random(20)
    for _ in range(8):
        newest = add_key(key_file)
        doomed = Doomed(filled.vault.seal_bytes, lives=dice.randrange(1, len(before)))
        monkeypatch.setattr(filled.vault, "seal_bytes", doomed)
        with pytest.raises(Killed):
            reseal(filled, told=ignore)
        monkeypatch.undo()
        # Whoever starts now, with nothing but the file, opens everything.
        filled.vault = open_vault(key_file)
        assert plain(filled) == before
        reseal(filled, told=ignore)
        assert keys_used(filled) == {newest}
    assert plain(filled) == before


def test_a_bot_that_runs_meanwhile_seals_with_the_new_key_and_opens_both(
    filled: Database, key_file: Path, now: datetime
) -> None:
    beside = open_vault(key_file)
    add_key(key_file)
    filled.do(set_phone, person_id=1, phone="+8610000000999")
    assert filled.vault.newest == 2
    sealed = filled.vault.seal("新", place="x")
    assert beside.newest == 1
    assert beside.unseal(sealed, place="x") == "新"
    assert filled.do(open_contact, person_id=2).phone == "+8610000000001"


def test_a_value_changed_meanwhile_is_not_overwritten_with_the_old_one(
    filled: Database, key_file: Path
) -> None:
    add_key(key_file)
    changed: list[str] = []

    def change_one(progress: Progress) -> None:
        # Between two transactions of the rotation somebody corrects their address.
        if progress.column == "person.phone" and not changed:
            changed.append(progress.column)
            filled.do(set_address, person_id=3, address="新家")

    reseal(filled, told=change_one)
    assert filled.do(open_contact, person_id=3).address == "新家"
    assert keys_used(filled) == {2}


def test_a_value_that_changed_after_it_was_read_is_left_as_it_is(
    filled: Database, key_file: Path
) -> None:
    add_key(key_file)
    address = next(one for one in SEALED if (one.table, one.column) == ("person", "address"))
    with filled.transaction() as session:
        row = session.all(select_older(session, address))[3]
        set_address(session, person_id=row.id, address="新家")
        assert reseal_row(session, address, row) == 0
        assert open_contact(session, person_id=row.id).address == "新家"


def test_a_key_is_retired_only_when_no_value_uses_it(
    filled: Database, key_file: Path, now: datetime
) -> None:
    add_key(key_file)
    assert filled.do(retire, now=now, key_file=key_file) == []
    reseal(filled, told=ignore)
    before = plain(filled)
    assert filled.do(retire, now=now, key_file=key_file) == [1]
    assert set(read_keys(key_file).sealing) == {2}
    filled.vault = open_vault(key_file)
    assert plain(filled) == before


def test_a_damaged_value_keeps_its_key_and_does_not_stop_the_others(
    filled: Database, key_file: Path, now: datetime
) -> None:
    with filled.transaction() as session:
        broken = session.vault.seal("x", place="somewhere else")
        session.execute(
            alarm.update().where(alarm.c.id == session.value(select(alarm.c.id).limit(1))),
            {"words": broken},
        )
    add_key(key_file)
    reseal(filled, told=ignore)
    assert filled.do(find_older) == {1: 1}
    assert filled.do(retire, now=now, key_file=key_file) == []


def test_the_old_key_opens_nothing_after_it_was_retired(
    filled: Database, key_file: Path, now: datetime
) -> None:
    old = open_vault(key_file)
    old._key_file = None
    add_key(key_file)
    reseal(filled, told=ignore)
    filled.do(retire, now=now, key_file=key_file)
    filled.vault = old
    with pytest.raises(VaultError):
        plain(filled)
