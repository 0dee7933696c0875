"""微服务: newcomers first, found by volunteers themselves, taken with one tap."""

from typing import Any

import pytest
from sqlalchemy import insert

from storage.apart import Ground, keep_apart
from storage.needs import (
    Statement,
    change_need,
    list_small,
    mark_small,
    take_small,
)
from storage.needs.refusals import AtLimit, NeedMoved, NeedTaken
from storage.people import get_person
from storage.refusals import NotAllowed
from storage.rules.areas import Category, Urgency
from storage.rules.lifecycle import NeedState
from storage.tables import claim
from tests.storage.needs.village import ERRAND, Village

LAMP = Statement(Category.HOUSEKEEPING, Urgency.U2, "想请人擦擦窗户")


def small_for(village: Village, person_id: int) -> list[int]:
    with village.database.transaction() as session:
        person = get_person(session, person_id=person_id)
        return [card.id for card in list_small(session, now=village.now, person=person)]


def take(village: Village, need_id: int, person_id: int) -> Any:
    version = village.need(need_id).version
    return village.do(take_small, volunteer_id=person_id, need_id=need_id, version=version)


def test_who_has_never_helped_is_asked_first(village: Village) -> None:
    first, second = village.volunteers
    old = village.state()
    with village.database.transaction() as session:
        session.execute(
            insert(claim).values(
                uid="c",
                need_id=old,
                volunteer_id=first,
                state="confirmed",
                created_at=village.now,
                ended_at=village.now,
                version=1,
            )
        )
    other = village.do_state(village.add_resident("周伯"))
    assert [who for _, who, _ in village.offers(other)] == [second, first]


def test_a_volunteer_finds_a_small_task_near_by_and_has_it_with_one_tap(village: Village) -> None:
    need_id = village.state()
    late = village.add_volunteer("新来的", skills="housework")
    assert small_for(village, late) == [need_id]
    assert take(village, need_id, late).claim.volunteer_id == late
    assert small_for(village, late) == []
    with pytest.raises(NeedTaken):
        take(village, need_id, village.volunteers[0])


def test_who_said_no_may_find_it_again_themselves(village: Village) -> None:
    need_id = village.state()
    assert small_for(village, village.volunteers[0]) == [need_id]
    assert take(village, need_id, village.volunteers[0]).state is NeedState.CLAIMED


def test_what_rules_somebody_out_rules_them_out_here_too(village: Village) -> None:
    first, second = village.volunteers
    need_id = village.state()
    village.do(keep_apart, one=first, other=village.resident, ground=Ground.RESIDENT, by=None)
    assert small_for(village, first) == []
    with pytest.raises(NotAllowed):
        take(village, need_id, first)
    village.set_volunteer(second, open_limit=0)
    with pytest.raises(AtLimit):
        take(village, need_id, second)
    for who in (village.resident, village.daughter):
        with pytest.raises(NotAllowed):
            take(village, need_id, who)
        with pytest.raises(NotAllowed):
            small_for(village, who)


def test_far_away_tasks_are_not_near_by(village: Village) -> None:
    village.move(village.resident, village.far)
    need_id = village.state()
    stranger = village.add_volunteer("新来的", skills="housework")
    assert small_for(village, stranger) == []
    with pytest.raises(NotAllowed):
        take(village, need_id, stranger)


def test_only_small_tasks_are_taken_so_and_urgent_ones_never_wait_for_it(village: Village) -> None:
    urgent = village.state(Statement(Category.ERRAND, Urgency.U1, "买药"))
    windows = village.state(LAMP)
    assert small_for(village, village.volunteers[0]) == []
    for need_id in (urgent, windows):
        with pytest.raises(NotAllowed):
            take(village, need_id, village.volunteers[0])


def test_staff_mark_a_need_small_or_not(village: Village) -> None:
    need_id = village.state(LAMP)
    by = {"coordinator_id": village.coordinator, "need_id": need_id}
    card = village.do(mark_small, **by, version=village.need(need_id).version, small=True)
    assert card.small
    helper = village.add_volunteer("家务", skills="housework")
    assert small_for(village, helper) == [need_id]
    village.do(mark_small, **by, version=card.version, small=False)
    assert small_for(village, helper) == []
    with pytest.raises(NotAllowed):
        village.do(
            mark_small, coordinator_id=helper, need_id=need_id, version=card.version, small=True
        )
    with pytest.raises(NeedMoved):
        village.do(mark_small, **by, version=card.version + 1, small=True)


def test_another_kind_of_need_is_small_by_its_own_rule(village: Village) -> None:
    need_id = village.state(LAMP)
    assert not village.need(need_id).small
    village.do(
        change_need,
        actor_id=village.resident,
        need_id=need_id,
        version=village.need(need_id).version,
        said=ERRAND,
    )
    assert village.need(need_id).small
