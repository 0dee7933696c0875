"""Yes and no of both sides: nothing is shared before, and nobody is told who said no."""

import pytest
from sqlalchemy import select

from storage.consents import refuse
from storage.pairs import (
    close_problem,
    end_pair,
    list_log,
    list_waiting_pairs,
    open_partner,
    report_pair,
    say_no,
    say_yes,
)
from storage.pairs.refusals import GuardianSpeaks, StaffTakesPart
from storage.people import set_address, set_phone
from storage.refusals import AlreadyDone, NotAllowed, TooLate
from storage.registers import change_profile
from storage.rules.pairs import Ending, Outcome, PairState, Side
from storage.rules.purposes import Purpose
from storage.tables import caregiver, pair, role
from tests.storage.pairs.lane import Lane
from tests.storage.residents import OFFICE


def test_both_yeses_make_a_pair_and_tell_both(lane: Lane) -> None:
    one = lane.agree(lane.propose(), "chen")
    assert one.state is PairState.PROPOSED
    assert lane.heard("zhang") == ["pair_ask_helper"]
    one = lane.agree(one, "zhang")
    assert one.state is PairState.ACTIVE
    assert lane.heard("chen")[-1] == lane.heard("zhang")[-1] == "pair_agreed"


def test_who_was_not_asked_yet_cannot_press_yes(lane: Lane) -> None:
    one = lane.propose()
    with pytest.raises(NotAllowed):
        lane.agree(one, "zhang")
    with pytest.raises(NotAllowed):
        lane.agree(one, "liu")


def test_a_yes_pressed_twice_is_one(lane: Lane) -> None:
    one = lane.agree(lane.propose(), "chen")
    with pytest.raises(AlreadyDone):
        lane.agree(one, "chen")
    one = lane.agree(one, "zhang")
    with pytest.raises(AlreadyDone):
        lane.agree(one, "zhang")


def test_who_said_yes_hears_only_that_it_did_not_come_about(lane: Lane) -> None:
    one = lane.agree(lane.propose(), "chen")
    ended = lane.do(say_no, now=lane.now, actor=lane["zhang"], pair_id=one.id)
    assert ended.ending is Ending.HELPER_NO
    assert lane.heard("chen")[-1] == "pair_not_now"
    assert "pair_not_now" not in lane.heard("zhang")
    with pytest.raises(TooLate):
        lane.agree(one, "zhang")


def test_a_yes_may_be_taken_back_while_the_other_side_thinks(lane: Lane) -> None:
    one = lane.agree(lane.propose(), "chen")
    ended = lane.do(say_no, now=lane.now, actor=lane["chen"], pair_id=one.id)
    assert ended.ending is Ending.RESIDENT_NO
    assert lane.heard("zhang") == ["pair_ask_helper"]


def test_contact_data_opens_only_with_both_yeses_and_each_look_is_written_down(
    lane: Lane,
) -> None:
    with lane.database.transaction() as session:
        set_phone(session, person_id=lane.people["chen"], phone="+8610012345671")
        set_address(session, person_id=lane.people["chen"], address="桂花小区3栋2单元501")
        set_phone(session, person_id=lane.people["zhang"], phone="+8610012345672")
    one = lane.agree(lane.propose(), "chen")
    for name in ("chen", "zhang"):
        with pytest.raises(TooLate):
            lane.do(open_partner, now=lane.now, actor=lane[name], pair_id=one.id)
    one = lane.agree(one, "zhang")
    shown = lane.do(open_partner, now=lane.now, actor=lane["zhang"], pair_id=one.id).contact
    assert (shown.phone, shown.address) == ("+8610012345671", "桂花小区3栋2单元501")
    back = lane.do(open_partner, now=lane.now, actor=lane["chen"], pair_id=one.id).contact
    assert (back.phone, back.address) == ("+8610012345672", None)
    assert lane.noted("contact_seen") == 2
    with pytest.raises(NotAllowed):
        lane.do(open_partner, now=lane.now, actor=lane["liu"], pair_id=one.id)
    lane.do(end_pair, now=lane.now, actor=lane["chen"], pair_id=one.id, version=one.version)
    with pytest.raises(TooLate):
        lane.do(open_partner, now=lane.now, actor=lane["zhang"], pair_id=one.id)


