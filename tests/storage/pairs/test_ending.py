"""The end of a pair, and time: sleeping, moved, died, left; told by a person first, begun anew."""

import pytest
from sqlalchemy import insert, update

from storage.apart import Ground, keep_apart
from storage.leaving import erase
from storage.pairs import (
    end_pair,
    list_tellings,
    list_waiting_pairs,
    mark_told,
    report_pair,
    seek_no_more,
)
from storage.pairs.refusals import TellFirst
from storage.partners import list_partners, look_at_pairs
from storage.people import get_person
from storage.refusals import AlreadyDone, NotAllowed, TooLate
from storage.registers import change_profile, place_in_household
from storage.roles import end_role
from storage.rules.nearness import Nearness
from storage.rules.pairs import Ending, Kind, Outcome, PairState
from storage.tables import pause, person
from tests.storage.pairs.lane import Lane
from tests.storage.residents import OFFICE


def _gone(lane: Lane, name: str, reason: str) -> None:
    """As the pauses leave it, an hour after staff wrote it down."""
    with lane.database.transaction() as session:
        session.execute(
            insert(pause).values(
                person_id=lane.people[name],
                reason=reason,
                starts_at=lane.now,
                settled_at=lane.now,
                state="live" if reason == "died" else "over",
                ended_at=None if reason == "died" else lane.now,
                made_by=lane.people["sun"],
                version=1,
            )
        )
    lane.do(look_at_pairs, now=lane.now, person_id=lane.people[name])
    lane.tick()


def test_active_neighbours_are_named_nearest_first(lane: Lane) -> None:
    lane.pair(helper="zhao")
    lane.pair(helper="zhang")
    found = lane.do(list_partners, now=lane.now, resident_id=lane.people["chen"])
    assert [(one.name, one.nearness, one.by_chat) for one in found] == [
        ("zhang", Nearness.UNIT, True),
        ("zhao", Nearness.COMMUNITY, True),
    ]
    assert (
        lane.do(list_partners, now=lane.now, resident_id=lane.people["chen"], kinds={Kind.MUTUAL})
        == ()
    )


def test_both_are_asked_every_four_weeks_and_silence_puts_the_pair_to_sleep(lane: Lane) -> None:
    one = lane.pair()
    lane.pass_time(weeks=4, hours=1)
    assert lane.heard("chen")[-1] == lane.heard("zhang")[-1] == "pair_how_goes_it"
    lane.pass_time(weeks=8)
    assert lane.see(one).state is PairState.DORMANT
    assert lane.heard("sun")[-1] == "pair_dormant"
    assert lane.heard("chen").count("pair_how_goes_it") == 2
    assert lane.do(list_partners, now=lane.now, resident_id=lane.people["chen"]) == ()


def test_one_sign_from_either_side_wakes_it(lane: Lane) -> None:
    one = lane.pair()
    lane.pass_time(weeks=13)
    awake = lane.do(
        report_pair,
        now=lane.now,
        actor=lane["zhang"],
        pair_id=one.id,
        outcome=Outcome.DONE,
        acts=("greet",),
    )
    assert awake.state is PairState.ACTIVE
    assert awake.asked == 0


def test_nobody_who_is_away_is_asked(lane: Lane) -> None:
    one = lane.pair()
    with lane.database.transaction() as session:
        session.execute(
            insert(pause).values(
                person_id=lane.people["chen"],
                reason="hospital",
                starts_at=lane.now,
                state="live",
                made_by=lane.people["chen"],
                version=1,
            )
        )
    lane.pass_time(weeks=16)
    assert lane.see(one).state is PairState.ACTIVE
    assert "pair_how_goes_it" not in lane.heard("zhang")


