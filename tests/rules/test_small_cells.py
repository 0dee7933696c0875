"""What those see who see no people: no small cell, and none that can be worked out."""

from hypothesis import given
from hypothesis import strategies as st

from storage.rules.small_cells import Key, Line, hidden_cells

Table = list[list[int]]
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 12), min_size=width, max_size=width), min_size=1, max_size=4
    )
)


A, B, C, ALL = ("a",), ("b",), ("c",), ("all",)


def of(**cells: int) -> dict[Key, int]:
    return {(name,): number for name, number in cells.items()}


def cells_and_lines(table: Table) -> tuple[dict[Key, int], list[Line]]:
    rows = [str(row) for row in range(len(table))]
    columns = [str(column) for column in range(len(table[0]))]
    cells: dict[Key, int] = {(r, c): table[int(r)][int(c)] for r in rows for c in columns}
    cells |= {(r, "all"): sum(table[int(r)]) for r in rows}
    cells |= {("all", c): sum(row[int(c)] for row in table) for c in columns}
    cells[("all", "all")] = sum(map(sum, table))
    lines = [Line([(r, c) for c in columns], (r, "all")) for r in rows]
    lines += [Line([(r, c) for r in rows], ("all", c)) for c in columns]
    lines.append(Line([(r, "all") for r in rows], ("all", "all")))
    lines.append(Line([("all", c) for c in columns], ("all", "all")))
    return cells, lines


@given(TABLES)
def test_no_small_cell_is_shown(table: Table) -> None:
    cells, lines = cells_and_lines(table)
    hidden = hidden_cells(cells, lines)
    assert all(key in hidden for key, number in cells.items() if 0 < number < 5)


@given(TABLES)
def test_no_hidden_cell_is_the_total_less_what_is_shown(table: Table) -> None:
    cells, lines = cells_and_lines(table)
    hidden = hidden_cells(cells, lines)
    for line in lines:
        unknown = [key for key in (*line.parts, line.total) if key in hidden and cells[key]]
        assert len(unknown) != 1
        if line.total not in hidden and unknown:
            assert sum(cells[key] for key in unknown) >= 5


def test_a_single_small_cell_takes_the_next_smallest_along() -> None:
    cells = of(a=3, b=9, c=30, all=42)
    assert hidden_cells(cells, [Line([A, B, C], ALL)]) == {A, B}


def test_two_that_could_only_be_one_each_take_a_third_along() -> None:
    cells = of(a=1, b=1, c=30, all=32)
    assert hidden_cells(cells, [Line([A, B, C], ALL)]) == {A, B, C}


def test_where_nothing_is_small_all_is_shown() -> None:
    cells = of(a=5, b=0, all=5)
    assert hidden_cells(cells, [Line([A, B], ALL)]) == frozenset()