def test_ones_own_no_to_sharing_stands_over_the_pair(lane: Lane) -> None:
    with lane.database.transaction() as session:
        set_phone(session, person_id=lane.people["chen"], phone="+8610012345671")
    one = lane.pair()
    chen = lane.people["chen"]
    lane.do(refuse, now=lane.now, person_id=chen, purpose=Purpose.SHARE_CONTACT, actor_id=chen)
    shown = lane.do(open_partner, now=lane.now, actor=lane["zhang"], pair_id=one.id).contact
    assert (shown.name, shown.phone, shown.address) == ("chen", None, None)


def test_staff_write_down_what_somebody_without_a_chat_said(lane: Lane) -> None:
    one = lane.propose(resident="luo")
    one = lane.hear(one, Side.RESIDENT)
    assert lane.heard("zhang") == ["pair_ask_helper"]
    assert lane.agree(one, "zhang").state is PairState.ACTIVE


def test_who_is_one_of_the_two_writes_down_nobodys_yes(lane: Lane) -> None:
    with lane.database.transaction() as session:
        also = role.insert().values(
            person_id=lane.people["zhang"],
            kind="coordinator",
            state="approved",
            created_at=lane.now,
            version=1,
        )
        session.execute(also)
    one = lane.propose(resident="luo")
    with pytest.raises(StaffTakesPart):
        lane.hear(one, Side.RESIDENT, by="zhang")
    with pytest.raises(NotAllowed):
        lane.hear(one, Side.RESIDENT, by="liu")


def test_a_childs_guardian_speaks_for_it(lane: Lane) -> None:
    lane.do(
        change_profile,
        now=lane.now,
        actor=OFFICE,
        person_id=lane.people["chen"],
        values={"born_on": "2018-05-01"},
        ground="staff",
    )
    with lane.database.transaction() as session:
        session.execute(
            caregiver.insert().values(
                resident_id=lane.people["chen"],
                caregiver_id=lane.people["liu"],
                kind="guardian",
                state="confirmed",
                created_at=lane.now,
                version=1,
            )
        )
    one = lane.propose()
    assert lane.heard("liu") == ["pair_ask_resident"]
    assert lane.heard("chen") == []
    with pytest.raises(GuardianSpeaks):
        lane.agree(one, "chen")
    with pytest.raises(GuardianSpeaks):
        lane.hear(one, Side.RESIDENT)
    one = lane.agree(one, "liu")
    row = lane.do(lambda session: session.find(select(pair.c.resident_ground)))
    assert row is not None
    assert row.resident_ground == "guardian"


def test_a_problem_wakes_staff_until_somebody_has_looked(lane: Lane) -> None:
    one = lane.pair()
    one = lane.do(
        report_pair,
        now=lane.now,
        actor=lane["chen"],
        pair_id=one.id,
        outcome=Outcome.PROBLEM,
        words="他最近总是很晚来",
    )
    assert lane.heard("sun")[-1] == "pair_problem"
    waiting = lane.do(list_waiting_pairs, actor=lane["sun"], what="problems")
    assert [each.id for each in waiting] == [one.id]
    (entry,) = lane.do(list_log, one, words=True)
    assert (entry.words, entry.waits) == ("他最近总是很晚来", True)
    with pytest.raises(NotAllowed):
        lane.do(close_problem, now=lane.now, actor=lane["zhang"], log_id=entry.id, version=1)
    lane.do(close_problem, now=lane.now, actor=lane["sun"], log_id=entry.id, version=1)
    with pytest.raises(AlreadyDone):
        lane.do(close_problem, now=lane.now, actor=lane["sun"], log_id=entry.id, version=1)
    assert lane.do(list_waiting_pairs, actor=lane["sun"], what="problems") == []


def test_only_the_two_and_their_staff_report(lane: Lane) -> None:
    one = lane.propose()
    with pytest.raises(TooLate):
        lane.do(report_pair, now=lane.now, actor=lane["chen"], pair_id=one.id, outcome=Outcome.DONE)
    one = lane.agree(one, "chen", "zhang")
    with pytest.raises(NotAllowed):
        lane.do(report_pair, now=lane.now, actor=lane["liu"], pair_id=one.id, outcome=Outcome.DONE)
    heard = lane.do(
        report_pair, now=lane.now, actor=lane["sun"], pair_id=one.id, outcome=Outcome.DONE
    )
    assert heard.sign_at == lane.now


def test_a_stranger_learns_nothing_of_a_pair(lane: Lane) -> None:
    one = lane.pair()
    for act in (say_yes, say_no):
        with pytest.raises(NotAllowed):
            lane.do(act, now=lane.now, actor=lane["liu"], pair_id=one.id)
        with pytest.raises(NotAllowed):
            lane.do(act, now=lane.now, actor=lane["liu"], pair_id=one.id + 99)
