"""A kill at any row: no row twice, none lost, and going on leads to the same end."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from types import ModuleType

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from storage.alarms import raise_alarm
from storage.database import Session
from storage.imports import applying, undoing
from storage.imports.applying import CHUNK, apply_rows
from storage.imports.batches import start_undoing
from storage.imports.staging import stage
from storage.imports.undoing import undo_rows
from storage.rules.dangers import DangerKind
from storage.rules.importing.cells import Cell
from storage.rules.importing.sheets import read_table
from storage.tables import alarm, import_batch, import_row, role
from tests.storage.imports.desk import HEADER, Desk

ROWS: Sequence[Sequence[Cell]] = [
    HEADER,
    *(
        [f"某某{number}", "青山村", f"100123460{number:02}", "", f"{number}号"]
        for number in range(9)
    ),
]


class Killed(BaseException):
    """Nothing catches it, as nothing catches a kill."""


def test_a_kill_at_any_row_loses_nothing_and_doubles_nothing(desk: Desk) -> None:
    before = desk.people()

    @settings(
        max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(
        chunk=st.integers(1, 4), kills=st.lists(st.integers(0, 8), max_size=3), undone=st.booleans()
    )
    def play(chunk: int, kills: list[int], undone: bool) -> None:
        batch = desk.stage(ROWS)
        desk.start(batch)
        _with_kills(desk, batch.id, chunk, kills, apply_rows, applying, "_apply")
        assert desk.counts(batch) == {"applied": 9}
        assert desk.people() == before + 9
        with desk.database.transaction() as session:
            assert session.value(select(func.count()).where(role.c.kind == "resident")) == 9
        desk.database.do(
            start_undoing,
            now=desk.now,
            actor=desk.office,
            batch_id=batch.id,
            version=desk.batch(batch.id).version,
        )
        killed = kills if undone else []
        _with_kills(desk, batch.id, chunk, killed, undo_rows, undoing, "_undo")
        assert desk.counts(batch) == {"undone": 9}
        assert desk.people() == before

    play()


def _with_kills(
    desk: Desk,
    batch_id: int,
    chunk: int,
    kills: list[int],
    step: Callable[..., bool],
    module: ModuleType,
    name: str,
) -> None:
    """Step to the end; at each of the kills the process dies in the middle of a chunk."""
    whole = getattr(module, name)
    for kill in kills:
        left = kill

        def dying(session: Session, **more: object) -> None:
            nonlocal left
            if left == 0:
                raise Killed
            left -= 1
            whole(session, **more)

        setattr(module, name, dying)
        try:
            with suppress(Killed):
                while step(desk.database, now=desk.now, batch_id=batch_id, chunk=chunk):
                    pass
        finally:
            setattr(module, name, whole)
    while step(desk.database, now=desk.now, batch_id=batch_id, chunk=chunk):
        pass


def test_a_reading_that_was_killed_is_begun_anew(desk: Desk) -> None:
    batch = desk.stage(ROWS)
    with desk.database.transaction() as session:
        mine = import_row.c.batch_id == batch.id
        session.change(import_row.update().where(mine).values(number=import_row.c.number + 100))
        session.change(
            import_batch.update().where(import_batch.c.id == batch.id).values(state="reading")
        )
    table = read_table(enumerate(ROWS), [], communities=desk.homes)
    assert table is not None
    again = stage(desk.database, now=desk.now, batch_id=batch.id, table=table)
    assert again.state == "staged"
    assert desk.counts(again) == {"new": 9}


def test_an_alarm_waits_for_no_import(desk: Desk) -> None:
    rows: Sequence[Sequence[Cell]] = [
        HEADER,
        *([f"某某{at}", "青山村", "", "", f"{at}号"] for at in range(3 * CHUNK)),
    ]
    batch = desk.stage(rows)
    desk.start(batch)
    # What the runner does: each chunk is a transaction of its own, and whoever waits goes between.
    assert apply_rows(desk.database, now=desk.now, batch_id=batch.id)
    with desk.database.transaction() as session:
        raise_alarm(
            session,
            now=desk.now,
            chat_id=6,
            person_id=None,
            words="救命",
            kind=DangerKind.UNKNOWN,
        )
    assert apply_rows(desk.database, now=desk.now, batch_id=batch.id)
    with desk.database.transaction() as session:
        assert [row.state for row in session.all(select(alarm))] == ["open"]
    assert desk.counts(batch) == {"applied": 2 * CHUNK, "new": CHUNK}
    assert desk.batch(batch.id).state == "applying"
    desk.finish(batch)
    assert desk.counts(batch) == {"applied": 3 * CHUNK}
