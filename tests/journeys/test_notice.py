"""A notice to three people: two by chat, one by phone; two of them have read it."""

from storage.database import Session
from storage.people import add_person, set_phone
from storage.roles import grant
from tests.journeys.test_joining import join_as_resident
from tests.journeys.village import COORDINATOR, NEWCOMER, RESIDENT, Village


def without_chat(session: Session, village: Village, name: str) -> None:
    """Register a resident who does not use the chat."""
    now = village.program.clock.now()
    added = add_person(session, now=now, name=name, community_id=1)
    set_phone(session, person_id=added, phone="+8610012345672")
    grant(session, now=now, person_id=added, kind="resident", actor_id=None)


async def test_a_notice_is_read_by_two_of_three(village: Village) -> None:
    village.program.database.do(without_chat, village, "罗德明")
    await join_as_resident(village, NEWCOMER, "赵敏")

    await village.send(COORDINATOR, "/notice")
    await village.press(COORDINATOR, "写一条通知")
    await village.send(COORDINATOR, "12月3日上午在文化站办理换证，请带身份证。")
    await village.press(COORDINATOR, "桂阳街道组织开展")
    await village.press(COORDINATOR, "居民")
    await village.press(COORDINATOR, "选好了")
    await village.press(COORDINATOR, "跳过")
    await village.press(COORDINATOR, "跳过")
    await village.press(COORDINATOR, "7天")
    await village.heard(COORDINATOR, "12月3日上午", "一共3人", "聊天能收到的2人")
    await village.press(COORDINATOR, "发出")
    await village.clock(hours=1)

    await village.heard(RESIDENT, "12月3日上午", "我看过了")
    await village.heard(NEWCOMER, "12月3日上午")
    # Whom else it went to, and by what it was chosen, is nobody's business.
    await village.never_heard(RESIDENT, "罗德明", "一共3人")

    await village.press(RESIDENT, "我看过了")
    await village.heard(RESIDENT, "您已经看过了")
    await village.send(COORDINATOR, "/notice")
    await village.press(COORDINATOR, "看：12月3日")
    await village.press(COORDINATOR, "要打电话或送纸")
    await village.press(COORDINATOR, "看这几位的电话")
    await village.heard(COORDINATOR, "罗德明：100 1234 5672")
    await village.press(COORDINATOR, "已电话告诉罗德明")
    await village.press(COORDINATOR, "回到这条通知")
    await village.heard(COORDINATOR, "聊天已送到：2人", "看过或告诉过：2人", "还没有：1人")
    await village.press(COORDINATOR, "还没看的名单")
    await village.heard(COORDINATOR, "赵敏")

    await village.clock(days=1)
    await village.send(COORDINATOR, "/notice")
    await village.press(COORDINATOR, "看：12月3日")
    await village.press(COORDINATOR, "提醒还没看的人")
    await village.clock(hours=1)
    await village.heard(NEWCOMER, "提醒您看一看这条通知")
    await village.never_heard(RESIDENT, "提醒您看一看这条通知")
