"""The key file: keys are added and dropped in one step, and nothing of it is ever half written."""

import os
import stat
from pathlib import Path

import pytest

from storage.key_file import VaultError, add_key, drop_keys, make_keys, read_keys
from storage.vault import open_vault


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "secret.key"
    make_keys(path)
    return path


def test_a_new_key_stands_beside_the_old_ones(key_file: Path) -> None:
    before = read_keys(key_file)
    assert add_key(key_file) == 2
    after = read_keys(key_file)
    assert after.newest == 2
    assert after.sealing[1] == before.sealing[1]
    assert after.index == before.index
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert os.listdir(key_file.parent) == ["secret.key"]


def test_lines_that_are_not_ours_stay(key_file: Path) -> None:
    key_file.write_text(key_file.read_text() + "999:somebody\n")
    add_key(key_file)
    assert "999:somebody" in key_file.read_text().split()


def test_a_write_that_fails_leaves_the_file_as_it_was(
    key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = key_file.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "no space left on device")

    monkeypatch.setattr(os, "fchmod", full)
    with pytest.raises(OSError, match="no space"):
        add_key(key_file)
    assert key_file.read_bytes() == before
    assert os.listdir(key_file.parent) == ["secret.key"]


def test_the_newest_key_cannot_be_dropped(key_file: Path) -> None:
    add_key(key_file)
    with pytest.raises(ValueError, match="newest"):
        drop_keys(key_file, ids=[2])
    drop_keys(key_file, ids=[1])
    assert set(read_keys(key_file).sealing) == {2}


def test_the_numbers_of_keys_end(key_file: Path) -> None:
    key_file.write_text(key_file.read_text().replace("1:", "255:", 1))
    with pytest.raises(VaultError, match="no number left"):
        add_key(key_file)


def test_a_vault_takes_up_a_new_key_and_opens_with_both(key_file: Path) -> None:
    vault = open_vault(key_file)
    before = vault.seal("早", place="x")
    add_key(key_file)
    vault.refresh()
    assert vault.newest == 2
    assert vault.unseal(before, place="x") == "早"
    assert open_vault(key_file).unseal(vault.seal("晚", place="x"), place="x") == "晚"


@pytest.mark.parametrize("change", ["gone", "damaged", "another"])
def test_a_key_file_that_goes_wrong_does_not_stop_what_runs(key_file: Path, change: str) -> None:
    vault = open_vault(key_file)
    before = vault.seal("早", place="x")
    key_file.unlink()
    if change == "damaged":
        key_file.write_text("nonsense")
    elif change == "another":
        make_keys(key_file)
        add_key(key_file)
    vault.refresh()
    assert vault.newest == 1
    assert vault.unseal(before, place="x") == "早"
