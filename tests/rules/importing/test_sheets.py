"""Whole sheets: who is in them, and where they live when only the title says so."""

from collections.abc import Iterator

from storage.rules.fields import Register
from storage.rules.importing.cells import Cell
from storage.rules.importing.sheets import Table, read_table, unmerge

COMMUNITIES = {"青山村": 1, "双河村": 2}


def table(
    rows: list[list[Cell]], merges: list[tuple[int, int, int, int]] | None = None, name: str = ""
) -> Table:
    found = read_table(enumerate(rows), merges or [], communities=COMMUNITIES, name=name)
    assert found is not None
    return found


def test_only_rows_with_somebody_in_them_count_and_keep_their_number() -> None:
    found = table(
        [
            ["残疾人登记表", None, None],
            ["序号", "姓名", "村"],
            [1.0, 2.0, 3.0],
            [1.0, "陈素芬", "青山村"],
            [None, None, None],
            [2.0, "罗德明", "双河村"],
            ["序号", "姓名", "村"],
            [3.0, None, None],
            [4.0, None, "双河村"],
            ["合计", "2人", None],
            ["填表人：王珊", None, "2026年11月"],
        ]
    )
    assert [(row.number, row.cells[1]) for row in found.people()] == [
        (4, "陈素芬"),
        (6, "罗德明"),
        (9, None),
    ]
    # The number of the row is known, and not written.
    assert found.mapping == {1: "name", 2: "community"}
    assert found.register is Register.RESIDENT


def test_a_merged_village_counts_for_each_of_its_rows() -> None:
    found = table(
        [["村", "姓名", "性别"], ["青山村", "陈素芬", "女"], [None, "罗德明", "男"]], [(1, 0, 2, 0)]
    )
    assert [row.cells[0] for row in found.people()] == ["青山村", "青山村"]


def test_the_village_may_stand_in_the_title_or_in_the_name_of_the_sheet() -> None:
    rows: list[list[Cell]] = [["双河村残疾人登记表", None], ["姓名", "性别"], ["陈素芬", "女"]]
    assert table(rows, name="青山村").community == 2
    assert table(rows[1:], name="青山").community == 1
    assert table(rows[1:], name="Sheet1").community is None


def test_a_sheet_without_a_header_is_no_register() -> None:
    assert read_table([(0, ["你好"])], [], communities=COMMUNITIES) is None
    assert read_table([], [], communities=COMMUNITIES) is None


def test_a_long_sheet_is_read_row_by_row() -> None:
    asked = 0

    def rows() -> Iterator[tuple[int, list[Cell]]]:
        nonlocal asked
        yield 0, ["姓名", "村"]
        for number in range(1, 1000):
            asked = number
            yield number, [f"某{number}", "青山村"]

    found = read_table(rows(), [], communities=COMMUNITIES)
    assert found is not None
    assert asked < 50
    assert sum(1 for _ in found.people()) == 999


def test_merged_cells_reach_over_blank_rows_that_are_left_out() -> None:
    rows: list[tuple[int, list[Cell]]] = [(0, ["a", "b"]), (3, [None, "c"]), (4, [None, "d"])]
    assert [row for _, row in unmerge(rows, [(0, 0, 3, 0), (1, 1, 2, 1)])] == [
        ["a", "b"],
        ["a", "c"],
        [None, "d"],
    ]
