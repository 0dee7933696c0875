"""Migrations: all or nothing, no row lost, and the schema that the code expects."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, create_engine, inspect, text
from sqlmodel import SQLModel

from storage import migrations
from storage.migrations import SchemaDamaged, SchemaTooNew, upgrade

FIRST = """
    op.create_table("home", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table(
        "person",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("home_id", sa.Integer, sa.ForeignKey("home.id", ondelete="CASCADE", name="fk")),
    )
    op.execute("INSERT INTO home VALUES (1), (2)")
    op.execute("INSERT INTO person VALUES (1, 1), (2, 2), (3, 2)")
"""
# A batch ALTER of a parent: with foreign keys on, SQLite deleted every child row.
REBUILD = """
    with op.batch_alter_table("home", recreate="auto") as home:
        home.add_column(sa.Column("name", sa.String(20), nullable=True))
        home.alter_column("id", existing_type=sa.Integer, nullable=False)
"""
STEP = '''"""A step."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {before!r}


def upgrade() -> None:
{body}
'''


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of steps of the test's own."""
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    shutil.copy(migrations.STEPS / "env.py", folder)
    monkeypatch.setattr(migrations, "STEPS", folder)
    _write(folder, "0001", None, FIRST)
    return folder


def _write(folder: Path, revision: str, before: str | None, body: str) -> None:
    step = STEP.format(revision=revision, before=before, body=body)
    (folder / "versions" / f"{revision}.py").write_text(step)


def _ask(url: str, question: str) -> list[tuple[object, ...]]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(question))]
    engine.dispose()
    return found


def _tables(url: str) -> set[str]:
    engine = create_engine(url)
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    return names


def test_an_empty_database_is_brought_to_the_newest_step_once(steps: Path, empty_url: str) -> None:
    assert upgrade(empty_url) is True
    assert upgrade(empty_url) is False
    assert _ask(empty_url, "SELECT count(*) FROM person") == [(3,)]
    assert _ask(empty_url, "SELECT version_num FROM alembic_version") == [("0001",)]


def test_rebuilding_a_parent_keeps_every_child(steps: Path, empty_url: str) -> None:
    upgrade(empty_url)
    _write(steps, "0002", "0001", REBUILD)
    assert upgrade(empty_url) is True
    assert _ask(empty_url, "SELECT id, home_id FROM person ORDER BY id") == [(1, 1), (2, 2), (3, 2)]
    assert _ask(empty_url, "SELECT name FROM home WHERE id = 1") == [(None,)]


def test_a_step_that_fails_half_way_leaves_nothing_behind(steps: Path, empty_url: str) -> None:
    upgrade(empty_url)
    _write(steps, "0002", "0001", REBUILD)
    broken = '    op.execute("DELETE FROM person")\n    raise ValueError("half-way")\n'
    _write(steps, "0003", "0002", broken)
    with pytest.raises(ValueError, match="half-way"):
        upgrade(empty_url)
    assert _ask(empty_url, "SELECT count(*) FROM person") == [(3,)]
    assert _ask(empty_url, "SELECT version_num FROM alembic_version") == [("0001",)]
    (steps / "versions" / "0003.py").unlink()
    assert upgrade(empty_url) is True


def test_a_step_that_loses_rows_is_undone(steps: Path, empty_url: str) -> None:
    upgrade(empty_url)
    _write(steps, "0002", "0001", '    op.execute("DELETE FROM person WHERE id = 3")\n')
    with pytest.raises(SchemaDamaged, match="person"):
        upgrade(empty_url)
    assert _ask(empty_url, "SELECT count(*) FROM person") == [(3,)]


def test_a_step_that_leaves_rows_pointing_nowhere_is_undone(
    steps: Path, empty_url: str, kind: str
) -> None:
    if kind != "sqlite":
        return  # PostgreSQL refuses it at once
    upgrade(empty_url)
    _write(steps, "0002", "0001", '    op.execute("UPDATE person SET home_id = 9 WHERE id = 3")\n')
    with pytest.raises(SchemaDamaged, match="person point nowhere"):
        upgrade(empty_url)
    assert _ask(empty_url, "SELECT home_id FROM person WHERE id = 3") == [(2,)]


def test_a_database_of_a_newer_release_is_left_alone(steps: Path, empty_url: str) -> None:
    _write(steps, "0002", "0001", REBUILD)
    upgrade(empty_url)
    (steps / "versions" / "0002.py").unlink()
    with pytest.raises(SchemaTooNew, match="0002"):
        upgrade(empty_url)


@pytest.fixture
def migrated(empty_url: str) -> str:
    """A database made by the project's own steps."""
    if not list((migrations.STEPS / "versions").glob("*.py")):
        pytest.skip("the first step is not written yet")
    upgrade(empty_url)
    return empty_url


def test_the_steps_make_the_schema_that_the_code_expects(migrated: str) -> None:
    assert _tables(migrated) == {*SQLModel.metadata.tables, "alembic_version"}
    engine = create_engine(migrated)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        drift = compare_metadata(context, SQLModel.metadata)
    engine.dispose()
    assert drift == []


def test_what_an_older_release_wrote_is_there_after_every_step(migrated: str) -> None:
    assert upgrade(migrated) is False


def test_the_yes_of_the_first_release_stands_and_the_bundled_one_is_asked_about_apart(
    empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped, first = migrations.STEPS, tmp_path / "first"
    (first / "versions").mkdir(parents=True)
    shutil.copy(shipped / "env.py", first)
    shutil.copy(shipped / "versions" / "0001_first_schema.py", first / "versions")
    monkeypatch.setattr(migrations, "STEPS", first)
    upgrade(empty_url)
    at = datetime(2026, 11, 1, tzinfo=UTC).isoformat()
    engine = create_engine(empty_url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO person (id, uid, name, day_reminders, created_at, version)"
                " VALUES (1, 'u', '陈素芬', true, :at, 1)"
            ),
            {"at": at},
        )
        yes = text(
            "INSERT INTO consent (person_id, purpose, version, given_by, ground, given_at,"
            " withdrawn_at) VALUES (1, :purpose, :version, 1, 'self', :at, :ended)"
        )
        connection.execute(yes, {"purpose": "keep_data", "version": "1", "at": at, "ended": None})
        connection.execute(
            yes, {"purpose": "share_contact", "version": "2026-1", "at": at, "ended": at}
        )
    engine.dispose()
    monkeypatch.setattr(migrations, "STEPS", shipped)
    assert upgrade(empty_url) is True
    question = "SELECT purpose, version, ended, due_at IS NULL FROM consent ORDER BY purpose"
    assert _ask(empty_url, question) == [
        ("abroad", "0", None, False),
        ("keep_data", "1", None, True),
        ("share_contact", "2026-1", "withdrawn", True),
    ]


def test_the_steps_leave_the_very_checks_that_the_code_declares(migrated: str) -> None:
    """A rebuilt table that keeps an old CHECK beside the new one would refuse what is allowed."""
    engine = create_engine(migrated)
    look = inspect(engine)
    found = {
        name: sorted(str(check["name"]) for check in look.get_check_constraints(name))
        for name in SQLModel.metadata.tables
    }
    engine.dispose()
    declared = {
        name: sorted(
            str(one.name)
            for one in table.constraints
            if isinstance(one, CheckConstraint) and one.name is not None
        )
        for name, table in SQLModel.metadata.tables.items()
    }
    assert found == declared
