"""Delivery over the real sandbox: each end is written down, and nobody is told twice unmarked."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot import transport
from storage.choices import Button
from storage.outbox import MessageClass, Wanted
from storage.tables import chat, outbox
from tests.bot.office import Office
from tests.sandbox.room import NEWCOMER
from tests.storage.post import COORDINATOR, RESIDENT, VOLUNTEER

ALARM, ANSWER, MUST, INFO = (
    MessageClass.ALARM,
    MessageClass.ANSWER,
    MessageClass.MUST,
    MessageClass.INFO,
)
REPEATED = "已经发过一次"
GO = Button("verbatim", "need:go:1:1", {"text": "我去 <b>"})


async def test_what_is_said_arrives_and_its_number_is_kept(office: Office) -> None:
    office.open()
    office.say("hello", "您好，<b>陈素芬</b>", buttons=[[GO]])
    await office.until("hello", "sent")
    (message,) = await office.room.shown(RESIDENT)
    assert message["text"] == "您好，陈素芬"
    assert message["html"] == "您好，<b>陈素芬</b>"
    assert message["buttons"] == [[{"text": "1. 我去 <b>", "data": "need:go:1:1"}]]
    assert office.post.row("hello").message_id == message["message_id"]


async def test_after_a_429_it_waits_and_goes_without_a_mark(office: Office) -> None:
    await office.fault("429", retry_after=30, times=2)
    office.open()
    office.say("call")
    for times in (1, 2):
        await office.tried("call", times)
        assert await office.heard() == []
        await office.skip(31)
    await office.until("call", "sent")
    assert await office.heard() == ["call"]
    assert office.pace.halts == [30, 30]


async def test_in_a_flood_nothing_is_kept_in_hand_so_that_an_alarm_can_be_first(
    office: Office,
) -> None:
    office.pace.holds = 30
    office.open()
    office.say("news", message_class=MessageClass.INFO)
    await office.tried("news")
    office.say("alarm", chat=VOLUNTEER, message_class=MessageClass.ALARM)
    await office.tried("alarm")
    assert await office.heard() == await office.heard(VOLUNTEER) == []
    office.pace.holds = 0
    await office.skip(31)
    await office.until("alarm", "sent")
    await office.until("news", "sent")


async def test_without_a_connection_it_goes_later_without_a_mark(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = office.delivery._api._root
    monkeypatch.setattr(office.delivery._api, "_root", "http://127.0.0.1:1/bot1:x")
    office.open()
    office.say("call")
    await office.tried("call")
    monkeypatch.setattr(office.delivery._api, "_root", there)
    await office.skip(3)
    await office.until("call", "sent")
    assert await office.heard() == ["call"]


@pytest.mark.parametrize("kind", ["500", "502html", "drop_before"])
async def test_after_an_unclear_end_what_must_arrive_goes_once_more_with_the_mark(
    office: Office, kind: str
) -> None:
    await office.fault(kind)
    office.open()
    office.say("call")
    await office.tried("call")
    assert await office.heard() == []
    await office.skip(6)
    await office.until("call", "sent")
    (text,) = await office.heard()
    assert REPEATED in text


async def test_two_copies_at_most_and_then_a_human_is_told(office: Office) -> None:
    await office.fault("drop", times=2, chat=RESIDENT)
    office.open()
    office.say("call", "请给陈素芬打电话")
    await office.tried("call")
    await office.skip(6)
    await office.until("call", "unknown")
    first, second = await office.heard()
    assert first == "请给陈素芬打电话"
    assert REPEATED in second
    await office.until(f"undelivered:{office.post.row('call').id}:{_coordinator(office)}", "sent")
    (told,) = await office.heard(COORDINATOR)
    assert "陈素芬" in told
    assert "不确定" in told


async def test_a_hanging_send_is_given_up_and_repeated_with_the_mark(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "READ_SECONDS", 0.2)
    await office.fault("hang")
    office.open()
    office.say("call")
    await office.tried("call")
    await office.skip(6)
    await office.until("call", "sent")
    assert [REPEATED in text for text in await office.heard()] == [False, True]


async def test_information_with_an_unclear_end_is_parked(office: Office) -> None:
    await office.fault("drop")
    office.open()
    office.say("thanks", message_class=INFO)
    await office.until("thanks", "unknown")
    await office.skip(600)
    office.say("later", message_class=INFO)
    await office.until("later", "sent")
    assert await office.heard() == ["thanks", "later"]
    assert await office.heard(COORDINATOR) == []


async def test_whoever_blocked_the_bot_is_unreachable_and_duty_hears_once(office: Office) -> None:
    await office.room.do("block", chat=RESIDENT, on=True)
    for number in range(3):
        office.say(f"call{number}")
    office.open()
    await office.until("call2", "dead")
    assert set(office.post.states().values()) <= {"dead", "sent", "pending", "sending"}
    with office.post.database.transaction() as session:
        assert session.value(select(chat.c.reachable).where(chat.c.id == RESIDENT)) is False
    first = office.post.row("call0").id
    await office.until(f"undelivered:{first}:{_coordinator(office)}", "sent")
    assert len(await office.heard(COORDINATOR)) == 1


async def test_a_chat_that_never_wrote_is_unreachable_too(office: Office) -> None:
    office.open()
    office.say("hello", chat=NEWCOMER, message_class=INFO)
    await office.until("hello", "dead")
    office.say("nowhere", chat=123456, message_class=INFO)
    await office.until("nowhere", "dead")


async def test_broken_markup_goes_out_plain_with_its_choices_to_type(office: Office) -> None:
    office.open()
    office.say("broken", "<b>去医院 &amp; 取药", buttons=[[GO]])
    await office.until("broken", "sent")
    (message,) = await office.room.shown(RESIDENT)
    assert message["text"] == "去医院 & 取药\n1. 我去 <b>"


async def test_a_text_that_is_too_long_goes_out_cut(office: Office) -> None:
    office.open()
    office.say("long", "长" * 5000)
    await office.until("long", "sent")
    assert await office.heard() == ["长" * 4096]


async def test_words_that_are_refused_also_plain_are_given_up_and_told(office: Office) -> None:
    office.open()
    office.say("empty", "<b></b>")
    await office.until("empty", "dead")
    await office.until(f"undelivered:{office.post.row('empty').id}:{_coordinator(office)}", "sent")
    office.say("next")
    await office.until("next", "sent")


async def test_an_end_of_the_plain_copy_counts_like_any_other(office: Office) -> None:
    office.open()
    await office.fault("400", description="Bad Request: can't parse entities: oops")
    await office.fault("429", retry_after=5)
    office.say("broken", "<b>x")
    await office.tried("broken")
    await office.skip(6)
    await office.until("broken", "sent")
    assert await office.heard() == ["x"]


async def test_what_cannot_be_worded_is_given_up_and_keeps_nobody_waiting(office: Office) -> None:
    office.open()
    office.post.say("no template", template="missing", chosen_time=True)
    odd = Button("verbatim", "x:y:1:1", {})
    office.say("no label", buttons=[[odd]])
    office.say("fine")
    await office.until("fine", "sent")
    states = office.post.states()
    assert (states["no template"], states["no label"]) == ("dead", "dead")
    assert await office.heard() == ["fine"]


async def test_an_error_of_our_own_is_an_unclear_end(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stumble(chat_id: int) -> bool:
        raise ZeroDivisionError

    monkeypatch.setattr(office.pace, "turn", stumble)
    office.open()
    office.say("thanks", message_class=INFO)
    await office.until("thanks", "unknown")


async def test_a_card_is_rewritten_and_the_same_words_again_are_no_error(office: Office) -> None:
    office.open()
    office.say("card", "第一版", buttons=[[GO]])
    await office.until("card", "sent")
    number = office.post.row("card").message_id
    for key in ("edit", "again"):
        office.say(key, "第二版", edits=number, message_class=ANSWER)
        await office.until(key, "sent")
        assert office.post.row(key).message_id == number
    (message,) = await office.room.shown(RESIDENT)
    assert (message["text"], message["history"]) == ("第二版", ["第一版"])


async def test_an_edit_with_an_unclear_end_is_repeated_and_never_doubled(office: Office) -> None:
    office.open()
    office.say("card", "第一版")
    await office.until("card", "sent")
    await office.fault("drop", method="editMessageText", times=3)
    office.say("edit", "第二版", edits=office.post.row("card").message_id, message_class=ANSWER)
    for times in (1, 2, 3):
        await office.tried("edit", times)
        await office.skip(6)
    await office.until("edit", "sent")
    assert await office.heard() == ["第二版"]


async def test_when_the_card_is_gone_its_words_come_as_a_new_message(office: Office) -> None:
    office.open()
    office.say("edit", "第二版", edits=424242, buttons=[[GO]], message_class=ANSWER)
    await office.until("edit", "sent")
    (message,) = await office.room.shown(RESIDENT)
    assert message["text"] == "第二版"
    assert message["buttons"]


async def test_the_new_message_for_a_lost_card_is_marked_when_its_end_was_unclear(
    office: Office,
) -> None:
    await office.fault("drop")
    office.open()
    office.say("edit", "第二版", edits=424242, message_class=ANSWER)
    await office.tried("edit", 2)
    await office.skip(6)
    await office.until("edit", "sent")
    assert [REPEATED in text for text in await office.heard()] == [False, True]


async def test_an_edit_with_broken_markup_rewrites_its_card_plain(office: Office) -> None:
    office.open()
    office.say("card", "第一版")
    await office.until("card", "sent")
    office.say("edit", "<i>第二版", edits=office.post.row("card").message_id, message_class=ANSWER)
    await office.until("edit", "sent")
    assert await office.heard() == ["第二版"]


async def test_each_chat_hears_its_messages_in_order_and_none_waits_for_another(
    office: Office,
) -> None:
    await office.fault("429", retry_after=30, chat=RESIDENT)
    for number in range(3):
        office.say(f"a{number}")
        office.say(f"b{number}", chat=VOLUNTEER)
    office.open()
    await office.until("b2", "sent")
    assert await office.heard() == []
    assert await office.heard(VOLUNTEER) == ["b0", "b1", "b2"]
    await office.skip(31)
    await office.until("a2", "sent")
    assert await office.heard() == ["a0", "a1", "a2"]


async def test_an_alarm_overtakes_what_waits(office: Office) -> None:
    for number in range(3):
        office.say(f"thanks{number}", message_class=INFO)
    office.say("alarm", message_class=ALARM)
    office.open()
    await office.until("thanks2", "sent")
    assert await office.heard() == ["alarm", "thanks0", "thanks1", "thanks2"]


async def test_at_night_information_waits_and_an_alarm_goes(office: Office) -> None:
    office.clock.move_to(office.clock.now() + timedelta(hours=13))
    office.open()
    office.say("thanks", message_class=INFO)
    office.say("alarm", message_class=ALARM)
    await office.until("alarm", "sent")
    assert office.post.states()["thanks"] == "pending"
    office.clock.move_to(office.clock.now() + timedelta(hours=9, minutes=1))
    office.delivery.wake()
    await office.until("thanks", "sent")
    assert await office.heard() == ["alarm", "thanks"]


async def test_what_is_too_late_or_unwanted_is_never_seen(office: Office) -> None:
    office.say("old", shelf=timedelta(minutes=5), message_class=INFO)
    office.say("unwanted", wanted=Wanted("need", 1, 1))
    office.clock.move_to(office.clock.now() + timedelta(minutes=6))
    office.open()
    office.say("new")
    await office.until("new", "sent")
    assert await office.heard() == ["new"]
    assert office.post.states()["old"] == "expired"
    assert office.post.states()["unwanted"] == "unwanted"


async def test_a_group_is_greeted_and_left(office: Office) -> None:
    await office.room.do("groups", id=-100500, title="桂花村")
    office.open()
    office.say("line", chat=-100500, message_class=ANSWER)
    await office.until("line", "sent")
    with office.post.database.transaction() as session:
        session.change(update(outbox).values(state="pending", kind="leave"))
    await office.until("line", "sent")
    answer = await office.room.api("sendMessage", chat_id=-100500, text="?")
    assert answer.status == 403
    with office.post.database.transaction() as session:
        session.change(update(outbox).values(state="pending", chat_id=RESIDENT))
    await office.until("line", "dead")


async def test_a_token_that_is_refused_loses_nothing(office: Office) -> None:
    await office.fault("401")
    office.open()
    office.say("call")
    await office.tried("call")
    await office.skip(61)
    await office.until("call", "sent")
    assert await office.heard() == ["call"]


async def test_asleep_nothing_is_sent(office: Office) -> None:
    office.delivery.asleep = True
    office.open()
    office.say("call")
    office.say("other", chat=VOLUNTEER)
    await office.skip(1)
    assert await office.heard() == []
    office.delivery.asleep = False
    office.delivery.wake()
    await office.until("call", "sent")


def _coordinator(office: Office) -> int:
    return office.post.people[COORDINATOR]
