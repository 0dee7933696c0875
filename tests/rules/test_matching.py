"""Whom a need is brought to: hard stops always win, the order is fair, and each part has a name."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.rules.areas import Category, Urgency, VolunteerMay
from storage.rules.matching import (
    LATER,
    Helper,
    Stop,
    Wanted,
    Wishes,
    find_stops,
    find_stops_now,
    match,
    rank,
    read_parts,
    weigh,
    why_you,
    write_parts,
)
from storage.rules.skills import Skill, TimeSlot
from storage.rules.waves import WAVES
from storage.rules.weights import WEIGHTS, Part, read_weights

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
NEED = Wanted(category=Category.ERRAND, urgency=Urgency.U2, community_id=1)
HELPER = Helper(
    person_id=7,
    community_id=1,
    skills=frozenset({Skill.ERRANDS}),
    slots=frozenset({TimeSlot.WEEKDAY_DAY}),
)
FIRST, NEAR, ANYWHERE, LAST = WAVES[Urgency.U2]


def parts_of(helper: Helper, wanted: Wanted = NEED) -> list[Part]:
    return [part for part, _ in weigh(helper, wanted, MONDAY)]


def stops_in(helper: Helper, wanted: Wanted, *waves: Any) -> list[tuple[Stop, ...]]:
    return [find_stops_now(helper, wanted, wave, MONDAY) for wave in waves]


def order_of(helpers: Iterable[Helper], wanted: Wanted = NEED) -> list[int]:
    return [one.person_id for one in rank(helpers, wanted, MONDAY)]


def test_a_neighbour_with_the_skill_and_time_is_asked_first_and_knows_why() -> None:
    found = match(HELPER, NEED, FIRST, MONDAY)
    assert found.stops == ()
    parts = [part for part, _ in found.parts]
    assert {Part.SAME_COMMUNITY, Part.HAS_SKILL, Part.FREE_THEN} <= set(parts)
    assert why_you(parts) == [Part.HAS_SKILL, Part.SAME_COMMUNITY]


@pytest.mark.parametrize("stop", sorted(set(Stop) - LATER))
def test_what_the_register_says_against_somebody_holds_in_every_wave(stop: Stop) -> None:
    barred = replace(HELPER, barred=frozenset({stop}))
    assert stops_in(barred, NEED, FIRST, NEAR, ANYWHERE) == [(stop,)] * 3


def test_a_full_list_is_not_made_fuller() -> None:
    full = replace(HELPER, active_claims=3)
    assert stops_in(full, NEED, FIRST, NEAR, ANYWHERE) == [(Stop.OVER_LIMIT,)] * 3


def test_the_second_wave_asks_neighbours_who_have_not_ticked_the_skill() -> None:
    willing = replace(HELPER, skills=frozenset({Skill.HOUSEWORK}))
    assert stops_in(willing, NEED, FIRST, NEAR) == [(Stop.SKILL_NOT_TICKED,), ()]


def test_the_third_wave_reaches_other_communities_the_neighbouring_ones_first() -> None:
    far = replace(HELPER, person_id=1, community_id=9)
    sibling = replace(HELPER, person_id=2, community_id=3)
    beside = replace(HELPER, person_id=3, community_id=2)
    need = replace(NEED, neighbours=frozenset({2}), siblings=frozenset({2, 3}))
    assert stops_in(beside, need, NEAR, ANYWHERE) == [(Stop.OTHER_COMMUNITY,), ()]
    assert order_of([far, sibling, beside], need) == [3, 2, 1]


def test_nobody_is_near_a_need_without_a_community() -> None:
    need = replace(NEED, community_id=None)
    homeless = replace(HELPER, community_id=None)
    assert stops_in(homeless, need, NEAR, ANYWHERE) == [(Stop.OTHER_COMMUNITY,), ()]
    assert Part.SAME_COMMUNITY not in parts_of(homeless, need)


def test_the_same_building_comes_before_the_same_community() -> None:
    need = replace(NEED, group="3栋")
    there = replace(HELPER, person_id=9, group="3栋")
    assert parts_of(there, need)[0] is Part.SAME_GROUP
    assert Part.SAME_COMMUNITY not in parts_of(there, need)
    assert order_of([HELPER, there], need) == [9, 7]
    # Who has said of no house where it is lives in the same one as nobody.
    assert Part.SAME_GROUP not in parts_of(HELPER, NEED)


def test_no_wave_brings_a_haircut_to_somebody_who_cannot_cut_hair() -> None:
    need = replace(NEED, category=Category.HAIRCUT, may=VolunteerMay.WITH_SKILL)
    for stops in stops_in(HELPER, need, FIRST, NEAR, ANYWHERE):
        assert Stop.NO_SKILL in stops


def test_what_needs_a_paper_goes_only_to_whoever_holds_a_valid_one() -> None:
    need = replace(NEED, needs_paper=True)
    assert find_stops(HELPER, need) == (Stop.NOT_QUALIFIED,)
    holder = replace(HELPER, qualified=True)
    assert find_stops(holder, need) == ()
    assert Part.QUALIFIED in parts_of(holder)


@pytest.mark.parametrize(
    ("need", "agrees", "stops"),
    [
        (NEED, True, ()),
        (NEED, False, (Stop.GUARDIAN_MUST_AGREE,)),
        (replace(NEED, minors=False), True, (Stop.TOO_YOUNG,)),
        (replace(NEED, risky=True), True, (Stop.TOO_YOUNG,)),
    ],
)
def test_minors_are_asked_only_for_what_suits_them_and_with_their_guardians_yes(
    need: Wanted, agrees: bool, stops: tuple[Stop, ...]
) -> None:
    young = replace(HELPER, minor=True, guardian_agrees=agrees)
    assert find_stops(young, need) == stops


def test_a_wished_time_asks_those_first_who_are_free_then() -> None:
    need = replace(NEED, wanted_local=MONDAY + timedelta(days=5))
    assert stops_in(HELPER, need, FIRST, NEAR) == [(Stop.NOT_FREE_THEN,), ()]
    assert Part.FREE_THEN not in parts_of(HELPER, need)
    evenings = replace(HELPER, slots=frozenset({TimeSlot.WEEKDAY_EVENING}))
    tomorrow = replace(NEED, wanted_local=MONDAY + timedelta(days=1))
    assert Part.FREE_THEN not in parts_of(evenings, tomorrow)
    assert Part.FREE_THEN in parts_of(evenings, replace(tomorrow, any_hour=True))


def test_an_urgent_need_asks_those_first_who_are_free_now() -> None:
    need = replace(NEED, urgency=Urgency.U1)
    assert find_stops_now(HELPER, need, FIRST, MONDAY) == ()
    assert find_stops_now(HELPER, need, FIRST, MONDAY.replace(hour=19)) == (Stop.NOT_FREE_THEN,)


def test_nobody_is_asked_what_the_coordinator_has() -> None:
    assert Stop.COORDINATOR_HAS_IT in find_stops_now(HELPER, NEED, LAST, MONDAY)


def test_who_is_asked_often_is_left_alone_until_a_need_would_find_nobody() -> None:
    asked = replace(HELPER, recent_offers=WEIGHTS.often_offers)
    assert stops_in(asked, NEED, FIRST, NEAR, ANYWHERE) == [
        (Stop.ASKED_OFTEN,),
        (Stop.ASKED_OFTEN,),
        (),
    ]
    assert order_of([asked, replace(HELPER, person_id=8)]) == [8, 7]


def test_the_language_of_the_resident_and_their_wishes_weigh() -> None:
    wishes = Wishes(sex="female", languages=frozenset({"sign_language"}), same_helper=True)
    need = replace(NEED, wishes=wishes)
    signs = replace(HELPER, skills=HELPER.skills | {Skill.SIGN_LANGUAGE}, sex="female")
    back = replace(signs, helped_before=True)
    assert {Part.SPEAKS, Part.WISHED_SEX} <= set(parts_of(signs, need))
    assert {Part.WISHED_BACK, Part.HELPED_BEFORE} <= set(parts_of(back, need))
    assert Part.WISHED_BACK not in parts_of(back)
    other = replace(HELPER, languages=frozenset({"chongqing"}), sex="male")
    assert not {Part.SPEAKS, Part.WISHED_SEX} & set(parts_of(other, need))


def test_who_knows_them_comes_before_who_does_not() -> None:
    caller = replace(HELPER, person_id=1, phones_them=True)
    fellow = replace(HELPER, person_id=2, same_organisation=True)
    assert order_of([HELPER, fellow, caller]) == [1, 2, 7]


def test_a_small_task_goes_first_to_who_has_not_begun_yet() -> None:
    new = replace(HELPER, person_id=9, newcomer=True)
    assert order_of([HELPER, new]) == [7, 9]
    assert order_of([HELPER, new], replace(NEED, small=True)) == [9, 7]


def test_those_with_less_to_do_and_the_longer_wait_come_first() -> None:
    busy = replace(HELPER, person_id=1, active_claims=2)
    asked = replace(HELPER, person_id=2, last_offered_at=MONDAY)
    tired = replace(HELPER, person_id=3, last_visit_at=MONDAY - timedelta(hours=1))
    never = replace(HELPER, person_id=4)
    assert order_of([busy, asked, tired, never]) == [4, 2, 3, 1]
    assert Part.RESTS_AFTER_VISIT in parts_of(tired)


def test_a_volunteer_is_told_nothing_by_which_they_could_guess_who_it_is() -> None:
    for part in (Part.HELPED_BEFORE, Part.WISHED_BACK, Part.PHONES_THEM, Part.SAME_ORGANISATION):
        assert why_you([part]) == []


def test_offers_made_before_parts_had_points_are_still_read() -> None:
    assert read_parts("same_community,has_skill,gone") == [Part.SAME_COMMUNITY, Part.HAS_SKILL]
    assert read_parts("") == []
    parts = weigh(HELPER, NEED, MONDAY)
    assert read_parts(write_parts(parts)) == [part for part, _ in parts]


def test_a_weight_that_is_missing_is_noticed_at_once() -> None:
    with pytest.raises(ValueError, match="no points for"):
        read_weights("[points]\nsame_group = 1")


DAYS = st.none() | st.integers(0, 60).map(lambda days: MONDAY - timedelta(days=days))
HELPERS = st.builds(
    Helper,
    person_id=st.integers(1, 40),
    community_id=st.sampled_from([None, 1, 2, 3]),
    skills=st.frozensets(st.sampled_from(Skill), max_size=4),
    slots=st.frozensets(st.sampled_from(TimeSlot), max_size=3),
    barred=st.frozensets(st.sampled_from([Stop.PAUSED, Stop.KEPT_APART, Stop.SAID_NO]), max_size=1),
    group=st.sampled_from(["", "3栋"]),
    languages=st.frozensets(st.sampled_from(["chongqing", "sign_language"])),
    sex=st.sampled_from([None, "male", "female"]),
    minor=st.booleans(),
    guardian_agrees=st.booleans(),
    qualified=st.booleans(),
    helped_before=st.booleans(),
    newcomer=st.booleans(),
    active_claims=st.integers(0, 4),
    recent_offers=st.integers(0, 12),
    last_offered_at=DAYS,
    last_visit_at=DAYS,
)
NEEDS = st.builds(
    Wanted,
    category=st.sampled_from(Category),
    urgency=st.sampled_from(Urgency),
    community_id=st.sampled_from([None, 1, 2]),
    group=st.sampled_from(["", "3栋"]),
    neighbours=st.just(frozenset({2})),
    siblings=st.just(frozenset({2, 3})),
    wishes=st.builds(Wishes, sex=st.sampled_from([None, "female"]), same_helper=st.booleans()),
    may=st.sampled_from(VolunteerMay),
    needs_paper=st.booleans(),
    risky=st.booleans(),
    minors=st.booleans(),
    small=st.booleans(),
)
WAVE = st.sampled_from(WAVES[Urgency.U2])


@given(HELPERS, NEEDS, WAVE, st.sampled_from(Skill))
def test_one_skill_more_never_counts_against_somebody(
    helper: Helper, need: Wanted, wave: Any, skill: Skill
) -> None:
    before, after = (
        match(one, need, wave, MONDAY)
        for one in (helper, replace(helper, skills=helper.skills | {skill}))
    )
    assert set(after.stops) <= set(before.stops)
    assert bool(before.stops) or after.points >= before.points


@given(HELPERS, NEEDS, WAVE)
def test_whatever_speaks_for_somebody_a_stop_wins(helper: Helper, need: Wanted, wave: Any) -> None:
    found = match(helper, need, wave, MONDAY)
    assert set(find_stops(helper, need)) <= set(found.stops)
    assert helper.barred <= set(found.stops)
    assert not (found.stops and found.parts)


@given(st.lists(HELPERS, max_size=12, unique_by=lambda one: one.person_id), NEEDS, st.randoms())
def test_the_order_is_the_same_however_they_come(
    helpers: list[Helper], need: Wanted, chance: Any
) -> None:
    mixed = list(helpers)
    chance.shuffle(mixed)
    assert order_of(mixed, need) == order_of(helpers, need)


@given(HELPERS, NEEDS, DAYS, DAYS)
def test_of_equals_it_is_the_turn_of_who_has_waited_longest(
    helper: Helper, need: Wanted, one: datetime | None, other: datetime | None
) -> None:
    first = replace(helper, person_id=1, last_offered_at=one)
    second = replace(helper, person_id=2, last_offered_at=other)
    longest_ago = datetime.min.replace(tzinfo=ZoneInfo("UTC"))
    waits = [(one or longest_ago, 1), (other or longest_ago, 2)]
    assert order_of([second, first], need) == [who for _, who in sorted(waits)]


@given(HELPERS, NEEDS)
def test_every_part_has_a_name_and_its_points_from_the_table(helper: Helper, need: Wanted) -> None:
    for part, points in weigh(helper, need, MONDAY):
        if part is Part.EACH_TASK:
            assert points == WEIGHTS.points[part] * helper.active_claims
        elif part is Part.LONG_NOT_ASKED:
            assert 0 < points <= WEIGHTS.points[part]
        else:
            assert points == WEIGHTS.points[part]
