"""Mutual help: who may help whom, how many, by whose word, and that both give and both may end."""

import pytest
from sqlalchemy import select

from storage.apart import Ground, keep_apart
from storage.duplicates.pairing import join_pairs
from storage.pairs import end_pair, report_pair, say_no
from storage.pairs.tied import find_tie, tie_facts
from storage.pairs.ties.giving import say_what_is_given
from storage.pairs.ties.items import add_item, list_items, switch_item
from storage.pairs.ties.lists import list_overrides, list_ties
from storage.pairs.ties.refusals import TieBarred, TieUnfit
from storage.references import move_references
from storage.refusals import AlreadyDone, NotAllowed, OutsideScope
from storage.rules.pairs import Ending, Kind, Outcome, PairState
from storage.rules.ties import Bar
from storage.tables import organisation, pair_log, tie
from tests.storage.ties.yard import ASSOCIATION, Yard


def bars_of(refused: pytest.ExceptionInfo[TieBarred]) -> object:
    return refused.value.facts["bars"]


def test_the_one_who_would_be_helped_is_asked_first_and_then_the_helper(yard: Yard) -> None:
    one = yard.help_out()
    assert (yard.heard("qin"), yard.heard("mei")) == (["tie_ask_resident"], [])
    one = yard.say_yes(one, "qin")
    assert yard.heard("mei") == ["tie_ask_helper"]
    one = yard.say_yes(one, "mei")
    assert one.state is PairState.ACTIVE


def test_two_are_helped_and_the_third_is_refused_and_let_through_with_a_reason(
    yard: Yard,
) -> None:
    yard.help_each_other("qin")
    yard.help_out("shi")
    with pytest.raises(TieBarred) as refused:
        yard.help_out("tao")
    assert bars_of(refused) == ["full"]
    assert refused.value.facts["lifts"]
    one = yard.help_out("tao", lifting=(Bar.FULL,), reason="三户同住一层楼")
    assert one.state is PairState.PROPOSED
    assert yard.noted("tie_overridden") == 1


def test_an_override_is_kept_sealed_with_who_and_why_and_shown_to_staff(yard: Yard) -> None:
    one = yard.help_out("mild", lifting=(Bar.RECIPIENT_NOT_SEVERE,), reason="刚做完手术")
    (shown,) = yard.do(list_overrides, now=yard.now, actor=yard["wang"])
    assert (shown.pair.id, shown.bars, shown.reason, shown.by) == (
        one.id,
        ("recipient_not_severe",),
        "刚做完手术",
        "wang",
    )
    kept = yard.do(lambda session: session.value(select(tie.c.override)))
    assert "刚做完手术".encode() not in kept
    assert yard.noted("override_seen") == 1


def test_a_reason_lifts_only_what_staff_saw(yard: Yard) -> None:
    with pytest.raises(TieBarred) as refused:
        yard.help_out("mild", lifting=(Bar.FULL,), reason="试试")
    assert bars_of(refused) == ["recipient_not_severe"]


def test_a_reason_given_where_nothing_is_barred_makes_no_override(yard: Yard) -> None:
    one = yard.help_out(lifting=(Bar.FULL,), reason="以防万一")
    found = yard.do(find_tie, pair_id=one.id)
    assert found is not None
    assert found.bars == ()
    assert yard.do(list_overrides, now=yard.now, actor=yard["wang"]) == []


def test_the_severely_disabled_help_nobody_without_a_reason(yard: Yard) -> None:
    with pytest.raises(TieBarred) as refused:
        yard.help_out("shi", helper="qin")
    assert bars_of(refused) == ["helper_not_mild"]


def test_without_a_grade_in_the_register_staff_are_told_so(yard: Yard) -> None:
    with pytest.raises(TieBarred) as refused:
        yard.help_out("chen", helper="zhang")
    assert bars_of(refused) == ["helper_unknown", "recipient_unknown"]


def test_kept_apart_are_not_brought_together_for_any_reason(yard: Yard) -> None:
    yard.do(
        keep_apart,
        now=yard.now,
        one=yard.people["mei"],
        other=yard.people["qin"],
        ground=Ground.RESIDENT,
        by=None,
    )
    with pytest.raises(TieUnfit):
        yard.help_out(lifting=tuple(Bar), reason="他们说好了")


def test_a_minor_helps_nobody_in_this_way(yard: Yard) -> None:
    yard.born("mei", "2012-03-04")
    with pytest.raises(TieUnfit):
        yard.help_out(lifting=tuple(Bar), reason="她愿意")


def test_the_same_two_are_proposed_once(yard: Yard) -> None:
    yard.help_out()
    with pytest.raises(AlreadyDone):
        yard.help_out()


def test_a_no_frees_the_place_for_somebody_else(yard: Yard) -> None:
    one = yard.help_out("qin")
    yard.help_out("shi")
    yard.do(say_no, now=yard.now, actor=yard["qin"], pair_id=one.id)
    assert yard.help_out("tao").state is PairState.PROPOSED


def test_staff_of_elsewhere_and_volunteers_propose_nothing(yard: Yard) -> None:
    with pytest.raises(NotAllowed):
        yard.help_out(by="zhang")
    yard.join("far", "coordinator", 61, None)
    yard.works_at("far", _away(yard))
    with pytest.raises(OutsideScope):
        yard.help_out(by="far")


