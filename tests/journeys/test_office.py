"""Story: a clerk empties the list, finds a person, and hears on Monday how the week was."""

from sqlalchemy import select, update

from storage.tables import check_in_plan, organisation, person
from tests.journeys.test_joining import apply_as_volunteer, join_as_resident
from tests.journeys.village import COORDINATOR, NEWCOMER, RESIDENT, ZHANG, Village, numbers_in

MONDAY = "2026-11-30T01:00:00+00:00"
TUESDAY_MORNING = "2026-12-01T02:00:00+00:00"
NEXT_TUESDAY_NOON = "2026-12-08T04:30:00+00:00"


async def settled(village: Village) -> None:
    """No call is due that would climb its ladder, and each community has its contact person."""
    with village.program.database.transaction() as session:
        session.change(update(check_in_plan).values(state="ended", next_due_at=None))
        someone = session.value(select(person.c.id).limit(1))
        session.change(update(organisation).values(contact_id=someone))


async def test_a_clerk_empties_the_list_line_by_line(village: Village) -> None:
    await settled(village)
    await village.send(COORDINATOR, "/office")
    assert "都处理完了" in await village.last(COORDINATOR)
    await apply_as_volunteer(village, NEWCOMER, "赵敏")
    await village.send(RESIDENT, "救命，我摔倒了起不来")
    await village.clock(hours=3)
    await village.send(COORDINATOR, "/office")
    listed = await village.heard(COORDINATOR, "等您处理")
    assert listed.index("紧急情况没了结：1 件") < listed.index(
        "志愿者报名等通过：1 人，最早的等了3小时"
    )
    await village.press(COORDINATOR, "看紧急情况")
    await village.press(COORDINATOR, "我来处理")
    await village.press(COORDINATOR, "电话联系上了")
    await village.press(COORDINATOR, "看报名的志愿者")
    await village.press(COORDINATOR, "通过")
    await village.send(COORDINATOR, "/office")
    assert "都处理完了" in await village.last(COORDINATOR)
    await village.heard(NEWCOMER, "您现在是志愿者了")


async def test_a_clerk_finds_a_person_and_a_volunteer_does_not(village: Village) -> None:
    await join_as_resident(village, NEWCOMER, "陈建国")
    await village.send(COORDINATOR, "找 陈")
    await village.button(COORDINATOR, "陈素芬（东街社区，居民）")
    await village.press(COORDINATOR, "陈建国")
    card = await village.last(COORDINATOR)
    assert "陈建国" in card
    assert numbers_in(card) == []
    await village.send(COORDINATOR, "找 10012345678")
    await village.press(COORDINATOR, "陈素芬")
    await village.send(ZHANG, "/find 陈")
    assert "陈" not in await village.last(ZHANG)
    await village.send(ZHANG, "找 陈素芬")
    assert "陈素芬" not in await village.last(ZHANG)


async def test_on_monday_morning_the_office_hears_how_the_week_was(village: Village) -> None:
    await settled(village)
    await apply_as_volunteer(village, NEWCOMER, "赵敏")
    await village.clock(to=MONDAY)
    digest = await village.heard(COORDINATOR, "早上好", "志愿者报名等通过：1 人", "值班：王珊")
    assert "上一周（11月23日（周一）起）" in digest
    await village.never_heard(ZHANG, "早上好")
    await village.press(COORDINATOR, "看报名的志愿者")
    await village.heard(COORDINATOR, "赵敏")


async def test_after_an_outage_the_digest_comes_once_or_not_at_all(village: Village) -> None:
    await settled(village)
    await village.asleep(on=True)
    await village.clock(to=TUESDAY_MORNING)
    await village.asleep(on=False)
    await village.rest()
    said = await village.said(COORDINATOR)
    assert sum("早上好" in text for text in said) == 1
    await village.asleep(on=True)
    await village.clock(to=NEXT_TUESDAY_NOON)
    await village.asleep(on=False)
    await village.rest()
    said = await village.said(COORDINATOR)
    assert sum("早上好" in text for text in said) == 1


async def test_the_figures_count_what_was_done_this_week(village: Village) -> None:
    await join_as_resident(village, NEWCOMER, "赵敏")
    await village.send(COORDINATOR, "/figures")
    assert "新登记居民" in await village.last(COORDINATOR)
    await village.send(ZHANG, "/figures")
    assert "新登记" not in await village.last(ZHANG)
