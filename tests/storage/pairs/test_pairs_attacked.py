"""Pairs as somebody would misuse them: to learn a name early, to keep a number, to press late."""

import pytest
from sqlalchemy import update

from storage.apart import Ground, keep_apart
from storage.pairs import (
    end_pair,
    list_tellings,
    mark_told,
    open_partner,
    say_no,
    side_of,
)
from storage.pairs.refusals import NotSuitable
from storage.refusals import NotAllowed, TooLate
from storage.rules.pairs import PairState, Side
from storage.tables import role
from tests.storage.pairs.lane import Lane


def test_nobody_says_no_to_a_pair_of_which_they_were_not_told(lane: Lane) -> None:
    one = lane.propose()
    assert lane.do(side_of, one=one, actor=lane["zhang"]) is None
    with pytest.raises(NotAllowed):
        lane.do(say_no, now=lane.now, actor=lane["zhang"], pair_id=one.id)
    assert lane.see(one).state is PairState.PROPOSED
    one = lane.agree(one, "chen")
    lane.do(say_no, now=lane.now, actor=lane["zhang"], pair_id=one.id)
    assert lane.see(one).state is PairState.ENDED


def test_how_to_reach_somebody_is_not_shown_to_who_is_kept_apart_from_them(lane: Lane) -> None:
    one = lane.pair()
    shown = lane.do(open_partner, now=lane.now, actor=lane["zhang"], pair_id=one.id)
    assert shown.contact.name == "chen"
    lane.do(
        keep_apart,
        now=lane.now,
        one=lane.people["chen"],
        other=lane.people["zhang"],
        ground=Ground.RESIDENT,
        by=lane.people["sun"],
    )
    with pytest.raises(TooLate):
        lane.do(open_partner, now=lane.now, actor=lane["zhang"], pair_id=one.id)


def test_no_yes_counts_any_more_once_the_two_are_kept_apart(lane: Lane) -> None:
    one = lane.agree(lane.propose(), "chen")
    lane.do(
        keep_apart,
        now=lane.now,
        one=lane.people["chen"],
        other=lane.people["zhang"],
        ground=Ground.RESIDENT,
        by=lane.people["sun"],
    )
    with pytest.raises(NotSuitable):
        lane.agree(one, "zhang")
    with pytest.raises(NotSuitable):
        lane.hear(one, Side.HELPER)
    assert lane.see(one).state is PairState.PROPOSED


def test_whose_role_ended_brings_no_news_of_a_pair(lane: Lane) -> None:
    one = lane.pair()
    lane.do(end_pair, now=lane.now, actor=lane["zhang"], pair_id=one.id, version=one.version)
    (telling,) = lane.do(list_tellings, actor=lane["sun"])
    with lane.database.transaction() as session:
        mine = role.c.person_id == lane.people["sun"]
        session.change(update(role).where(mine).values(state="ended"))
    with pytest.raises(NotAllowed):
        lane.do(
            mark_told,
            now=lane.now,
            actor=lane["sun"],
            telling_id=telling.id,
            version=telling.version,
        )
    lane.pass_time(days=4)
    assert lane.heard("sun").count("pair_tell_them") == 1
    assert "pair_tell_them" in lane.heard("wang")
