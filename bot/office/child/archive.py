"""Looks at a file before anything opens it: what kind it is, and whether it would explode."""

import zipfile
from io import BytesIO

from bot.office.child.reasons import Reason, Unreadable

MOST_ENTRIES = 5000
LARGEST_UNPACKED = 300 * 1024 * 1024
# Repetitive registers shrink to a fortieth; a bomb of 636 KiB grew to 240 MiB, 386 times.
HIGHEST_RATIO = 100
FREE_UNPACKED = 32 * 1024 * 1024
CHUNK = 1 << 20

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
# The two layouts of an encrypted office file: the stream of new ones, the record of old ones.
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
BEGINNING_OF_BIFF8 = b"\x09\x08\x10\x00\x00\x06"
FILE_PASS = 0x2F
BOOKS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")


def look_into_zip(body: bytes) -> bool:
    """Check an archive; returns whether macros lie in it. Raises Unreadable."""
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            _check_size(archive.infolist(), len(body))
            names = set(archive.namelist())
            if not names & set(BOOKS):
                raise Unreadable(Reason.NOT_A_SPREADSHEET)
            _check_password(archive, names)
            _read_through(archive)
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError) as error:
        raise Unreadable(Reason.DAMAGED) from error
    except RuntimeError as error:  # what zipfile says of a password
        raise Unreadable(Reason.PASSWORD) from error
    return any(name.casefold().endswith("vbaproject.bin") for name in names)


def _check_size(entries: list[zipfile.ZipInfo], size: int) -> None:
    """By the headers alone: a bomb is refused in under a millisecond."""
    unpacked = sum(entry.file_size for entry in entries)
    explodes = unpacked > FREE_UNPACKED and unpacked > size * HIGHEST_RATIO
    if len(entries) > MOST_ENTRIES or unpacked > LARGEST_UNPACKED or explodes:
        raise Unreadable(Reason.TOO_BIG)


def _check_password(archive: zipfile.ZipFile, names: set[str]) -> None:
    if any(entry.flag_bits & 1 for entry in archive.infolist()):
        raise Unreadable(Reason.PASSWORD)
    if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read(
        "META-INF/manifest.xml"
    ):
        raise Unreadable(Reason.PASSWORD)


def _read_through(archive: zipfile.ZipFile) -> None:
    """Unpack everything into nothing: a header that lies about a size does not fit its sum."""
    for entry in archive.infolist():
        with archive.open(entry) as packed:
            while packed.read(CHUNK):
                pass


def has_password(body: bytes) -> bool:
    """Whether an old-style container is an encrypted file: nothing in it can be read."""
    if ENCRYPTED_PACKAGE in body:
        return True
    at = body.find(BEGINNING_OF_BIFF8)
    if at < 0:
        return False
    at += 20
    # The record stands among the first few; each says its kind and its length.
    for _ in range(4):
        kind, length = (int.from_bytes(body[at + i : at + i + 2], "little") for i in (0, 2))
        if kind == FILE_PASS:
            return True
        at += 4 + length
    return False
