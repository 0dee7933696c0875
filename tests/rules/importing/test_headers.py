"""Headers as offices have them: below titles, merged, in two rows, in other words and order."""

import pytest

from storage.rules.fields import Register
from storage.rules.importing.catalogue import recognise
from storage.rules.importing.cells import Cell, column_letter
from storage.rules.importing.headers import Header, Merge, is_repeated_header, is_tail
from storage.rules.importing.sheets import unmerge

Rows = list[list[Cell]]


def found(rows: Rows, like: Register | None = None) -> Header:
    recognised = recognise(rows, like=like)
    assert recognised is not None
    return recognised[1]


def spread(rows: Rows, merges: list[Merge]) -> Rows:
    return [list(row) for _, row in unmerge(enumerate(rows), merges)]


def fields(header: Header) -> dict[int, str | None]:
    return {column.at: column.field for column in header.columns}


def test_the_header_is_found_below_titles_and_a_date() -> None:
    rows: Rows = [
        ["青山村残疾人基本情况登记表", None, None],
        ["填报时间：2026年11月", None, None],
        [None, None, None],
        ["姓名", "村(社区)", "联系电话"],
        ["陈素芬", "青山村", 10012345678.0],
    ]
    header = found(rows)
    assert header.row == 3
    assert fields(header) == {0: "name", 1: "community", 2: "phone"}


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("姓  名", "name"),
        ("姓\n名", "name"),
        ("残疾人\n姓名", "name"),
        ("＊姓名（必填）", "name"),
        ("联系电话（手机）", "phone"),
        ("手机号码", "phone"),
        ("残疾证号码", "certificate_number"),
        ("出生年月日", "born_on"),
        ("补贴金额（元）", "subsidy_amount"),
        ("残疾类别（主）", "category"),
        ("残疾类别等级", "category"),
        ("3.性别", "sex"),
        ("Name", "name"),
        ("ＰＨＯＮＥ", "phone"),
        ("没有导入的原因", "ignored"),
    ],
)
def test_a_header_in_other_words_is_known(title: str, field: str) -> None:
    other: list[Cell] = ["户编号", "姓名", "村"] if field != "name" else ["户编号", "住址", "村"]
    header = found([[*other, title], ["1", "2", "3", "4"]], Register.RESIDENT)
    assert fields(header)[3] == field


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("所在村（居）", "community"),
        ("村（居）委会", "community"),
        ("行政村", "community"),
        ("社", "group"),
        ("二代残疾证号", "certificate_number"),
        ("第二代残疾人证号", "certificate_number"),
        ("残疾证编号", "certificate_number"),
        ("公民身份证号码", "id_number"),
        ("残疾程度", "grade"),
        ("发证时间", "certificate_issued_on"),
        ("证件到期日期", "certificate_expires_on"),
        ("家庭详细地址", "address"),
        ("本人联系电话", "phone"),
        ("监护人联系方式", "guardian_phone"),
        ("是否低保户", "welfare"),
    ],
)
def test_a_header_as_other_offices_write_it_is_known(title: str, field: str) -> None:
    header = found([["序号", "姓名", "性别", title], ["1", "2", "3", "4"]], Register.RESIDENT)
    assert fields(header)[3] == field


def test_a_title_right_above_the_header_is_no_part_of_it() -> None:
    titles: Rows = [
        ["残疾人花名册", None, None, None],
        ["填报单位：青山村", None, "日期：2026.11.20", None],
        ["序号", "姓名", "村", "联系电话"],
        ["1", "陈素芬", "青山村", "10012345678"],
    ]
    for above in (titles[:1], titles[1:2], titles[:2]):
        rows = [*above, *titles[2:]]
        merges = [(0, 0, 0, 3)] if above[0] is titles[0] else [(0, 0, 0, 1), (0, 2, 0, 3)]
        header = found(spread(rows, merges))
        assert (header.row, header.last) == (len(above), len(above))


def test_a_header_of_two_rows_with_groups_keeps_the_guardian_apart() -> None:
    merges = [(1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 1, 4), (1, 5, 1, 6), (0, 0, 0, 6)]
    rows = spread(
        [
            ["残疾人登记表"],
            ["姓名", "村（社区）", "监护人", None, None, "残疾情况", None],
            [None, None, "姓名", "关系", "电话", "类别", "等级"],
            ["陈素芬", "青山村", "李梅", "女儿", "10012345678", "视力", "一级"],
        ],
        merges,
    )
    header = found(rows)
    assert (header.row, header.last) == (1, 2)
    assert fields(header) == {
        0: "name",
        1: "community",
        2: "guardian_name",
        3: "guardian_relation",
        4: "guardian_phone",
        5: "category",
        6: "grade",
    }
    assert [column.title for column in header.columns][2] == "监护人姓名"


def test_the_phone_of_somebody_else_is_not_taken_for_the_persons() -> None:
    rows = spread(
        [
            ["姓名", "村", "帮扶责任人", None],
            [None, None, "姓名", "电话"],
            ["陈素芬", "青山村", "张强", "10012345678"],
        ],
        [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3)],
    )
    assert fields(found(rows)) == {0: "name", 1: "community", 2: None, 3: None}


def test_a_column_that_comes_twice_is_read_once() -> None:
    header = found([["姓名", "电话", "手机"], ["陈素芬", "10012345678", ""]], Register.RESIDENT)
    assert fields(header) == {0: "name", 1: "phone", 2: None}
    assert [column.title for column in header.unknown] == ["手机"]


def test_a_row_of_data_is_no_header() -> None:
    assert recognise([["陈素芬", "青山村", "女"], ["罗德明", "双河村", "男"]]) is None
    assert recognise([]) is None
    assert recognise([[None, ""]]) is None


def test_the_register_is_told_by_its_columns() -> None:
    helpers = recognise([["姓名", "联系电话", "特长技能", "可服务时间", "所属队伍"], ["a"]])
    residents = recognise([["姓名", "联系电话", "残疾人证号", "残疾等级"], ["a"]])
    assert helpers is not None
    assert residents is not None
    assert (helpers[0], residents[0]) == (Register.VOLUNTEER, Register.RESIDENT)


def test_headers_on_each_page_sums_and_signatures_are_no_people() -> None:
    header = found([["序号", "姓名", "村", "联系电话"], ["1", "陈素芬", "青山村", ""]])
    assert is_repeated_header(["序号", "姓名", "村", "联系电话"], header)
    assert is_repeated_header([1.0, 2.0, 3.0, 4.0], header)
    assert not is_repeated_header([1.0, "陈素芬", "青山村", None], header)
    assert is_tail(["合计", "12人", None, None], header)
    assert is_tail(["填表人：王珊", None, "审核人：", None], header)
    assert is_tail([12.0, None, None, None], header)
    assert not is_tail([1.0, "陈素芬", "青山村", None], header)
    assert not is_tail([1.0, None, "青山村", "10012345678"], header)


def test_columns_have_the_letters_that_the_sheet_shows() -> None:
    assert [column_letter(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
