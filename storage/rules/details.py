"""Details of a need, asked for one by one and all of them optional: when, where, access, wishes."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from storage.rules.numerals import small_number

GROUP_LIMIT = 40
PLACE_LIMIT = 120
FLOORS_AT_MOST = 40


class Access(StrEnum):
    """What whoever comes has to know at the door."""

    STAIRS = "stairs"  # 要爬楼，没有电梯
    SLOW = "slow"  # 走得慢，敲门后请多等
    DEAF = "deaf"  # 听不见，请闪灯
    BLIND = "blind"  # 看不见，请出声报名
    WHEELCHAIR = "wheelchair"  # 坐轮椅
    GUIDE_DOG = "guide_dog"  # 有导盲犬
    KEY_HOLDER = "key_holder"  # 钥匙在别人手里


class Place(StrEnum):
    """Where somebody is to come."""

    HOME = "home"
    GROUP = "group"
    OTHER = "other"


class Wish(StrEnum):
    """Whom somebody would rather have; a wish, never a condition."""

    WOMAN = "woman"
    MAN = "man"
    DIALECT = "dialect"
    SIGN = "sign"
    SAME_HELPER = "same_helper"


# What somebody has to know to say yes or no at all; the rest is for who goes.
FOR_DECIDING = frozenset({Access.STAIRS, Access.GUIDE_DOG})
# Nobody wishes for both.
_EITHER = (Wish.WOMAN, Wish.MAN)


@dataclass(frozen=True, slots=True)
class Details:
    """The details of one need; nothing in it is required.

    ``hours``: whether an hour was said, or only a day; ``by``: any time until then.
    ``group_code`` is the 组 or 楼栋; ``point`` a place on the map (latitude, longitude), exact.
    """

    wanted_at: datetime | None = None
    hours: bool = False
    by: bool = False
    place: Place | None = None
    group_code: str = ""
    words: str = ""
    point: tuple[float, float] | None = None
    access: tuple[Access, ...] = ()
    floor: int | None = None
    wishes: tuple[Wish, ...] = ()

    @property
    def gender(self) -> str | None:
        """The wished gender of the helper, as profiles have it."""
        if Wish.WOMAN in self.wishes:
            return "female"
        return "male" if Wish.MAN in self.wishes else None

    @property
    def language(self) -> str | None:
        """The wished way of speaking: ``dialect`` or ``sign``."""
        if Wish.SIGN in self.wishes:
            return "sign"
        return "dialect" if Wish.DIALECT in self.wishes else None

    @property
    def same_helper(self) -> bool:
        """Whether whoever came last time is wished for."""
        return Wish.SAME_HELPER in self.wishes

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was said."""
        return self == Details()

    def for_deciding(self) -> "Details":
        """What somebody may know who is only asked: when, the stairs, the wishes; not where."""
        access = tuple(one for one in self.access if one in FOR_DECIDING)
        return Details(
            wanted_at=self.wanted_at,
            hours=self.hours,
            by=self.by,
            access=access,
            floor=self.floor if Access.STAIRS in access else None,
            wishes=self.wishes,
        )

    def without_place(self) -> "Details":
        """The details of a visit without where it is."""
        return replace(self, place=None, group_code="", words="", point=None)


def sort_access(chosen: Iterable[str]) -> tuple[Access, ...]:
    """The access facts among words, each once and in their own order."""
    some = set(chosen)
    return tuple(one for one in Access if one.value in some)


def sort_wishes(chosen: Collection[str]) -> tuple[Wish, ...]:
    """The wishes among words; woman and man together are no wish."""
    some = set(chosen)
    if all(one.value in some for one in _EITHER):
        some -= {one.value for one in _EITHER}
    return tuple(one for one in Wish if one.value in some)


def read_floor(text: str) -> int | None:
    """Read "3", "3楼", "三楼" as a floor; None when it is none."""
    said = text.strip().rstrip("楼层F f").strip().removeprefix("第")
    number = small_number(said)
    return number if number is not None and 1 <= number <= FLOORS_AT_MOST else None


def as_facts(details: Details) -> dict[str, Any]:
    """The details as they are kept, without the moment and the group, which stand apart."""
    return {
        "hours": details.hours,
        "by": details.by,
        "place": details.place.value if details.place else None,
        "words": details.words,
        "point": list(details.point) if details.point else None,
        "access": [one.value for one in details.access],
        "floor": details.floor,
        "wishes": [one.value for one in details.wishes],
    }


def from_facts(facts: Mapping[str, Any], *, wanted_at: datetime | None, group_code: str) -> Details:
    """The details as they were kept; what a later release no longer knows is left out."""
    point = facts.get("point")
    place = facts.get("place")
    return Details(
        wanted_at=wanted_at,
        hours=bool(facts.get("hours")),
        by=bool(facts.get("by")),
        place=Place(place) if place in {one.value for one in Place} else None,
        group_code=group_code,
        words=str(facts.get("words") or ""),
        point=(float(point[0]), float(point[1])) if point else None,
        access=sort_access(facts.get("access") or ()),
        floor=facts.get("floor"),
        wishes=sort_wishes(facts.get("wishes") or ()),
    )


def lines_of(details: Details) -> list[str]:
    """The details as plain tokens for the wording, "key=value", in the order they are told."""
    moment = details.wanted_at
    known = "by" if details.by else "when" if details.hours else "day"
    lines = [f"{known}={moment.isoformat()}"] if moment else []
    lines += [f"group={details.group_code}"] if details.group_code else []
    lines += [f"where={details.words}"] if details.words else []
    lines += ["point="] if details.point else []
    for one in details.access:
        lines.append(f"access={one.value}")
        if one is Access.STAIRS and details.floor is not None:
            lines.append(f"floor={details.floor}")
    return lines + [f"wish={one.value}" for one in details.wishes]
