"""Two processes on one database: an outage is noted once, told once, and mailed once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, time, timedelta

from sqlalchemy import func, select

from storage.check_ins import tell_outages
from storage.database import Database
from storage.heartbeats import beat
from storage.house import MailTo
from storage.mails import lease_mail, queue_mails
from storage.outages import CALLS, MESSENGER, note_outages
from storage.tables import mail, outage, outbox
from tests.storage.calls.street import Street

HOUR = timedelta(hours=1)


def at_once(step: Callable[[], object], *, times: int = 4) -> list[object]:
    """Do it in as many threads."""
    with ThreadPoolExecutor(times) as threads:
        return [one.result() for one in [threads.submit(step) for _ in range(times)]]


def test_a_sleep_is_noted_once_and_told_once(database: Database, now: datetime) -> None:
    street = Street(database, now)
    street.settle()
    street.plan(clock=time(11))
    database.do(beat, names=(CALLS,), now=now)
    street.sleep_until(now + 2 * HOUR)
    at_once(lambda: database.do(note_outages, now=street.now))
    street.tick()
    later = street.now + timedelta(minutes=2)
    at_once(lambda: tell_outages(database, now=later))
    with database.transaction() as session:
        (one,) = session.all(select(outage))
        told = session.all(select(outbox.c.key).where(outbox.c.template == "outage_told"))
    assert (one.told_at, one.calls) == (later, 1)
    assert len(told) == 2, "each of the two on duty once"


def test_a_messenger_that_is_away_is_one_row_and_one_mail(
    database: Database, now: datetime
) -> None:
    database.house = replace(database.house, mail_to=(MailTo("desk@example.org"),))
    database.do(beat, names=(MESSENGER,), now=now - HOUR)
    database.do(beat, names=(CALLS,), now=now)
    at_once(lambda: database.do(note_outages, now=now))
    at_once(lambda: queue_mails(database, now=now))
    leased = at_once(lambda: database.do(lease_mail, now=now))
    with database.transaction() as session:
        assert session.value(select(func.count()).select_from(outage)) == 1
        assert session.value(select(func.count()).select_from(mail)) == 1
    assert len([one for one in leased if one is not None]) == 1
