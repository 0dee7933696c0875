"""Needs that are verified first: by whom, what comes of it, and how one objects to a no."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from storage.database import Database
from storage.needs import Statement, reopen_need, state_need
from storage.needs.refusals import NeedMoved
from storage.needs.standing import stands
from storage.needs.verification.laying import Outcome, Way, list_to_verify
from storage.needs.verification.verifying import (
    object_to,
    verify_changed,
    verify_refused,
    verify_right,
)
from storage.refusals import AlreadyDone, NotAllowed, OutsideScope, Refusal
from storage.rules.areas import Category, Urgency
from storage.rules.lifecycle import NeedState
from storage.rules.visits import OutcomeReason
from tests.storage.needs.hall import OFFICE, RAMP, Hall
from tests.storage.needs.village import Village
from tests.storage.town import a_town


@pytest.fixture
def hall(database: Database, now: datetime) -> Iterator[Hall]:
    made = Hall(a_town(database, now))
    yield made
    assert made.read_all()


def _refuse(hall: Hall, need_id: int, *, by: str = "孙丽") -> None:
    hall.do(
        verify_refused,
        coordinator_id=hall.id(by),
        need_id=need_id,
        version=hall.need(need_id).version,
        way=Way.VISIT,
        outcome=Outcome.NOT_A_NEED,
        reason="台阶去年已经修过",
    )


def test_such_a_need_is_laid_before_the_coordinators_of_the_community_first(hall: Hall) -> None:
    need_id = hall.state(RAMP)
    assert hall.need(need_id).state is NeedState.VERIFYING
    assert hall.said_to("孙丽") == ["desk_verify"]
    assert hall.said_to("钱进") == []
    waiting = hall.town.database.do(list_to_verify, actor=hall.town["孙丽"])
    assert [one.id for one in waiting] == [need_id]


def test_what_is_right_goes_on_at_once_to_the_organisation_that_owns_it(hall: Hall) -> None:
    need_id = hall.state(RAMP)
    hall.wait(hours=1)
    card = hall.verify(need_id)
    assert (card.state, card.referred.organisation) == (NeedState.REFERRED, OFFICE)
    assert hall.said_to("王珊")[-1] == "referral_card"
    assert hall.said_to("陈素芬") == ["need_referred"]


def test_of_what_is_put_differently_the_resident_reads_how_it_stands(hall: Hall) -> None:
    need_id = hall.state(RAMP)
    said = Statement(Category.ERRAND, Urgency.U2, "想请人帮忙搬一下门口的石板")
    card = hall.do(
        verify_changed,
        coordinator_id=hall.id("孙丽"),
        need_id=need_id,
        version=hall.need(need_id).version,
        way=Way.PHONE,
        said=said,
    )
    assert card.words == said.words
    assert card.category is Category.ERRAND
    assert card.state is NeedState.UNCLAIMED
    assert hall.said_to("陈素芬")[-1] == "need_verified_changed"
    assert card.small


def test_what_turns_out_more_urgent_has_the_shorter_time_from_then_on(hall: Hall) -> None:
    need_id = hall.state(RAMP)
    helpers = Village(hall.town.database, hall.town.now)
    neighbour = helpers.add_volunteer("邻居", home=hall.need(need_id).community_id)
    said = Statement(Category.ERRAND, Urgency.U1, "今天要人帮忙买药")
    card = hall.do(
        verify_changed,
        coordinator_id=hall.id("孙丽"),
        need_id=need_id,
        version=hall.need(need_id).version,
        way=Way.PHONE,
        said=said,
    )
    assert helpers.offers(need_id) == [(1, neighbour, "offered")]
    with hall.town.database.transaction() as session:
        wanted = stands(session, card, now=hall.town.now)
    assert (card.level, card.due_at) == (wanted["level"], wanted["due_at"])


def test_to_a_no_the_resident_may_object_and_the_office_has_it(hall: Hall) -> None:
    need_id = hall.state(RAMP)
    _refuse(hall, need_id)
    closed = hall.need(need_id)
    assert closed.state is NeedState.CLOSED
    assert hall.said_to("陈素芬") == ["need_not_verified"]
    again = hall.do(object_to, actor_id=hall.id("陈素芬"), need_id=need_id, version=closed.version)
    assert again.state is NeedState.UNCLAIMED
    assert hall.said_to("王珊")[-1] == "desk_objection"
    with pytest.raises(AlreadyDone):
        hall.do(object_to, actor_id=hall.id("陈素芬"), need_id=need_id, version=again.version)


def test_only_those_who_speak_for_the_resident_may_object_and_only_to_a_no(hall: Hall) -> None:
    need_id = hall.state(RAMP)
    _refuse(hall, need_id)
    version = hall.need(need_id).version
    with pytest.raises(NotAllowed):
        hall.do(object_to, actor_id=hall.id("周小兰"), need_id=need_id, version=version)
    other = hall.state(Statement(Category.ERRAND, Urgency.U2, "买米"))
    with pytest.raises(NeedMoved):
        hall.do(object_to, actor_id=hall.id("陈素芬"), need_id=other, version=1)


@pytest.mark.parametrize(
    ("name", "refusal"), [("钱进", OutsideScope), ("陈素芬", NotAllowed), ("孙丽", None)]
)
def test_a_coordinator_of_another_community_verifies_nothing_here(
    hall: Hall, name: str, refusal: type[Refusal] | None
) -> None:
    need_id = hall.state(RAMP)
    if refusal is None:
        assert hall.verify(need_id, by=name).state is NeedState.REFERRED
        return
    with pytest.raises(refusal):
        hall.verify(need_id, by=name)
    assert hall.need(need_id).state is NeedState.VERIFYING


def test_of_two_who_verify_at_once_the_second_hears_where_it_stands(hall: Hall) -> None:
    need_id = hall.state(RAMP)
    version = hall.need(need_id).version
    hall.verify(need_id)
    with pytest.raises(NeedMoved):
        hall.do(
            verify_right,
            coordinator_id=hall.id("王珊"),
            need_id=need_id,
            version=version,
            way=Way.KNOWN,
        )


def test_nobody_verifies_in_time_and_the_coordinators_are_asked_again(hall: Hall) -> None:
    need_id = hall.state(RAMP)
    hall.wait(days=4)
    assert hall.said_to("孙丽") == ["desk_verify", "desk_verify"]
    assert hall.need(need_id).state is NeedState.VERIFYING


def test_what_staff_of_the_resident_state_for_them_counts_as_verified(hall: Hall) -> None:
    need_id = hall.do(
        state_need,
        actor_id=hall.id("孙丽"),
        resident_id=hall.id("罗德明"),
        said=RAMP,
        origin="visit",
    )
    assert hall.need(need_id).state is NeedState.REFERRED
    assert "need_verified" in hall.noted()


def test_opened_again_after_a_no_it_is_verified_and_not_offered_past_who_said_it(
    hall: Hall,
) -> None:
    need_id = hall.state(RAMP)
    _refuse(hall, need_id)
    again = hall.do(
        reopen_need,
        actor_id=hall.id("陈素芬"),
        need_id=need_id,
        version=hall.need(need_id).version,
        reason=OutcomeReason.BROKE_AGAIN,
    )
    assert again.state is NeedState.VERIFYING
    hall.verify(need_id)
    assert hall.need(need_id).referred.organisation == OFFICE
