"""The key file: sealing keys by number and the index key, one line each, for its owner alone."""

import contextlib
import fcntl
import os
import secrets
import stat
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

INDEX = "index"
LAST_ID = 255


class VaultError(Exception):
    """A sealed value cannot be opened, or the keys cannot be read."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Sealing keys by id (0-255) and the key of the hashes by which values are found."""

    sealing: dict[int, bytes]
    index: bytes

    @property
    def newest(self) -> int:
        """The id that seals."""
        return max(self.sealing)


def read_keys(key_file: Path) -> Keys:
    """Read the key file; raises VaultError when it is damaged."""
    sealing: dict[int, bytes] = {}
    index = b""
    for line in key_file.read_bytes().split():
        name, _, value = line.decode("ascii", "replace").partition(":")
        try:
            raw = urlsafe_b64decode(value)
        except ValueError as error:
            raise VaultError(f"{key_file.name} is damaged") from error
        if name == INDEX:
            index = raw
        elif name.isascii() and name.isdigit() and int(name) <= LAST_ID:
            sealing[int(name)] = raw
    if not sealing or any(len(raw) != 32 for raw in (index, *sealing.values())):
        raise VaultError(f"{key_file.name} does not hold a sealing key and an index key")
    return Keys(sealing, index)


def make_keys(key_file: Path) -> None:
    """Make the first key file; of two starts at once, the second uses the first one's."""
    key_file.parent.mkdir(parents=True, exist_ok=True)
    # O_EXCL: two first starts at once must not each write a key and lose the other's.
    try:
        handle = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    _fill(handle, [_new_line("1"), _new_line(INDEX)])


def add_key(key_file: Path) -> int:
    """Add a sealing key, which from now on seals; every older key is kept. Returns its id."""
    with _held(key_file):
        added = read_keys(key_file).newest + 1
        if added > LAST_ID:
            raise VaultError(f"{key_file.name} has no number left for another key")
        _replace(key_file, [*_lines(key_file), _new_line(str(added))])
    return added


def drop_keys(key_file: Path, *, ids: Collection[int]) -> None:
    """Forget sealing keys for good; what they sealed and was not re-sealed is lost."""
    with _held(key_file):
        if read_keys(key_file).newest in ids:
            raise ValueError("the newest key seals and cannot be dropped")
        gone = {str(one) for one in ids}
        kept = [line for line in _lines(key_file) if line.partition(":")[0] not in gone]
        _replace(key_file, kept)


def _new_line(name: str) -> str:
    return f"{name}:{urlsafe_b64encode(secrets.token_bytes(32)).decode()}"


def _lines(key_file: Path) -> list[str]:
    return key_file.read_text(encoding="ascii").split()


@contextlib.contextmanager
def _held(key_file: Path) -> Iterator[None]:
    """Keep a second rotation out: its folder is locked, since the file itself is replaced."""
    folder = os.open(key_file.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
        # The new name of the file must survive a power cut as well as its content.
        os.fsync(folder)
    finally:
        os.close(folder)


def _replace(key_file: Path, lines: list[str]) -> None:
    """Put a whole new file in its place: whoever reads meanwhile sees the old or the new one."""
    scratch = key_file.with_name(f".{key_file.name}.{secrets.token_hex(4)}")
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        before = key_file.stat()
        if (before.st_uid, before.st_gid) != (os.geteuid(), os.getegid()):
            # Rotated by root, it must stay readable for the user the bot runs as.
            os.fchown(handle, before.st_uid, before.st_gid)
        os.fchmod(handle, stat.S_IMODE(before.st_mode) & 0o600)
    except BaseException:
        os.close(handle)
        scratch.unlink()
        raise
    _fill(handle, lines)
    scratch.replace(key_file)


def _fill(handle: int, lines: list[str]) -> None:
    with os.fdopen(handle, "w") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
