"""Details that staff write between the words of a need: a moment, the 组, and a few fixed words."""

import re
from datetime import datetime
from types import MappingProxyType

from storage.rules.details import Access, Details, Place, Wish, read_floor
from storage.rules.moments import MomentProblem, parse_moment
from storage.rules.quick_entry import Entry
from storage.rules.times import parse_clock_time

_SPLIT = re.compile(r"[\s,，、;；。]+")
_FACTS = MappingProxyType(
    {"没电梯": Access.STAIRS, "爬楼": Access.STAIRS, "走得慢": Access.SLOW}
    | {"听不见": Access.DEAF, "闪灯": Access.DEAF, "看不见": Access.BLIND}
    | {"坐轮椅": Access.WHEELCHAIR, "导盲犬": Access.GUIDE_DOG}
)
_WISHES = MappingProxyType(
    {"要女的": Wish.WOMAN, "要男的": Wish.MAN, "讲本地话": Wish.DIALECT, "要会手语": Wish.SIGN}
    | {"要上次那位": Wish.SAME_HELPER}
)


def told_in(entry: Entry, *, now_local: datetime) -> Details | None:
    """The details in a line, None when there are none. Words count only where they stand alone."""
    access: list[Access] = []
    wishes: list[Wish] = []
    floor, moment, hours = None, None, False
    for part in _SPLIT.split(entry.words):
        if part in _FACTS:
            access.append(_FACTS[part])
        elif part in _WISHES:
            wishes.append(_WISHES[part])
        elif part.endswith("楼") and read_floor(part) is not None:
            floor = read_floor(part)
        elif part and not part.isdigit() and moment is None:
            read = parse_moment(part, now_local)
            if not isinstance(read, MomentProblem):
                moment, hours = read, says_an_hour(part)
    told = Details(
        wanted_at=moment,
        hours=hours,
        place=Place.GROUP if entry.group else None,
        group_code=entry.group,
        access=tuple(dict.fromkeys(access)),
        floor=floor,
        wishes=tuple(dict.fromkeys(wishes)),
    )
    return None if told.is_empty else told


def says_an_hour(text: str) -> bool:
    """Whether an hour was named, not only a day or a part of one."""
    tail = text.strip()
    return any(parse_clock_time(tail[at:]) is not None for at in range(len(tail)))
