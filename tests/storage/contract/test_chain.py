"""The chain over the journal, on each kind of database: what was done to it is found and named."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Executable, create_engine, delete, func, insert, select, text, update
from sqlalchemy.exc import DatabaseError

from storage.chain import (
    Fault,
    check_chain,
    checking,
    find_seal,
    next_post_due_at,
    post_head,
    seal_journal,
    sealing,
)
from storage.database import Database, Session
from storage.journal import note
from storage.migrations import upgrade
from storage.outbox.leasing import lease
from storage.tables import journal, journal_post, journal_seal
from tests.storage.post import Post

LATER = timedelta(minutes=11)


@pytest.fixture
def write(database: Database, now: datetime) -> Callable[..., None]:
    """Write rows into the journal, one second apart."""

    def many(count: int, *, at: datetime = now) -> None:
        with database.transaction() as session:
            for number in range(count):
                moment = at + timedelta(seconds=number)
                note(session, now=moment, what="need_claimed", actor_id=number, subject_id=2)

    return many


@pytest.fixture
def sealed(database: Database, now: datetime, write: Callable[..., None]) -> Database:
    """Three seals of ten rows each."""
    for number in range(3):
        at = now + number * timedelta(hours=1)
        write(10, at=at)
        seal_all(database, now=at + LATER)
    return database


def seal_all(database: Database, *, now: datetime) -> None:
    while seal_journal(database, now=now):
        pass


def break_in(database: Database, statement: Executable) -> None:
    """What somebody does who owns the database: first the trigger, then the row."""
    with database.transaction() as session:
        for table in ("journal", "journal_seal"):
            names = (
                [f"{table}_no_update", f"{table}_no_delete"]
                if database.sqlite
                else [f"{table}_kept ON {table}"]
            )
            for name in names:
                session.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
        session.execute(statement)


def fault_of(database: Database) -> Fault | None:
    return check_chain(database).fault


def test_an_untouched_journal_holds(sealed: Database) -> None:
    verdict = check_chain(sealed)
    assert verdict.fault is None
    assert (verdict.rows, verdict.sealed, verdict.number) == (30, 30, 3)
    newest = select(journal_seal.c.digest).order_by(journal_seal.c.id.desc()).limit(1)
    assert verdict.head == sealed.do(lambda session: session.value(newest))


def test_a_journal_without_seals_holds(database: Database) -> None:
    assert check_chain(database).fault is None


@pytest.mark.parametrize(
    "statement",
    [
        update(journal).values(ground="x"),
        delete(journal).where(journal.c.id == 3),
        update(journal_seal).values(rows=1),
        delete(journal_seal),
    ],
    ids=str,
)
def test_the_database_itself_refuses_to_change_or_delete(
    sealed: Database, statement: Executable
) -> None:
    with pytest.raises(DatabaseError, match="append-only"):
        sealed.do(Session.change, statement)


@pytest.mark.parametrize(
    "change",
    [
        {"detail": "x"},
        {"actor_id": 99},
        {"at": datetime.fromisoformat("2020-01-01T00:00:00+00:00")},
        {"subject_id": None},
        {"thing_id": 1},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_row_is_named_by_its_seal(sealed: Database, change: dict[str, object]) -> None:
    break_in(sealed, update(journal).where(journal.c.id == 15).values(change))
    assert fault_of(sealed) == Fault("changed", 2, 11, 20)


def test_a_removed_row_is_named(sealed: Database) -> None:
    break_in(sealed, delete(journal).where(journal.c.id.in_((12, 14))))
    assert fault_of(sealed) == Fault("removed", 2, 11, 20, (12, 14))


def test_a_row_put_in_is_noticed(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        for number in (1, 2, 5, 6):
            session.execute(
                insert(journal), {"id": number, "at": now, "what": "a", "ground": "", "detail": ""}
            )
    seal_all(database, now=now + LATER)
    with database.transaction() as session:
        session.execute(
            insert(journal), {"id": 3, "at": now, "what": "a", "ground": "", "detail": ""}
        )
    assert fault_of(database) == Fault("added", 1, 1, 6)


@pytest.mark.parametrize(("first", "seal", "rows"), [(28, 3, (21, 30)), (15, 2, (11, 20))])
def test_rows_cut_off_at_the_end_are_noticed(
    sealed: Database, first: int, seal: int, rows: tuple[int, int]
) -> None:
    break_in(sealed, delete(journal).where(journal.c.id >= first))
    fault = fault_of(sealed)
    assert fault is not None
    assert (fault.kind, fault.seal_id, (fault.first_id, fault.last_id)) == ("cut_off", seal, rows)
    assert fault.missing[0] == first


def test_a_seal_taken_out_or_changed_is_noticed(sealed: Database) -> None:
    break_in(sealed, delete(journal_seal).where(journal_seal.c.id == 2))
    assert fault_of(sealed) == Fault("unlinked", 3, 21, 30)


def test_a_whole_new_chain_over_changed_rows_is_found_by_the_head_that_was_written_down(
    sealed: Database, now: datetime
) -> None:
    written = check_chain(sealed).head[:12]
    assert sealed.do(find_seal, head=written) is not None
    break_in(sealed, update(journal).where(journal.c.id == 15).values(detail="x"))
    break_in(sealed, delete(journal_seal))
    seal_all(sealed, now=now + timedelta(hours=9))
    assert check_chain(sealed).fault is None
    assert sealed.do(find_seal, head=written) is None


def test_a_fault_in_old_rows_is_found_by_the_count_or_when_all_are_read(
    sealed: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "NEWEST_ROWS", 10)
    break_in(sealed, update(journal).where(journal.c.id == 5).values(detail="x"))
    assert check_chain(sealed).rows == 10
    assert check_chain(sealed).fault is None
    assert check_chain(sealed, everything=True).fault == Fault("changed", 1, 1, 10)
    break_in(sealed, delete(journal).where(journal.c.id == 25))
    assert fault_of(sealed) == Fault("changed", 1, 1, 10)


def test_pages_of_few_rows_say_the_same(sealed: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "AT_ONCE", 1)
    assert fault_of(sealed) is None
    break_in(sealed, delete(journal).where(journal.c.id == 12))
    assert fault_of(sealed) == Fault("removed", 2, 11, 20, (12,))


def test_rows_are_sealed_when_they_are_settled_and_not_one_by_one(
    database: Database, now: datetime, write: Callable[..., None]
) -> None:
    write(1)
    write(1, at=now + timedelta(minutes=4))
    write(1, at=now + timedelta(minutes=6))
    assert seal_journal(database, now=now + timedelta(minutes=9)) is False
    assert check_chain(database).sealed == 0
    seal_all(database, now=now + timedelta(minutes=10))
    assert check_chain(database).sealed == 2


def test_a_large_backlog_goes_by_batches(
    database: Database, now: datetime, write: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "BATCH", 10)
    write(25)
    assert seal_journal(database, now=now + timedelta(hours=1)) is True
    seal_all(database, now=now + timedelta(hours=1))
    assert check_chain(database).number == 3
    assert fault_of(database) is None


def test_a_row_that_is_committed_late_with_a_smaller_number_is_sealed_too(
    database: Database, now: datetime
) -> None:
    if database.sqlite:
        return  # one writer: numbers are given in the order of commits
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with database.transaction() as session:
            note(session, now=now, what="slow", actor_id=1)
            begun.set()
            go_on.wait(10)

    worker = threading.Thread(target=slow)
    worker.start()
    begun.wait(10)
    database.do(note, now=now + timedelta(seconds=1), what="quick", actor_id=1)
    seal_all(database, now=now + timedelta(minutes=5))
    go_on.set()
    worker.join()
    seal_all(database, now=now + LATER)
    verdict = check_chain(database)
    assert (verdict.sealed, verdict.fault) == (2, None)


def test_two_workers_that_seal_at_once_make_one_chain(
    database: Database, now: datetime, write: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "BATCH", 5)
    write(60)
    threads = [
        threading.Thread(target=seal_all, args=(database,), kwargs={"now": now + LATER})
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seal_all(database, now=now + LATER)
    verdict = check_chain(database)
    assert (verdict.sealed, verdict.fault) == (60, None)


def test_the_office_is_told_the_head_at_nine_once_a_day(post: Post, now: datetime) -> None:
    database = post.database
    database.do(note, now=now, what="x", actor_id=1)
    assert database.do(next_post_due_at) is None
    seal_all(database, now=now + LATER)
    due = database.do(next_post_due_at)
    assert due is not None
    assert due == now + timedelta(hours=23)
    post_head(database, now=due - timedelta(minutes=1))
    assert database.do(lambda s: s.value(select(func.count()).select_from(journal_post))) == 0
    for _ in range(3):
        post_head(database, now=due)
    parcels = database.do(lease, owner="me", limit=9, now=due, real=0.0)
    (told,) = [one for one in parcels if one.template == "journal_head"]
    assert told.facts["head"] == check_chain(database).head[:12]
    assert database.do(next_post_due_at) is None
    assert database.do(lambda s: s.value(select(func.count()).select_from(journal_post))) == 1


def test_the_migrations_make_the_same_triggers_as_the_tables(
    empty_url: str, database: Database
) -> None:
    upgrade(empty_url)
    named = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if database.sqlite
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    migrated = create_engine(empty_url)
    with migrated.connect() as connection:
        steps = {row[0] for row in connection.execute(text(named))}
    migrated.dispose()
    tables = {row[0] for row in database.do(Session.all, text(named))}
    assert steps == tables
    assert len(tables) == (4 if database.sqlite else 2)
