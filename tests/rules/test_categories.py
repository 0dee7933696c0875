"""The shipped table of categories: whole, meant, and true to the programme's document."""

import tomllib
from importlib.resources import files

import pytest

from storage.rules.areas import (
    CATEGORIES,
    Area,
    Category,
    Mode,
    Urgency,
    Verify,
    VolunteerMay,
    read_rules,
)
from storage.rules.fields import OPTIONS

DATA = files("storage.rules").joinpath("data")
TABLE = DATA.joinpath("categories.toml").read_text(encoding="utf-8")


def test_every_category_has_its_rule_and_no_other_is_named() -> None:
    assert list(CATEGORIES) == list(Category)


def test_a_table_without_one_category_is_refused() -> None:
    lines = [line for line in TABLE.splitlines() if not line.startswith("haircut")]
    with pytest.raises(ValueError, match="haircut"):
        read_rules("\n".join(lines))


def test_providers_are_kinds_of_organisations_that_a_new_register_has() -> None:
    tree = tomllib.loads(DATA.joinpath("organisations.toml").read_text(encoding="utf-8"))
    kinds = {kind["key"] for kind in tree["kinds"]}
    for rule in CATEGORIES.values():
        assert set(rule.providers) <= kinds, rule.category


def test_every_need_but_an_emergency_and_small_talk_has_somebody_to_turn_to() -> None:
    without = {rule.category for rule in CATEGORIES.values() if not rule.providers}
    assert without == {
        Category.EMERGENCY_MEDICAL,
        Category.EMERGENCY_FIRE_GAS,
        Category.EMERGENCY_MISSING,
        Category.EMERGENCY_SELF_HARM,
        Category.EMERGENCY_VIOLENCE,
        Category.NOT_A_NEED,
    }


def test_papers_asked_for_are_papers_that_can_be_registered() -> None:
    known = {option.key for option in OPTIONS["qualification"]}
    assert {rule.qualification for rule in CATEGORIES.values()} - {None} <= known


def test_danger_to_life_is_urgent_and_can_never_be_switched_off() -> None:
    for rule in CATEGORIES.values():
        if rule.urgency is Urgency.U0:
            assert rule.fixed
            assert rule.area is Area.EMERGENCY


def test_what_only_professionals_do_is_never_young_or_small_work() -> None:
    for rule in CATEGORIES.values():
        if rule.volunteer_may is VolunteerMay.NO:
            assert not rule.minors, rule.category
            assert not rule.small, rule.category
            assert rule.mode is Mode.FIRST_COME


def test_hours_to_verify_say_that_somebody_verifies() -> None:
    for rule in CATEGORIES.values():
        assert (rule.verify is Verify.COORDINATOR) == (rule.verify_hours > 0)
