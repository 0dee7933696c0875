"""The vault: what is sealed opens in its own place only, and a damaged key file is told."""

import stat
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import vault as vault_file
from storage.vault import Vault, VaultError, open_vault

OLD, NEW, INDEX = bytes(32), bytes(range(32)), bytes(reversed(range(32)))
VAULT = Vault(keys={1: OLD, 2: NEW}, index_key=INDEX)


def _line(name: str, key: bytes) -> str:
    return f"{name}:{urlsafe_b64encode(key).decode()}\n"


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(codec="utf-8")))
def test_what_is_sealed_opens_again_in_its_place(text: str, place: str) -> None:
    sealed = VAULT.seal(text, place=place)
    assert VAULT.unseal(sealed, place=place) == text
    assert VAULT.seal(text, place=place) != sealed


def test_a_value_moved_to_another_row_does_not_open() -> None:
    sealed = VAULT.seal("桂花小区 3 栋", place="person.address:a")
    with pytest.raises(VaultError, match="does not belong"):
        VAULT.unseal(sealed, place="person.address:b")


def test_a_changed_byte_is_noticed() -> None:
    sealed = VAULT.seal("桂花小区 3 栋", place="x")
    for index in range(len(sealed)):
        damaged = bytearray(sealed)
        damaged[index] ^= 1
        with pytest.raises(VaultError):
            VAULT.unseal(bytes(damaged), place="x")


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01\x02" + bytes(12), b"\x01\x07" + bytes(40)])
def test_what_no_key_opens_is_refused(sealed: bytes) -> None:
    with pytest.raises(VaultError, match="no key"):
        VAULT.unseal(sealed, place="x")


def test_the_newest_key_seals_and_older_ones_still_open() -> None:
    before = Vault(keys={1: OLD}, index_key=INDEX).seal("早", place="x")
    assert VAULT.unseal(before, place="x") == "早"
    after = VAULT.seal("晚", place="x")
    with pytest.raises(VaultError, match="no key"):
        Vault(keys={1: OLD}, index_key=INDEX).unseal(after, place="x")


def test_a_phone_is_found_again_by_a_hash_that_only_the_key_makes() -> None:
    phone = "+8613800138000"
    mark = VAULT.fingerprint(phone, field="phone")
    assert mark == VAULT.fingerprint(phone, field="phone")
    assert len(mark) == 16
    assert mark != VAULT.fingerprint(phone, field="certificate")
    assert mark != Vault(keys={1: OLD}, index_key=OLD).fingerprint(phone, field="phone")


def test_the_first_start_makes_a_key_file_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "secret.key"
    sealed = open_vault(path).seal("早", place="x")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert open_vault(path).unseal(sealed, place="x") == "早"


def test_two_first_starts_at_once_use_one_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "secret.key"
    sealed = open_vault(path).seal("早", place="x")
    monkeypatch.setattr(Path, "exists", lambda _: False)
    assert open_vault(path).unseal(sealed, place="x") == "早"


def test_a_key_file_may_hold_older_keys_and_unknown_lines(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    path.write_text(_line("1", OLD) + _line("2", NEW) + _line("index", INDEX) + _line("999", OLD))
    assert open_vault(path).unseal(VAULT.seal("晚", place="x"), place="x") == "晚"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nonsense",
        _line("1", OLD).encode(),
        _line("index", INDEX).encode(),
        (_line("1", OLD[:31]) + _line("index", INDEX)).encode(),
        (_line("1", OLD) + "index:!").encode(),
        "1:密钥".encode(),
        b"\xff\xfe1:\x00",
    ],
)
def test_a_damaged_key_file_is_told_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "secret.key"
    path.write_bytes(content)
    with pytest.raises(VaultError, match=r"^secret\.key (is damaged|does not hold)"):
        open_vault(path)


def test_nothing_secret_stands_in_its_errors() -> None:
    assert vault_file.FORMAT == 1
    with pytest.raises(VaultError) as caught:
        VAULT.unseal(VAULT.seal("陈素芬", place="x"), place="y")
    assert "陈素芬" not in str(caught.value)
