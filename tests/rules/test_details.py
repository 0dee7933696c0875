"""Details of a need: what may be told before somebody goes, and how they are kept."""

from datetime import UTC, datetime

import pytest

from storage.rules.details import (
    Access,
    Details,
    Place,
    Wish,
    as_facts,
    from_facts,
    read_floor,
    sort_access,
    sort_wishes,
)

NOON = datetime(2026, 11, 28, 4, 0, tzinfo=UTC)
WHOLE = Details(
    wanted_at=NOON,
    hours=True,
    place=Place.GROUP,
    group_code="3组",
    words="小卖部旁边",
    point=(28.81234, 107.81234),
    access=(Access.STAIRS, Access.DEAF),
    floor=3,
    wishes=(Wish.WOMAN, Wish.SIGN, Wish.SAME_HELPER),
)


def test_who_is_only_asked_learns_of_the_stairs_and_not_of_the_deafness_or_the_place() -> None:
    shown = WHOLE.for_deciding()
    assert shown.access == (Access.STAIRS,)
    assert shown.floor == 3
    assert shown.wanted_at == NOON
    assert (shown.group_code, shown.words, shown.point, shown.place) == ("", "", None, None)


def test_a_floor_without_stairs_is_not_told() -> None:
    assert Details(access=(Access.DEAF,), floor=3).for_deciding().floor is None


def test_details_come_back_as_they_were_kept() -> None:
    facts = as_facts(WHOLE)
    assert from_facts(facts, wanted_at=NOON, group_code="3组") == WHOLE


def test_what_a_later_release_does_not_know_is_left_out() -> None:
    facts = {"access": ["stairs", "lift_broken"], "place": "moon", "wishes": ["tall"]}
    kept = from_facts(facts, wanted_at=None, group_code="")
    assert kept == Details(access=(Access.STAIRS,))


def test_preferences_are_told_in_the_words_of_profiles() -> None:
    assert (WHOLE.gender, WHOLE.language, WHOLE.same_helper) == ("female", "sign", True)
    assert (Details().gender, Details().language, Details().same_helper) == (None, None, False)


def test_a_woman_and_a_man_together_are_no_wish() -> None:
    assert sort_wishes(["man", "woman", "dialect"]) == (Wish.DIALECT,)


def test_facts_stand_once_and_in_their_order() -> None:
    assert sort_access(["deaf", "stairs", "deaf"]) == (Access.STAIRS, Access.DEAF)


@pytest.mark.parametrize(
    ("said", "floor"),
    [
        ("3", 3),
        ("三楼", 3),
        ("第5层", 5),
        ("2F", 2),
        ("十二楼", 12),
        ("３楼", 3),
        ("两楼", 2),
        ("0", None),
        ("99", None),
        ("楼", None),
        ("²", None),
    ],
)
def test_floors_are_read_as_people_say_them(said: str, floor: int | None) -> None:
    assert read_floor(said) == floor
