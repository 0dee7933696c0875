"""Outcomes: what became of each attempt, and who hears of what did not arrive."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from storage.outbox import MessageClass
from storage.outbox.leasing import LEASE_SECONDS
from storage.outbox.outcomes import (
    HARMLESS_LIMIT,
    End,
    SendResult,
    cannot_arrive,
    sent_at,
    wipe_sent,
)
from storage.outbox.shown import list_shown, list_under_way, withdraw, withdraw_all
from storage.tables import chat, journal
from tests.storage.post import COORDINATOR, RESIDENT, SECOND, VOLUNTEER, Post

ALARM, ANSWER, MUST, INFO = (
    MessageClass.ALARM,
    MessageClass.ANSWER,
    MessageClass.MUST,
    MessageClass.INFO,
)


def _reachable(post: Post, number: int) -> bool:
    with post.database.transaction() as session:
        return bool(session.value(select(chat.c.reachable).where(chat.c.id == number)))


def test_a_sent_message_is_known_by_its_number_and_its_moment(post: Post) -> None:
    post.say("call")
    assert post.database.do(sent_at, key="call") is None
    post.lease()
    assert post.database.do(sent_at, key="call") is None
    post.end("call", End.SENT, message_id=77)
    assert post.database.do(sent_at, key="call") == post.now
    assert post.row("call").message_id == 77
    assert post.database.do(cannot_arrive, key="call") is False


def test_what_a_card_was_shown_as_is_listed_in_order(post: Post) -> None:
    for number, key in enumerate(("v1", "v2", "other")):
        post.say(key, card="need:1", template="other" if key == "other" else "offer")
        post.lease()
        post.end(key, End.SENT, message_id=50 + number)
    post.say("waiting", card="need:1", template="offer")
    shown = post.database.do(list_shown, chat_id=RESIDENT, card="need:1", template="offer")
    assert list(shown) == [50, 51]


@pytest.mark.parametrize(
    ("end", "number", "then"),
    [(End.SENT, 77, "sending"), (End.REFUSED, None, "unwanted")],
)
def test_what_is_on_its_way_can_be_rewritten_once_it_has_arrived(
    post: Post, end: End, number: int | None, then: str
) -> None:
    post.say("contact", card="need:1", template="contact", message_class=ANSWER)
    post.lease()
    (target,) = post.database.do(
        list_under_way, chat_id=RESIDENT, card="need:1", template="contact"
    )
    post.say("hidden", edits=target, message_class=INFO)
    assert post.lease() == [], "it waits for the end"
    post.end("contact", end, message_id=number)
    assert [one.edits for one in post.lease()] == ([number] if number else [])
    assert post.states()["hidden"] == then
    assert not post.database.do(list_under_way, chat_id=RESIDENT, card="need:1", template="contact")


def test_what_waits_for_a_card_or_for_somebody_who_left_can_be_taken_back(post: Post) -> None:
    post.say("card", card="need:1", template="contact")
    post.say("other card", card="need:2", template="contact")
    post.say("answer", message_class=ANSWER)
    post.say("alarm", message_class=ALARM)
    post.say("elsewhere", chat=VOLUNTEER, card="need:1", template="contact")
    post.database.do(withdraw, now=post.now, chat_id=RESIDENT, card="need:1", template="contact")
    assert {key for key, state in post.states().items() if state == "unwanted"} == {"card"}
    post.database.do(withdraw_all, now=post.now, chat_id=RESIDENT)
    waiting = {key for key, state in post.states().items() if state == "pending"}
    assert waiting == {"answer", "alarm", "elsewhere"}


def test_what_certainly_did_not_go_out_goes_again_unmarked_however_often(post: Post) -> None:
    post.say("call")
    for _ in range(5):
        (parcel,) = post.lease()
        assert parcel.repeated is False
        post.end("call", End.LATER, wait=60.0)
        assert post.lease() == []
        post.real += LEASE_SECONDS + 1
    assert post.states() == {"call": "pending"}
    assert post.told() == []


@pytest.mark.parametrize("kind", [ALARM, ANSWER, MUST])
def test_after_an_unclear_end_what_must_arrive_is_sent_once_more_and_then_given_to_a_human(
    post: Post, kind: MessageClass
) -> None:
    post.say("call", message_class=kind)
    post.lease()
    post.end("call", End.UNCLEAR, wait=5.0, error="TimedOut")
    assert post.lease() == []
    post.real += 6
    (again,) = post.lease()
    assert again.repeated is True
    post.end("call", End.UNCLEAR, wait=5.0, error="TimedOut")
    assert post.states()["call"] == "unknown"
    assert post.database.do(cannot_arrive, key="call") is True
    assert post.told() == ([] if kind is ANSWER else [(COORDINATOR, "pending")])


def test_information_with_an_unclear_end_is_not_repeated(post: Post) -> None:
    post.say("thanks", message_class=INFO)
    post.lease()
    post.end("thanks", End.UNCLEAR)
    assert post.states() == {"thanks": "unknown"}
    assert post.told() == []


def test_a_refused_message_is_dead_and_duty_hears_of_it(post: Post) -> None:
    post.say("call", template="check_in_call")
    post.lease()
    post.end("call", End.REFUSED, error="Bad Request")
    assert post.states()["call"] == "dead"
    (key,) = (key for key in post.states() if key.startswith("undelivered:"))
    assert '"name": "陈素芬"' in post.facts(key)
    assert '"occasion": "check_in_call"' in post.facts(key)


def test_a_closed_chat_takes_along_all_that_waits_for_it_and_duty_hears_once(post: Post) -> None:
    for number in range(4):
        post.say(f"call{number}")
    post.say("thanks", message_class=INFO)
    post.say("elsewhere", chat=VOLUNTEER)
    first, *rest = post.lease(limit=2)
    post.write(
        [
            SendResult(first.id, End.GONE, error="Forbidden"),
            *(SendResult(one.id, End.LATER) for one in rest),
        ]
    )
    states = post.states()
    assert {states[f"call{number}"] for number in range(4)} == {"dead"}
    assert states["thanks"] == "dead"
    assert states["elsewhere"] == "pending"
    assert _reachable(post, RESIDENT) is False
    assert _reachable(post, VOLUNTEER) is True
    assert post.told() == [(COORDINATOR, "pending")]
    with post.database.transaction() as session:
        noted = session.find(select(journal).where(journal.c.what == "chat_unreachable"))
    assert noted is not None
    assert noted.subject_id == post.people[RESIDENT]


def test_information_for_a_closed_chat_troubles_nobody_unless_more_was_waiting(
    post: Post,
) -> None:
    post.say("thanks", message_class=INFO)
    post.lease()
    post.end("thanks", End.GONE)
    assert post.told() == []
    post.say("thanks again", message_class=INFO)
    post.lease()
    post.say("call")
    post.end("thanks again", End.GONE)
    assert post.told() == [(COORDINATOR, "pending")]


def test_a_group_that_cannot_be_greeted_is_still_left(post: Post) -> None:
    with post.database.transaction() as session:
        session.connection.exec_driver_sql("DELETE FROM role")
    post.say("line", chat=-100, message_class=ANSWER)
    (line,) = post.lease()
    with post.database.transaction() as session:
        session.connection.exec_driver_sql("UPDATE outbox SET kind = 'send'")
    post.say("go", chat=-100, message_class=ANSWER)
    with post.database.transaction() as session:
        session.connection.exec_driver_sql("UPDATE outbox SET kind = 'leave' WHERE key = 'go'")
    post.write([SendResult(line.id, End.GONE)])
    assert post.states() == {"line": "dead", "go": "pending"}


def test_duty_is_told_by_every_coordinator_but_the_one_who_cannot_be_reached(post: Post) -> None:
    post.join(SECOND, "李娜", kind="coordinator")
    post.say("to duty", chat=COORDINATOR)
    post.lease()
    post.end("to duty", End.REFUSED)
    assert post.told() == [(SECOND, "pending")]


def test_news_of_a_loss_that_is_lost_itself_goes_in_no_circle(post: Post) -> None:
    post.say("call")
    post.lease()
    post.end("call", End.REFUSED)
    (news,) = post.lease()
    post.write([SendResult(news.id, End.REFUSED)])
    assert post.told() == [(COORDINATOR, "dead")]


def test_a_chat_nobody_registered_is_told_of_without_a_name(post: Post) -> None:
    post.say("call", chat=55, message_class=ALARM)
    post.lease()
    post.end("call", End.GONE)
    (key,) = (key for key in post.states() if key.startswith("undelivered:"))
    assert '"name": null' in post.facts(key)


def test_the_ends_of_a_lost_lease_change_nothing(post: Post) -> None:
    for end in (End.SENT, End.LATER, End.ANEW, End.UNCLEAR, End.GONE, End.REFUSED):
        post.say(end.value, chat=2000 + len(post.states()), message_class=ANSWER)
        post.lease(owner="the other")
        post.end(end.value, end)
        assert post.states()[end.value] == "sending"
    post.write([SendResult(999_999, End.SENT)])


def test_what_a_killed_worker_left_is_taken_over_once_and_marked(post: Post) -> None:
    post.say("call")
    post.say("thanks", chat=VOLUNTEER, message_class=INFO)
    post.lease(owner="killed")
    assert post.recover() == 2
    assert post.recover() == 0
    assert post.states() == {"call": "pending", "thanks": "unknown"}
    (again,) = post.lease(owner="next")
    assert (again.key, again.repeated) == ("call", True)
    post.end("call", End.SENT, owner="killed")
    assert post.states()["call"] == "sending", "the dead do not write"
    assert post.recover(owner="next") == 0, "its own lease is not yet over"
    post.real += LEASE_SECONDS + 1
    assert post.recover(owner="next") == 1
    assert post.states()["call"] == "unknown", "two copies at most"


def test_a_lease_whose_commit_went_unanswered_is_given_back_unmarked(post: Post) -> None:
    post.say("held")
    post.say("lost", chat=VOLUNTEER)
    held, _lost = post.lease()
    post.release(keep=[held.id])
    assert post.states() == {"held": "sending", "lost": "pending"}
    (again,) = post.lease()
    assert (again.key, again.repeated) == ("lost", False)


def test_an_edit_whose_end_is_unclear_is_tried_again_but_not_for_ever(post: Post) -> None:
    post.say("edit", edits=5, message_class=INFO)
    for _ in range(HARMLESS_LIMIT):
        assert post.keys() == ["edit"]
        post.end("edit", End.UNCLEAR)
    assert post.states() == {"edit": "unknown"}


def test_an_edit_whose_message_is_gone_becomes_a_message_with_a_cap_of_its_own(
    post: Post,
) -> None:
    post.say("edit", edits=5, message_class=ANSWER)
    post.lease()
    post.end("edit", End.UNCLEAR)
    post.lease()
    post.end("edit", End.ANEW)
    (anew,) = post.lease()
    assert (anew.kind, anew.edits, anew.repeated) == ("send", None, False)
    post.end("edit", End.UNCLEAR)
    (copy,) = post.lease()
    assert copy.repeated is True
    post.end("edit", End.UNCLEAR)
    assert post.states() == {"edit": "unknown"}


def test_what_was_never_queued_cannot_arrive(post: Post) -> None:
    assert post.database.do(cannot_arrive, key="never") is True


def test_contents_are_wiped_a_day_after_their_end_and_the_times_stay(post: Post) -> None:
    post.say("sent", facts={"name": "陈素芬"})
    post.lease()
    post.end("sent", End.SENT, message_id=3)
    post.say("waiting", chat=VOLUNTEER)
    post.database.do(wipe_sent, now=post.now + timedelta(hours=24))
    assert post.row("sent").facts is not None
    post.database.do(wipe_sent, now=post.now + timedelta(hours=25))
    assert post.row("sent").facts is None
    assert post.row("waiting").facts is not None
    assert post.database.do(sent_at, key="sent") == post.now
