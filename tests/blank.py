"""SQLite files with every table and no rows, copied from one that was made once.

Making the tables takes about a hundred times as long as copying the file, and the whole way
through the migrations about seven hundred times.
"""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from sqlalchemy import create_engine
from sqlmodel import SQLModel

from storage import tables
from storage.migrations import upgrade

assert tables.person.name  # imported for the tables it declares


def lay_tables(path: Path) -> str:
    """Lay a database with every table at a path that is still free; returns its address."""
    return _copy(_with_tables(), path)


def lay_migrated(path: Path) -> str:
    """Lay a database that went through every migration, as a real one did."""
    return _copy(_migrated(), path)


def _copy(made: Path, path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(made, path)
    return f"sqlite:///{path}"


@cache
def _with_tables() -> Path:
    path = _folder() / "tables.sqlite3"
    engine = create_engine(f"sqlite:///{path}")
    SQLModel.metadata.create_all(engine)
    engine.dispose()
    return path


@cache
def _migrated() -> Path:
    path = _folder() / "migrated.sqlite3"
    upgrade(f"sqlite:///{path}")
    return path


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="jiai-blank-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
