"""Story 8: fifty press together, and one has it; likewise outcomes and approvals."""

import asyncio
from datetime import datetime

from sqlalchemy import func, insert, select

from storage.database import Session
from storage.people import add_person
from storage.rules.skills import Skill, TimeSlot
from storage.tables import (
    chat,
    claim,
    community,
    journal,
    need,
    offer,
    person,
    role,
    volunteer,
)
from tests.journeys.village import COORDINATOR, LIU, RESIDENT, ZHANG, Village

FIRST, FIFTY = 9500, 50


def approve(session: Session, *, now: datetime, number: int, kind: str) -> None:
    """Somebody of the first community who may do anything at any time."""
    home = session.value(select(func.min(community.c.id)))
    person_id = add_person(
        session, now=now, name=f"帮手{number}", telegram_id=number, community_id=home
    )
    session.execute(insert(chat).values(id=number, language="zh", reachable=True, shared=False))
    session.execute(
        insert(role).values(
            person_id=person_id, kind=kind, state="approved", created_at=now, version=1
        )
    )
    if kind == "volunteer":
        session.execute(
            insert(volunteer).values(
                person_id=person_id,
                skills=",".join(Skill),
                times=TimeSlot.ANY_TIME.value,
                open_limit=2,
                pledge_version="test",
                pledged_at=now,
            )
        )


def ask_all(session: Session, *, now: datetime, crowd: list[int]) -> None:
    """An offer of the open need for everybody of the crowd who has none yet."""
    need_id = session.value(select(func.max(need.c.id)))
    had = select(offer.c.volunteer_id).where(offer.c.need_id == need_id)
    fresh = session.all(
        select(person.c.id).where(person.c.telegram_id.in_(crowd), person.c.id.not_in(had))
    )
    row = {"need_id": need_id, "round": 1, "wave": 1, "state": "offered", "created_at": now}
    session.execute(insert(offer), [row | {"volunteer_id": one.id} for one in fresh])


async def come(village: Village, number: int, kind: str) -> None:
    await village.add_person(number, f"帮手{number}")
    village.program.database.do(approve, now=village.program.clock.now(), number=number, kind=kind)


async def press_together(village: Village, presses: list[tuple[int, int, str]]) -> None:
    await asyncio.gather(
        *(
            village.post("press", chat=chat, message_id=message_id, data=data, forged=True)
            for chat, message_id, data in presses
        )
    )
    await village.rest()


async def test_fifty_press_i_will_go_and_one_has_it(village: Village) -> None:
    crowd = range(FIRST, FIRST + FIFTY)
    for number in crowd:
        await come(village, number, "volunteer")
    await village.send(RESIDENT, "家里的灯坏了，想请人来看看")
    await village.press(RESIDENT, "发出")
    message_id, data = await village.button(ZHANG, "我去")
    # The waves ask a few at a time; here all fifty have been asked already.
    village.program.database.do(ask_all, now=village.program.clock.now(), crowd=list(crowd))
    asked = [ZHANG, *crowd]
    await press_together(village, [(number, message_id, data) for number in asked])
    with village.program.database.transaction() as session:
        live = session.value(
            select(func.count()).select_from(claim).where(claim.c.state == "active")
        )
    assert live == 1
    answers = [await village.last(chat) for chat in asked]
    assert sum("您能做吗" in text for text in answers) == 1
    assert sum("这次不用您跑了" in text for text in answers) == FIFTY


async def test_two_outcomes_at_once_leave_one_case_and_both_notes(village: Village) -> None:
    await village.clock(to="2026-11-25T02:00:30+00:00")
    fine = (ZHANG, *await village.button(ZHANG, "本人平安"))
    silent = (ZHANG, *await village.button(ZHANG, "没人接"))
    await press_together(village, [silent, fine])
    await village.clock(hours=6)
    assert not any("请值班人员跟进" in text for text in await village.said(COORDINATOR))
    assert await village.said(LIU) == []


async def test_two_coordinators_decide_at_once_and_one_decision_stands(village: Village) -> None:
    await come(village, 9601, "coordinator")
    await village.add_person(9700, "周涛")
    await village.send(9700, "/start")
    await village.press(9700, "我同意")
    await village.press(9700, "用这里聊")
    await village.press(9700, "我想帮忙")
    await village.send(9700, "周涛")
    await village.press(9700, "东街社区")
    await village.send(9700, "10012349999")
    await village.send(9700, "1 2")
    await village.press(9700, "选好了")
    await village.press(9700, "都可以")
    await village.press(9700, "选好了")
    await village.press(9700, "我愿意")
    yes = (COORDINATOR, *await village.button(COORDINATOR, "通过"))
    no = (9601, *await village.button(9601, "不通过"))
    await press_together(village, [yes, no])
    with village.program.database.transaction() as session:
        decided = session.value(
            select(func.count())
            .select_from(journal)
            .where(journal.c.what.in_(("volunteer_approved", "volunteer_declined")))
        )
    assert decided == 1
