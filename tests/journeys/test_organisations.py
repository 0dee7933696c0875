"""A village works by itself: it sees its own people, and a code lets its staff in."""

import re

from sqlalchemy import select

from storage.communities import list_communities
from storage.people import add_person, find_person
from storage.roles import grant
from storage.tables import journal
from tests.journeys.village import COORDINATOR, NEWCOMER, RESIDENT, Village

OTHER_VILLAGE = "西街社区"


async def let_in(village: Village, chat: int, name: str, organisation: str) -> None:
    """The office opens the organisation, makes a code, and somebody uses it."""
    await village.send(COORDINATOR, "/organisations")
    for step in ("桂阳街道办事处", "桂阳街道残联", organisation, "工作人员", "请工作人员加入"):
        await village.press(COORDINATOR, step)
    said = await village.heard(COORDINATOR, "邀请码", organisation)
    code = re.search(r"^[\w-]{16,}$", said, re.MULTILINE)
    assert code is not None, said
    await village.send(chat, f"/start {code[0]}")
    await village.press(chat, "我同意")
    await village.press(chat, "用这里聊")
    await village.send(chat, name)
    await village.heard(chat, name, organisation)


async def test_a_village_sees_its_own_and_asking_for_another_is_noted(village: Village) -> None:
    await let_in(village, NEWCOMER, "赵敏", f"{OTHER_VILLAGE}残协")
    # 陈素芬 lives in the first community, 罗德明 in the new coordinator's own.
    with village.program.database.transaction() as session:
        home = next(one for one in list_communities(session) if one.name == OTHER_VILLAGE)
        luo = add_person(
            session, now=village.program.clock.now(), name="罗德明", community_id=home.id
        )
        grant(
            session, now=village.program.clock.now(), person_id=luo, kind="resident", actor_id=None
        )
        chen = find_person(session, telegram_id=RESIDENT)
    assert chen is not None
    await village.send(NEWCOMER, "/find 罗德明")
    await village.button(NEWCOMER, f"罗德明（{OTHER_VILLAGE}")
    await village.send(NEWCOMER, "/find 陈素芬")
    await village.never_heard(NEWCOMER, "桂花小区", "10012345678", "100 1234 5678")
    await village.post(
        "press", chat=NEWCOMER, message_id=1, data=f"person:see:{chen.id}:0", forged=True
    )
    await village.rest()
    assert "陈素芬" not in await village.last(NEWCOMER)
    with village.program.database.transaction() as session:
        noted = session.all(select(journal.c.subject_id).where(journal.c.what == "refused"))
    assert [row.subject_id for row in noted] == [chen.id]


async def test_a_need_in_the_village_rings_the_village_and_the_office_and_nobody_else(
    village: Village,
) -> None:
    await let_in(village, NEWCOMER, "赵敏", f"{OTHER_VILLAGE}残协")
    await village.send(RESIDENT, "救命，我摔倒了起不来")
    await village.heard(COORDINATOR, "陈素芬")
    await village.never_heard(NEWCOMER, "陈素芬")
