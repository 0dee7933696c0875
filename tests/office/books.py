"""Workbooks for the tests of reading: as offices have them, and as nobody should have them."""

import json
import struct
import zipfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

import xlsxwriter

from bot.office.child.reading import read_spreadsheet


def book(*sheets: list[list[Any]], **options: Any) -> bytes:
    """A workbook with these rows on its sheets."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, **options}) as workbook:
        for rows in sheets:
            sheet = workbook.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return stream.getvalue()


def read(body: bytes) -> list[Any]:
    """The lines of a spreadsheet, opened."""
    return list(opened(read_spreadsheet(body)))


def opened(lines: Iterable[bytes]) -> Iterator[Any]:
    """Each line as it is in Python."""
    return (json.loads(line) for line in lines)


def rows_of(body: bytes) -> list[list[Any]]:
    """Only the cells of the first sheet."""
    return [line[1] for line in read(body) if isinstance(line, list)]


def bomb(megabytes: int = 240) -> bytes:
    """A sheet of nothing that grows a few hundred times when it is opened."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * megabytes * 1024 * 1024)
    return stream.getvalue()


def lying(body: bytes, name: str, size: int) -> bytes:
    """The same archive, whose list says that the entry unpacks to ``size`` bytes."""
    at = body.find(b"PK\x01\x02")
    while at >= 0:
        length = struct.unpack_from("<H", body, at + 28)[0]
        if body[at + 46 : at + 46 + length].decode() == name:
            return body[: at + 24] + struct.pack("<I", size) + body[at + 28 :]
        at = body.find(b"PK\x01\x02", at + 4)
    raise AssertionError(f"no entry {name}")