def _away(yard: Yard) -> str:
    named = select(organisation.c.name).where(organisation.c.community_id == yard.away)
    return str(yard.do(lambda session: session.value(named)))


def test_an_association_brings_its_own_members_together_and_lifts_nothing(yard: Yard) -> None:
    association = yard.works_at("teacher", ASSOCIATION)
    with pytest.raises(NotAllowed):
        yard.help_out(by="teacher")
    for name in ("mei", "qin", "mild"):
        yard.attach(name, association)
    with pytest.raises(TieBarred) as refused:
        yard.help_out("mild", by="teacher", lifting=tuple(Bar), reason="想试试")
    assert not refused.value.facts["lifts"]
    one = yard.help_out(by="teacher")
    found = yard.do(find_tie, pair_id=one.id)
    assert found is not None
    assert found.organiser == ASSOCIATION
    yard.help_out("shi")
    seen = yard.do(list_ties, actor=yard["teacher"], kind=Kind.MUTUAL)
    assert [each.id for each in seen] == [one.id], "not those that others made"


def test_neither_side_learns_the_others_grade(yard: Yard) -> None:
    one = yard.help_each_other()
    facts = {**one.facts, **yard.do(tie_facts, one)}
    assert not {"grade", "category", "bars"} & set(facts)
    assert (facts["acts"], facts["gives_back"]) == (["haircut", "phone_greeting"], "教下象棋")


def test_both_directions_are_written_down(yard: Yard) -> None:
    one = yard.help_each_other()
    for name, acts in (("mei", ("haircut",)), ("qin", ("gave_back",))):
        one = yard.do(
            report_pair,
            now=yard.now,
            actor=yard[name],
            pair_id=one.id,
            outcome=Outcome.DONE,
            acts=acts,
        )
    rows = yard.do(lambda session: session.all(select(pair_log).order_by(pair_log.c.id)))
    assert [(row.side, row.acts) for row in rows] == [
        ("helper", "haircut"),
        ("resident", "gave_back"),
    ]


def test_what_is_given_back_is_the_recipients_to_say(yard: Yard) -> None:
    one = yard.help_each_other()
    with pytest.raises(NotAllowed):
        yard.do(say_what_is_given, now=yard.now, actor=yard["mei"], pair_id=one.id, words="给我钱")
    yard.do(say_what_is_given, now=yard.now, actor=yard["qin"], pair_id=one.id, words="教普通话")
    found = yard.do(find_tie, pair_id=one.id)
    assert found is not None
    assert found.gives_back == "教普通话"
    assert yard.heard("mei")[-1] == "tie_gives_back"


@pytest.mark.parametrize("name", ["qin", "mei"])
def test_either_side_ends_it_with_one_press(yard: Yard, name: str) -> None:
    one = yard.help_each_other()
    ended = yard.do(end_pair, now=yard.now, actor=yard[name], pair_id=one.id, version=one.version)
    assert ended.ending is (Ending.RESIDENT_ENDED if name == "qin" else Ending.HELPER_ENDED)


def test_money_in_a_note_is_answered_kindly_and_shown_to_the_keeper(yard: Yard) -> None:
    one = yard.help_each_other()
    yard.do(
        report_pair,
        now=yard.now,
        actor=yard["mei"],
        pair_id=one.id,
        outcome=Outcome.DONE,
        acts=("haircut",),
        words="他硬塞给我20块钱",
    )
    assert yard.heard("mei")[-1] == "tie_no_money"
    assert yard.heard("wang")[-1] == "tie_money_said"
    waits = yard.do(lambda session: session.value(select(pair_log.c.waits)))
    assert waits is True


def test_the_office_adds_an_item_and_takes_one_off(yard: Yard) -> None:
    office = yard["wang"]
    yard.do(add_item, now=yard.now, actor=office, kind=Kind.MUTUAL, name="读报")
    with pytest.raises(AlreadyDone):
        yard.do(add_item, now=yard.now, actor=office, kind=Kind.MUTUAL, name="读报")
    yard.do(switch_item, now=yard.now, actor=office, key="massage", version=0, active=False)
    names = [one.key for one in yard.do(list_items, kind=Kind.MUTUAL)]
    assert names == ["haircut", "phone_greeting", "device_training", "=读报"]
    with pytest.raises(NotAllowed):
        yard.do(add_item, now=yard.now, actor=yard["sun"], kind=Kind.MUTUAL, name="唱歌")


def test_two_entries_that_become_one_helper_keep_no_third_recipient_unseen(yard: Yard) -> None:
    yard.join("twin", "volunteer", 32, None)
    yard.grade("twin", "3")
    yard.help_each_other("qin")
    yard.help_out("shi")
    one = yard.help_out("tao", helper="twin")
    with yard.database.transaction() as session:
        gone, kept = yard.people["twin"], yard.people["mei"]
        join_pairs(session, now=yard.now, actor_id=yard.people["wang"], gone=gone, kept=kept)
        move_references(session, gone=gone, kept=kept)
    assert yard.see(one).helper_id == kept
    (shown,) = yard.do(list_overrides, now=yard.now, actor=yard["wang"])
    assert (shown.pair.id, shown.bars, shown.by) == (one.id, ("full",), "wang")
    with pytest.raises(TieBarred):
        yard.help_out("mild")
