"""Heartbeats: each tick's last run, one row each."""

from datetime import datetime, timedelta

from storage.database import Database
from storage.heartbeats import beat, list_heartbeats


def test_each_tick_is_known_by_its_last_run(database: Database, now: datetime) -> None:
    assert database.do(list_heartbeats) == {}
    database.do(beat, names=["alarms", "ladder"], now=now)
    later = now + timedelta(seconds=5)
    database.do(beat, names=["alarms"], now=later)
    database.do(beat, names=[], now=later)
    assert database.do(list_heartbeats) == {"alarms": later, "ladder": now}
