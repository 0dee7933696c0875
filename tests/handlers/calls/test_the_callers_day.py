"""A caller's day in the chat: the list, the number, what was heard, a slip, and what follows."""

from datetime import date, datetime, time

from sqlalchemy import insert, select, update

from storage.call_plans import PlanDraft, make_plan
from storage.communities import list_communities, seed
from storage.paper import make_sheet
from storage.people import get_person
from storage.registers import change_profile
from storage.rules.sheets import sheet_code
from storage.rules.tiers import Channel
from storage.tables import alarm, attachment, call_note, need, organisation, person
from tests.handlers.calls.talk import Talk
from tests.storage.calls.street import Street


def due(street: Street, **changes: object) -> None:
    street.plan(**changes)
    street.forward(hours=5)


def test_the_outcome_is_one_press_and_the_form_is_offered_after_it(
    talk: Talk, street: Street
) -> None:
    due(street)
    assert "可以聊聊：身体" in talk.words(street.last("zhang"))
    said = talk.press("zhang", "通了电话")
    assert "这次问候完成了" in said
    assert street.case().state == "closed"
    assert "身体怎么样" in talk.press("zhang", "记几句")
    assert "吃饭、睡觉" in talk.press("zhang", "身体一般")
    talk.press("zhang", "跳过")
    talk.press("zhang", "药够")
    assert "家里的水" in talk.press("zhang", "心情差")
    talk.type("zhang", "/cancel")
    assert "家里的水" in talk.press("zhang", "记几句"), "what was answered is kept"
    for _ in range(2):
        talk.press("zhang", "跳过")
    talk.type("zhang", "想请人修窗户")
    talk.type("zhang", "周六上午")
    talk.press("zhang", "吃饭")
    talk.press("zhang", "选好了")
    assert "提成一件需求" in talk.type("zhang", "腿疼好些了")
    assert "需求" in talk.press("zhang", "提成一件需求")
    with street.database.transaction() as session:
        (row,) = session.all(select(need.c.origin, need.c.check_in_id))
        assert (row.origin, row.check_in_id) == ("check_in", 1)
        kept = session.value(select(call_note.c.facts))
        assert "腿疼".encode() not in kept
    street.forward(days=1)
    prompt = talk.words(street.last("zhang"))
    assert "通了电话，本人平安，心情不好，身体一般，留意吃饭，想换时间" in prompt
    assert "腿疼好些了 想请人修窗户 周六上午" in prompt
    assert "电话里要留意的：2 件" in talk.type("wang", "/office")
    talk.press("wang", "看电话里要留意的")
    assert "看过了" in talk.press("wang", "看过了")
    assert "看过了" in talk.press("wang", "时间已安排")
    assert "电话里要留意的" not in talk.type("wang", "/office")


def test_a_slip_is_taken_back_within_minutes_and_no_later(talk: Talk, street: Street) -> None:
    due(street)
    talk.press("zhang", "通了电话")
    assert "收回了" in talk.press("zhang", "按错了")
    assert street.case().state == "open"
    street.forward(minutes=6)
    assert street.heard("zhang").count("check_in_call") == 1, "the prompt is out; it runs on"
    assert "15:" in talk.press("zhang", "没人接")
    street.forward(minutes=31)
    talk.press("zhang", "通了电话")
    assert talk.press_data("liu", "check_in:slip:1:0")
    assert street.case().state == "closed"
    street.forward(minutes=11)
    assert "通了电话" in talk.press("zhang", "按错了")
    assert street.case().state == "closed"


def test_a_slip_of_needs_help_leaves_the_need_to_the_staff(talk: Talk, street: Street) -> None:
    due(street)
    talk.press("zhang", "需要帮助")
    said = talk.press("zhang", "按错了")
    assert "由他们看过再撤" in said
    assert street.case().state == "open"
    assert "check_in_need_slip" in street.heard("wang")
    talk.press("zhang", "需要帮助")
    with street.database.transaction() as session:
        assert len(session.all(select(need.c.id))) == 1, "it is the same need"


def test_an_unsafe_home_rings_those_on_duty_and_harm_goes_to_the_office(
    talk: Talk, street: Street
) -> None:
    due(street)
    talk.press("zhang", "通了电话")
    talk.press("zhang", "记几句")
    for _ in range(4):
        talk.press("zhang", "跳过")
    assert "马上告诉值班人员" in talk.press("zhang", "家里不安全")
    assert street.heard("wang")[-1] == "call_danger"
    for _ in range(3):
        talk.press("zhang", "跳过")
    talk.press("zhang", "可能受到伤害")
    assert "马上报给办公室" in talk.press("zhang", "选好了")
    assert street.heard("wang")[-1] == "complaint_new"
    talk.press("zhang", "上一步")
    talk.press("zhang", "选好了")
    assert street.heard("wang").count("complaint_new") == 1
    street.forward(days=1)
    assert "侵害" not in talk.words(street.last("zhang"))
    assert "伤害" not in talk.words(street.last("zhang"))


