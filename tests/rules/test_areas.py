"""Each category has its area, its urgency and its helpers."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from storage.rules.areas import CATEGORIES, SIX_AREAS, Area, Category, VolunteerMay, categories_of
from storage.rules.skills import SKILLS_FOR, Skill, TimeSlot, has_skill_for, is_free, slot_of, suits

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_every_category_stands_in_the_table_once() -> None:
    assert set(CATEGORIES) == set(Category)


def test_every_area_has_categories_and_the_programme_has_six() -> None:
    assert len(SIX_AREAS) == 6
    for area in Area:
        assert categories_of(area)


def test_what_a_volunteer_may_do_names_the_skills_that_suit() -> None:
    for category, facts in CATEGORIES.items():
        if facts.volunteer_may is not VolunteerMay.NO:
            assert SKILLS_FOR[category], category


def test_nobody_is_asked_for_a_skill_that_the_category_does_not_allow() -> None:
    for category in SKILLS_FOR:
        assert CATEGORIES[category].volunteer_may is not VolunteerMay.NO


def test_a_haircut_goes_only_to_somebody_who_can_cut_hair() -> None:
    assert suits({Skill.HAIRCUT}, Category.HAIRCUT, VolunteerMay.WITH_SKILL)
    assert not suits({Skill.ERRANDS, Skill.MEALS}, Category.HAIRCUT, VolunteerMay.WITH_SKILL)


def test_shopping_may_be_done_by_anybody() -> None:
    assert suits((), Category.ERRAND, VolunteerMay.YES)
    assert not has_skill_for((), Category.ERRAND)


def test_rehabilitation_at_home_is_never_a_volunteers_task() -> None:
    assert not suits(tuple(Skill), Category.HOME_REHAB, VolunteerMay.NO)


@pytest.mark.parametrize(
    ("day", "hour", "slot"),
    [
        (23, 9, TimeSlot.WEEKDAY_DAY),
        (23, 18, TimeSlot.WEEKDAY_EVENING),
        (28, 9, TimeSlot.WEEKEND),
        (29, 20, TimeSlot.WEEKEND),
    ],
)
def test_a_moment_lies_in_one_slot(day: int, hour: int, slot: TimeSlot) -> None:
    moment = datetime(2026, 11, day, hour, tzinfo=SHANGHAI)
    assert slot_of(moment) is slot
    assert is_free({slot}, moment)
    assert is_free({TimeSlot.ANY_TIME}, moment)
    assert not is_free(set(TimeSlot) - {slot, TimeSlot.ANY_TIME}, moment)
