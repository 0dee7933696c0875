"""rotate-key: what it says, that it goes on after a real kill, and what it drops at the end."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from bot.assembly import open_database
from bot.command_line import app
from bot.settings import Settings
from storage.database import Database, Session
from storage.key_file import add_key, read_keys
from storage.people import open_contact
from storage.rotation import find_older
from storage.tables import person

ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A practice room with forty people in it."""
    for name in [name for name in os.environ if name.startswith("JIAI_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "300")
    assert _run("demo-data", "--residents", "30", "--volunteers", "10").startswith("Added")
    return tmp_path / "data" / "sandbox"


@pytest.fixture
def database(home: Path) -> Iterator[Database]:
    """The database of the practice room, as the running bot has it open."""
    opened = open_database(Settings(_env_file=None, data_dir=home))
    yield opened
    opened.close()


def _run(*arguments: str) -> str:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    return result.output


def _phones(session: Session) -> list[str | None]:
    everybody = session.all(select(person.c.id).order_by(person.c.id))
    return [open_contact(session, person_id=row.id).phone for row in everybody]


def test_a_rotation_says_what_it_does_and_the_bot_beside_it_reads_on(
    home: Path, database: Database
) -> None:
    before = database.do(_phones)
    shown = _run("rotate-key")
    assert "Key 2 is added and seals from now on." in shown
    assert "person.phone: 40" in shown
    assert "values are sealed anew with key 2." in shown
    assert database.do(_phones) == before
    assert set(read_keys(home / "secret.key").sealing) == {1, 2}


def test_an_interrupted_rotation_goes_on_without_another_key(
    home: Path, database: Database
) -> None:
    add_key(home / "secret.key")
    assert "LOOK sealed data: " in CliRunner().invoke(app, ["doctor"]).output
    assert "Going on with the rotation to key 2." in _run("rotate-key")
    assert "ok   sealed data: " in CliRunner().invoke(app, ["doctor"]).output
    assert database.do(find_older) == {}


def test_old_keys_are_retired_when_asked_and_only_once(home: Path, database: Database) -> None:
    before = database.do(_phones)
    _run("rotate-key")
    shown = _run("rotate-key", "--retire")
    assert "No new key is made" in shown
    assert "Dropped from the key file: key 1." in shown
    assert set(read_keys(home / "secret.key").sealing) == {2}
    assert database.do(_phones) == before
    shown = _run("rotate-key", "--retire")
    assert "Key 3 is added" in shown
    assert "key 2" in shown
    assert database.do(_phones) == before


def test_a_rotation_really_killed_leaves_everything_readable(
    home: Path, database: Database
) -> None:
    before = database.do(_phones)
    _run("demo-data", "--residents", "600", "--volunteers", "0", "--seed", "2")
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "rotate-key"],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    while not process.stdout.readline().startswith("person.phone: "):
        assert process.poll() is None
    process.kill()
    process.wait()
    process.stdout.close()
    assert database.do(_phones)[:40] == before
    assert sum(database.do(find_older).values()) > 0
    assert "Going on with the rotation to key 2." in _run("rotate-key")
    assert database.do(_phones)[:40] == before
    assert database.do(find_older) == {}
    assert database.do(lambda session: session.value(select(func.count(person.c.phone)))) == 640
