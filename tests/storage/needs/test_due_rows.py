"""One row that fails is put off and holds up no other, whatever kind of thing falls due."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, insert, select, update

from storage.database import Database, Session
from storage.due_rows import AGAIN_AFTER, find_soonest, move_oldest
from storage.key_file import VaultError
from storage.needs import move_needs
from storage.tables import need, organisation, rota
from tests.storage.needs.village import Village
from tests.storage.town import a_town

DUE = rota.c.next_look_at


def keep_rotas(session: Session, *, now: datetime) -> list[int]:
    """Two organisations whose rotas are due, one after the other."""
    ids = [row.id for row in session.all(select(organisation.c.id).order_by(organisation.c.id))][:2]
    for at, organisation_id in enumerate(ids):
        due = now - timedelta(minutes=2 - at)
        row = {"organisation_id": organisation_id, "next_look_at": due, "next_week_at": due}
        session.execute(insert(rota), row | {"version": 1, "state": "kept"})
    return ids


def test_a_row_that_fails_is_tried_again_a_minute_later_behind_the_others(
    database: Database, now: datetime
) -> None:
    a_town(database, now)
    torn, other = database.do(keep_rotas, now=now)
    moved: list[int] = []

    def step(session: Session, row: Row[Any], *, now: datetime) -> None:
        later = {"next_look_at": now + timedelta(days=1)}
        mine = rota.c.organisation_id == row.organisation_id
        session.change(update(rota).where(mine).values(later))
        if row.organisation_id == torn:
            raise ArithmeticError
        moved.append(row.organisation_id)

    with pytest.raises(ArithmeticError):
        move_oldest(database, step, now=now, due=DUE)
    assert move_oldest(database, step, now=now, due=DUE)
    assert moved == [other]
    assert not move_oldest(database, step, now=now, due=DUE)
    assert soonest(database) == now + AGAIN_AFTER


def test_of_a_table_in_which_nothing_moves_nothing_is_due(database: Database) -> None:
    assert soonest(database) is None


def soonest(database: Database) -> datetime | None:
    return database.do(lambda session: find_soonest(session, due=DUE))


def test_a_need_that_fails_keeps_no_other_from_its_next_step(village: Village) -> None:
    torn, other = village.state(), village.do_state(village.add_resident("周伯"))
    database, now = village.database, village.now
    with database.transaction() as session:
        for need_id, due in ((torn, now - timedelta(minutes=1)), (other, now)):
            mine = update(need).where(need.c.id == need_id)
            session.change(mine.values(next_step_at=due))
        session.change(update(need).where(need.c.id == torn).values(words=b"torn"))
    with pytest.raises(VaultError):
        move_needs(database, now=now)
    assert move_needs(database, now=now)
    rows = database.do(lambda session: session.all(select(need.c.id, need.c.next_step_at)))
    steps = {row.id: row.next_step_at for row in rows}
    assert steps[torn] == now + AGAIN_AFTER
    assert steps[other] > now
