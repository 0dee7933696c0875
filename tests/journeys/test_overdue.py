"""A need that nobody answers climbs to the office, stays there, and never disappears."""

from sqlalchemy import update

from storage.tables import check_in_plan
from tests.journeys.village import COORDINATOR, RESIDENT, ZHANG, Village

NEED = "残疾人补贴两个月没到账，想请人帮忙问问"


def without_calls(village: Village) -> None:
    """Calls that nobody reports would ring on duty for all the days of this story."""
    with village.program.database.transaction() as session:
        session.change(update(check_in_plan).values(state="ended", next_due_at=None))


async def stated(village: Village, words: str = NEED) -> None:
    await village.send(RESIDENT, words)
    await village.press(RESIDENT, "发出")


async def test_an_unanswered_need_climbs_to_the_office_and_never_disappears(
    village: Village,
) -> None:
    without_calls(village)
    await stated(village)
    await village.heard(COORDINATOR, "补贴两个月没到账")
    await village.clock(days=3)
    await village.heard(COORDINATOR, "过了时限", "补贴两个月没到账")
    await village.send(COORDINATOR, "/office")
    await village.heard(COORDINATOR, "需求过了时限：1 件")
    await village.press(COORDINATOR, "看过了时限的需求")
    await village.heard(COORDINATOR, "过了时限的需求", "起过了时限，现在由街道残联负责")
    # Days later it is still there; only a person ends it.
    await village.clock(days=4)
    await village.send(COORDINATOR, "/office")
    await village.press(COORDINATOR, "看过了时限的需求")
    await village.press(COORDINATOR, "陈素芬：两项补贴")
    await village.heard(COORDINATOR, "起过了时限，现在由街道残联负责")
    await village.press(COORDINATOR, "办结并回一句话")
    await village.send(COORDINATOR, "补贴已经补发，请查收")
    await village.heard(RESIDENT, "补贴已经补发")
    await village.send(COORDINATOR, "/office")
    assert "过了时限" not in await village.last(COORDINATOR)


async def test_many_that_are_late_come_in_one_message_and_not_to_helpers(
    village: Village,
) -> None:
    without_calls(village)
    for words in (NEED, "低保名单里没有我，想问问怎么办理", "残疾证到期了想换一本新的证"):
        await stated(village, words)
    before = len(await village.said(COORDINATOR))
    await village.clock(days=3)
    said = (await village.said(COORDINATOR))[before:]
    late = [text for text in said if "过了时限" in text]
    assert late
    assert all("件" in text for text in late)
    await village.never_heard(ZHANG, "过了时限")
