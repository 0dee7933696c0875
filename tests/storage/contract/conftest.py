"""The contract suite runs each test on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from storage.database import Database
from storage.house import House
from storage.vault import Vault
from tests.blank import lay_tables
from tests.storage.post import COORDINATOR, RESIDENT, VOLUNTEER, Post
from tests.storage.postgres import Server, find_binaries, serving


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """One server for the session, or for the worker of a parallel one."""
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL binaries on PATH or in /usr/lib/postgresql")
    with serving(binaries) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of database."""
    return str(request.param)


@pytest.fixture
def empty_url(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database without tables."""
    if kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    server: Server = request.getfixturevalue("postgres")
    url = server.empty()
    yield url
    server.drop(url)


@pytest.fixture
def database(
    kind: str, tmp_path: Path, house: House, request: pytest.FixtureRequest
) -> Iterator[Database]:
    """A database of each kind with every table."""
    vault = Vault(keys={1: bytes(32)}, index_key=bytes(32))
    if kind == "sqlite":
        made = Database(lay_tables(tmp_path / "test.sqlite3"), vault=vault, house=house)
        yield made
        made.close()
        return
    server: Server = request.getfixturevalue("postgres")
    url = server.copy()
    made = Database(url, vault=vault, house=house)
    yield made
    made.close()
    server.drop(url)


@pytest.fixture
def post(database: Database, now: datetime) -> Post:
    """An outbox whose resident, volunteer and coordinator have chats."""
    made = Post(database, now)
    made.join(RESIDENT, "陈素芬", kind="resident")
    made.join(VOLUNTEER, "张强", kind="volunteer")
    made.join(COORDINATOR, "王珊", kind="coordinator")
    return made
