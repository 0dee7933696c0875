"""Leasing: who may send what, and when; each chat in order, alarms before all."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import insert, update

from storage.database import Session
from storage.files import keep_file
from storage.outbox import MessageClass, Wanted
from storage.outbox.leasing import count_unsent, next_send_at
from storage.outbox.outcomes import End
from storage.tables import outbox, role
from tests.storage.post import COORDINATOR, RESIDENT, VOLUNTEER, Post

ALARM, ANSWER, MUST, INFO = (
    MessageClass.ALARM,
    MessageClass.ANSWER,
    MessageClass.MUST,
    MessageClass.INFO,
)


def _duty(post: Post) -> Wanted:
    """Something with a version: the coordinator's role."""
    return Wanted("role", 3, 1)


def test_alarms_go_before_answers_before_must_before_information(post: Post) -> None:
    for number, kind in enumerate((INFO, MUST, ANSWER, ALARM)):
        post.say(kind.value, message_class=kind, chat=100 + number)
    assert post.keys() == ["alarm", "answer", "must", "info"]


def test_a_chat_gets_its_messages_in_the_order_in_which_they_were_said(post: Post) -> None:
    for number in range(5):
        post.say(f"m{number}")
    assert post.keys(limit=2) == ["m0", "m1"]
    assert post.keys() == [], "while a message is on its way nothing follows"
    post.end("m0", End.SENT, message_id=1)
    assert post.keys() == []
    post.end("m1", End.SENT, message_id=2)
    assert post.keys() == ["m2", "m3", "m4"]


def test_a_message_that_must_wait_holds_back_what_follows_in_its_chat_alone(post: Post) -> None:
    post.say("first")
    post.say("second")
    post.say("elsewhere", chat=VOLUNTEER)
    assert post.keys(limit=1) == ["first"]
    post.end("first", End.LATER, wait=30.0)
    assert post.keys() == ["elsewhere"]
    post.real += 31
    assert post.keys() == ["first", "second"]


def test_what_is_held_for_the_morning_does_not_hold_back_an_answer(post: Post) -> None:
    post.now += timedelta(hours=13)  # 23:00
    post.say("reminder", message_class=INFO)
    post.say("answer", message_class=ANSWER)
    assert post.keys() == ["answer"]
    assert post.database.do(next_send_at) == post.now + timedelta(hours=9)
    post.end("answer", End.SENT)
    post.now += timedelta(hours=9)
    assert post.keys() == ["reminder"]
    assert post.database.do(next_send_at) is None


def test_nothing_is_taken_when_there_is_no_room(post: Post) -> None:
    post.say("one")
    assert post.keys(limit=0) == []
    assert post.states() == {"one": "pending"}


def test_what_is_too_late_is_not_sent_and_duty_hears_of_what_mattered(post: Post) -> None:
    hour = timedelta(hours=1)
    post.say("call", shelf=hour)
    post.say("offer", shelf=hour, message_class=INFO)
    post.say("in time", shelf=2 * hour, message_class=INFO)
    post.now += hour + timedelta(seconds=1)
    assert post.keys() == ["in time"]
    states = post.states()
    assert (states["call"], states["offer"]) == ("expired", "expired")
    assert post.told() == [(COORDINATOR, "pending")]


def test_a_message_is_still_sent_in_the_last_moment_of_its_shelf(post: Post) -> None:
    post.say("call", shelf=timedelta(hours=1))
    post.now += timedelta(hours=1)
    assert post.keys() == ["call"]


def test_what_nobody_wants_any_more_is_not_sent(post: Post) -> None:
    post.say("offer", wanted=_duty(post))
    post.say("stays", wanted=_duty(post), chat=VOLUNTEER)
    assert post.keys(limit=1) == ["offer"]
    post.end("offer", End.LATER)
    with post.database.transaction() as session:
        session.change(update(role).values(version=2))
    assert post.keys() == []
    assert post.states() == {"offer": "unwanted", "stays": "unwanted"}
    assert post.told() == [], "what is not wanted is missed by nobody"


def test_what_is_wanted_by_a_row_that_is_gone_is_not_sent(post: Post) -> None:
    post.say("offer", wanted=Wanted("need", 999, 1))
    assert post.keys() == []
    assert post.states() == {"offer": "unwanted"}


