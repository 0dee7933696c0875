"""Minutes count with two independent marks; the rule and the query say the same."""

import itertools
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from storage.confirmations import (
    OwnMark,
    add_mark,
    hours_of,
    independent_marks,
    marks_of,
    minutes_count,
)
from storage.rules.marks import Mark, MarkKind, count_independent, do_minutes_count
from storage.tables import claim, household, household_member
from tests.storage.needs.village import Village

HELPER = 1


class Undone(Exception):
    """The transaction is to leave nothing behind."""


MARKS = st.lists(st.builds(Mark, st.sampled_from(MarkKind), st.integers(1, 4)), max_size=8)


@given(MARKS)
def test_more_marks_never_take_minutes_away_and_ones_own_never_add(marks: list[Mark]) -> None:
    with_all = count_independent(marks, helper_id=HELPER)
    for size in range(len(marks)):
        assert count_independent(marks[:size], helper_id=HELPER) <= with_all
    others = [one for one in marks if one.by != HELPER or one.kind is MarkKind.DOOR_WORDS]
    assert count_independent(others, helper_id=HELPER) == with_all
    if do_minutes_count(marks, helper_id=HELPER):
        assert len({(one.kind, one.by) for one in others}) >= 2


def test_the_home_says_yes_once_however_many_live_there() -> None:
    home = [Mark(MarkKind.RESIDENT, 2), Mark(MarkKind.FAMILY, 3)]
    assert count_independent(home, helper_id=HELPER) == 1
    door = Mark(MarkKind.DOOR_WORDS, HELPER)
    assert do_minutes_count([*home, door], helper_id=HELPER)
    staff = [Mark(MarkKind.STAFF, 4), Mark(MarkKind.STAFF, 5)]
    assert do_minutes_count(staff, helper_id=HELPER)
    assert not do_minutes_count(staff[:1] * 2, helper_id=HELPER)


def _claim(village: Village) -> int:
    """The claim of a visit that is done."""
    village.finish(village.carried(), minutes=45)
    held = village.need(1).claim
    assert held is not None
    return held.id


def test_the_query_counts_as_the_rule_does(village: Village) -> None:
    claim_id, helper = _claim(village), village.volunteers[0]
    people = (village.resident, village.daughter, village.coordinator)
    kinds = (MarkKind.RESIDENT, MarkKind.FAMILY, MarkKind.STAFF)
    every = [*zip(kinds, people, strict=True), (MarkKind.DOOR_WORDS, helper)]
    for size in range(len(every) + 1):
        for some in itertools.combinations(every, size):
            with suppress(Undone), village.database.transaction() as session:
                for kind, by in some:
                    reason = "phoned" if kind is MarkKind.STAFF else ""
                    facts: dict[str, Any] = {
                        "claim_id": claim_id,
                        "kind": kind,
                        "by": by,
                        "reason": reason,
                    }
                    assert add_mark(session, now=village.now, **facts)
                    assert not add_mark(session, now=village.now, **facts), "once"
                marks = marks_of(session, claim_ids=[claim_id]).get(claim_id, [])
                wanted = count_independent(marks, helper_id=helper)
                assert session.value(select(independent_marks()).select_from(claim)) == wanted
                found = session.find(select(claim.c.id).where(minutes_count()))
                assert (found is not None) == do_minutes_count(marks, helper_id=helper)
                raise Undone


def test_nobody_confirms_themselves_nor_does_their_household(village: Village) -> None:
    claim_id, helper = _claim(village), village.volunteers[0]
    with pytest.raises(OwnMark):
        village.do(add_mark, claim_id=claim_id, kind=MarkKind.STAFF, by=helper, reason="seen")
    with village.database.transaction() as session:
        home = session.value(
            insert(household)
            .values(code="H1", created_at=village.now, version=1)
            .returning(household.c.id)
        )
        for person_id in (helper, village.resident):
            session.execute(
                insert(household_member).values(
                    household_id=home, person_id=person_id, since=village.now
                )
            )
    with pytest.raises(OwnMark):
        village.do(add_mark, claim_id=claim_id, kind=MarkKind.RESIDENT, by=village.resident)


def test_hours_are_counted_or_awaiting_and_long_days_are_named(village: Village) -> None:
    claim_id, helper = _claim(village), village.volunteers[0]
    hours = village.database.do(hours_of, person_id=helper)
    assert (hours.counted, hours.awaiting, hours.long_days) == (0, 45, ())
    village.do(add_mark, claim_id=claim_id, kind=MarkKind.RESIDENT, by=village.resident)
    village.do(add_mark, claim_id=claim_id, kind=MarkKind.DOOR_WORDS, by=helper)
    again = village.carried()
    village.finish(again, minutes=600)
    hours = village.database.do(hours_of, person_id=helper)
    assert (hours.counted, hours.awaiting) == (45, 600)
    assert hours.long_days == (village.now.date(),)
    assert [one.minutes for one in hours.visits] == [600, 45]
