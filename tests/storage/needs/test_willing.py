"""竞标: who would like to says so, a coordinator chooses one, the others are thanked warmly."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from storage.needs import (
    Declining,
    Statement,
    assign_need,
    cancel_need,
    change_need,
    choose_willing,
    claim_need,
    count_willing,
    decline_offer,
    find_asked,
    list_willing,
    say_willing,
)
from storage.needs.refusals import AtLimit, NeedChanged, NeedTaken, NotWilling
from storage.refusals import AlreadyDone, NotAllowed
from storage.rules.areas import Category, Mode, Urgency
from storage.rules.lifecycle import NeedState
from storage.rules.weights import Part
from tests.storage.needs.test_races import _at_once, _live
from tests.storage.needs.village import Village

LESSONS = Statement(Category.STUDY_HELP, Urgency.U2, "想请人每周教孩子写作业")
GATHERED = timedelta(hours=23, minutes=1)


@pytest.fixture
def tutors(village: Village) -> Village:
    """Two who teach, and nobody else."""
    for helper in village.volunteers:
        village.end_role(helper)
    village.volunteers.clear()
    for number in (1, 2):
        village.add_volunteer(f"老师{number}", skills="tutoring")
    return village


def willing(village: Village, need_id: int, helper: int) -> Any:
    version = village.need(need_id).version
    return village.do(say_willing, volunteer_id=helper, need_id=need_id, version=version)


def choose(village: Village, need_id: int, helper: int, *, by: int | None = None) -> Any:
    return village.do(
        choose_willing,
        coordinator_id=by or village.coordinator,
        need_id=need_id,
        version=village.need(need_id).version,
        volunteer_id=helper,
    )


def test_the_first_yes_starts_the_time_in_which_others_may_say_theirs(tutors: Village) -> None:
    need_id = tutors.state(LESSONS)
    first, second = tutors.volunteers
    said = willing(tutors, need_id, first)
    # Twelve hours from ten in the morning is night: the coordinator chooses the next day.
    assert said.chosen_by == datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
    tutors.now += timedelta(minutes=1)
    assert willing(tutors, need_id, second).chosen_by is None
    with pytest.raises(AlreadyDone):
        willing(tutors, need_id, second)
    card = tutors.need(need_id)
    assert (card.state, card.claim) == (NeedState.OPEN, None)
    assert tutors.database.do(count_willing, card=card) == 2


def test_when_the_time_is_over_the_coordinator_chooses_and_everybody_hears(
    tutors: Village,
) -> None:
    need_id = tutors.state(LESSONS)
    first, second = tutors.volunteers
    for helper in tutors.volunteers:
        willing(tutors, need_id, helper)
    tutors.deliver()
    tutors.wait(GATHERED)
    assert tutors.need(need_id).state is NeedState.UNCLAIMED
    parcels = tutors.deliver()
    desk = next(one for one in parcels if one.template == "desk_unclaimed")
    assert (desk.facts["reason"], desk.facts["willing"]) == ("choose", 2)
    found = tutors.do(list_willing, coordinator_id=tutors.coordinator, need_id=need_id)
    assert [one.person_id for one in found] == [first, second]
    assert Part.HAS_SKILL in [part for part, _ in found[0].parts]
    card = choose(tutors, need_id, second)
    assert card.claim.volunteer_id == second
    parcels = tutors.deliver()
    assert tutors.said_to(second, parcels) == ["offer_chosen"]
    assert tutors.said_to(first, parcels) == ["offer_not_chosen"]
    # An ordinary claim from here on: they say when, and only then see where.
    tutors.come(need_id)
    assert tutors.said_to(tutors.resident) == ["need_who_comes"]


def test_the_coordinator_may_choose_before_the_time_is_over(tutors: Village) -> None:
    need_id = tutors.state(LESSONS)
    willing(tutors, need_id, tutors.volunteers[0])
    assert choose(tutors, need_id, tutors.volunteers[0]).state is NeedState.CLAIMED
    with pytest.raises(AlreadyDone):
        choose(tutors, need_id, tutors.volunteers[0])


def test_nobody_willing_goes_on_by_waves(tutors: Village) -> None:
    far = tutors.add_volunteer("远方", home=tutors.far, skills="tutoring")
    need_id = tutors.state(LESSONS)
    tutors.wait(timedelta(hours=5))
    assert (1, far, "offered") in tutors.offers(need_id)
    assert tutors.need(need_id).state is NeedState.OPEN


def test_urgent_needs_are_never_held_up_by_choosing(tutors: Village) -> None:
    need_id = tutors.state(Statement(Category.STUDY_HELP, Urgency.U1, "今晚要有人教"))
    tutors.claim(need_id, tutors.volunteers[0])
    assert tutors.need(need_id).state is NeedState.CLAIMED


def test_nobody_takes_what_is_to_be_chosen(tutors: Village) -> None:
    need_id = tutors.state(LESSONS)
    with pytest.raises(NotAllowed):
        tutors.claim(need_id, tutors.volunteers[0])
    errand = tutors.add_volunteer("跑腿")
    first_come = tutors.state()
    with pytest.raises(NotAllowed):
        willing(tutors, first_come, errand)


def test_only_who_said_yes_is_chosen_and_only_by_a_coordinator(tutors: Village) -> None:
    need_id = tutors.state(LESSONS)
    first, second = tutors.volunteers
    willing(tutors, need_id, first)
    with pytest.raises(NotWilling):
        choose(tutors, need_id, second)
    for who in (first, tutors.resident):
        with pytest.raises(NotAllowed):
            choose(tutors, need_id, first, by=who)
        with pytest.raises(NotAllowed):
            tutors.do(list_willing, coordinator_id=who, need_id=need_id)


def test_a_yes_may_be_taken_back_and_given_again(tutors: Village) -> None:
    need_id = tutors.state(LESSONS)
    first = tutors.volunteers[0]
    willing(tutors, need_id, first)
    tutors.do(decline_offer, volunteer_id=first, need_id=need_id, ground=Declining.NOT_NOW)
    with pytest.raises(NotWilling):
        choose(tutors, need_id, first)
    willing(tutors, need_id, first)
    assert choose(tutors, need_id, first).state is NeedState.CLAIMED


def test_when_the_last_of_the_willing_cannot_the_need_goes_on(tutors: Village) -> None:
    far = tutors.add_volunteer("远方", home=tutors.far, skills="tutoring")
    need_id = tutors.state(LESSONS)
    willing(tutors, need_id, tutors.volunteers[0])
    tutors.wait(GATHERED)
    assert tutors.need(need_id).state is NeedState.UNCLAIMED
    tutors.do(decline_offer, volunteer_id=tutors.volunteers[0], need_id=need_id)
    assert tutors.need(need_id).state is NeedState.OPEN
    assert (1, far, "offered") in tutors.offers(need_id)


def test_a_late_yes_is_laid_on_the_desk_at_once(tutors: Village) -> None:
    need_id = tutors.state(LESSONS)
    for _ in range(3):
        tutors.wait(timedelta(days=2))
    assert tutors.need(need_id).state is NeedState.UNCLAIMED
    tutors.deliver()
    willing(tutors, need_id, tutors.volunteers[0])
    assert tutors.said_to(tutors.coordinator) == ["desk_unclaimed"]
    assert choose(tutors, need_id, tutors.volunteers[0]).state is NeedState.CLAIMED


def test_who_has_enough_to_do_cannot_say_yes_nor_be_chosen(tutors: Village) -> None:
    first = tutors.volunteers[0]
    need_id = tutors.state(LESSONS)
    willing(tutors, need_id, first)
    tutors.set_volunteer(first, open_limit=0)
    with pytest.raises(NotWilling):
        choose(tutors, need_id, first)
    other = tutors.state(LESSONS)
    tutors.set_volunteer(tutors.volunteers[1], open_limit=0)
    with pytest.raises(AtLimit):
        willing(tutors, other, tutors.volunteers[1])


def test_what_changed_is_asked_anew_and_what_became_urgent_is_first_come(
    tutors: Village,
) -> None:
    need_id = tutors.state(LESSONS)
    first = tutors.volunteers[0]
    willing(tutors, need_id, first)
    for urgency, mode in ((Urgency.U3, Mode.CHOSEN), (Urgency.U1, Mode.FIRST_COME)):
        tutors.do(
            change_need,
            actor_id=tutors.resident,
            need_id=need_id,
            version=tutors.need(need_id).version,
            said=Statement(Category.STUDY_HELP, urgency, "改一下"),
        )
        asked = tutors.database.do(find_asked, need_id=need_id, volunteer_id=first)
        assert asked is not None
        assert (asked.state, asked.mode) == ("offered", mode)
    with pytest.raises(NeedChanged):
        tutors.do(claim_need, volunteer_id=first, need_id=need_id, version=1)
    tutors.claim(need_id, first)


def test_who_was_asked_in_an_earlier_round_may_say_yes_in_this_one(tutors: Village) -> None:
    need_id = tutors.state(LESSONS)
    first, second = tutors.volunteers
    willing(tutors, need_id, first)
    choose(tutors, need_id, first)
    tutors.end_role(second)
    for _ in range(2):
        tutors.wait(timedelta(days=2))
    card = tutors.need(need_id)
    assert card.round == 2
    willing(tutors, need_id, first)
    assert (2, first, "willing") in tutors.offers(need_id)


def test_whom_a_coordinator_asks_in_person_simply_goes(tutors: Village) -> None:
    need_id = tutors.state(LESSONS)
    first = tutors.volunteers[0]
    tutors.do(
        assign_need,
        coordinator_id=tutors.coordinator,
        need_id=need_id,
        version=tutors.need(need_id).version,
        volunteer_id=first,
    )
    tutors.claim(need_id, first)
    assert tutors.need(need_id).state is NeedState.CLAIMED


def test_choosing_and_withdrawing_at_once_has_one_outcome(tutors: Village) -> None:
    for _ in range(8):
        need_id = tutors.state(LESSONS)
        willing(tutors, need_id, tutors.volunteers[0])
        version = tutors.need(need_id).version
        press = {"need_id": need_id, "version": version}
        answers = _at_once(
            [
                partial(
                    tutors.do,
                    choose_willing,
                    coordinator_id=tutors.coordinator,
                    volunteer_id=tutors.volunteers[0],
                    **press,
                ),
                partial(tutors.do, cancel_need, actor_id=tutors.resident, **press),
            ]
        )
        assert answers.count("ok") == 1
        card = tutors.need(need_id)
        assert _live(tutors, need_id) == (card.state is NeedState.CLAIMED)
        if card.state is NeedState.CLAIMED:
            again = {"need_id": need_id, "version": card.version}
            tutors.do(cancel_need, actor_id=tutors.resident, **again)


def test_two_coordinators_choosing_two_helpers_send_one(tutors: Village) -> None:
    for _ in range(8):
        need_id = tutors.state(LESSONS)
        for helper in tutors.volunteers:
            willing(tutors, need_id, helper)
        version = tutors.need(need_id).version
        answers = _at_once(
            [
                partial(
                    tutors.do,
                    choose_willing,
                    coordinator_id=tutors.coordinator,
                    need_id=need_id,
                    version=version,
                    volunteer_id=helper,
                )
                for helper in tutors.volunteers
            ]
        )
        assert answers.count("ok") == 1
        assert _live(tutors, need_id) == 1
        card = tutors.need(need_id)
        again = {"need_id": need_id, "version": card.version}
        tutors.do(cancel_need, actor_id=tutors.resident, **again)


def test_choosing_one_while_another_who_was_asked_in_person_takes_it(tutors: Village) -> None:
    first, second = tutors.volunteers
    for _ in range(8):
        need_id = tutors.state(LESSONS)
        willing(tutors, need_id, first)
        version = tutors.need(need_id).version
        press = {"need_id": need_id, "version": version}
        tutors.do(assign_need, coordinator_id=tutors.coordinator, volunteer_id=second, **press)
        answers = _at_once(
            [
                partial(
                    tutors.do,
                    choose_willing,
                    coordinator_id=tutors.coordinator,
                    volunteer_id=first,
                    **press,
                ),
                partial(tutors.do, claim_need, volunteer_id=second, **press),
            ]
        )
        assert answers.count("ok") == 1
        assert _live(tutors, need_id) == 1
        card = tutors.need(need_id)
        again = {"need_id": need_id, "version": card.version}
        tutors.do(cancel_need, actor_id=tutors.resident, **again)


def test_a_yes_after_somebody_was_chosen_is_answered_kindly(tutors: Village) -> None:
    need_id = tutors.state(LESSONS)
    first, second = tutors.volunteers
    willing(tutors, need_id, first)
    choose(tutors, need_id, first)
    with pytest.raises(NeedTaken):
        willing(tutors, need_id, second)
