"""The command line: every expected failure is one clear line, and every command does its work."""

import asyncio
import os
import re
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import command_line
from bot.command_line import app
from bot.commands import running
from bot.commands.running import only_copy
from bot.intake import TokenRefused
from bot.settings import Settings, SettingsError
from tests.sandbox.room import TOKEN, Room

Run = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in, and an environment without our names."""
    for name in [name for name in os.environ if name.startswith("JIAI_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    # Wide enough that no line is broken in two.
    monkeypatch.setenv("COLUMNS", "300")
    return tmp_path


@pytest.fixture
def run(home: Path) -> Run:
    def invoke(*arguments: str, **environment: str) -> Result:
        return CliRunner().invoke(app, arguments, env=dict(environment))

    return invoke


def _complaint(result: Result) -> str:
    assert result.exit_code == 1, result.output
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    assert lines[0].startswith("jiai: ")
    return lines[0]


def test_help_names_every_command(run: Run) -> None:
    shown = run("--help").output
    for name in (
        "run",
        "sandbox",
        "migrate",
        "invite",
        "doctor",
        "today",
        "classify",
        "rotate-key",
        "purge",
        "demo-data",
    ):
        assert name in shown


def test_a_second_copy_on_one_folder_is_refused(run: Run, home: Path) -> None:
    with only_copy(home / "data" / "sandbox"):
        line = _complaint(run("run"))
    assert "another copy is already running" in line
    assert "JIAI_DATA_DIR" in line


def test_the_folder_is_free_again_afterwards(home: Path) -> None:
    for _ in range(2):
        with only_copy(home / "x"):
            pass


def test_a_folder_that_cannot_be_made_is_told(run: Run, home: Path) -> None:
    (home / "data").write_text("a file, not a folder")
    assert "data" in _complaint(run("migrate"))


@pytest.mark.parametrize(
    ("arguments", "environment", "says"),
    [
        (("run", "--sandbox", "--polling"), {}, "choose one"),
        (("run", "--polling"), {}, "needs JIAI_BOT_TOKEN"),
        (("run", "--sandbox"), {"JIAI_BOT_TOKEN": TOKEN}, "must not mix"),
        (("sandbox",), {"JIAI_BOT_TOKEN": TOKEN}, "refused while JIAI_BOT_TOKEN is set"),
        (("run",), {"JIAI_LANGUAGE": "fr"}, "JIAI_LANGUAGE"),
        (("run",), {"JIAI_BOT_TOKN": "x"}, "is JIAI_BOT_TOKEN meant?"),
        (("invite", "--role", "resident"), {}, "--role is one of coordinator"),
        (("invite",), {"JIAI_DATABASE_URL": "postgresql://127.0.0.1:1/no"}, "cannot be used"),
    ],
)
def test_what_does_not_fit_is_told_in_one_line(
    run: Run, arguments: tuple[str, ...], environment: dict[str, str], says: str
) -> None:
    assert says in _complaint(run(*arguments, **environment))


@pytest.mark.parametrize("line", ['JIAI_BOT_TOKEN = "hello', f"JIAI_BOT_TOKEN＝{TOKEN}"])
def test_a_line_of_the_env_file_that_is_none_stops_the_start(
    run: Run, home: Path, line: str
) -> None:
    (home / ".env").write_text(f"JIAI_LANGUAGE=zh\n{line}\n", encoding="utf-8")
    complaint = _complaint(run("run"))
    assert ".env, line 2" in complaint
    assert TOKEN not in complaint


def test_a_real_bot_does_not_run_on_practice_data(run: Run, home: Path) -> None:
    (home / "data").mkdir()
    (home / "data" / "sandbox.sqlite3").touch()
    assert "practice data" in _complaint(run("run", JIAI_BOT_TOKEN=TOKEN))


def test_a_token_that_is_refused_ends_the_run_with_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(*_: object, **__: object) -> None:
        raise TokenRefused("the Bot API refuses JIAI_BOT_TOKEN")

    monkeypatch.setattr(command_line, "run", refused)
    assert "refuses JIAI_BOT_TOKEN" in _complaint(run("run", JIAI_BOT_TOKEN=TOKEN))


def test_the_token_never_stands_in_a_complaint(run: Run) -> None:
    result = run("run", "--sandbox", JIAI_BOT_TOKEN=TOKEN)
    assert TOKEN.split(":")[1] not in result.output + result.stderr


def test_the_database_is_made_once(run: Run, home: Path) -> None:
    assert "The database is ready." in run("migrate").output
    assert "already up to date" in run("migrate").output
    assert (home / "data" / "jiai.sqlite3").exists()


def test_an_invitation_prints_its_code(run: Run) -> None:
    first, second = run("invite"), run("invite")
    assert first.exit_code == 0, first.output
    codes = [result.stdout.strip().splitlines()[-1] for result in (first, second)]
    assert codes[0] != codes[1]
    for code in codes:
        assert re.fullmatch(r"[A-Za-z0-9_-]{16,64}", code)


def test_a_lost_key_is_told_before_two_registers_mix(run: Run, home: Path) -> None:
    run("demo-data", "--residents", "1", "--volunteers", "0")
    folder = home / "data" / "sandbox"
    (folder / "secret.key").unlink()
    shown = run("doctor").output
    assert "LOOK sealed data: the key file does not open this database" in shown


def test_a_damaged_key_is_told(run: Run, home: Path) -> None:
    run("invite")
    (home / "data" / "sandbox" / "secret.key").write_text("nonsense")
    assert "secret.key" in _complaint(run("invite"))
    assert "LOOK database: secret.key" in run("doctor").output


def test_demo_people_are_added_and_counted(run: Run) -> None:
    shown = run("demo-data", "--residents", "3", "--volunteers", "2")
    assert "Added 3 residents and 2 volunteers, all invented." in shown.output


def test_the_doctor_says_what_is_well_before_the_first_start(run: Run) -> None:
    shown = run("doctor")
    assert shown.exit_code == 0, shown.output
    for line in ("ok   settings: ", "ok   database: new", "ok   templates: ", "ok   bot api: "):
        assert line in shown.output, shown.output


def test_the_doctor_says_what_to_do(run: Run, home: Path) -> None:
    run("demo-data", "--residents", "1", "--volunteers", "0")
    (home / "data" / "sandbox" / "secret.key").chmod(0o644)
    shown = run("doctor")
    assert shown.exit_code == 1
    assert "LOOK staff: nobody yet; run: jiai invite --role coordinator" in shown.output
    assert "LOOK secret key: others may read it; run: chmod 600" in shown.output
    assert "ok   inbox: every update was handled" in shown.output
    assert "ok   outbox: every message arrived or waits its turn" in shown.output
    assert "ok   sealed data: opens with this key" in shown.output


async def test_the_doctor_asks_the_bot_api(room: Room, run: Run) -> None:
    def ask(**environment: str) -> Result:
        return run("doctor", JIAI_BOT_API_URL=room.url, JIAI_BOT_TOKEN=TOKEN, **environment)

    shown = await asyncio.to_thread(ask)
    assert "ok   bot api: answers as @jiai_practice_bot" in shown.output
    assert "ok   clock: " in shown.output
    await room.do("fault", method="getMe", kind="401")
    shown = await asyncio.to_thread(ask)
    assert "LOOK bot api: no answer (InvalidToken)" in shown.output
    assert TOKEN not in shown.output


def test_a_practice_room_with_no_free_port_says_so(run: Run, home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        async def only_this(**more: object) -> None:
            raise OSError(98, "address already in use")

        assert port
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(command_line, "serve", only_this)
            assert "address already in use" in _complaint(run("sandbox", "--port", str(port)))


async def test_a_practice_room_that_does_not_start_is_told(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/true")
    settings = Settings(_env_file=None, data_dir=home / "data")
    with pytest.raises(SettingsError, match="did not start"):
        await running.run(settings, sandbox=True, announce=lambda _: None)
