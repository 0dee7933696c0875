"""The schema's steps; ``upgrade`` brings a database of any age to the newest."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

STEPS = Path(__file__).parent


class SchemaTooNew(Exception):
    """The database was written by a newer release; this one would damage it."""


class SchemaDamaged(Exception):
    """A step would have left rows behind that point nowhere, or fewer rows; it was undone."""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(STEPS))
    return config


def upgrade(url: str) -> bool:
    """Bring the schema to the newest step; returns whether anything was done.

    Raises SchemaTooNew, or SchemaDamaged after undoing everything.
    """
    script = ScriptDirectory.from_config(_config())
    engine = _engine(url)
    try:
        with engine.begin() as connection:
            present = _present(connection)
            if present == script.get_current_head():
                return False
            if present is not None and present not in {
                one.revision for one in script.walk_revisions()
            }:
                raise SchemaTooNew(present)
            before = _counts(connection)
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            _compare(connection, before)
            return True
    finally:
        engine.dispose()


def _engine(url: str) -> Engine:
    sqlite = make_url(url).get_backend_name() == "sqlite"
    arguments = {"isolation_level": None} if sqlite else {}
    engine = create_engine(url, poolclass=NullPool, connect_args=arguments)
    if sqlite:

        @event.listens_for(engine, "connect")
        def _settle(connection: object, _record: object) -> None:
            connection.execute("PRAGMA journal_mode=WAL")  # type: ignore[attr-defined]
            # On: a batch ALTER of a parent silently deletes every child row. It can only be
            # switched off before the transaction begins.
            connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[attr-defined]

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _present(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _counts(connection: Connection) -> dict[str, int]:
    quote = connection.dialect.identifier_preparer.quote
    return {
        name: int(connection.exec_driver_sql(f"SELECT count(*) FROM {quote(name)}").scalar() or 0)  # noqa: S608
        for name in inspect(connection).get_table_names()
        if name != "alembic_version"
    }


def _compare(connection: Connection, before: dict[str, int]) -> None:
    after = _counts(connection)
    lost = [name for name, count in before.items() if after.get(name, 0) < count]
    if lost:
        raise SchemaDamaged(f"rows were lost in {', '.join(lost)}")
    if connection.dialect.name == "sqlite":
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if orphans is not None:
            raise SchemaDamaged(f"rows of {orphans[0]} point nowhere")
