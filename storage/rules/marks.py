"""Which marks make the minutes of a visit count: two independent ones, none of them one's own.

志愿服务记录与证明出具办法 (民政部令67): hours are recorded truthfully. The helper's own word is no
mark; the home's yes is one, however many there say it; so are the words at the door; and each
member of staff who found out for themselves is one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class MarkKind(StrEnum):
    """Where a mark comes from."""

    RESIDENT = "resident"
    FAMILY = "family"
    DOOR_WORDS = "door_words"
    STAFF = "staff"


class StaffReason(StrEnum):
    """How a member of staff knows: entered by hand, and listed as such."""

    PHONED = "phoned"  # 电话问过
    SEEN = "seen"  # 亲眼看到
    PAPER = "paper"  # 有签字单
    NEIGHBOUR = "neighbour"  # 邻居说的
    CLOSED = "closed"  # 办结时写了情况


HOME = frozenset({MarkKind.RESIDENT, MarkKind.FAMILY})
MARKS_NEEDED = 2
# More than this in one day is shown to the coordinator as a question, not refused.
DAY_CEILING = timedelta(hours=8)
# A second mark is looked for so long; afterwards the hours stay where they are, uncounted.
AWAITED_FOR = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark of a visit, by whom."""

    kind: MarkKind
    by: int


def count_independent(marks: Iterable[Mark], *, helper_id: int) -> int:
    """How many independent marks these are: the home counts once, each of the staff once."""
    sources: set[object] = set()
    for mark in marks:
        if mark.kind is MarkKind.DOOR_WORDS:
            # The helper may type them: only whoever opened the door could have said them.
            sources.add(MarkKind.DOOR_WORDS)
        elif mark.by == helper_id:
            continue
        elif mark.kind in HOME:
            sources.add("home")
        else:
            sources.add(mark.by)
    return len(sources)


def do_minutes_count(marks: Iterable[Mark], *, helper_id: int) -> bool:
    """Whether the minutes of a visit with these marks count."""
    return count_independent(marks, helper_id=helper_id) >= MARKS_NEEDED
