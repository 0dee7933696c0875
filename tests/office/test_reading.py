"""Reading spreadsheets: every kind as values, and each that cannot be read with its reason."""

import zipfile
from datetime import date
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter

from bot.office.child import archive, reading
from bot.office.child.reasons import Reason, Unreadable
from tests.office.books import bomb, book, lying, read, rows_of

ROWS = [["姓名", "电话"], ["陈素芬", "10012345678"], ["张·强", ""]]
PLAIN = [["姓名", "电话"], ["陈素芬", "10012345678"], ["张·强"]]


def refusal(body: bytes) -> Reason:
    with pytest.raises(Unreadable) as refused:
        read(body)
    return refused.value.reason


def test_rows_come_with_their_numbers_and_without_empty_ends() -> None:
    lines = read(book([*ROWS, [], ["", ""], ["刘洋"]]))
    head, *rows, end = lines
    assert head == {"sheet": {"name": "Sheet1", "hidden": False, "merged": []}}
    assert rows == [[0, PLAIN[0]], [1, PLAIN[1]], [2, PLAIN[2]], [5, ["刘洋"]]]
    assert end == {"end": {"macros": False}}


def test_cells_keep_their_kinds_and_columns() -> None:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("名册")
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_number(2, 2, 10012345678)
        sheet.write_number(2, 3, 1.23e17)
        sheet.write_number(2, 4, 0.5)
        sheet.write_boolean(2, 5, True)
        sheet.write_datetime(2, 6, date(1958, 11, 12), day)
        sheet.merge_range(0, 2, 0, 6, "残疾人登记册")
    head, title, row, _ = read(stream.getvalue())
    assert head["sheet"]["merged"] == [[0, 2, 0, 6]]
    assert title == [0, [None, None, "残疾人登记册"]]
    assert row == [2, [None, None, 10012345678, 1.23e17, 0.5, True, {"d": "1958-11-12"}]]


def test_a_formula_is_read_as_its_last_value_and_never_as_a_formula() -> None:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_formula(0, 0, '=HYPERLINK("http://example.org","看")', None, "看")
        sheet.write_formula(0, 1, "=1+1", None, 2)
    assert rows_of(stream.getvalue()) == [["看", 2]]


def test_a_hidden_sheet_is_read_and_said_to_be_hidden() -> None:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as workbook:
        workbook.add_worksheet("封面")
        hidden = workbook.add_worksheet("名册")
        hidden.write_string(0, 0, "陈素芬")
        hidden.hide()
    heads = [line["sheet"] for line in read(stream.getvalue()) if "sheet" in line]
    assert [(head["name"], head["hidden"]) for head in heads] == [("封面", False), ("名册", True)]


@pytest.mark.parametrize("alphabet", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("sign", [",", "\t", ";", "，"])
def test_a_text_table_is_read_in_each_alphabet_and_with_each_sign(alphabet: str, sign: str) -> None:
    text = "\r\n".join(sign.join(row) for row in ROWS)
    assert rows_of(text.encode(alphabet)) == PLAIN


def test_a_cell_of_a_text_table_may_hold_commas_and_lines() -> None:
    assert rows_of('姓名,备注\n陈素芬,"门口,左转\n二楼"\n'.encode()) == [
        ["姓名", "备注"],
        ["陈素芬", "门口,左转\n二楼"],
    ]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Reason.EMPTY),
        (b"%PDF-1.7 \x00\x01\x02", Reason.NOT_A_SPREADSHEET),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), Reason.NOT_A_SPREADSHEET),
        (b"<html><table><tr><td>1</td></tr></table></html>", Reason.WEB_PAGE),
        (b"PK\x03\x04 and then nothing", Reason.DAMAGED),
        (archive.OLE + bytes(2000), Reason.DAMAGED),
        (archive.OLE + archive.ENCRYPTED_PACKAGE + bytes(2000), Reason.PASSWORD),
    ],
)
def test_what_is_no_spreadsheet_has_its_reason(body: bytes, reason: Reason) -> None:
    assert refusal(body) is reason


def test_an_old_workbook_with_a_password_is_known_by_its_record() -> None:
    beginning = archive.BEGINNING_OF_BIFF8 + bytes(14)
    record = b"\x2f\x00\x36\x00" + bytes(54)
    assert refusal(archive.OLE + bytes(500) + beginning + record) is Reason.PASSWORD
    harmless = b"\xe1\x00\x02\x00\xb0\x04" + b"\xc1\x00\x02\x00\x00\x00"
    assert refusal(archive.OLE + bytes(500) + beginning + harmless) is Reason.DAMAGED


def _zip(**entries: bytes) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            packed.writestr(name.replace("__", "/").replace("_", "."), content)
    return stream.getvalue()


def test_a_document_is_no_spreadsheet() -> None:
    assert refusal(_zip(word__document_xml=b"<w/>")) is Reason.NOT_A_SPREADSHEET


def test_an_open_document_with_a_password_is_known() -> None:
    body = _zip(content_xml=b"?", **{"META-INF__manifest_xml": b"<x:encryption-data/>"})
    assert refusal(body) is Reason.PASSWORD


def test_a_bomb_is_refused_before_anything_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    body = bomb()
    assert len(body) < 400_000

    def never(*_: object) -> Any:
        raise AssertionError("it was unpacked")

    monkeypatch.setattr(archive, "_read_through", never)
    monkeypatch.setattr(reading, "load_workbook", never)
    assert refusal(body) is Reason.TOO_BIG


def test_a_bomb_whose_list_lies_about_its_size_is_refused() -> None:
    body = lying(bomb(64), "xl/worksheets/sheet1.xml", 4000)
    assert refusal(body) is Reason.DAMAGED


def test_thousands_of_parts_are_refused() -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for number in range(archive.MOST_ENTRIES + 1):
            packed.writestr(f"xl/{number}", b"")
    assert refusal(stream.getvalue()) is Reason.TOO_BIG


def test_a_workbook_with_macros_is_read_as_values_and_says_so() -> None:
    body = book(ROWS)
    stream = BytesIO(body)
    with zipfile.ZipFile(stream, "a") as packed:
        packed.writestr("xl/vbaProject.bin", b"Sub Auto_Open()")
    *_, end = read(stream.getvalue())
    assert end == {"end": {"macros": True}}


def test_more_rows_than_a_register_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 3)
    assert rows_of(book(ROWS)) == PLAIN
    assert refusal(book([*ROWS, ["刘洋"]])) is Reason.TOO_MANY_ROWS
    assert refusal(book(ROWS, ROWS)) is Reason.TOO_MANY_ROWS
    assert refusal("姓名\n".encode() * 4) is Reason.TOO_MANY_ROWS


def test_empty_rows_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 3)
    body = ("姓名,电话\n" + ",\n" * 1000 + "陈素芬,1\n").encode()
    assert rows_of(body) == [["姓名", "电话"], ["陈素芬", "1"]]


def test_more_columns_than_a_register_has_are_refused() -> None:
    assert len(rows_of(book([["列"] * reading.MOST_COLUMNS]))[0]) == reading.MOST_COLUMNS
    assert refusal(book([["列"] * (reading.MOST_COLUMNS + 1)])) is Reason.TOO_MANY_COLUMNS
