"""How near two homes are, without a map: the codes of 组, 楼栋, 单元 and 网格 as people write them.

"就近就利" (2020-116, part 3 (二)): the same staircase before the same building, the same yard, the
same group, the same grid, the same community, one beside it.
"""

import re
from dataclasses import dataclass
from enum import IntEnum

from storage.rules.numerals import half_width, small_number

_NUMBER = "([0-9]{1,4}|[零〇一二两三四五六七八九十]{1,3}|[A-Za-z])"
_UNIT = re.compile(f"第?{_NUMBER}单元")
_BUILDING = re.compile(f"第?{_NUMBER}(?:号楼|栋|幢|座|楼栋|号院)")
_GRID = re.compile(f"(?:第?{_NUMBER}(?:号)?网格)|(?:网格{_NUMBER})")
_GROUP = re.compile(f"第?{_NUMBER}(?:村民小组|居民小组|小组|组|社)")
_YARD = re.compile(r"([\u4e00-\u9fff]{1,12}?(?:小区|大院|院子|院落|花园|家园|新村|公寓|苑|湾|塆))")


class Nearness(IntEnum):
    """From the same staircase to elsewhere: the smaller the nearer."""

    UNIT = 1
    BUILDING = 2
    YARD = 3
    GROUP = 4
    GRID = 5
    COMMUNITY = 6
    BESIDE = 7
    ELSEWHERE = 8


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a home stands, as far as its code says; None where it says nothing."""

    community_id: int | None = None
    code: str = ""
    unit: str | None = None
    building: str | None = None
    yard: str | None = None
    group: str | None = None
    grid: str | None = None


def read_spot(code: str, community_id: int | None) -> Spot:
    """Read "幸福小区3栋2单元", "第三组", "2号网格"."""
    plain = re.sub(r"\s+", "", half_width(code or ""))
    yard = _YARD.search(plain)
    return Spot(
        community_id=community_id,
        code=plain.casefold(),
        unit=_number(_UNIT, plain),
        building=_number(_BUILDING, plain),
        yard=yard[1] if yard else None,
        group=_number(_GROUP, plain),
        grid=_number(_GRID, plain),
    )


def nearness(one: Spot, other: Spot, *, beside: frozenset[int] = frozenset()) -> Nearness:
    """How near two homes are; ``beside`` are the communities beside that of the first."""
    if one.community_id is None or one.community_id != other.community_id:
        return Nearness.BESIDE if other.community_id in beside else Nearness.ELSEWHERE
    # Building 3 of another yard or group is another building.
    one_place = _agree(one.yard, other.yard) and _agree(one.group, other.group)
    if one_place and _same(one.building, other.building):
        return Nearness.UNIT if _same(one.unit, other.unit) else Nearness.BUILDING
    if _same(one.yard, other.yard):
        return Nearness.YARD
    if _same(one.group, other.group) or _same(one.code or None, other.code or None):
        return Nearness.GROUP
    return Nearness.GRID if _same(one.grid, other.grid) else Nearness.COMMUNITY


def _number(pattern: re.Pattern[str], code: str) -> str | None:
    found = pattern.search(code)
    if found is None:
        return None
    said = next(one for one in found.groups() if one)
    number = small_number(said)
    return str(number) if number is not None else said.casefold()


def _same(one: str | None, other: str | None) -> bool:
    return one is not None and one == other


def _agree(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other
