"""Two at once around an import, on both databases: one begins, each row is written once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from threading import Barrier

from storage.database import Database
from storage.imports.applying import apply_rows
from storage.refusals import Refusal
from storage.rules.importing.cells import Cell
from tests.storage.imports.desk import HEADER, LIST, Desk


def at_once(*steps: Callable[[], object]) -> list[str]:
    """Run all at the same moment; returns "ok" or the key of each refusal."""
    line = Barrier(len(steps))

    def run(step: Callable[[], object]) -> str:
        line.wait()
        try:
            step()
        except Refusal as refusal:
            return refusal.key
        return "ok"

    with ThreadPoolExecutor(len(steps)) as pool:
        return sorted(pool.map(run, steps))


def test_of_two_who_press_import_together_one_begins(database: Database, now: datetime) -> None:
    desk = Desk(database, now)
    batch = desk.stage()
    press = partial(desk.start, batch)
    assert at_once(press, press) == ["import_decided", "ok"]


def test_of_two_lists_begun_together_one_is_written_at_a_time(
    database: Database, now: datetime
) -> None:
    desk = Desk(database, now)
    first, second = desk.stage(LIST[:2]), desk.stage([LIST[0], LIST[2]])
    assert at_once(partial(desk.start, first), partial(desk.start, second)) == [
        "import_running",
        "ok",
    ]


def test_two_workers_on_one_list_write_no_row_twice(database: Database, now: datetime) -> None:
    desk = Desk(database, now)
    rows: list[list[Cell]] = [HEADER]
    rows += [[f"某某{n}", "青山村", f"100123460{n:02}", "", ""] for n in range(20)]
    batch = desk.stage(rows)
    before = desk.people()
    desk.start(batch)

    def work() -> None:
        while apply_rows(database, now=now, batch_id=batch.id, chunk=3):
            pass

    assert at_once(work, work) == ["ok", "ok"]
    assert desk.counts(batch) == {"applied": 20}
    assert desk.people() == before + 20
