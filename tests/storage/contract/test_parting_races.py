"""Somebody says that something went wrong while the other claims: they never end up together."""

from datetime import datetime
from threading import Barrier, Thread

from storage.database import Database
from storage.needs import claim_need
from storage.refusals import Refusal
from tests.storage.complaints.quarrel import Quarrel
from tests.storage.needs.village import Village


def test_a_claim_and_a_report_at_once_leave_no_task_between_the_two(
    database: Database, now: datetime
) -> None:
    village = Village(database, now)
    village.settle(volunteers=1)
    quarrel = Quarrel(village)
    first, second = village.carried(), village.state()
    version = village.need(second).version
    start = Barrier(2)

    def claim() -> None:
        start.wait()
        try:
            village.do(claim_need, volunteer_id=quarrel.helper, need_id=second, version=version)
        except Refusal:
            return

    def report() -> None:
        start.wait()
        quarrel.say(quarrel.resident, first)

    threads = [Thread(target=claim), Thread(target=report)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert village.need(first).claim is None
    assert village.need(second).claim is None
