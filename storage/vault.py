"""Sealed columns: AES-256-GCM bound to the row, and keyed hashes to find a value again.

Personal data at rest is encrypted as PIPL art. 51 asks. The row's place is authenticated with
the value, so a sealed address moved to another person's row does not open.
"""

import contextlib
import hmac
import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.key_file import VaultError, make_keys, read_keys

__all__ = ["FORMAT", "UNREADABLE", "Vault", "VaultError", "key_of", "open_vault"]

FORMAT = 1
NONCE = 12
# Stands where a value belongs that no key opens; messages/filters.py says it in words.
UNREADABLE = "\N{REPLACEMENT CHARACTER}"


class Vault:
    """Seals and opens text; ``keys`` maps key ids (0-255) to 32 bytes, the highest id seals.

    With a ``key_file`` it notices keys that are added while it runs (``refresh``).
    """

    def __init__(
        self, *, keys: Mapping[int, bytes], index_key: bytes, key_file: Path | None = None
    ) -> None:
        self._index_key = index_key
        self._key_file = key_file
        self._seen = _look(key_file)
        self._keys: dict[int, bytes] = {}
        self._ciphers: dict[int, AESGCM] = {}
        self.newest = 0
        self._take(keys)

    def _take(self, keys: Mapping[int, bytes]) -> None:
        """Know these keys as well; what another thread is sealing now stays whole."""
        self._keys = self._keys | dict(keys)
        self._ciphers = {key_id: AESGCM(key) for key_id, key in self._keys.items()}
        self.newest = max(self._keys)

    def refresh(self) -> None:
        """Take up what was added to the key file; called at the begin of each transaction.

        A file that is away, damaged or somebody else's changes nothing: what runs, runs on.
        """
        if self._key_file is None:
            return
        seen = _look(self._key_file)
        if seen is None or seen == self._seen:
            return
        with contextlib.suppress(OSError, VaultError):
            found = read_keys(self._key_file)
            self._seen = seen
            same = all(found.sealing.get(one, key) == key for one, key in self._keys.items())
            if same and found.index == self._index_key:
                self._take(found.sealing)

    def seal(self, text: str, *, place: str) -> bytes:
        """Encrypt ``text`` for one place, e.g. ``person.phone:<uid>``."""
        return self.seal_bytes(text.encode(), place=place)

    def seal_bytes(self, plain: bytes, *, place: str) -> bytes:
        """Encrypt what is not text, such as a file's content, for one place."""
        newest = self.newest
        head = bytes((FORMAT, newest))
        nonce = os.urandom(NONCE)
        sealed = self._ciphers[newest].encrypt(nonce, plain, head + place.encode())
        return head + nonce + sealed

    def unseal(self, sealed: bytes, *, place: str) -> str:
        """Open what ``seal`` made for the same place; raises VaultError otherwise."""
        return self.unseal_bytes(sealed, place=place).decode()

    def unseal_or_mark(self, sealed: bytes, *, place: str) -> str:
        """Open it for whoever has to act now; where no key does, UNREADABLE stands in its place.

        A call or an alarm goes on without a number; it must not end because one is damaged.
        """
        try:
            return self.unseal(sealed, place=place)
        except VaultError:
            return UNREADABLE

    def unseal_bytes(self, sealed: bytes, *, place: str) -> bytes:
        """Open what ``seal_bytes`` made for the same place; raises VaultError otherwise."""
        cipher = self._cipher_of(sealed)
        if cipher is None or sealed[0] != FORMAT:
            raise VaultError("no key opens this value")
        nonce, body = sealed[2 : 2 + NONCE], sealed[2 + NONCE :]
        try:
            return cipher.decrypt(nonce, body, sealed[:2] + place.encode())
        except InvalidTag as error:
            raise VaultError("the value does not belong to this row, or is damaged") from error

    def _cipher_of(self, sealed: bytes) -> AESGCM | None:
        if len(sealed) <= NONCE + 2:
            return None
        if sealed[1] not in self._ciphers:
            # Another process may have sealed with a key that was added a moment ago.
            self.refresh()
        return self._ciphers.get(sealed[1])

    def fingerprint(self, text: str, *, field: str) -> bytes:
        """Keyed hash (16 bytes) under which a phone or certificate number is found again."""
        return hmac.digest(self._index_key, f"{field}|{text}".encode(), sha256)[:16]


def open_vault(key_file: Path) -> Vault:
    """Read the key file, making it (mode 600) when absent; raises VaultError when unreadable."""
    if not key_file.exists():
        make_keys(key_file)
    keys = read_keys(key_file)
    return Vault(keys=keys.sealing, index_key=keys.index, key_file=key_file)


def key_of(sealed: bytes) -> int:
    """Return the id of the key that sealed a value."""
    return sealed[1]


def _look(key_file: Path | None) -> tuple[int, int, int] | None:
    """What tells one key file from the one that took its place."""
    if key_file is None:
        return None
    try:
        found = os.stat(key_file)
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
