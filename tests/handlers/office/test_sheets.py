"""More people than one sheet holds: each part has its button, and nobody is left out."""

from sqlalchemy import select

from storage.rules.sheets import LINES_AT_MOST
from storage.tables import person, sheet, sheet_line
from tests.handlers.joining.door import Door
from tests.storage.residents import register

WANG = 1
MANY = 2 * LINES_AT_MOST + 5


def live(door: Door, count: int) -> set[int]:
    with door.database.transaction() as session:
        return {
            register(
                session, now=door.now, name=f"某某{at}", roles=("resident",), community_id=1
            ).id
            for at in range(count)
        }


def lines(door: Door) -> list[list[int]]:
    """Who stands on each sheet, in the order of the sheets."""
    with door.database.transaction() as session:
        sheets = session.all(select(sheet.c.id).order_by(sheet.c.id))
        return [
            [
                row.person_id
                for row in session.all(select(sheet_line).where(sheet_line.c.sheet_id == one.id))
            ]
            for one in sheets
        ]


def test_a_village_of_many_is_printed_in_parts_and_nobody_is_left_out(door: Door) -> None:
    everybody = live(door, MANY)
    door.type(WANG, "/sheets")
    shown = door.press(WANG, f"（{MANY}人）")
    assert f"{MANY} 人" in shown
    assert "分 3 张" in shown
    assert lines(door) == []
    for label in ("第1张（第1到60位）", "第2张（第61到120位）", "第3张（第121到125位）"):
        door.press(WANG, label)
    printed = lines(door)
    assert [len(one) for one in printed] == [LINES_AT_MOST, LINES_AT_MOST, 5]
    assert {one for part in printed for one in part} == everybody


def test_as_many_as_one_sheet_holds_are_printed_with_one_press(door: Door) -> None:
    live(door, LINES_AT_MOST)
    door.type(WANG, "/sheets")
    door.press(WANG, f"（{LINES_AT_MOST}人）")
    assert [len(one) for one in lines(door)] == [LINES_AT_MOST]


def test_a_part_that_is_not_there_prints_nothing(door: Door) -> None:
    live(door, 3)
    with door.database.transaction() as session:
        home = session.value(select(person.c.community_id).where(person.c.name == "某某1"))
    for forged in ("2", "999999999", "-1", "²", "x"):
        door.press_data(WANG, f"sheet:place:{home}:0:{forged}")
    assert lines(door) == []
