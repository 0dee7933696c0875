"""A story of ninety minutes in which the whole program stood still, with four calls due."""

from datetime import datetime, time

from bot.commands.today import print_today
from storage.call_plans import PlanDraft, make_plan
from storage.database import Session
from storage.people import add_person, find_person, set_phone
from storage.roles import grant
from tests.journeys.village import COORDINATOR, RESIDENT, ZHANG, Village, numbers_in

NAMES = ("周大爷", "吴奶奶", "郑叔", "冯姨")
CLOCKS = (time(8, 15), time(8, 40), time(9), time(9, 30))
GONE, BACK = "2026-11-26T00:10:00+00:00", "2026-11-26T01:40:00+00:00"


async def four_calls(village: Village) -> None:
    """Four more residents without a chat, whom Zhang phones every day."""
    village.program.database.do(plan_four, now=village.program.clock.now())
    await village.rest()


def plan_four(session: Session, *, now: datetime) -> None:
    staff, resident, caller = (
        find_person(session, telegram_id=one) for one in (COORDINATOR, RESIDENT, ZHANG)
    )
    assert staff is not None
    assert resident is not None
    assert caller is not None
    for number, (name, clock) in enumerate(zip(NAMES, CLOCKS, strict=True)):
        one = add_person(
            session, now=now, name=name, telegram_id=None, community_id=resident.community_id
        )
        set_phone(session, person_id=one, phone=f"+861001234560{number}")
        grant(session, now=now, person_id=one, kind="resident", actor_id=staff.id)
        draft = PlanDraft(caller_id=caller.id, weekdays=frozenset(range(7)), clock=clock)
        make_plan(session, now=now, actor_id=staff.id, resident_id=one, draft=draft)


def about_calls(said: list[str]) -> list[str]:
    """What names one of the four."""
    return [text for text in said if any(name in text for name in NAMES)]


async def test_four_calls_in_a_sleep_are_one_message_and_are_made(village: Village) -> None:
    await village.clock(to="2026-11-25T02:00:30+00:00")
    await village.press(ZHANG, "通了电话")
    await village.clock(to=GONE)
    await four_calls(village)
    before = len(await village.said(COORDINATOR))
    asked = len(await village.said(ZHANG))
    await village.asleep(on=True)
    await village.post("clock", to=BACK)
    await village.asleep(on=False)
    await village.clock(hours=0.05)
    news = (await village.said(COORDINATOR))[before:]
    (told,) = about_calls(news)
    assert "08:10到09:40，没有发出过提醒" in told
    assert "有4个问候电话该打" in told
    assert all(name in told for name in NAMES)
    assert about_calls((await village.said(ZHANG))[asked:]) == [], "no stale reminder"
    listed = print_today(village.program.database, now=village.program.clock.now())
    assert listed.count("没有提醒到人") == 4
    assert "100 1234 5600" in listed

    await village.press(COORDINATOR, f"我来联系{NAMES[0]}")
    card = await village.heard(COORDINATOR, NAMES[0], "100 1234 5600")
    assert numbers_in(card)
    await village.heard(COORDINATOR, "还没有人接手的问候电话，3个")
    await village.press(COORDINATOR, "通了电话")
    await village.press(COORDINATOR, "请平时打电话的人现在打")
    await village.heard(COORDINATOR, "已经请平时打电话的人现在打：3个")
    await village.clock(hours=0.02)
    calls = about_calls((await village.said(ZHANG))[asked:])
    assert len(calls) == 3
    assert not any(NAMES[0] in text for text in calls)
