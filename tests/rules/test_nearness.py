"""How near two homes are, by what their codes say."""

import pytest

from storage.rules.nearness import Nearness, nearness, read_spot

HOME = "桂花小区3栋2单元"


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ("桂花小区3栋2单元", Nearness.UNIT),
        ("桂花小区三栋 二单元 501", Nearness.UNIT),
        ("桂花小区3号楼1单元", Nearness.BUILDING),
        ("3栋", Nearness.BUILDING),
        ("桂花小区５栋2单元", Nearness.YARD),
        ("松林小区3栋2单元", Nearness.COMMUNITY),
        ("", Nearness.COMMUNITY),
    ],
)
def test_homes_are_as_near_as_their_codes_say(other: str, expected: Nearness) -> None:
    assert nearness(read_spot(HOME, 1), read_spot(other, 1)) is expected
    assert nearness(read_spot(other, 1), read_spot(HOME, 1)) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("第三组", "3组", Nearness.GROUP),
        ("三社", "3 社", Nearness.GROUP),
        ("2组", "3组", Nearness.COMMUNITY),
        ("12号网格", "第12网格", Nearness.GRID),
        ("水井边", "水井边", Nearness.GROUP),
        ("3组5栋", "4组5栋", Nearness.COMMUNITY),
    ],
)
def test_groups_and_grids_are_read_in_any_writing(one: str, other: str, expected: Nearness) -> None:
    assert nearness(read_spot(one, 1), read_spot(other, 1)) is expected


def test_another_community_is_beside_or_elsewhere() -> None:
    here, there = read_spot(HOME, 1), read_spot(HOME, 2)
    assert nearness(here, there, beside=frozenset({2})) is Nearness.BESIDE
    assert nearness(here, there) is Nearness.ELSEWHERE
    assert nearness(read_spot(HOME, None), read_spot(HOME, None)) is Nearness.ELSEWHERE