def test_words_of_danger_in_the_form_ring_about_the_person_phoned(
    talk: Talk, street: Street
) -> None:
    due(street)
    talk.press("zhang", "需要帮助")
    said = talk.type("zhang", "他说他不想活了")
    assert "马上通知值班人员" in said
    with street.database.transaction() as session:
        about = session.value(select(alarm.c.person_id).order_by(alarm.c.id.desc()))
    assert about == street.people["lan"]


def test_the_list_shows_the_round_and_who_is_calling(talk: Talk, street: Street) -> None:
    street.join("gui", "resident", phone="+8610012340001")
    street.plan()
    street.plan(clock=time(17))
    street.forward(hours=5)
    listed = talk.type("zhang", "/calls")
    assert "15:00 lan：该打了" in listed
    assert "17:00 lan：还没到时间" in listed
    assert "139 0013 9000" in talk.press("zhang", "打给lan")
    assert "zhang从15:" in talk.press_data("wang", "check_in:number:1:1")
    assert "今天打电话的人" in talk.press_data("wang", "check_in:callers:0:0")
    talk.press("zhang", "没人接")
    assert "139 0013 9000" in talk.press_data("wang", "check_in:number:1:1")
    assert "没人接，再试试" not in talk.type("zhang", "/calls"), "somebody else is calling"
    assert "wang从15:" in talk.type("zhang", "/calls")
    assert "怎么用" in talk.type("lan", "/calls")


def test_nobodys_call_is_offered_to_the_members_of_the_organisation(
    talk: Talk, street: Street
) -> None:
    street.plan(stand_in_id=None)
    street.forward(hours=8)
    assert "没有要您打的电话" in talk.type("other", "/calls")
    assert talk.press_data("other", "check_in:number:1:1")
    assert street.count("number_leased") == 0
    belongs(street, "lan", member="other")
    assert "还没人接手的" in talk.type("other", "/calls")
    assert "139 0013 9000" in talk.press("other", "打给lan")
    assert "谢谢您" in talk.press("other", "通了电话")
    assert "没有要您打的电话" in talk.type("other", "/calls")


def belongs(street: Street, name: str, *, member: str) -> None:
    """Somebody lives in a community, and a volunteer is a member of its association."""
    with street.database.transaction() as session:
        seed(session, now=street.now)
        place = list_communities(session)[0].id
        session.change(
            update(person)
            .where(person.c.id == street.people[name])
            .values(community_id=place, version=person.c.version + 1)
        )
        here = select(organisation.c.id).where(organisation.c.community_id == place)
        session.execute(
            insert(attachment),
            {
                "person_id": street.people[member],
                "organisation_id": session.value(here),
                "kind": "member",
                "state": "active",
                "made_by": street.people["wang"],
                "created_at": street.now,
            },
        )


def test_a_sheet_typed_back_ends_the_call_of_its_day_with_its_day(
    talk: Talk, street: Street
) -> None:
    street.plan()
    wang = street.do(get_person, person_id=street.people["wang"])
    monday = date(2026, 11, 23)
    number = street.do(
        make_sheet, now=street.now, actor=wang, first_day=monday, caller_id=street.people["zhang"]
    )
    street.forward(days=1, hours=6)
    assert [street.case(one).state for one in (1, 2)] == ["open", "open"]
    code = sheet_code(number)
    assert "日子看不对" in talk.type("wang", f"表 {code} 11-27: 1好")
    assert "平安" in talk.type("wang", f"表 {code} 11月25日: 1好 心情差")
    talk.press("wang", "对，记下")
    assert [street.case(one).state for one in (1, 2)] == ["closed", "open"]
    assert street.case(1).closed_at == datetime(2026, 11, 25, 15, tzinfo=street.database.house.zone)
    talk.press("zhang", "通了电话")
    street.forward(hours=23, minutes=10)
    assert "心情不好" in talk.words(street.last("zhang"))