def test_a_proposal_nobody_answers_goes_to_staff_and_is_given_up(lane: Lane) -> None:
    one = lane.propose()
    lane.pass_time(days=4)
    assert lane.heard("chen") == ["pair_ask_resident"] * 2
    lane.pass_time(days=4)
    assert lane.heard("sun")[-1] == "pair_no_answer"
    assert len(lane.do(list_waiting_pairs, actor=lane["sun"], what="asked")) == 1
    lane.pass_time(days=31)
    assert lane.see(one).ending is Ending.NO_ANSWER


@pytest.mark.parametrize(
    ("who", "ending", "told"),
    [
        ("chen", Ending.RESIDENT_ENDED, "zhang"),
        ("zhang", Ending.HELPER_ENDED, "chen"),
    ],
)
def test_the_side_that_stays_is_told_by_a_person_before_anything_is_sent(
    lane: Lane, who: str, ending: Ending, told: str
) -> None:
    one = lane.pair()
    before = len(lane.heard(told))
    ended = lane.do(end_pair, now=lane.now, actor=lane[who], pair_id=one.id, version=one.version)
    assert ended.ending is ending
    assert "pair_tell_them" in lane.heard("sun")
    assert len(lane.heard(told)) == before
    (telling,) = lane.do(list_tellings, actor=lane["sun"])
    assert (telling.name, telling.staff) == (told, "sun")
    with pytest.raises(NotAllowed):
        lane.do(mark_told, now=lane.now, actor=lane["liu"], telling_id=telling.id, version=1)
    lane.do(mark_told, now=lane.now, actor=lane["sun"], telling_id=telling.id, version=1)
    assert lane.heard(told)[-1] == "pair_over"
    with pytest.raises(AlreadyDone):
        lane.do(mark_told, now=lane.now, actor=lane["sun"], telling_id=telling.id, version=1)


def test_no_new_neighbour_is_proposed_before_the_household_was_told(lane: Lane) -> None:
    one = lane.pair()
    lane.do(end_pair, now=lane.now, actor=lane["zhang"], pair_id=one.id, version=one.version)
    with pytest.raises(TellFirst):
        lane.propose(helper="liu")
    (telling,) = lane.do(list_tellings, actor=lane["sun"])
    lane.do(mark_told, now=lane.now, actor=lane["sun"], telling_id=telling.id, version=1)
    again = lane.pair(helper="liu")
    assert again.state is PairState.ACTIVE
    assert lane.do(list_waiting_pairs, actor=lane["sun"], what="seeking") == []


def test_a_death_is_never_told_by_the_bot(lane: Lane) -> None:
    one = lane.pair()
    before = lane.heard("chen")
    _gone(lane, "zhang", "died")
    assert lane.see(one).ending is Ending.HELPER_DIED
    lane.pass_time(days=60)
    assert lane.heard("chen") == before
    (telling,) = lane.do(list_tellings, actor=lane["sun"])
    assert lane.heard("sun").count("pair_tell_them") > 2
    lane.do(mark_told, now=lane.now, actor=lane["sun"], telling_id=telling.id, version=1)
    assert lane.heard("chen") == before


def test_other_news_is_sent_after_the_named_person_was_reminded_in_vain(lane: Lane) -> None:
    one = lane.pair()
    lane.do(end_pair, now=lane.now, actor=lane["zhang"], pair_id=one.id, version=one.version)
    lane.pass_time(days=7)
    assert "pair_over" not in lane.heard("chen")
    lane.pass_time(days=3)
    assert lane.heard("chen")[-1] == "pair_over"


@pytest.mark.parametrize("reason", ["moved", "died"])
def test_a_neighbour_who_is_gone_leaves_a_household_that_seeks(lane: Lane, reason: str) -> None:
    one = lane.pair()
    _gone(lane, "zhang", reason)
    assert lane.see(one).state is PairState.ENDED
    (seeking,) = lane.do(list_waiting_pairs, actor=lane["sun"], what="seeking")
    assert seeking.id == one.id
    lane.do(seek_no_more, now=lane.now, actor=lane["sun"], pair_id=one.id, version=seeking.version)
    assert lane.do(list_waiting_pairs, actor=lane["sun"], what="seeking") == []
    with pytest.raises(AlreadyDone):
        lane.do(
            seek_no_more, now=lane.now, actor=lane["sun"], pair_id=one.id, version=seeking.version
        )


