"""Story 6: the day is coming, and people are reminded once, at a working hour."""

import pytest
from sqlalchemy import update

from storage.tables import check_in_plan
from tests.journeys.village import COORDINATOR, RESIDENT, ZHANG, Village


@pytest.fixture(autouse=True)
async def no_calls(village: Village) -> None:
    """Days pass quickly here: no call is due that would climb its ladder meanwhile."""
    with village.program.database.transaction() as session:
        session.change(update(check_in_plan).values(state="ended", next_due_at=None))


def count(texts: list[str], *words: str) -> int:
    return sum(all(word in text for word in words) for text in texts)


async def test_the_days_audience_is_reminded_once_for_each_lead(village: Village) -> None:
    await village.clock(to="2026-12-03T01:30:00+00:00")
    said = await village.said(RESIDENT)
    assert count(said, "国际残疾人日") == 2  # seven days before, and the day before
    assert count(said, "明天", "国际残疾人日") == 1


async def test_reminders_come_at_nine_in_the_morning(village: Village) -> None:
    await village.clock(to="2026-11-26T00:59:00+00:00")
    assert count(await village.said(RESIDENT), "国际残疾人日") == 0
    await village.clock(to="2026-11-26T01:01:00+00:00")
    assert count(await village.said(RESIDENT), "国际残疾人日") == 1


async def test_somebody_who_switched_it_off_hears_no_more(village: Village) -> None:
    await village.clock(to="2026-11-26T01:01:00+00:00")
    await village.press(RESIDENT, "关掉提醒")
    await village.heard(RESIDENT, "关掉")
    await village.clock(to="2026-12-03T01:30:00+00:00")
    assert count(await village.said(RESIDENT), "国际残疾人日") == 0
    assert count(await village.said(ZHANG), "国际残疾人日") == 2


async def test_a_day_slept_through_brings_no_burst(village: Village) -> None:
    await village.asleep(on=True)
    await village.post("clock", to="2026-12-02T06:00:00+00:00")
    await village.asleep(on=False)
    await village.rest()
    assert count(await village.said(RESIDENT), "国际残疾人日") == 1
    await village.heard(RESIDENT, "明天")


async def test_the_audience_is_named_by_the_day(village: Village) -> None:
    await village.clock(to="2026-12-04T01:30:00+00:00")
    assert count(await village.said(ZHANG), "国际志愿者日") >= 1
    assert count(await village.said(COORDINATOR), "国际志愿者日") <= 3
