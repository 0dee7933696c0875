"""The rota: filled, holes said before, a swap, Monday, whom an alarm rings, and the door."""

from sqlalchemy import select, update

from storage.tables import check_in_plan, journal
from tests.journeys.village import COORDINATOR, RESIDENT, Village
from tests.storage.residents import register

COLLEAGUE = 9011
NAME = "陈素芬"


async def two_in_the_office(village: Village) -> None:
    """何敏 works in the office beside 王珊; no call is due in these days."""
    await village.add_person(COLLEAGUE, "何敏")
    with village.program.database.transaction() as session:
        now = village.program.clock.now()
        register(session, now=now, name="何敏", chat=COLLEAGUE, roles=("coordinator",))
        over = update(check_in_plan).values(state="ended", next_due_at=None)
        session.change(over)


async def put(village: Village, week: str, name: str) -> None:
    """王珊 puts somebody into a whole week."""
    await village.send(COORDINATOR, "/duty")
    await village.press(COORDINATOR, week)
    await village.press(COORDINATOR, "排整周")
    await village.press(COORDINATOR, name)


async def test_a_rota_from_its_first_week_to_the_alarm_that_rings_by_it(village: Village) -> None:
    await two_in_the_office(village)
    await put(village, "11月23日起", "何敏")
    await village.heard(COLLEAGUE, "王珊排您值班", "11月23日")
    # Next week is nobody's yet: said within the hour, five days before.
    await village.clock(to="2026-11-25T02:00:30+00:00")
    await village.heard(COORDINATOR, "值班缺人", "11月30日（周一）到12月6日")
    await put(village, "11月30日起", "王珊")
    await village.press(COORDINATOR, "回到值班表")
    await village.press(COORDINATOR, "照上一轮")
    await village.heard(COORDINATOR, "12月7日（周一）起这一周：何敏")
    # A week for a week.
    await village.press(COORDINATOR, "回到值班表")
    await village.press(COORDINATOR, "换我11月30日")
    await village.press(COORDINATOR, "和何敏换（12月7日")
    await village.press(COLLEAGUE, "可以，我来值")
    await village.heard(COORDINATOR, "何敏答应了", "12月7日")
    await village.clock(to="2026-11-30T00:30:30+00:00")
    await village.heard(COLLEAGUE, "这周您值班")
    await village.heard(COORDINATOR, "这周谁值班", "何敏")
    # The alarm rings whoever is on; with nobody there five minutes later, everybody.
    await village.send(RESIDENT, "救命，我摔倒了起不来")
    await village.heard(COLLEAGUE, "紧急", NAME)
    await village.never_heard(COORDINATOR, "紧急：急病")
    await village.clock(to="2026-11-30T00:36:30+00:00")
    await village.heard(COORDINATOR, "紧急", "第2次通知", NAME)


async def test_the_holder_sees_the_door_and_the_resident_sees_that_they_looked(
    village: Village,
) -> None:
    await two_in_the_office(village)
    await village.send(RESIDENT, "/door")
    await village.press(RESIDENT, "暗号")
    await village.send(RESIDENT, "柚子")
    await village.press(RESIDENT, "钥匙在谁那里")
    await village.send(RESIDENT, "邓秀英")
    await village.send(RESIDENT, "10012345675")
    await village.press(RESIDENT, "同意")
    await village.heard(RESIDENT, "暗号：柚子", "邓秀英", "100 1234 5675")
    await village.send(RESIDENT, "救命，我摔倒了起不来")
    for chat in (COORDINATOR, COLLEAGUE):
        await village.never_heard(chat, "柚子", "邓秀英")
    await village.press(COLLEAGUE, "我来处理")
    await village.heard(COLLEAGUE, "暗号：柚子", "邓秀英", "100 1234 5675")
    await village.press(COLLEAGUE, "见到")
    await village.clock(to="2026-11-25T01:10:00+00:00")
    # What was shown is taken back; the other on duty never saw it.
    assert not any("柚子" in text for text in await village.said(COLLEAGUE))
    await village.never_heard(COORDINATOR, "柚子", "邓秀英")
    await village.send(RESIDENT, "/privacy")
    await village.press(RESIDENT, "看谁看过")
    await village.heard(RESIDENT, "何敏", "紧急情况")
    with village.program.database.transaction() as session:
        noted = session.value(select(journal.c.ground).where(journal.c.what == "door_card_shown"))
    assert noted == "alarm"


async def test_to_a_resident_the_rota_is_a_command_like_any_unknown_one(village: Village) -> None:
    await village.send(RESIDENT, "/duty")
    await village.heard(RESIDENT, "怎么用")
    await village.never_heard(RESIDENT, "值班表")
