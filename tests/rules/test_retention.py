"""The retention table: every class has a period, an act and a reason."""

from datetime import UTC, datetime, time

import pytest

from storage.rules.retention import PERIODS, is_time, read_periods

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


def test_every_class_names_the_rule_it_follows() -> None:
    for period in PERIODS.values():
        assert period.days >= 0
        assert "法" in period.why or "条例" in period.why


def test_proofs_of_consent_are_kept_for_three_years() -> None:
    assert PERIODS["statements"].days == 3 * 365
    assert PERIODS["need_words"].before(NOW) == datetime(2026, 5, 29, 2, 0, tzinfo=UTC)


def test_a_purge_waits_for_the_night() -> None:
    assert not is_time(datetime.combine(NOW.date(), time(2, 59)))
    assert is_time(datetime.combine(NOW.date(), time(3)))


@pytest.mark.parametrize(
    "text",
    [
        '[a]\ndays = -1\nact = "wipe"\nwhy = "x"',
        '[a]\ndays = 1\nact = "burn"\nwhy = "x"',
        '[a]\nact = "wipe"\nwhy = "x"',
    ],
)
def test_what_cannot_be_meant_is_refused(text: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        read_periods(text)
