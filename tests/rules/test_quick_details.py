"""Details that staff write into the line of a need."""

from datetime import datetime
from zoneinfo import ZoneInfo

from storage.rules.details import Access, Details, Place, Wish
from storage.rules.quick_details import told_in
from storage.rules.quick_entry import read_lines

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def _told(line: str) -> Details | None:
    (entry,) = read_lines(line, communities=["青山村"], today=NOW.date())
    return told_in(entry, now_local=NOW)


def test_a_moment_the_group_the_door_and_a_wish_are_read() -> None:
    told = _told("需求 王桂英 青山村3组 灯坏了 明天上午9点 没电梯 3楼 听不见 要女的")
    assert told == Details(
        wanted_at=datetime(2026, 11, 26, 9, 0, tzinfo=NOW.tzinfo),
        hours=True,
        place=Place.GROUP,
        group_code="3组",
        access=(Access.STAIRS, Access.DEAF),
        floor=3,
        wishes=(Wish.WOMAN,),
    )


def test_words_of_the_need_itself_are_no_details() -> None:
    assert _told("需求 王桂英 青山村 轮椅坏了，买3斤米，听不见电视") is None
    assert _told("需求 王桂英 青山村 买米 3 斤") is None
