"""Purposes: each apart, on whose word, for how long, and when a no may be asked about again."""

from datetime import UTC, datetime, timedelta

import pytest

from storage.rules.purposes import (
    PUBLISHING,
    PURPOSES,
    REST_AFTER_NO,
    Ground,
    Purpose,
    may_ask_again,
    may_speak,
)
from storage.tables.consents import GROUNDS
from storage.tables.consents import PURPOSES as IN_TABLE

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


def test_every_purpose_has_its_line_and_the_table_knows_the_same_words() -> None:
    assert tuple(PURPOSES) == tuple(Purpose)
    assert tuple(IN_TABLE) == tuple(Purpose)
    assert tuple(GROUNDS) == tuple(Ground)


def test_only_what_the_service_cannot_do_without_is_essential() -> None:
    essential = {one for one, rule in PURPOSES.items() if rule.essential}
    assert essential == {Purpose.KEEP_DATA, Purpose.ABROAD, Purpose.VOLUNTEER_MINOR}
    assert all(not PURPOSES[one].essential for one in PUBLISHING)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_for_a_child_nobody_but_the_guardian_speaks(purpose: Purpose) -> None:
    able = {ground for ground in Ground if may_speak(purpose, ground, child=True)}
    assert able <= {Ground.GUARDIAN, Ground.WITNESSED}
    assert Ground.GUARDIAN in able


def test_a_caregiver_speaks_only_for_what_a_need_needs() -> None:
    spoken = {one for one in Purpose if may_speak(one, Ground.CAREGIVER, child=False)}
    assert spoken == {Purpose.SHARE_CONTACT}


def test_nobody_helps_as_a_minor_on_their_own_word() -> None:
    assert not may_speak(Purpose.VOLUNTEER_MINOR, Ground.SELF, child=False)


def test_a_yes_that_runs_out_is_asked_about_before_it_does() -> None:
    rule = PURPOSES[Purpose.PUBLISH_NAME]
    assert rule.expires_at(NOW) == NOW + timedelta(days=365)
    assert rule.due_at(NOW) == NOW + timedelta(days=335)
    assert PURPOSES[Purpose.KEEP_DATA].due_at(NOW) is None


def test_a_no_rests_for_half_a_year() -> None:
    assert may_ask_again(None, NOW)
    assert not may_ask_again(NOW, NOW + REST_AFTER_NO - timedelta(seconds=1))
    assert may_ask_again(NOW, NOW + REST_AFTER_NO)
