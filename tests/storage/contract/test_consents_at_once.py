"""A yes said from several places at once, and taken back at the same moment."""

import threading
from datetime import datetime

from sqlalchemy import func, select

from storage.consents import give_consent, withdraw
from storage.database import Database
from storage.tables import consent
from tests.storage.residents import register


def test_two_places_at_once_write_one_yes(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        person = register(session, now=now, name="陈素芬")
    start = threading.Barrier(4)

    def say() -> None:
        start.wait()
        database.do(
            give_consent, now=now, person_id=person.id, purpose="share_contact", given_by=person.id
        )

    def take_back() -> None:
        start.wait()
        database.do(
            withdraw, now=now, person_id=person.id, purpose="share_contact", actor_id=person.id
        )

    threads = [threading.Thread(target=one) for one in (say, say, say, take_back)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.transaction() as session:
        live = session.value(select(func.count()).where(consent.c.withdrawn_at.is_(None)))
        ended = session.value(select(func.count()).where(consent.c.ended == "withdrawn"))
    assert live <= 1
    assert live + ended >= 1
