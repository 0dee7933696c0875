"""Somebody else next time: kept apart quietly, and welcome again when said so."""

import pytest

from storage.apart import are_apart
from storage.needs import ask_for_another, confirm_done, welcome_again
from storage.refusals import AlreadyDone, NotAllowed, TooLate
from tests.storage.needs.village import Village


@pytest.fixture
def closed(village: Village) -> int:
    """A need that the first volunteer carried and the resident confirmed."""
    need_id = village.carried()
    village.finish(need_id)
    version = village.need(need_id).version
    village.do(confirm_done, actor_id=village.resident, need_id=need_id, version=version)
    return need_id


def test_who_was_not_wanted_again_is_not_asked_and_hears_nothing(
    village: Village, closed: int
) -> None:
    first, second = village.volunteers
    village.deliver()
    village.do(ask_for_another, actor_id=village.resident, need_id=closed)
    assert village.said_to(first, village.deliver()) == []
    fresh = village.state()
    assert [who for _, who, _ in village.offers(fresh)] == [second]
    with pytest.raises(AlreadyDone):
        village.do(ask_for_another, actor_id=village.resident, need_id=closed)


def test_a_task_that_was_already_agreed_on_is_handed_on(village: Village, closed: int) -> None:
    first, _ = village.volunteers
    fresh = village.state()
    village.claim(fresh, first)
    village.do(ask_for_another, actor_id=village.resident, need_id=closed)
    assert village.need(fresh).claim is None


def test_it_is_taken_back_with_one_press(village: Village, closed: int) -> None:
    first, second = village.volunteers
    village.do(ask_for_another, actor_id=village.resident, need_id=closed)
    village.do(welcome_again, actor_id=village.resident, need_id=closed)
    assert {who for _, who, _ in village.offers(village.state())} == {first, second}
    with pytest.raises(AlreadyDone):
        village.do(welcome_again, actor_id=village.resident, need_id=closed)


def test_only_who_speaks_for_the_resident_may_say_it(village: Village, closed: int) -> None:
    first, second = village.volunteers
    for other in (first, second):
        with pytest.raises(NotAllowed):
            village.do(ask_for_another, actor_id=other, need_id=closed)
    with village.database.transaction() as session:
        assert not are_apart(session, village.resident, first)


def test_where_nobody_helped_there_is_nobody_to_keep_away(village: Village) -> None:
    with pytest.raises(TooLate):
        village.do(ask_for_another, actor_id=village.resident, need_id=village.state())
