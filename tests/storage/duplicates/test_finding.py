"""Likely duplicates are found, once each, and shown to whoever sees both."""

from datetime import timedelta

from storage.duplicates import list_pairs, look_for_duplicates, next_duplicates_at
from storage.duplicates.finding import TICK
from storage.heartbeats import beat
from tests.storage.duplicates.twice import NUMBER, PHONE, Twice


def night(twice: Twice) -> None:
    look_for_duplicates(twice.database, now=twice.now)


def test_the_night_finds_who_shares_a_name_a_phone_or_a_certificate(twice: Twice) -> None:
    named = twice.add(), twice.add()
    phoned = twice.add("罗德明", phone=PHONE), twice.add("罗德民", home=1, phone=PHONE)
    carded = twice.add("何小梅", number=NUMBER), twice.add("赵敏", home=2, number=NUMBER)
    nowhere = twice.add("孙丽", home=None), twice.add("孙丽", home=3)
    twice.add("周光荣")
    twice.add("周光荣", home=1)
    night(twice)
    assert sorted(twice.pairs()) == [
        (named[0].id, named[1].id, "name"),
        (phoned[0].id, phoned[1].id, "phone"),
        (carded[0].id, carded[1].id, "certificate"),
        (nowhere[0].id, nowhere[1].id, "name"),
    ]


def test_each_pair_is_noted_once_however_often_somebody_looks(twice: Twice) -> None:
    one, other = twice.add(), twice.add()
    assert twice.note(other) == 1
    assert twice.note(one, other) == 0
    night(twice)
    assert len(twice.pairs()) == 1


def test_birth_and_sex_tell_two_people_apart(twice: Twice) -> None:
    twice.add(profile={"born_on": "1945-03-07"})
    twice.add(profile={"born_on": "1950-01-01"})
    night(twice)
    assert twice.pairs() == []


def test_a_crowd_with_one_name_says_nothing(twice: Twice) -> None:
    for _ in range(7):
        twice.add()
    night(twice)
    assert twice.pairs() == []


def test_it_is_looked_once_a_night(twice: Twice) -> None:
    twice.add()
    twice.add()
    twice.database.do(beat, names=[TICK], now=twice.now)
    night(twice)
    assert twice.pairs() == []
    due = twice.database.do(next_duplicates_at)
    assert due is not None
    assert timedelta(0) < due - twice.now < timedelta(days=1)
    look_for_duplicates(twice.database, now=due)
    assert len(twice.pairs()) == 1


def test_only_who_sees_both_is_shown_a_pair(twice: Twice) -> None:
    one, other = twice.add(home=0), twice.add(home=None)
    twice.note(one, other)
    helper = twice.add("张强", roles=("volunteer",))
    assert len(twice.database.do(list_pairs, actor=twice.office, now=twice.now)) == 1
    assert twice.database.do(list_pairs, actor=helper, now=twice.now) == []
