"""The doctor's look at the journal: what it says when all is well, and what when it is not."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text, update

from bot.commands.journal import examine_journal
from storage.chain import check_chain, seal_journal
from storage.database import Database
from storage.journal import note
from storage.tables import journal

DAY = timedelta(days=1)


@pytest.fixture
def sealed(database: Database, now: datetime) -> Database:
    for number in range(3):
        database.do(note, now=now, what="need_claimed", actor_id=number)
    seal_journal(database, now=now + DAY)
    return database


def _examine(database: Database, head: str | None = None) -> list[str]:
    findings = examine_journal(database, everything=False, head=head)
    return [f"{'ok' if one.ok else 'LOOK'} {one.what}: {one.says}" for one in findings]


def test_nothing_is_sealed_before_there_is_anything_to_seal(database: Database) -> None:
    assert _examine(database) == ["ok journal: nothing is sealed yet"]


def test_the_head_that_was_written_down_is_found_again(sealed: Database) -> None:
    head = check_chain(sealed).head
    assert _examine(sealed, head[:12].upper()) == [
        f"ok journal: 3 rows as they were sealed (all of them read); seal 1 is {head[:12]}",
        "ok seal written down: is seal 1, up to row 3",
    ]


@pytest.mark.parametrize("written", ["", "a%", "zzzzzzzzzzzz", "0123"])
def test_what_cannot_be_a_head_is_told(sealed: Database, written: str) -> None:
    assert "LOOK seal written down: 12 characters" in _examine(sealed, written)[1]


def test_a_head_that_is_gone_means_somebody_was_there(sealed: Database) -> None:
    assert "is not in this database" in _examine(sealed, "0123456789ab")[1]


def test_a_changed_row_is_named_with_what_to_do(sealed: Database) -> None:
    with sealed.transaction() as session:
        session.execute(text("DROP TRIGGER journal_no_update"))
        session.change(update(journal).where(journal.c.id == 2).values(actor_id=99))
    (line,) = _examine(sealed)
    assert line.startswith("LOOK journal: a row was changed (seal 1, rows 1-3); stop, keep a copy")