def test_after_an_outage_old_messages_do_not_stand_in_the_way_of_new_ones(post: Post) -> None:
    for number in range(7):
        post.say(f"old{number}", message_class=INFO, shelf=timedelta(minutes=1))
    post.now += timedelta(hours=1)
    post.say("new", message_class=INFO)
    assert post.keys(limit=2) == ["new"]


@pytest.mark.parametrize("column", ["facts", "buttons"])
def test_a_message_that_no_key_opens_is_given_up_and_the_others_go_out(
    post: Post, column: str
) -> None:
    post.say("damaged", message_class=ALARM)
    post.say("whole")
    with post.database.transaction() as session:
        values = {column: b"\x01\x01" + bytes(40)}
        session.change(update(outbox).where(outbox.c.key == "damaged").values(**values))
    assert post.keys() == ["whole"]
    assert post.states()["damaged"] == "dead"
    assert post.told() == [(COORDINATOR, "pending")]


def test_two_workers_never_take_the_same_message(post: Post) -> None:
    for number in range(40):
        post.say(f"m{number}", chat=1000 + number, message_class=ANSWER)
    start, taken = Barrier(4), list[str]()

    def work(number: int) -> None:
        start.wait()
        while found := post.keys(limit=3, owner=f"worker{number}"):
            taken.extend(found)

    threads = [Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rest = post.keys(owner="last")
    assert sorted(taken + rest) == sorted(f"m{number}" for number in range(40))


def test_a_copy_after_an_unclear_end_is_marked_and_an_edit_is_not(post: Post) -> None:
    post.say("must")
    post.say("edit", chat=VOLUNTEER, edits=5, message_class=ANSWER)
    assert {one.key: one.repeated for one in post.lease()} == {"must": False, "edit": False}
    post.end("must", End.UNCLEAR, wait=5.0)
    post.end("edit", End.UNCLEAR, wait=5.0)
    post.real += 6
    assert {one.key: one.repeated for one in post.lease()} == {"must": True, "edit": False}


def test_what_is_due_and_not_sent_is_counted_also_while_it_is_on_its_way(post: Post) -> None:
    post.say("a")
    post.say("b", chat=VOLUNTEER)
    assert post.database.do(count_unsent, now=post.now) == 2
    post.lease(limit=1)
    assert post.database.do(count_unsent, now=post.now) == 2
    post.end("a", End.SENT)
    assert post.database.do(count_unsent, now=post.now) == 1
    assert post.database.do(count_unsent, now=post.now - timedelta(days=1)) == 0


def test_a_row_cannot_be_on_its_way_without_an_owner(post: Post) -> None:
    def half(session: Session) -> None:
        session.execute(
            insert(outbox).values(
                key="half",
                chat_id=RESIDENT,
                kind="send",
                template="help",
                message_class="info",
                priority=3,
                state="sending",
                attempts=0,
                unclear=0,
                retry_at=0.0,
                not_before=post.now,
                created_at=post.now,
            )
        )

    with pytest.raises(Exception, match="owner"):
        post.database.do(half)


def test_an_alarm_does_not_wait_for_a_long_upload(post: Post) -> None:
    file_id = post.database.do(
        keep_file, now=post.now, name="a.xlsx", media_type="x/y", body=b"PK", purpose="paper"
    )
    post.say("paper", message_class=ANSWER, document=file_id)
    assert post.keys() == ["paper"]
    post.say("answer", message_class=ANSWER)
    post.say("alarm", message_class=ALARM)
    assert post.keys() == ["alarm"]
    post.end("alarm", End.SENT, message_id=1)
    assert post.keys() == []
    post.end("paper", End.SENT, message_id=2)
    assert post.keys() == ["answer"]


def test_words_too_long_for_a_caption_go_before_their_file(post: Post) -> None:
    file_id = post.database.do(
        keep_file, now=post.now, name="a.xlsx", media_type="x/y", body=b"PK", purpose="paper"
    )
    post.say("paper", message_class=ANSWER, document=file_id, facts={"name": "陈"})
    assert post.keys() == ["paper"]
    post.end("paper", End.SPLIT)
    words, paper = post.lease()
    assert (words.key, words.kind, words.template, words.facts) == (
        "paper:words",
        "send",
        "help",
        {"name": "陈"},
    )
    assert (paper.key, paper.kind, paper.template) == ("paper", "document", "")
