"""``jiai import``: what is in a list is shown, written with --yes, and its bad rows lie beside."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from typer.testing import CliRunner, Result

from bot.assembly import open_database
from bot.command_line import app
from bot.commands import importing
from bot.settings import read_settings
from storage.communities import seed
from storage.migrations import upgrade
from storage.tables import person
from tests.storage.residents import register

Run = Callable[..., Result]
LIST = "姓名,村,联系电话\n周桂英,青山村,10012345602\n罗德明,月球村,10012345603\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command in an empty folder, with a coordinator of the office."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["import", *arguments, "--data-dir", str(tmp_path / "data")])

    return invoke


def names(tmp_path: Path, *, staff: bool = False) -> list[str]:
    """Who is in the register; with ``staff`` a coordinator is put there first."""
    folder = tmp_path / "data" / "sandbox"
    settings = read_settings(data_dir=folder)
    database = open_database(settings)
    upgrade(settings.database)
    now = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
    with database.transaction() as session:
        if staff:
            seed(session, now=now)
            register(session, now=now, name="王珊", roles=("coordinator",), chat=1)
        found = [row.name for row in session.all(select(person.c.name).order_by(person.c.id))]
    database.close()
    return found


def test_a_list_is_shown_and_written_only_with_yes(run: Run, tmp_path: Path) -> None:
    names(tmp_path, staff=True)
    path = tmp_path / "名单.csv"
    path.write_text(LIST, encoding="gb18030")
    shown = run(str(path))
    assert shown.exit_code == 0, shown.output
    assert "run it again with --yes" in shown.output
    assert "村（社区）不认识: 1" in shown.output
    assert names(tmp_path) == ["王珊"]
    written = run(str(path), "--yes")
    assert written.exit_code == 0, written.output
    assert "Written: 1 people" in written.output
    assert names(tmp_path) == ["王珊", "周桂英"]
    beside = tmp_path / "没有导入-名单.xlsx"
    rows = CalamineWorkbook.from_path(beside).get_sheet_by_index(0).to_python()
    assert rows[1][0] == "罗德明"
    again = run(str(path), "--yes")
    assert "nothing to do" in again.output


def test_what_is_no_list_stops_with_one_line(run: Run, tmp_path: Path) -> None:
    names(tmp_path, staff=True)
    path = tmp_path / "名单.csv"
    path.write_text("你好\n", encoding="utf-8")
    refused = run(str(path))
    assert refused.exit_code == 1
    assert "没有找到表头" in refused.stderr


def test_a_list_of_nobodys_is_not_imported(run: Run, tmp_path: Path) -> None:
    names(tmp_path)
    path = tmp_path / "名单.csv"
    path.write_text(LIST, encoding="utf-8")
    assert "jiai invite" in run(str(path)).stderr
    assert "no organisation is called" in run(str(path), "--organisation", "月球").stderr
    assert run(str(tmp_path / "none.csv")).exit_code == 1


def test_a_running_bot_gets_the_database_between_two_steps_of_a_list(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names(tmp_path, staff=True)
    path = tmp_path / "名单.csv"
    path.write_text(LIST, encoding="utf-8")
    seen: list[list[str]] = []
    # Another program's connection, which writes: it is never kept waiting here.
    monkeypatch.setattr(importing, "_rest", lambda: seen.append(names(tmp_path)))
    assert run(str(path), "--yes").exit_code == 0
    assert seen == [["王珊", "周桂英"]]
