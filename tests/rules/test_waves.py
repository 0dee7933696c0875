"""Offers widen by the table, and reach only those whom they may reach."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.rules.areas import Category, Urgency
from storage.rules.skills import Skill, TimeSlot
from storage.rules.waves import (
    WAVES,
    NeedFacts,
    Reach,
    Reason,
    VolunteerFacts,
    Wave,
    choose,
    may_be_offered,
    next_wave,
)

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
NEED = NeedFacts(category=Category.ERRAND, community_id=1, urgency=Urgency.U2)
VOLUNTEER = VolunteerFacts(
    person_id=7,
    community_id=1,
    skills=frozenset({Skill.ERRANDS}),
    slots=frozenset({TimeSlot.WEEKDAY_DAY}),
)
FIRST, NEAR, ANYWHERE, LAST = WAVES[Urgency.U2]


@pytest.mark.parametrize("urgency", Urgency)
def test_every_need_ends_with_the_coordinator_when_nobody_takes_it(urgency: Urgency) -> None:
    seen: list[Wave] = []
    while (wave := next_wave(urgency, len(seen))) is not None:
        seen.append(wave)
    assert [wave.number for wave in seen] == list(range(1, len(seen) + 1))
    assert [wave.is_last for wave in seen] == [False] * (len(seen) - 1) + [True]


def test_more_urgent_needs_reach_the_coordinator_sooner() -> None:
    waits = [sum((w.after for w in WAVES[urgency]), timedelta()) for urgency in Urgency]
    assert waits == sorted(waits)
    assert len(set(waits)) == len(waits)


def test_what_no_volunteer_may_do_goes_to_the_coordinator_at_once() -> None:
    wave = next_wave(Urgency.U2, 0, Category.TWO_SUBSIDIES)
    assert wave is not None
    assert wave.is_last
    assert wave.after == timedelta(0)
    assert next_wave(Urgency.U2, 1, Category.TWO_SUBSIDIES) is None


def test_a_neighbour_with_the_skill_and_time_is_offered_it_first() -> None:
    match = may_be_offered(VOLUNTEER, NEED, FIRST, MONDAY)
    assert match
    assert match.reasons == (Reason.SAME_COMMUNITY, Reason.HAS_SKILL, Reason.FREE_THEN)


@pytest.mark.parametrize(
    ("volunteer", "reason"),
    [
        (replace(VOLUNTEER, approved=False), Reason.NOT_APPROVED),
        (replace(VOLUNTEER, paused=True), Reason.PAUSED),
        (replace(VOLUNTEER, own_household=True), Reason.OWN_HOUSEHOLD),
        (replace(VOLUNTEER, asked_before=True), Reason.ASKED_BEFORE),
        (replace(VOLUNTEER, active_claims=3), Reason.OVER_LIMIT),
    ],
)
def test_some_are_never_offered_a_need_however_far_it_reaches(
    volunteer: VolunteerFacts, reason: Reason
) -> None:
    for wave in (FIRST, NEAR, ANYWHERE):
        match = may_be_offered(volunteer, NEED, wave, MONDAY)
        assert not match
        assert match.reasons == (reason,)


def test_the_second_wave_asks_neighbours_who_have_not_ticked_the_skill() -> None:
    willing = replace(VOLUNTEER, skills=frozenset({Skill.HOUSEWORK}))
    assert may_be_offered(willing, NEED, FIRST, MONDAY).reasons == (Reason.NO_SKILL,)
    assert may_be_offered(willing, NEED, NEAR, MONDAY)


def test_the_third_wave_reaches_other_communities() -> None:
    far = replace(VOLUNTEER, community_id=2)
    assert may_be_offered(far, NEED, NEAR, MONDAY).reasons == (Reason.OTHER_COMMUNITY,)
    assert may_be_offered(far, NEED, ANYWHERE, MONDAY)


def test_no_wave_brings_a_haircut_to_somebody_who_cannot_cut_hair() -> None:
    need = replace(NEED, category=Category.HAIRCUT)
    for wave in (FIRST, NEAR, ANYWHERE):
        assert Reason.NO_SKILL in may_be_offered(VOLUNTEER, need, wave, MONDAY).reasons


def test_a_wished_time_asks_those_first_who_are_free_then() -> None:
    need = replace(NEED, wanted_local=MONDAY + timedelta(days=5))
    assert may_be_offered(VOLUNTEER, need, FIRST, MONDAY).reasons == (Reason.NOT_FREE_THEN,)
    assert may_be_offered(VOLUNTEER, need, NEAR, MONDAY)


def test_an_urgent_need_asks_those_first_who_are_free_now() -> None:
    need = replace(NEED, urgency=Urgency.U1)
    evening = MONDAY.replace(hour=19)
    assert may_be_offered(VOLUNTEER, need, FIRST, MONDAY)
    assert may_be_offered(VOLUNTEER, need, FIRST, evening).reasons == (Reason.NOT_FREE_THEN,)


def test_nobody_is_offered_what_the_coordinator_has() -> None:
    assert may_be_offered(VOLUNTEER, NEED, LAST, MONDAY).reasons == (Reason.COORDINATOR_HAS_IT,)
    assert choose([VOLUNTEER], NEED, LAST, MONDAY) == ()


def test_those_with_less_to_do_and_the_longer_wait_come_first() -> None:
    busy = replace(VOLUNTEER, person_id=1, active_claims=2)
    asked = replace(VOLUNTEER, person_id=2, last_offered_at=MONDAY)
    never = replace(VOLUNTEER, person_id=3)
    chosen = choose([busy, asked, never], NEED, FIRST, MONDAY)
    assert [person.person_id for person, _ in chosen] == [3, 2, 1]


@given(st.integers(min_value=0, max_value=60))
def test_a_wave_never_asks_more_people_than_it_may(count: int) -> None:
    people = [replace(VOLUNTEER, person_id=number) for number in range(count)]
    wave = Wave(number=1, after=timedelta(0), reach=Reach.NEAR, at_most=10)
    assert len(choose(people, NEED, wave, MONDAY)) == min(count, 10)
