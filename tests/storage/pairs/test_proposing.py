"""Proposing neighbours: who comes into question and why, and what stands against it."""

import pytest
from sqlalchemy import select, update

from storage.apart import Ground, keep_apart
from storage.neighbours import set_neighbour
from storage.pairs import add_neighbour, say_no, suggest_neighbours, withdraw_pair
from storage.pairs.refusals import AskedBefore, HasEnough, NotSuitable
from storage.refusals import AlreadyDone, NotAllowed, OutsideScope, TooLate
from storage.registers import change_profile, find_household
from storage.rules.fields import Register
from storage.rules.nearness import Nearness
from storage.rules.pairs import Ending, PairState, Side
from storage.tables import organisation as lane_organisation
from storage.tables import role as lane_role
from storage.tables import volunteer
from tests.storage.pairs.lane import Lane
from tests.storage.residents import OFFICE, register


def _near(lane: Lane, resident: str = "chen") -> dict[str, Nearness]:
    found = lane.do(
        suggest_neighbours, now=lane.now, actor=lane["sun"], resident_id=lane.people[resident]
    )
    return {one.name: one.nearness for one in found}


def test_the_nearest_neighbours_come_first(lane: Lane) -> None:
    assert _near(lane) == {
        "zhang": Nearness.UNIT,
        "liu": Nearness.BUILDING,
        "zhao": Nearness.COMMUNITY,
    }


def test_each_suggestion_says_why(lane: Lane) -> None:
    first = lane.do(
        suggest_neighbours, now=lane.now, actor=lane["sun"], resident_id=lane.people["chen"]
    )[0]
    assert first.reasons == ("near=unit", "free")
    assert first.by_chat


def test_a_community_beside_comes_into_question_when_the_office_says_so(lane: Lane) -> None:
    lane.do(
        set_neighbour, now=lane.now, actor=lane["wang"], one=lane.home, other=lane.away, beside=True
    )
    assert _near(lane)["he"] is Nearness.BESIDE


def test_whoever_is_away_kept_apart_or_young_is_not_suggested(lane: Lane) -> None:
    one, two = lane.people["chen"], lane.people["zhang"]
    lane.do(keep_apart, now=lane.now, one=one, other=two, ground=Ground.RESIDENT, by=None)
    lane.do(
        change_profile,
        now=lane.now,
        actor=OFFICE,
        person_id=lane.people["liu"],
        values={"born_on": "2012-01-01"},
        ground="staff",
        register=Register.VOLUNTEER,
    )
    with lane.database.transaction() as session:
        paused = update(volunteer).where(volunteer.c.person_id == lane.people["zhao"])
        session.change(paused.values(paused_until=lane.now.replace(year=2030)))
    assert _near(lane) == {}
    for helper in ("zhang", "liu"):
        with pytest.raises(NotSuitable):
            lane.propose(helper=helper)


def test_the_household_is_asked_first_and_the_neighbour_hears_nothing_yet(lane: Lane) -> None:
    lane.propose()
    assert lane.heard("chen") == ["pair_ask_resident"]
    assert lane.heard("zhang") == []


def test_a_resident_in_no_household_gets_one(lane: Lane) -> None:
    with lane.database.transaction() as session:
        wu = register(session, now=lane.now, name="wu", roles=("resident",), community_id=lane.home)
    lane.people["wu"] = wu.id
    one = lane.propose(resident="wu")
    home = lane.do(find_household, person_id=wu.id)
    assert home is not None
    assert home.id == one.household_id


def test_staff_of_another_community_may_not_propose(lane: Lane) -> None:
    with lane.database.transaction() as session:
        qian = register(session, now=lane.now, name="qian", roles=("coordinator",), chat=9)
    lane.people["qian"] = qian.id
    _let_work(lane, "qian", lane.away)
    with pytest.raises(OutsideScope):
        lane.propose(by="qian")
    with pytest.raises(NotAllowed):
        lane.propose(by="zhang")


def _let_work(lane: Lane, name: str, community_id: int) -> None:
    from_tree = select(lane_organisation.c.id).where(
        lane_organisation.c.community_id == community_id
    )
    with lane.database.transaction() as session:
        session.change(
            update(lane_role)
            .where(lane_role.c.person_id == lane.people[name])
            .values(organisation_id=from_tree.scalar_subquery())
        )


def test_the_same_two_are_proposed_once_at_a_time(lane: Lane) -> None:
    lane.propose()
    with pytest.raises(AlreadyDone):
        lane.propose(by="wang")


def test_more_than_one_neighbour_is_welcome(lane: Lane) -> None:
    assert lane.pair().state is PairState.ACTIVE
    assert lane.pair(helper="liu").state is PairState.ACTIVE


@pytest.mark.parametrize("who", ["chen", "zhang"])
def test_after_a_no_nobody_is_asked_about_this_pair_again(lane: Lane, who: str) -> None:
    one = lane.propose()
    if who == "zhang":
        one = lane.agree(one, "chen")
    ended = lane.do(say_no, now=lane.now, actor=lane[who], pair_id=one.id)
    assert ended.ending in (Ending.RESIDENT_NO, Ending.HELPER_NO)
    assert "zhang" not in _near(lane)
    with pytest.raises(AskedBefore):
        lane.propose()


def test_nobody_looks_in_on_more_households_than_they_can(lane: Lane) -> None:
    for name in ("a", "b", "c"):
        with lane.database.transaction() as session:
            made = register(
                session, now=lane.now, name=name, roles=("resident",), community_id=lane.home
            )
        lane.people[name] = made.id
        lane.propose(resident=name)
    with pytest.raises(HasEnough):
        lane.propose()
    assert "zhang" not in _near(lane)


def test_a_neighbour_without_the_app_is_paired_by_their_spoken_word(lane: Lane) -> None:
    lane.people["xu"] = lane.do(
        add_neighbour,
        now=lane.now,
        actor=lane["sun"],
        resident_id=lane.people["luo"],
        name="xu",
        phone="+8610012345679",
        group_code="3组",
    )
    one = lane.propose(resident="luo", helper="xu")
    one = lane.hear(one, Side.RESIDENT)
    one = lane.hear(one, Side.HELPER)
    assert one.state is PairState.ACTIVE
    assert lane.noted("statement_entered") == 2


def test_a_proposal_is_withdrawn_by_staff_who_see_the_household(lane: Lane) -> None:
    one = lane.propose()
    with pytest.raises(NotAllowed):
        lane.do(withdraw_pair, now=lane.now, actor=lane["zhang"], pair_id=one.id, version=1)
    gone = lane.do(withdraw_pair, now=lane.now, actor=lane["wang"], pair_id=one.id, version=1)
    assert gone.ending is Ending.WITHDRAWN
    with pytest.raises(TooLate):
        lane.do(withdraw_pair, now=lane.now, actor=lane["wang"], pair_id=one.id, version=1)
    # Nobody refused: they may be proposed again.
    assert lane.propose().state is PairState.PROPOSED
