"""Tiers: what the register suggests and why, until when one is raised, what may be left out."""

from datetime import date, timedelta

import pytest

from storage.rules.certificate import DisabilityCategory
from storage.rules.days import DAYS
from storage.rules.rhythm import Every
from storage.rules.tiers import (
    CHANGES,
    EVERY,
    FESTIVALS_BY_DATE,
    LONGEST_GAP,
    LUNAR,
    WEATHER,
    Known,
    Tier,
    calls_a_week,
    may_be_phoned,
    may_leave_out,
    suggest_tier,
    tier_on,
)

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("known", "tier", "reason"),
    [
        (Known(severe=True, alone=True), Tier.A, "alone_severe"),
        (Known(severe=True, spouse_severe=True), Tier.A, "both_severe"),
        (Known(changed=True), Tier.A, "changed"),
        (Known(severe=True), Tier.B, "severe"),
        (Known(old=True), Tier.B, "old"),
        (Known(several=True), Tier.B, "several"),
        (Known(alone=True), Tier.C, "other"),
        (Known(spouse_severe=True), Tier.C, "other"),
        (Known(), Tier.C, "other"),
    ],
)
def test_the_gravest_reason_counts(known: Known, tier: Tier, reason: str) -> None:
    found = suggest_tier(known)
    assert (found.tier, found.reason) == (tier, reason)


def test_the_data_knows_each_tier_and_a_is_phoned_each_week() -> None:
    assert EVERY[Tier.A] == (Every.WEEK,)
    assert LONGEST_GAP[Tier.A] == 7
    assert all(calls_a_week(kind, Tier.A) == 2 for kind in WEATHER)
    assert all(change.visit_hours <= 24 for change in CHANGES.values())
    assert set(FESTIVALS_BY_DATE) <= {day.key for day in DAYS}
    assert all(max(days).year == 2045 for days in LUNAR.values())


def test_a_raised_tier_ends_with_its_day() -> None:
    raised = {"tier": "c", "raised_to": "a", "raised_until": TODAY}
    assert tier_on(TODAY, **raised) is Tier.A  # type: ignore[arg-type]
    assert tier_on(TODAY + timedelta(days=1), **raised) is Tier.C  # type: ignore[arg-type]


def test_whoever_may_not_hear_or_speak_is_never_phoned() -> None:
    assert not may_be_phoned(frozenset({DisabilityCategory.HEARING}))
    assert not may_be_phoned(frozenset({DisabilityCategory.PHYSICAL, DisabilityCategory.SPEECH}))
    assert may_be_phoned(frozenset({DisabilityCategory.VISUAL}))
    assert may_be_phoned(frozenset())


def test_tier_a_is_never_silent_for_longer_than_a_week_because_somebody_was_there() -> None:
    week = timedelta(days=7)
    assert may_leave_out(Tier.A, seen=TODAY, following=TODAY + week)
    assert not may_leave_out(Tier.A, seen=TODAY - timedelta(days=1), following=TODAY + week)
    assert may_leave_out(Tier.B, seen=TODAY - timedelta(days=10), following=TODAY + 5 * week)
