"""Two callers press for one number at the same moment: one of them has it."""

import threading
from datetime import datetime, timedelta

from storage.check_ins import NumberTaken, take_number
from storage.database import Database
from tests.storage.calls.street import Street

ROUNDS = 5


def test_of_two_at_once_one_has_the_number(database: Database, now: datetime) -> None:
    street = Street(database, now)
    street.settle()
    street.plan()
    street.forward(hours=5)
    for _ in range(ROUNDS):
        got: list[str] = []
        start = threading.Barrier(2)

        def press(name: str, got: list[str] = got, start: threading.Barrier = start) -> None:
            start.wait()
            try:
                street.do(take_number, now=street.now, actor_id=street.people[name], check_in_id=1)
            except NumberTaken:
                return
            got.append(name)

        threads = [threading.Thread(target=press, args=(name,)) for name in ("zhang", "wang")]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert len(got) == 1
        street.now += timedelta(minutes=46)
