"""Story 5: a call that is not answered, and the ladder that does not end in silence."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select, update

from storage.people import find_person
from storage.rules.tiers import Tier
from storage.tables import check_in_plan, household, household_member, pair
from tests.journeys.village import COORDINATOR, DAUGHTER, LIU, NEWCOMER, RESIDENT, ZHANG, Village

NAME, PHONE = "陈素芬", "100 1234 5678"


def plan_of(village: Village, *, tier: Tier, neighbour: int | None = None) -> None:
    """The cast's plan is of this tier; the daughter agreed to be asked, the neighbour is paired."""
    with village.program.database.transaction() as session:
        now = village.program.clock.now()
        chats = (RESIDENT, DAUGHTER, neighbour)
        lan, daughter, helper = (find_person(session, telegram_id=one) for one in chats)
        assert lan
        assert daughter
        values = {
            "tier": tier.value,
            "contact_id": daughter.id,
            "contact_answer": "agreed",
            "contact_agreed_at": now,
            "contact_agreed_as": "own",
        }
        session.change(update(check_in_plan).values(values))
        if helper is None:
            return
        # The neighbour looks in, and does not stand behind the caller.
        session.change(update(check_in_plan).values(stand_in_id=None))
        home = session.value(
            select(household_member.c.household_id).where(household_member.c.person_id == lan.id)
        )
        if home is None:
            home = session.add(insert(household).values(created_at=now))
            lives = insert(household_member).values(person_id=lan.id, household_id=home, since=now)
            session.execute(lives)
        yes: dict[str, object] = {f"{side}_yes_at": now for side in ("resident", "helper")}
        yes |= {f"{side}_ground": "self" for side in ("resident", "helper")}
        session.execute(
            insert(pair).values(
                **yes,
                uid="0" * 32,
                kind="neighbour",
                household_id=home,
                resident_id=lan.id,
                helper_id=helper.id,
                resident_yes_by=lan.id,
                helper_yes_by=helper.id,
                state="active",
                agreed_at=now,
                sign_at=now,
                due_at=datetime(2027, 2, 1, tzinfo=UTC),
                keeper_id=lan.id,
                made_by=lan.id,
                created_at=now,
            )
        )


async def until_the_call(village: Village) -> None:
    """The cast's first call is due at ten."""
    await village.clock(to="2026-11-25T02:00:30+00:00")


async def later(village: Village, minutes: int) -> None:
    moment = village.program.clock.now() + timedelta(minutes=minutes)
    await village.clock(to=moment.isoformat())


async def test_the_caller_gets_the_number_at_the_time(village: Village) -> None:
    await until_the_call(village)
    await village.heard(ZHANG, NAME, PHONE)


async def test_spoke_and_fine_ends_it_and_climbs_no_further(village: Village) -> None:
    await until_the_call(village)
    await village.press(ZHANG, "通了电话")
    await village.clock(hours=6)
    assert await village.said(LIU) == []
    assert await village.said(COORDINATOR) == []


async def test_silence_climbs_to_the_stand_in_and_then_to_everyone_on_duty(
    village: Village,
) -> None:
    await until_the_call(village)
    await village.clock(hours=2)
    await village.heard(LIU, NAME)
    await village.clock(hours=2)
    await village.heard(COORDINATOR, "请值班人员跟进", NAME)


async def test_the_top_rung_repeats_until_somebody_holds_it_and_again_when_they_go_silent(
    village: Village,
) -> None:
    await until_the_call(village)
    await village.clock(hours=5)
    rung = [text for text in await village.said(COORDINATOR) if "还没有人确认平安" in text]
    assert len(rung) >= 2
    await village.press(COORDINATOR, "我来跟进")
    held = len(await village.said(COORDINATOR))
    await village.clock(hours=2)
    again = (await village.said(COORDINATOR))[held:]
    assert any(NAME in text for text in again), again


async def test_seen_ends_the_ladder_for_everybody_who_was_told(village: Village) -> None:
    await until_the_call(village)
    await village.clock(hours=5)
    await village.press(COORDINATOR, "我来跟进")
    await village.press(COORDINATOR, "见到本人")
    before = len(await village.said(COORDINATOR))
    await village.clock(hours=4)
    assert len(await village.said(COORDINATOR)) == before
    await village.heard(LIU, "平安")


async def test_needs_help_becomes_a_need(village: Village) -> None:
    await until_the_call(village)
    await village.press(ZHANG, "需要帮助")
    await village.send(ZHANG, "想请人帮忙买米")
    await village.send(RESIDENT, "/mine")
    await village.heard(RESIDENT, "买米")


async def test_the_residents_own_button_is_a_positive_end(village: Village) -> None:
    await until_the_call(village)
    await village.press(ZHANG, "没人接")
    await village.press(RESIDENT, "我很好")
    await village.clock(hours=6)
    assert not any("请值班人员跟进" in text for text in await village.said(COORDINATOR))


