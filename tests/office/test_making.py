"""Making office files: what is written is what is read again, and nothing in it is a formula."""

import json
import re
import zipfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from bot.office import lines
from bot.office.child.document import make_document
from bot.office.child.guard import guarded
from bot.office.child.reasons import Unreadable
from bot.office.child.spec import read_spec
from bot.office.child.workbook import make_workbook
from bot.office.lines import Boxes, Chart, Column, Line
from tests.office.books import read

HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    '=HYPERLINK("x")',
    "=cmd|'/c'!A1",
]


def make(folder: Path, parts: Iterable[Line]) -> bytes:
    """The bytes of what these lines describe, by way of JSON as in the child."""
    stream = BytesIO(b"".join(json.dumps(one).encode() + b"\n" for one in [*parts, {"end": True}]))
    spec = read_spec(stream)
    path = folder / "made"
    (make_workbook if spec.kind == "workbook" else make_document)(spec, path)
    return path.read_bytes()


def register(*rows: list[Any]) -> list[Line]:
    columns = [Column("姓名"), Column("人数", "number"), Column("出生日期", "date")]
    return [lines.workbook("登记册"), lines.sheet("名册", columns, title="登记册"), *rows]


def parts_of(body: bytes) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(body)) as archive:
        return {
            name: archive.read(name).decode()
            for name in archive.namelist()
            if name.endswith(".xml")
        }


def test_what_is_written_is_what_is_read_again(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["陈素芬", 3, "1958-11-12"],
        ["阿卜杜拉·买买提", None, "1958-11"],
        ["😀" * 3, 1234567, ""],
    ]
    body = make(tmp_path, register(*rows))
    found = [line for line in read(body) if isinstance(line, list)]
    assert found == [
        [0, ["登记册"]],
        [1, ["姓名", "人数", "出生日期"]],
        [2, ["陈素芬", 3, {"d": "1958-11-12"}]],
        [3, ["阿卜杜拉·买买提", None, "1958-11"]],
        [4, ["😀" * 3, 1234567]],
    ]


def test_no_words_of_anybody_become_a_formula_or_a_link(tmp_path: Path) -> None:
    words = [*HOSTILE, "http://example.org"]
    body = make(tmp_path, register(*([word, 1, word] for word in words)))
    sheet = parts_of(body)["xl/worksheets/sheet1.xml"]
    assert "<f" not in re.sub(r"<formatPr|<fonts?", "", sheet)
    assert "hyperlink" not in sheet
    found = [line[1][0] for line in read(body)[3:] if isinstance(line, list)]
    assert found == [guarded(word) for word in words]
    assert all(word.startswith("'") for word in found[:-1])


def test_signs_that_no_file_may_hold_are_left_out(tmp_path: Path) -> None:
    body = make(tmp_path, register(["陈\x00素\x0b芬\ud800￾", 1, ""]))
    assert read(body)[3] == [2, ["陈素芬", 1]]


def test_a_register_is_ready_to_print_and_to_filter(tmp_path: Path) -> None:
    body = make(tmp_path, register(["陈素芬", 3, ""], ["张强", 1, ""]))
    parts = parts_of(body)
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert 'state="frozen"' in sheet
    assert '<autoFilter ref="A2:C4"/>' in sheet
    assert 'paperSize="9" ' in sheet
    assert 'orientation="landscape"' in sheet
    assert 'fitToHeight="0"' in sheet
    assert "名册!$2:$2" in parts["xl/workbook.xml"]


def test_tables_have_native_charts_that_leave_totals_out(tmp_path: Path) -> None:
    columns = [Column("类别"), Column("一级", "number"), Column("二级", "number")]
    rows: list[list[Any]] = [["肢体", 3, 4], ["视力", 2, 1], ["合计", 5, 5]]
    kinds = ("bar", "stacked", "rows", "pie")
    body = make(
        tmp_path,
        [
            lines.workbook("分类"),
            lines.sheet("分类统计"),
            *(
                lines.table(kind, columns, rows, chart=Chart(f"{kind}图", kind, (1, 2)), totals=1)
                for kind in kinds
            ),
        ],
    )
    charts = [text for name, text in parts_of(body).items() if "charts/chart" in name]
    assert len(charts) == 4
    assert all(f"{kind}图" in chart for kind, chart in zip(kinds, charts, strict=True))
    assert all("合计" not in chart for chart in charts)
    assert all("肢体" in chart for chart in charts)
    assert 'val="stacked"' in charts[1]
    assert "pieChart" in charts[3]


def test_no_table_is_cut_in_two_by_the_end_of_a_page(tmp_path: Path) -> None:
    columns = [Column("类别"), Column("人数", "number")]
    table = lines.table("表", columns, [["肢体", 3]] * 8, chart=Chart("图"))
    body = make(tmp_path, [lines.workbook("x"), lines.sheet("统计"), table, table, table])
    assert "<rowBreaks" in parts_of(body)["xl/worksheets/sheet1.xml"]


def test_a_paper_has_boxes_headings_and_a_header_that_comes_again(tmp_path: Path) -> None:
    body = make(
        tmp_path,
        [
            lines.document("走访表", landscape=True),
            lines.heading("青山村走访表", align="center"),
            lines.paragraph("第一组", bold=True),
            lines.grid(
                ["姓名", "结果"], [["陈素芬\x0b", Boxes(["接通", "没接"])], ["张强", None]], size=10
            ),
            lines.page_break(),
        ],
    )
    paper = Document(BytesIO(body))
    assert [one.text for one in paper.paragraphs[:2]] == ["青山村走访表", "第一组"]
    (table,) = paper.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["姓名", "结果"],
        ["陈素芬", "□接通  □没接"],
        ["张强", ""],
    ]
    text = parts_of(body)["word/document.xml"]
    assert "w:tblHeader" in text
    assert 'w:orient="landscape"' in text
    assert 'w:eastAsia="宋体"' in parts_of(body)["word/styles.xml"]


@pytest.mark.parametrize(
    "stream",
    [
        b"",
        b"nonsense\n",
        b'{"make": "cake"}\n',
        b"[1]\n",
        # Its parent was killed half-way: half a register must not look like a whole one.
        b'{"make": "workbook"}\n{"sheet": {"name": "x"}}\n',
        b'{"make": "workbook"}\n{"end": true}\n',
        b'{"make": "workbook"}\n[1]\n{"end": true}\n',
        b'{"make": "document"}\n{"cake": 1}\n{"end": true}\n',
    ],
)
def test_an_order_that_is_none_makes_nothing(tmp_path: Path, stream: bytes) -> None:
    def order() -> None:
        spec = read_spec(BytesIO(stream))
        (make_workbook if spec.kind == "workbook" else make_document)(spec, tmp_path / "made")

    with pytest.raises(Unreadable):
        order()
