"""Keys: a start with the wrong key file is stopped before two registers mix."""

from datetime import datetime

import pytest

from storage.database import Database
from storage.keys import check_keys
from storage.outbox import MessageClass, say
from storage.people import add_person, set_phone
from storage.vault import Vault, VaultError

OTHER = Vault(keys={1: bytes(range(32))}, index_key=bytes(32))


def test_an_empty_register_opens_with_any_key(database: Database, now: datetime) -> None:
    database.do(add_person, now=now, name="没有电话的人")
    database.vault = OTHER
    database.do(check_keys)


def test_the_right_key_passes_and_another_is_refused(database: Database, now: datetime) -> None:
    resident = database.do(add_person, now=now, name="陈素芬")
    database.do(set_phone, person_id=resident, phone="+8613800138000")
    database.do(check_keys)
    database.vault = OTHER
    with pytest.raises(VaultError, match="put back the copy"):
        database.do(check_keys)


def test_a_message_that_waits_is_enough_to_tell(database: Database, now: datetime) -> None:
    database.do(
        say, now=now, chat_id=1, key="a", template="help", message_class=MessageClass.ANSWER
    )
    database.do(check_keys)
    database.vault = OTHER
    with pytest.raises(VaultError, match="put back the copy"):
        database.do(check_keys)
