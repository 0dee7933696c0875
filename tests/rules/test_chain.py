"""The chain's digests: every cell counts, also on the way round the world."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from storage.rules.chain import START, Cell, canonical, digest_of, next_post_at

AT = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
HOUSE = ZoneInfo("Asia/Shanghai")
ROW: tuple[Cell, ...] = (1, AT, 4, 2, "need_claimed", "need", 812, "offer", "v3")


def test_a_row_is_the_same_in_every_zone() -> None:
    there = (1, AT.astimezone(HOUSE), *ROW[2:])
    assert canonical(there) == canonical(ROW)


@pytest.mark.parametrize("place", range(len(ROW)))
def test_each_cell_counts(place: int) -> None:
    cell = ROW[place]
    other = cell + timedelta(microseconds=1) if isinstance(cell, datetime) else None
    changed = (*ROW[:place], other, *ROW[place + 1 :])
    assert digest_of(START, [changed]) != digest_of(START, [ROW])


def test_what_stands_in_one_cell_cannot_pass_for_two() -> None:
    one = (1, AT, 4, 2, "a", "b", None, 'x","y', "")
    two = (1, AT, 4, 2, "a", "b", None, "x", "y")
    assert digest_of(START, [one]) != digest_of(START, [two])


def test_a_digest_hangs_on_the_one_before_and_on_the_order() -> None:
    first = digest_of(START, [ROW])
    assert digest_of(first, [ROW]) != first
    other = (2, *ROW[1:])
    assert digest_of(START, [ROW, other]) != digest_of(START, [other, ROW])


@pytest.mark.parametrize(
    ("sealed", "last", "posted"),
    [
        ("2026-11-25 08:00", None, "2026-11-25 09:00"),
        ("2026-11-25 09:00", None, "2026-11-25 09:00"),
        ("2026-11-25 09:01", None, "2026-11-26 09:00"),
        ("2026-11-25 08:00", "2026-11-25 09:00", "2026-11-26 09:00"),
        ("2026-12-31 10:00", "2026-12-31 09:00", "2027-01-01 09:00"),
        ("2026-11-29 10:00", "2026-11-25 09:00", "2026-11-30 09:00"),
    ],
)
def test_the_head_is_told_at_nine_once_a_day(sealed: str, last: str | None, posted: str) -> None:
    def local(moment: str) -> datetime:
        return datetime.fromisoformat(moment).replace(tzinfo=HOUSE)

    assert next_post_at(local(sealed), local(last) if last else None) == local(posted)
