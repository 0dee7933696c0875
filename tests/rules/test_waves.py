"""Offers widen by the table, and each wave has its reason."""

from datetime import timedelta

import pytest

from storage.rules.areas import Urgency, VolunteerMay
from storage.rules.waves import WAVES, Wave, Why, next_wave, why_next


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
    wave = next_wave(Urgency.U2, 0, VolunteerMay.NO)
    assert wave is not None
    assert wave.is_last
    assert wave.after == timedelta(0)
    assert next_wave(Urgency.U2, 1, VolunteerMay.NO) is None


@pytest.mark.parametrize(
    ("wave", "reached", "silent", "why"),
    [
        (0, 0, 0, Why.FIRST),
        (1, 0, 0, Why.NOBODY),
        (1, 3, 0, Why.ALL_DECLINED),
        (2, 3, 1, Why.NO_ANSWER),
    ],
)
def test_each_wave_says_why_it_goes_out(wave: int, reached: int, silent: int, why: Why) -> None:
    assert why_next(wave, reached=reached, silent=silent) is why
