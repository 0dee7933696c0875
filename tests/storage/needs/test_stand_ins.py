"""Somebody goes in a helper's place, or swaps: only a yes passes it on, and one yes only."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from storage.apart import Ground, keep_apart
from storage.needs import (
    answer_stand_in,
    ask_stand_in,
    list_stand_ins,
    list_swaps,
    release_claim,
    set_out,
    show_contact,
)
from storage.needs.refusals import NeedMoved, StandInTaken
from storage.refusals import AlreadyDone, NotAllowed, Refusal
from storage.rules.lifecycle import NeedState
from storage.tables import complaint, need
from tests.storage.needs.village import Village


@pytest.fixture
def village(village: Village) -> Village:
    village.add_volunteer("志愿者3")
    return village


def _asked(village: Village, *people: int) -> int:
    need_id = village.carried()
    for person_id in people:
        village.act(ask_stand_in, need_id, asked_id=person_id)
    village.deliver()
    return need_id


def test_until_the_yes_it_is_still_the_first_helpers(village: Village) -> None:
    first, second, _ = village.volunteers
    need_id = _asked(village, second)
    with pytest.raises(AlreadyDone):
        village.act(ask_stand_in, need_id, asked_id=second)
    with pytest.raises(NotAllowed):
        village.do(answer_stand_in, person_id=first, stand_in_id=1, yes=True)
    village.do(answer_stand_in, person_id=second, stand_in_id=1, yes=False)
    assert village.need(need_id).held.volunteer_id == first
    assert village.said_to(first) == ["stand_in_declined"]


def test_the_yes_passes_it_on_at_the_promised_hour(village: Village) -> None:
    first, second, _ = village.volunteers
    need_id = _asked(village, second)
    village.show_contact(need_id)
    village.deliver()
    before = village.need(need_id).held
    village.do(answer_stand_in, person_id=second, stand_in_id=1, yes=True)
    card = village.need(need_id)
    assert (card.state, card.held.volunteer_id) == (NeedState.CLAIMED, second)
    assert card.held.arrives_at == before.arrives_at
    told = village.deliver()
    assert village.said_to(village.resident, told) == ["need_other_helper"]
    assert {"stand_in_goes", "claim_contact_hidden"} <= set(village.said_to(first, told))
    with pytest.raises(NeedMoved):
        village.do(show_contact, volunteer_id=first, claim_id=before.id)
    village.show_contact(need_id)


def test_of_two_who_say_yes_one_goes_and_the_other_is_thanked(village: Village) -> None:
    _, second, third = village.volunteers
    need_id = _asked(village, second, third)

    def say_yes(one: tuple[int, int]) -> bool:
        try:
            village.do(answer_stand_in, person_id=one[0], stand_in_id=one[1], yes=True)
        except Refusal:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(say_yes, [(second, 1), (third, 2)]))
    assert sorted(answers) == [False, True]
    winner = (second, third)[answers.index(True)]
    assert village.need(need_id).held.volunteer_id == winner
    loser = (second, third)[answers.index(False)]
    with pytest.raises(StandInTaken):
        village.do(answer_stand_in, person_id=loser, stand_in_id=answers.index(False) + 1, yes=True)


def test_only_who_is_known_and_not_kept_apart_may_be_asked(village: Village) -> None:
    stranger = village.add_volunteer("外来", home=village.far)
    need_id = village.carried()
    village.do(
        keep_apart,
        one=village.resident,
        other=village.volunteers[2],
        ground=Ground.RESIDENT,
        by=None,
    )
    mine = {"volunteer_id": village.volunteers[0], "claim_id": 1}
    found = village.do(list_stand_ins, **mine)
    assert [one.person_id for one in found] == [village.volunteers[1]]
    for other in (stranger, village.volunteers[2]):
        with pytest.raises(NotAllowed):
            village.act(ask_stand_in, need_id, asked_id=other)


def test_a_claim_that_was_given_back_cannot_be_taken_over(village: Village) -> None:
    need_id = _asked(village, village.volunteers[1])
    village.act(release_claim, need_id)
    with pytest.raises(StandInTaken):
        village.do(answer_stand_in, person_id=village.volunteers[1], stand_in_id=1, yes=True)


def test_two_swap_their_tasks_and_both_homes_are_told(village: Village) -> None:
    first, second, _ = village.volunteers
    mine = village.carried()
    other = village.add_resident("周伯")
    theirs = village.do_state(other)
    village.claim(theirs, second)
    village.come(theirs, after=timedelta(hours=5))
    (swap,) = village.do(list_swaps, volunteer_id=first, claim_id=1)
    assert (swap.helper, swap.claim_id) == ("志愿者2", 2)
    village.act(ask_stand_in, mine, asked_id=second, swap_claim_id=2)
    asked = next(p for p in village.deliver() if p.template == "stand_in_ask")
    assert asked.facts["swap_words"]
    village.do(answer_stand_in, person_id=second, stand_in_id=1, yes=True)
    assert village.need(mine).held.volunteer_id == second
    assert village.need(theirs).held.volunteer_id == first
    told = village.deliver()
    for home in (village.resident, other):
        assert village.said_to(home, told) == ["need_other_helper"]
    assert "task_taken_over" in village.said_to(first, told)


def test_late_on_the_way_a_person_is_told_at_once(village: Village) -> None:
    need_id = village.carried()
    village.now += timedelta(minutes=30)
    village.deliver()
    village.act(release_claim, need_id)
    assert "desk_helper_cannot" in village.said_to(village.coordinator)


def test_a_swap_gives_nobody_a_task_that_they_could_not_be_asked_for(village: Village) -> None:
    first, second, _ = village.volunteers
    village.carried()
    theirs = village.do_state(village.add_resident("周伯"))
    village.claim(theirs, second)
    village.come(theirs, after=timedelta(hours=5))
    mine = {"volunteer_id": first, "claim_id": 1}
    assert village.do(list_swaps, **mine)
    # Now it is work that asks for a paper, which the first helper has not.
    with village.database.transaction() as session:
        session.change(update(need).where(need.c.id == theirs).values(category="mental_support"))
    assert village.do(list_swaps, **mine) == []


def test_a_swap_asked_for_before_a_grave_word_is_not_made_after_it(village: Village) -> None:
    first, second, _ = village.volunteers
    asked = village.carried()
    theirs = village.do_state(village.add_resident("周伯"))
    village.claim(theirs, second)
    village.come(theirs, after=timedelta(hours=5))
    village.act(ask_stand_in, asked, asked_id=second, swap_claim_id=2)
    with village.database.transaction() as session:
        values = {"reporter_id": village.resident, "for_id": village.resident, "side": "resident"}
        more = {"what": "hurt", "serious": True, "state": "open", "due_at": village.now, "uid": "x"}
        session.execute(
            insert(complaint).values(
                **values,
                **more,
                reported_id=first,
                words=b"",
                to_office=False,
                created_at=village.now,
                version=1,
            )
        )
    with pytest.raises(StandInTaken):
        village.do(answer_stand_in, person_id=second, stand_in_id=1, yes=True)
    assert village.need(theirs).held.volunteer_id == second


def test_who_went_after_all_is_not_replaced_at_the_door(village: Village) -> None:
    first, second, _ = village.volunteers
    need_id = _asked(village, second)
    village.now += timedelta(minutes=20)
    village.act(set_out, need_id)
    with pytest.raises(StandInTaken):
        village.do(answer_stand_in, person_id=second, stand_in_id=1, yes=True)
    assert village.need(need_id).held.volunteer_id == first
    village.do(answer_stand_in, person_id=second, stand_in_id=1, yes=False)