async def test_an_outage_is_told_once_and_honestly(village: Village) -> None:
    await village.asleep(on=True)
    await village.post("clock", hours=30)
    await village.asleep(on=False)
    await village.rest()
    # First what people wrote meanwhile is read.
    await village.clock(hours=0.05)
    told = await village.said(COORDINATOR)
    assert sum(NAME in text for text in told) == 1, told
    assert not any("约好的问候电话时间" in text for text in await village.said(ZHANG))


async def test_a_coordinator_plans_a_call_in_the_chat(village: Village) -> None:
    await village.send(NEWCOMER, "/start")
    await village.press(NEWCOMER, "我同意")
    await village.press(NEWCOMER, "用这里聊")
    await village.press(NEWCOMER, "我需要帮忙")
    await village.send(NEWCOMER, "赵敏")
    await village.press(NEWCOMER, "青山村")
    await village.send(NEWCOMER, "10055556666")
    await village.send(COORDINATOR, "/plan")
    await village.send(COORDINATOR, "赵敏")
    await village.press(COORDINATOR, "赵敏")
    await village.press(COORDINATOR, "刘洋")
    await village.press(COORDINATOR, "一般")
    await village.press(COORDINATOR, "每周")
    await village.send(COORDINATOR, "每天")
    await village.send(COORDINATOR, "下午3点半")
    await village.press(COORDINATOR, "没有")
    await village.press(COORDINATOR, "保存")
    await village.heard(NEWCOMER, "刘洋")
    await village.clock(to="2026-11-25T07:31:00+00:00")
    await village.heard(LIU, "赵敏", "100 5555 6666")


async def test_the_office_opens_every_call_and_alarm_without_an_end(village: Village) -> None:
    await until_the_call(village)
    await village.press(ZHANG, "没人接")
    await village.clock(hours=5)
    await village.send(RESIDENT, "救命，我摔倒了起不来")
    await village.send(COORDINATOR, "/office")
    await village.press(COORDINATOR, "看还没确认平安的人")
    call = await village.last(COORDINATOR)
    assert NAME in call
    assert "没人接" in call, "silence at the next try does not take back what was heard"
    await village.send(COORDINATOR, "/office")
    await village.press(COORDINATOR, "看紧急情况")
    assert "紧急" in await village.last(COORDINATOR)
    await village.press(COORDINATOR, "我来处理")
    await village.heard(RESIDENT, "王珊")


async def test_tier_a_is_in_a_named_hand_within_two_hours_and_goes_to_the_ambulance(
    village: Village,
) -> None:
    plan_of(village, tier=Tier.A)
    await until_the_call(village)
    await later(village, 30)
    await village.heard(LIU, "后备人员", NAME)
    await village.press(LIU, "我来跟进")
    await village.heard(LIU, "10:4", "我到门口了")
    await village.heard(RESIDENT, "刘洋", "有点挂念")
    await later(village, 16)
    await village.heard(LIU, "谢谢您接手", "家人或紧急联系人")
    await village.heard(DAUGHTER, "您是", NAME, "紧急联系人")
    await village.never_heard(DAUGHTER, PHONE)
    await village.press(DAUGHTER, "没人接")
    await later(village, 16)
    await village.heard(COORDINATOR, NAME, "打110")
    await village.clock(to="2026-11-25T04:00:30+00:00")
    await village.heard(COORDINATOR, "还没有人确认平安", NAME, "每15分钟")
    await village.send(COORDINATOR, "/office")
    await village.heard(COORDINATOR, "没确认平安、没人接手：1 位")
    await village.press(COORDINATOR, "看还没确认平安的人")
    await village.press(COORDINATOR, "我来跟进")
    await village.press(COORDINATOR, "我到门口了")
    await village.press(COORDINATOR, "已请110")
    await village.press(COORDINATOR, "120（急救）")
    await village.heard(COORDINATOR, NAME, "交给了120")
    await village.heard(RESIDENT, "王珊", "120来帮您")
    before = len(await village.said(COORDINATOR))
    await village.clock(hours=3)
    assert len(await village.said(COORDINATOR)) == before


async def test_tier_b_climbs_to_the_neighbour_who_is_called_back_when_the_resident_answers(
    village: Village,
) -> None:
    plan_of(village, tier=Tier.B, neighbour=LIU)
    await until_the_call(village)
    await village.press(ZHANG, "没人接")
    await later(village, 31)
    await village.press(ZHANG, "没人接")
    await later(village, 121)
    await village.heard(ZHANG, "换个办法")
    await village.press(ZHANG, "没人接")
    await village.heard(ZHANG, "接下来请家人或紧急联系人去看看")
    await later(village, 1)
    await village.press(DAUGHTER, "说不准")
    await later(village, 1)
    await village.heard(LIU, "敲敲", NAME, "120")
    await village.never_heard(LIU, PHONE)
    await village.press(LIU, "我来跟进")
    await village.heard(LIU, PHONE)
    await village.press(LIU, "还在路上")
    await village.press(RESIDENT, "我很好")
    await village.heard(LIU, NAME, "请回吧")
    await village.heard(DAUGHTER, NAME, "不用您再联系了")
    await village.heard(RESIDENT, "大家都放心了")
    await village.clock(hours=5)
    assert not any("请值班人员跟进" in text for text in await village.said(COORDINATOR))