def test_a_household_with_another_neighbour_does_not_seek(lane: Lane) -> None:
    lane.pair(helper="liu")
    one = lane.pair()
    _gone(lane, "zhang", "moved")
    assert lane.see(one).ending is Ending.HELPER_MOVED
    assert lane.do(list_waiting_pairs, actor=lane["sun"], what="seeking") == []


def test_a_volunteer_whose_role_ended_is_no_neighbour_any_more(lane: Lane) -> None:
    one = lane.pair()
    lane.do(
        end_role,
        now=lane.now,
        person_id=lane.people["zhang"],
        kind="volunteer",
        actor_id=lane.people["wang"],
    )
    lane.tick()
    assert lane.see(one).ending is Ending.HELPER_LEFT


def test_kept_apart_ends_a_pair_at_once(lane: Lane) -> None:
    one = lane.pair()
    lane.now = lane.now.replace(hour=5)
    people = lane.people
    lane.do(
        keep_apart,
        now=lane.now,
        one=people["chen"],
        other=people["zhang"],
        ground=Ground.RESIDENT,
        by=people["chen"],
    )
    lane.tick()
    assert lane.see(one).ending is Ending.KEPT_APART


def test_the_pair_follows_within_a_community_and_ends_beyond_it(lane: Lane) -> None:
    one = lane.pair()
    home = lane.do(
        place_in_household,
        now=lane.now,
        actor=OFFICE,
        person_id=lane.people["chen"],
        group_code="6组",
    )
    lane.tick()
    assert lane.see(one).household_id == home
    lane.do(
        change_profile,
        now=lane.now,
        actor=OFFICE,
        person_id=lane.people["chen"],
        values={"community": lane.away},
        ground="staff",
    )
    lane.tick()
    assert lane.see(one).ending is Ending.RESIDENT_MOVED


def test_an_erased_neighbour_leaves_no_name_and_no_pair(lane: Lane) -> None:
    one = lane.pair()
    zhang = lane["zhang"]
    assert lane.do(erase, now=lane.now, actor=zhang, subject=zhang)
    ended = lane.see(one)
    assert ended.ending is Ending.HELPER_LEFT
    assert "zhang" not in ended.helper
    (telling,) = lane.do(list_tellings, actor=lane["sun"])
    assert telling.name == "chen"


def test_only_the_two_a_guardian_or_staff_end_a_pair(lane: Lane) -> None:
    one = lane.propose()
    with pytest.raises(TooLate):
        lane.do(end_pair, now=lane.now, actor=lane["chen"], pair_id=one.id, version=one.version)
    one = lane.agree(one, "chen", "zhang")
    with pytest.raises(NotAllowed):
        lane.do(end_pair, now=lane.now, actor=lane["liu"], pair_id=one.id, version=one.version)
    with pytest.raises(TooLate):
        lane.do(end_pair, now=lane.now, actor=lane["chen"], pair_id=one.id, version=1)
    ended = lane.do(end_pair, now=lane.now, actor=lane["wang"], pair_id=one.id, version=one.version)
    assert ended.ending is Ending.STAFF_ENDED
    # Both are told by a person.
    assert len(lane.do(list_tellings, actor=lane["sun"])) == 2


def test_somebody_without_a_chat_waits_for_a_person_however_long(lane: Lane) -> None:
    one = lane.pair()
    with lane.database.transaction() as session:
        session.change(
            update(person).where(person.c.id == lane.people["chen"]).values(telegram_id=None)
        )
    lane.do(end_pair, now=lane.now, actor=lane["zhang"], pair_id=one.id, version=one.version)
    lane.pass_time(days=60)
    assert len(lane.do(list_tellings, actor=lane["sun"])) == 1
    assert lane.do(get_person, person_id=lane.people["chen"]).telegram_id is None
