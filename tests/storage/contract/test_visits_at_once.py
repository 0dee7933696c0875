"""Several workers make visits at one moment, on either database: each day has one."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time
from threading import Barrier

from sqlalchemy import select

from storage.database import Database
from storage.needs.series import Recurring, make_series, make_visits
from storage.rules.recurring import read_pattern
from storage.tables import need
from tests.storage.needs.village import Village

WORKERS = 4


def test_each_visit_is_made_once_by_however_many(database: Database, now: datetime) -> None:
    village = Village(database, now)
    village.settle()
    need_id = village.state()
    how = Recurring(read_pattern("weekly:1,3,5"), time(9))
    for _ in range(3):
        village.do(make_series, actor_id=village.resident, need_id=need_id, how=how)
    line = Barrier(WORKERS)

    def work() -> None:
        line.wait()
        while make_visits(database, now=now):
            pass

    with ThreadPoolExecutor(WORKERS) as pool:
        for one in [pool.submit(work) for _ in range(WORKERS)]:
            one.result()
    with database.transaction() as session:
        made = session.all(
            select(need.c.series_id, need.c.visit_on).where(need.c.visit_on.is_not(None))
        )
    days = Counter((row.series_id, row.visit_on) for row in made)
    # Six days in the two weeks ahead, for each of the three services.
    assert len(days) == 18
    assert set(days.values()) == {1}
