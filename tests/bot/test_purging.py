"""purge by hand: a dry run counts and says what waits, and changes nothing."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.command_line import app


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("JIAI_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "300")
    return tmp_path


def test_a_dry_run_counts_each_class_and_changes_nothing() -> None:
    shown = CliRunner().invoke(app, ["purge", "--dry-run"]).output
    assert "need_words: 0 to wipe (kept 180 days; waits for the office's yes)" in shown
    assert "old_buttons: 0 to delete (kept 0 days)" in shown
    assert shown.splitlines()[-1] == "Nothing was changed."


def test_with_nothing_allowed_nothing_goes() -> None:
    shown = CliRunner().invoke(app, ["purge"]).output
    assert shown.splitlines()[-1] == "There was nothing to wipe that the office has allowed."
