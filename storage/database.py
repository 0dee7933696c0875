"""The one place that opens transactions and commits them, for SQLite and PostgreSQL alike."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, CursorResult, Engine, Executable, Row, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import NullPool, QueuePool

from storage.house import House
from storage.turnstile import Turnstile
from storage.vault import Vault

# The database is away, or busy for longer than we wait: worth trying again, with nothing done.
UNREACHABLE = (OperationalError, InterfaceError, PoolTimeout)

# FULL: what is acknowledged has reached the disk, whatever happens to the power.
PRAGMAS: tuple[str, ...] = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=5000",
    "foreign_keys=ON",
    "trusted_schema=OFF",
)
# Seconds that one statement of a reading may take.
READ_FOR = 60

P = ParamSpec("P")
R = TypeVar("R")


class Session:
    """One open transaction: Core statements over the tables, and the vault for sealed columns
    and the house's own settings.

    No unit of work: measured on the same journey, ORM sessions cost four times the processor
    time of Core statements.
    """

    __slots__ = ("connection", "house", "queued", "vault")

    def __init__(self, connection: Connection, vault: Vault, house: House) -> None:
        self.connection = connection
        # Whether something is to be said after the commit.
        self.queued = False
        self.vault = vault
        self.house = house

    def execute(
        self,
        statement: Executable,
        rows: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    ) -> CursorResult[Any]:
        """Run a statement; give ``rows`` to run it once for each."""
        return self.connection.execute(statement, rows)

    def find(self, statement: Executable) -> Row[Any] | None:
        """Return the first row, or None."""
        return self.connection.execute(statement).first()

    def all(self, statement: Executable) -> Sequence[Row[Any]]:
        """Return every row."""
        return self.connection.execute(statement).all()

    def value(self, statement: Executable) -> Any:
        """Return the first column of the first row, or None."""
        return self.connection.execute(statement).scalar()

    def add(self, statement: Executable) -> int:
        """Run an INSERT of one row and return its new id."""
        key = self.connection.execute(statement).inserted_primary_key
        return int(key[0]) if key else 0

    def change(self, statement: Executable) -> int:
        """Run an UPDATE or DELETE and return how many rows it changed (law 6)."""
        return self.connection.execute(statement).rowcount

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what happens inside when it raises; the transaction itself goes on.

        Straight to the driver (sqlite3 and psycopg alike): SQLAlchemy's own nested transactions
        took 55 us of every turn, these take 2. Inner ones of the same name hide the outer.
        """
        driver: Any = self.connection.connection.driver_connection
        driver.execute("SAVEPOINT here")
        try:
            yield
        except BaseException:
            driver.execute("ROLLBACK TO SAVEPOINT here")
            driver.execute("RELEASE SAVEPOINT here")
            raise
        driver.execute("RELEASE SAVEPOINT here")


class Database:
    """A database of either kind; ``transaction`` commits at its end and then calls the wakers,
    if something was put into the outbox.
    """

    def __init__(self, url: str, *, vault: Vault, house: House) -> None:
        self.url = make_url(url)
        self.vault = vault
        self.house = house
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(url) if self.sqlite else _postgres_engine(url)
        self._readers = _sqlite_reader(url) if self.sqlite else self.engine
        self._turnstile = Turnstile()
        self._connection: Connection | None = None
        self._wakers: list[Callable[[], None]] = []

    def wake_on_commit(self, waker: Callable[[], None]) -> None:
        """Call ``waker`` after each commit that left something to say; it may run in any thread."""
        self._wakers.append(waker)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a write transaction; commit at the end, roll back when anything raises."""
        if self.sqlite:
            # One writer connection: with ten, the same claims ran at a third of the speed.
            with self._turnstile:
                if self._connection is None or self._connection.invalidated:
                    self._connection = self.engine.connect()
                with self._connection.begin():
                    # With the write lock held: whoever waited for a key to be added, sees it.
                    self.vault.refresh()
                    session = Session(self._connection, self.vault, self.house)
                    yield session
        else:
            with self.engine.begin() as connection:
                self.vault.refresh()
                session = Session(connection, self.vault, self.house)
                yield session
        # After every commit, delivery's own too, it would wake itself for ever.
        if session.queued:
            for waker in self._wakers:
                waker()

    def do(
        self, step: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run one use case in a transaction of its own."""
        with self.transaction() as session:
            return step(session, *args, **kwargs)

    def read(
        self, step: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run one long reading apart from the writer: it sees one moment and changes nothing."""
        with self._readers.connect() as connection:
            if not self.sqlite:
                connection = connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
                # A year's figures may take longer than any press.
                connection.exec_driver_sql(f"SET LOCAL statement_timeout = {READ_FOR * 1000}")
            return step(Session(connection, self.vault, self.house), *args, **kwargs)

    def close(self) -> None:
        """Close every connection."""
        with self._turnstile:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            self._readers.dispose()
            self.engine.dispose()


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        # An error's text goes to the log: it must not carry somebody's name.
        hide_parameters=True,
        connect_args={"check_same_thread": False, "isolation_level": None},
    )

    @event.listens_for(engine, "connect")
    def _settle(connection: Any, _record: Any) -> None:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A deferred BEGIN that reads first fails at once under load, whatever busy_timeout says.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _sqlite_reader(url: str) -> Engine:
    engine = create_engine(
        url, poolclass=NullPool, hide_parameters=True, connect_args={"isolation_level": None}
    )

    @event.listens_for(engine, "connect")
    def _settle(connection: Any, _record: Any) -> None:
        for pragma in ("busy_timeout=5000", "query_only=ON", "trusted_schema=OFF"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def _postgres_engine(url: str) -> Engine:
    return create_engine(
        url,
        pool_size=4,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=True,
        # Without it an INSERT says -1, so "is it new?" would always be answered no.
        execution_options={"preserve_rowcount": True},
        connect_args={
            "options": "-c statement_timeout=10000 -c lock_timeout=5000"
            " -c idle_in_transaction_session_timeout=30000 -c timezone=UTC"
        },
    )
