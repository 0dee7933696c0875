"""Long lists: a step costs as much as the rows it takes, not as much as the list."""

from storage.imports.applying import list_waiting
from tests.storage.imports.desk import Desk
from tests.storage.office.reading import steps_of


def test_a_step_looks_only_at_rows_that_still_wait(desk: Desk) -> None:
    batch = desk.stage()
    with desk.database.transaction() as session:
        steps = steps_of(session, lambda: list_waiting(session, batch_id=batch.id, limit=2))
    assert steps == ["SEARCH import_row USING INDEX ix_import_row_waiting (batch_id=?)"]


def test_rows_are_written_in_the_order_of_the_list(desk: Desk) -> None:
    batch = desk.stage()
    with desk.database.transaction() as session:
        first = list_waiting(session, batch_id=batch.id, limit=2)
    assert [row.number for row in first] == [2, 3]
