"""Sealed columns: AES-256-GCM bound to the row, and keyed hashes to find a value again.

Personal data at rest is encrypted as PIPL art. 51 asks. The row's place is authenticated with
the value, so a sealed address moved to another person's row does not open.
"""

import hmac
import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT = 1
NONCE = 12


class VaultError(Exception):
    """A sealed value cannot be opened: wrong key, wrong row, or damaged bytes."""


class Vault:
    """Seals and opens text; ``keys`` maps key ids (0-255) to 32 bytes, the highest id seals."""

    def __init__(self, *, keys: Mapping[int, bytes], index_key: bytes) -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._newest = max(keys)
        self._index_key = index_key

    def seal(self, text: str, *, place: str) -> bytes:
        """Encrypt ``text`` for one place, e.g. ``person.phone:<uid>``."""
        return self.seal_bytes(text.encode(), place=place)

    def seal_bytes(self, plain: bytes, *, place: str) -> bytes:
        """Encrypt what is not text, such as a file's content, for one place."""
        head = bytes((FORMAT, self._newest))
        nonce = os.urandom(NONCE)
        sealed = self._ciphers[self._newest].encrypt(nonce, plain, head + place.encode())
        return head + nonce + sealed

    def unseal(self, sealed: bytes, *, place: str) -> str:
        """Open what ``seal`` made for the same place; raises VaultError otherwise."""
        return self.unseal_bytes(sealed, place=place).decode()

    def unseal_bytes(self, sealed: bytes, *, place: str) -> bytes:
        """Open what ``seal_bytes`` made for the same place; raises VaultError otherwise."""
        cipher = self._ciphers.get(sealed[1]) if len(sealed) > NONCE + 2 else None
        if cipher is None or sealed[0] != FORMAT:
            raise VaultError("no key opens this value")
        nonce, body = sealed[2 : 2 + NONCE], sealed[2 + NONCE :]
        try:
            return cipher.decrypt(nonce, body, sealed[:2] + place.encode())
        except InvalidTag as error:
            raise VaultError("the value does not belong to this row, or is damaged") from error

    def fingerprint(self, text: str, *, field: str) -> bytes:
        """Keyed hash (16 bytes) under which a phone or certificate number is found again."""
        return hmac.digest(self._index_key, f"{field}|{text}".encode(), sha256)[:16]


def open_vault(key_file: Path) -> Vault:
    """Read the key file, making it (mode 600) when absent; raises VaultError when unreadable."""
    if not key_file.exists():
        _make_key_file(key_file)
    keys: dict[int, bytes] = {}
    index_key = b""
    for line in key_file.read_bytes().split():
        name, _, value = line.decode("ascii", "replace").partition(":")
        try:
            raw = urlsafe_b64decode(value)
        except ValueError as error:
            raise VaultError(f"{key_file.name} is damaged") from error
        if name == "index":
            index_key = raw
        elif name.isascii() and name.isdigit() and int(name) <= 255:
            keys[int(name)] = raw
    if not keys or any(len(raw) != 32 for raw in (index_key, *keys.values())):
        raise VaultError(f"{key_file.name} does not hold a sealing key and an index key")
    return Vault(keys=keys, index_key=index_key)


def _make_key_file(key_file: Path) -> None:
    key_file.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        f"{name}:{urlsafe_b64encode(secrets.token_bytes(32)).decode()}" for name in (1, "index")
    ]
    # O_EXCL: two first starts at once must not each write a key and lose the other's.
    try:
        handle = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
