"""Erasing pressed twice at the same moment, on each kind of database: once is enough."""

import threading
from datetime import datetime

from sqlalchemy import func, select

from storage.database import Database, Session
from storage.leaving import erase
from storage.tables import erasure, journal
from tests.storage.protection.traces import fill
from tests.storage.residents import register


def test_two_presses_at_once_erase_once(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        wang = register(session, now=now, name="王珊", roles=("coordinator",), chat=1)
        zhang = register(session, now=now, name="张强", roles=("volunteer",), chat=2)
        chen = fill(session, now=now, helper=zhang, staff=wang)
    said: list[bool] = []

    def press() -> None:
        said.append(database.do(erase, now=now, actor=chen, subject=chen))

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == [False, False, False, True]
    counted = select(func.count()).select_from(erasure)
    assert database.do(Session.value, counted) == 1
    erased = select(func.count()).select_from(journal).where(journal.c.what == "erased")
    assert database.do(Session.value, erased) == 1