def test_the_person_reads_and_deletes_what_was_noted_of_the_call(
    talk: Talk, street: Street
) -> None:
    due(street)
    talk.press("zhang", "通了电话")
    talk.press("zhang", "记几句")
    talk.press("zhang", "身体差")
    said = talk.type("lan", "/remarks")
    assert "zhang在11月25日" in said
    assert "身体不好" in said
    assert talk.press_data("other", "check_in:forget:1:0")
    assert "删掉了" in talk.press("lan", "删掉这一条")
    street.forward(days=1)
    assert "身体不好" not in talk.words(street.last("zhang"))


def test_staff_open_the_calls_behind_a_need(talk: Talk, street: Street) -> None:
    due(street)
    talk.press("zhang", "需要帮助")
    talk.press("zhang", "跳过")
    talk.press("zhang", "记几句")
    talk.press("zhang", "身体差")
    assert "身体不好" in talk.press_data("wang", "check_in:history:1:0")
    assert street.count("call_notes_read") == 1
    assert "身体不好" not in talk.press_data("zhang", "check_in:history:1:0")


def test_who_cannot_hear_is_written_to(talk: Talk, street: Street) -> None:
    due(street, channel=Channel.TEXT)
    assert "发文字" in talk.words(street.last("zhang"))
    assert "这次问候完成了" in talk.press("zhang", "本人回了话")


def test_the_desk_sees_who_is_on_the_phone(talk: Talk, street: Street) -> None:
    due(street)
    talk.type("zhang", "/calls")
    talk.press("zhang", "打给lan")
    lan = street.people["lan"]
    assert "zhang从15:00起正在打" in talk.press_data("wang", f"today:call:{lan}:0")
    street.forward(minutes=46)
    said = talk.press_data("wang", f"today:call:{lan}:0")
    assert "正在打" not in said
    assert "地址" not in said, "nobody needs it to phone"


def test_the_desk_phones_nobody_who_cannot_hear(talk: Talk, street: Street) -> None:
    street.plan(channel=Channel.VISIT)
    assert "电话 0 个，上门 1 次" in talk.type("wang", "/today"), "a plan that is not due yet"
    street.forward(hours=5)
    said = talk.type("wang", "/today")
    assert "15:00 上门看望 lan（zhang去）" in said
    card = talk.press("wang", "上门看望lan")
    assert "约好的是<b>上门</b>看望" in card
    assert "地址：<b>" in card
    assert "上门 lan 要帮忙：" in talk.press("wang", "需要帮助")
    assert "见到本人，平安" in talk.press("wang", "见到本人")
    assert street.case().last_outcome == "seen"
    street.plan(channel=Channel.TEXT, clock=time(16))
    assert "16:00 发文字问候 lan（zhang发，不打电话）" in talk.type("wang", "/today")
    card = talk.press("wang", "给lan发文字")
    assert "不要打电话；等本人回了话" in card
    assert "记下了：lan" in talk.press("wang", "本人回了话")


def test_the_desk_writes_to_whom_the_register_has_learnt_to_be_deaf(
    talk: Talk, street: Street
) -> None:
    due(street)
    lan = street.people["lan"]
    assert "发文字" not in talk.press_data("wang", f"today:call:{lan}:0")
    with street.database.transaction() as session:
        change_profile(
            session,
            now=street.now,
            actor=get_person(session, person_id=street.people["wang"]),
            person_id=lan,
            values={"category": "hearing", "grade": "1"},
            ground="test",
        )
    assert "发文字" in talk.press_data("wang", f"today:call:{lan}:0")


def test_the_desk_sees_which_call_was_made_in_vain(talk: Talk, street: Street) -> None:
    due(street)
    assert "15:00 电话 lan（zhang打）" in talk.type("wang", "/today")
    assert "目前" not in talk.type("wang", "/today"), "zhang was only just asked"
    talk.press("zhang", "没人接")
    assert "15:00 电话 lan（zhang打），目前：没人接" in talk.type("wang", "/today")
    street.forward(days=1)
    said = talk.type("wang", "/today")
    assert "11-25 15:00 电话 lan（zhang打），目前：" in said, "the day is named of what is older"
    assert "• 15:00 电话 lan（zhang打）" in said


def test_a_plan_is_read_out_without_buttons_and_commands(talk: Talk, street: Street) -> None:
    street.do(
        make_plan,
        now=street.now,
        actor_id=street.people["wang"],
        resident_id=street.join("gu", "resident", in_chat=False),
        draft=PlanDraft(street.people["zhang"], frozenset({3}), time(15)),
    )
    talk.type("wang", "/today")
    card = talk.press("wang", "告诉gu")
    assert "跟我们说一声就行" in card
    assert "/plans" not in card
    assert "按“" not in card
    street.plan()
    street.deliver()
    assert "/plans" in talk.words(street.last("lan")), "who uses the chat presses"
