"""One need that several help with: whoever comes first has a place, and nobody has two."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from storage.database import Database
from storage.needs import (
    NeedCard,
    Places,
    cancel_need,
    claim_need,
    confirm_done,
    list_places,
    release_claim,
    split_need,
    want_helpers,
)
from storage.needs.refusals import NeedTaken
from storage.refusals import AlreadyDone, NotAllowed, Refusal
from storage.rules.lifecycle import NeedState
from tests.storage.needs.village import Village

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


@pytest.fixture
def village(database: Database) -> Village:
    made = Village(database, NOW)
    made.settle(volunteers=3)
    return made


def _two_wanted(village: Village, wanted: int = 2) -> int:
    need_id = village.state()
    village.do(want_helpers, actor_id=village.resident, need_id=need_id, wanted=wanted)
    return need_id


def _places(village: Village, need_id: int) -> Places:
    found: Places = village.database.do(list_places, card=village.need(need_id))
    return found


def _press(village: Village, need_id: int, volunteer_id: int) -> NeedCard:
    """Press on the first place, as it is offered now."""
    card: NeedCard = village.do(
        claim_need,
        volunteer_id=volunteer_id,
        need_id=need_id,
        version=village.need(need_id).version,
    )
    return card


def test_the_second_to_press_has_the_second_place(village: Village) -> None:
    need_id = _two_wanted(village)
    first = _press(village, need_id, village.volunteers[0])
    assert _places(village, need_id).facts == {"wanted": 2, "found": 1, "helpers": ["志愿者1"]}
    second = _press(village, need_id, village.volunteers[1])
    assert (first.id, second.place_number) == (need_id, 2)
    assert _places(village, need_id).found == 2
    with pytest.raises(NeedTaken):
        _press(village, need_id, village.volunteers[2])


def test_each_is_asked_once_and_the_losers_hear_when_both_places_are_taken(
    village: Village,
) -> None:
    need_id = _two_wanted(village)
    last = village.volunteers[2]
    assert village.said_to(last) == ["offer_card"]
    _press(village, need_id, village.volunteers[0])
    assert village.said_to(last) == []
    _press(village, need_id, village.volunteers[1])
    assert village.said_to(last) == ["offer_taken"]


def test_nobody_has_two_places(village: Village) -> None:
    need_id = _two_wanted(village)
    _press(village, need_id, village.volunteers[0])
    with pytest.raises(AlreadyDone):
        _press(village, need_id, village.volunteers[0])
    second = _places(village, need_id).cards[1]
    with pytest.raises(AlreadyDone):
        village.claim(second.id, village.volunteers[0])


def test_whoever_was_not_asked_has_no_place(village: Village) -> None:
    need_id = _two_wanted(village)
    stranger = village.add_volunteer("赵远", home=village.far)
    second = _places(village, need_id).cards[1]
    with pytest.raises(NotAllowed):
        village.claim(second.id, stranger)


def test_one_who_cannot_come_opens_only_their_place_again(village: Village) -> None:
    need_id = _two_wanted(village)
    _press(village, need_id, village.volunteers[0])
    _press(village, need_id, village.volunteers[1])
    village.act(release_claim, need_id)
    found = _places(village, need_id)
    assert [one.state for one in found.cards] == [NeedState.OPEN, NeedState.CLAIMED]
    # Who was told that it is taken is asked about the place that is free again.
    assert village.said_to(village.volunteers[2])[-1] == "offer_card"


def test_the_whole_is_closed_when_both_are_confirmed(village: Village) -> None:
    need_id = _two_wanted(village)
    _press(village, need_id, village.volunteers[0])
    other = _press(village, need_id, village.volunteers[1]).id
    states = []
    for one in (need_id, other):
        village.come(one)
        village.finish(one)
        states.append(_places(village, need_id).state)
        version = village.need(one).version
        village.do(confirm_done, actor_id=village.resident, need_id=one, version=version)
    assert states == [NeedState.CLAIMED, NeedState.DONE]
    assert _places(village, need_id).state is NeedState.CLOSED


def test_withdrawing_withdraws_every_place(village: Village) -> None:
    need_id = _two_wanted(village)
    helper = village.volunteers[0]
    _press(village, need_id, helper)
    version = village.need(need_id).version
    village.do(cancel_need, actor_id=village.resident, need_id=need_id, version=version)
    assert _places(village, need_id).state is NeedState.CANCELLED
    assert "task_cancelled" in village.said_to(helper)


def test_one_fewer_takes_away_a_free_place_and_never_a_helper(village: Village) -> None:
    need_id = _two_wanted(village, wanted=3)
    _press(village, need_id, village.volunteers[0])
    _press(village, need_id, village.volunteers[1])
    village.do(want_helpers, actor_id=village.resident, need_id=need_id, wanted=2)
    found = _places(village, need_id)
    assert (found.wanted, found.found) == (2, 2)
    with pytest.raises(Refusal):
        village.do(want_helpers, actor_id=village.resident, need_id=need_id, wanted=1)


def test_only_who_speaks_for_the_resident_or_staff_may_want_more(village: Village) -> None:
    need_id = village.state()
    by = village.volunteers[0]
    with pytest.raises(NotAllowed):
        village.do(want_helpers, actor_id=by, need_id=need_id, wanted=2)
    village.do(want_helpers, actor_id=village.coordinator, need_id=need_id, wanted=2)
    with pytest.raises(AlreadyDone):
        village.do(want_helpers, actor_id=village.daughter, need_id=need_id, wanted=2)


def test_tasks_are_places_that_are_taken_one_by_one(village: Village) -> None:
    need_id = village.state()
    version = village.need(need_id).version
    by = {"coordinator_id": village.coordinator, "need_id": need_id, "version": version}
    found: Places = village.do(split_need, tasks=["搬米上楼", "打手语"], **by)
    assert [one.words.split("\n")[0] for one in found.cards] == ["搬米上楼", "打手语"]
    _press(village, need_id, village.volunteers[0])
    # Another task is another question: nobody is handed it for pressing on this one.
    with pytest.raises(NeedTaken):
        _press(village, need_id, village.volunteers[1])


@pytest.mark.parametrize("wanted", [2, 3])
def test_of_many_at_once_as_many_have_a_place_as_were_wanted(village: Village, wanted: int) -> None:
    for number in range(5):
        village.add_volunteer(f"邻居{number}")
    need_id = _two_wanted(village, wanted=wanted)
    version = village.need(need_id).version
    asked = [volunteer for _, volunteer, _ in village.offers(need_id)]

    def press(volunteer_id: int) -> bool:
        try:
            village.do(claim_need, volunteer_id=volunteer_id, need_id=need_id, version=version)
        except Refusal:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(press, asked * 2))
    found = _places(village, need_id)
    helpers = [one.held.volunteer_id for one in found.cards if one.claim]
    assert sum(won) == len(set(helpers)) == len(helpers) == wanted
