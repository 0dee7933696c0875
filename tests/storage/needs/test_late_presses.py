"""An offer answered days late, a clock over the year's end, nobody to ask, a paper run out."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert, update

from storage.database import Database
from storage.needs import Statement, Work, climb_needs, finish_claim, move_needs, next_need_at
from storage.needs.refusals import NeedTaken, NotQualified
from storage.rules.areas import Category, Urgency
from storage.rules.lifecycle import NeedState
from storage.tables import qualification
from tests.storage.needs.village import ERRAND, Village

MASSAGE = Statement(Category.MASSAGE, Urgency.U2, "腰疼，想请人按摩")
DAY = timedelta(days=1)


def _paper(village: Village, helper: int, ends: date) -> None:
    with village.database.transaction() as session:
        session.execute(
            insert(qualification).values(
                uid=str(helper),
                person_id=helper,
                kind="massage_therapist",
                state="confirmed",
                expires_on=ends,
                confirmed_by=village.coordinator,
                created_at=village.now,
                version=1,
            )
        )


def _sweep(village: Village) -> None:
    for step in (move_needs, climb_needs):
        while step(village.database, now=village.now):
            pass


def test_a_yes_after_three_days_takes_what_still_waits(village: Village) -> None:
    need_id = village.state()
    village.wait(3 * DAY)
    assert village.need(need_id).state is NeedState.UNCLAIMED
    card = village.claim(need_id, village.volunteers[0])
    assert (card.state, card.held.volunteer_id) == (NeedState.CLAIMED, village.volunteers[0])
    village.come(need_id)


def test_a_yes_after_three_days_hears_that_somebody_went(village: Village) -> None:
    first, second = village.volunteers
    need_id = village.state()
    village.claim(need_id, first)
    village.come(need_id)
    village.now += 3 * DAY
    with pytest.raises(NeedTaken):
        village.claim(need_id, second)
    assert village.need(need_id).held.volunteer_id == first


def test_a_paper_that_ran_out_since_the_offer_is_asked_for_at_the_press(village: Village) -> None:
    helper = village.add_volunteer("按摩师", skills="massage")
    _paper(village, helper, date(2026, 11, 25))
    need_id = village.state(MASSAGE)
    assert [who for _, who, _ in village.offers(need_id)] == [helper]
    village.now += DAY
    before = village.need(need_id)
    with pytest.raises(NotQualified) as refused:
        village.claim(need_id, helper)
    assert refused.value.facts == {"paper": "massage_therapist"}
    assert village.need(need_id) == before
    with village.database.transaction() as session:
        session.change(update(qualification).values(expires_on=date(2026, 12, 31)))
    assert village.claim(need_id, helper).state is NeedState.CLAIMED


@pytest.fixture
def eve(database: Database) -> Iterator[Village]:
    """Ten minutes before the year 2027 begins in Shanghai."""
    made = Village(database, datetime(2026, 12, 31, 15, 50, tzinfo=UTC))
    made.settle()
    yield made
    due = database.do(next_need_at)
    assert due is None or due > made.now


def test_a_need_of_the_last_minutes_of_the_year_is_offered_taken_and_done_in_the_next(
    eve: Village,
) -> None:
    need_id = eve.state(Statement(ERRAND.category, Urgency.U1, "药吃完了"))
    eve.now += timedelta(minutes=20)
    _sweep(eve)
    eve.claim(need_id, eve.volunteers[0])
    # Said in the old year's reckoning, due in the new: nothing is taken for long past.
    eve.come(need_id, after=timedelta(hours=9))
    _sweep(eve)
    assert eve.need(need_id).held.arrives_at == eve.now + timedelta(hours=9)
    assert eve.need(need_id).overdue_at is None
    eve.now += timedelta(hours=10)
    assert eve.act(finish_claim, need_id, work=Work(45)).state is NeedState.DONE


def test_what_waits_over_the_year_end_climbs_once_and_keeps_its_owner(eve: Village) -> None:
    need_id = eve.state()
    levels = [eve.need(need_id).level.value]
    for _ in range(6):
        eve.now += DAY
        _sweep(eve)
        card = eve.need(need_id)
        assert card.due_at is not None
        assert card.due_at > eve.now
        levels.append(card.level.value)
    assert eve.now.year == 2027
    assert levels[-1] != levels[0], levels
    # From the helpers to the desk and from there to the office, each once.
    assert eve.noted().count("need_climbed") == 2


def test_where_there_is_no_volunteer_at_all_a_person_has_it_and_says_so(
    database: Database, now: datetime
) -> None:
    village = Village(database, now)
    village.settle(volunteers=0)
    need_id = village.state()
    assert village.offers(need_id) == []
    village.wait(timedelta(minutes=5))
    assert village.need(need_id).state is NeedState.UNCLAIMED
    told = village.deliver()
    assert any(one.startswith("desk_") for one in village.said_to(village.coordinator, told))
