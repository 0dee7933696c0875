"""A PostgreSQL server of the tests' own, found on this machine; started at most once a session."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import create_engine
from sqlmodel import SQLModel

from storage import tables

__all__ = ["Server", "find_binaries", "serving", "tables"]

ORDINARY_USERS = ("postgres", "nobody")
START_SECONDS = 60
TEMPLATE = "jiai_template"


def find_binaries() -> Path | None:
    """The folder with initdb and postgres, or None."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    both = ("initdb", "postgres", "pg_ctl")
    return next((one for one in folders if all((one / name).exists() for name in both)), None)


@dataclass(frozen=True)
class Server:
    """A running server; every database is a copy of one that has all tables."""

    port: int

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://tester@127.0.0.1:{self.port}/{name}"

    def empty(self) -> str:
        """Make a database without tables and return its address."""
        name = f"jiai_{secrets.token_hex(6)}"
        self._run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)

    def copy(self) -> str:
        """Make a database with every table and return its address."""
        name = f"jiai_{secrets.token_hex(6)}"
        copied = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._run(copied.format(sql.Identifier(name), sql.Identifier(TEMPLATE)))
        return self.url(name)

    def drop(self, url: str) -> None:
        name = url.rpartition("/")[2]
        self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def make_template(self) -> None:
        self._run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
        engine = create_engine(self.url(TEMPLATE))
        SQLModel.metadata.create_all(engine)
        engine.dispose()

    def _run(self, statement: sql.Composed) -> None:
        address = f"host=127.0.0.1 port={self.port} user=tester dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def serving(binaries: Path) -> Iterator[Server]:
    """Make a cluster in a folder of its own, serve it on a free port, and remove it."""
    become = _ordinary_user()
    folder = Path(tempfile.mkdtemp(prefix="jiai-postgres-"))
    data, port = folder / "data", _free_port()
    if become is not None:
        os.chown(folder, *become)

    def run(*command: str) -> None:
        subprocess.run(
            command,
            check=True,
            cwd=folder,
            preexec_fn=_drop_to(become),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=START_SECONDS,
        )

    options = (
        f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories=''"
        " -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=32MB"
    )
    try:
        init = ("initdb", "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        run(str(binaries / init[0]), *init[1:], "-D", str(data))
        start = ("-D", str(data), "-w", "-o", options, "-l", str(folder / "log"))
        run(str(binaries / "pg_ctl"), "start", *start)
        try:
            server = Server(port)
            server.make_template()
            yield server
        finally:
            run(str(binaries / "pg_ctl"), "stop", "-D", str(data), "-m", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _ordinary_user() -> tuple[int, int] | None:
    """Whom to become: initdb refuses root."""
    if os.geteuid() != 0:
        return None
    for name in ORDINARY_USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise LookupError("no ordinary user to run PostgreSQL as")


def _drop_to(become: tuple[int, int] | None) -> Callable[[], None] | None:
    if become is None:
        return None
    user, group = become

    def drop() -> None:
        os.setgroups([])
        os.setgid(group)
        os.setuid(user)

    return drop


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
