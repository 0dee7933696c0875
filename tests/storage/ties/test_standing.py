"""Ties with a school, an institution, a station: guardians, leaders, and who sees them."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from storage.office import list_waiting
from storage.pairs import (
    Pair,
    close_problem,
    end_pair,
    enter_organisation,
    list_log,
    list_waiting_pairs,
    report_pair,
    say_yes,
    seek_no_more,
)
from storage.pairs.rows import check_staff_of
from storage.pairs.ties.lists import count_ties, list_overdue, list_ties
from storage.pairs.ties.refusals import (
    TieNeedsGuardian,
    TieNeedsLeader,
    TieNotTheirs,
    TieWrongKind,
)
from storage.refusals import AlreadyDone, NotAllowed, Refusal
from storage.rehab import Record, record_home_visit
from storage.rules.certificate import DisabilityCategory
from storage.rules.home_visits import HOME_ACTS
from storage.rules.pairs import Kind, Outcome, PairState
from storage.tables import tie
from tests.storage.ties.yard import CLINIC, SCHOOL, STATION, Yard


def test_a_child_of_a_disabled_household_is_helped_with_the_guardians_yes(yard: Yard) -> None:
    school = yard.works_at("teacher", SCHOOL)
    yard.guard("mother", "xiao")
    one = yard.tie(
        Kind.STUDY,
        school,
        resident="xiao",
        leader="teacher",
        acts=("tutoring",),
        frequency="weekly",
    )
    assert yard.heard("mother") == ["tie_ask_resident"]
    one = yard.say_yes(one, "mother")
    assert yard.heard("teacher") == ["tie_ask_helper"]
    one = yard.say_yes(one, "teacher")
    assert one.state is PairState.ACTIVE


def test_a_pupil_whose_age_nobody_knows_does_not_say_yes_alone(yard: Yard) -> None:
    school = yard.works_at("teacher", SCHOOL)
    yard.attach("qin", school)
    one = yard.tie(Kind.STUDY, school, leader="teacher", acts=("tutoring",))
    with pytest.raises(TieNeedsGuardian):
        yard.say_yes(one, "qin")
    yard.born("qin", "2010-05-01")
    with pytest.raises(TieNeedsGuardian):
        yard.say_yes(one, "qin")
    yard.born("qin", "1990-05-01")
    assert yard.say_yes(one, "qin").state is PairState.PROPOSED


def test_the_guardian_of_a_minor_pupil_says_yes(yard: Yard) -> None:
    school = yard.works_at("teacher", SCHOOL)
    yard.attach("qin", school)
    yard.born("qin", "2010-05-01")
    yard.guard("mother", "qin")
    one = yard.tie(Kind.STUDY, school, leader="teacher", acts=("tutoring",))
    assert yard.say_yes(one, "mother").state is PairState.PROPOSED


def test_a_school_needs_an_adult_who_leads(yard: Yard) -> None:
    school = yard.works_at("teacher", SCHOOL)
    for leader in (None, "mei", "wang"):
        with pytest.raises(TieNeedsLeader):
            yard.tie(Kind.STUDY, school, resident="xiao", leader=leader, acts=("tutoring",))
    yard.attach("mei", school)
    yard.born("mei", "2011-01-01")
    with pytest.raises(TieNeedsLeader):
        yard.tie(Kind.STUDY, school, resident="xiao", leader="mei", acts=("tutoring",))


def test_a_school_helps_no_child_of_another_household(yard: Yard) -> None:
    school = yard.works_at("teacher", SCHOOL)
    with pytest.raises(TieNotTheirs):
        yard.tie(Kind.STUDY, school, resident="mother", leader="teacher", acts=("tutoring",))


def test_only_that_school_and_the_office_see_a_childs_tie(yard: Yard) -> None:
    school = yard.works_at("teacher", SCHOOL)
    one = yard.tie(Kind.STUDY, school, resident="xiao", leader="teacher", acts=("tutoring",))
    for name, sees in (("wang", True), ("teacher", True), ("sun", False)):
        seen = yard.do(list_ties, actor=yard[name], kind=Kind.STUDY)
        assert [each.id for each in seen] == ([one.id] if sees else [])
    with pytest.raises(NotAllowed):
        yard.do(check_staff_of, one, yard["sun"])
    with pytest.raises(NotAllowed):
        yard.tie(Kind.STUDY, school, resident="tao", by="sun", leader="teacher")


@pytest.mark.parametrize(
    ("kind", "organisation"),
    [(Kind.STUDY, CLINIC), (Kind.REHAB, SCHOOL), (Kind.HOME, SCHOOL)],
)
def test_an_organisation_of_another_kind_makes_no_such_tie(
    yard: Yard, kind: Kind, organisation: str
) -> None:
    with pytest.raises(TieWrongKind):
        yard.tie(kind, yard.organisation(organisation))


def test_the_office_writes_down_the_yes_of_a_station_that_has_nobody_in_the_chat(
    yard: Yard,
) -> None:
    one = yard.tie(Kind.HOME, yard.organisation(STATION))
    with pytest.raises(Refusal):
        yard.do(enter_organisation, now=yard.now, actor=yard["wang"], pair_id=one.id, yes=True)
    yard.say_yes(one, "qin")
    one = yard.do(enter_organisation, now=yard.now, actor=yard["sun"], pair_id=one.id, yes=True)
    assert one.state is PairState.ACTIVE
    assert yard.do(count_ties, actor=yard["sun"]) == {Kind.HOME: 1}


def test_the_same_household_and_station_are_tied_once(yard: Yard) -> None:
    yard.tie(Kind.HOME, yard.organisation(STATION))
    with pytest.raises(AlreadyDone):
        yard.tie(Kind.HOME, yard.organisation(STATION))


def visited(yard: Yard, clinic: int) -> None:
    physical = DisabilityCategory.PHYSICAL
    acts = (HOME_ACTS[physical][0],)
    record = Record(visited_on=yard.now.date(), category=physical, acts=acts)
    yard.do(
        record_home_visit,
        now=yard.now,
        actor=yard["teacher"],
        organisation_id=clinic,
        person_id=yard.people["qin"],
        record=record,
    )


def test_an_institution_that_does_not_come_is_overdue_and_its_visit_moves_the_day(
    yard: Yard,
) -> None:
    clinic = yard.works_at("teacher", CLINIC)
    yard.attach("qin", clinic)
    one = yard.tie(Kind.REHAB, clinic, acts=("home_rehab",))
    yard.agree(one, "qin", "teacher")
    today = yard.now.date()
    assert yard.do(list_overdue, actor=yard["wang"], today=today) == []
    yard.now += timedelta(days=33)
    late = yard.do(list_overdue, actor=yard["teacher"], today=yard.now.date())
    assert [each.pair.id for each in late] == [one.id]
    visited(yard, clinic)
    assert yard.do(list_overdue, actor=yard["wang"], today=yard.now.date()) == []
    moved = yard.do(lambda session: session.value(select(tie.c.next_on)))
    assert moved == yard.now.date() + timedelta(days=31)


def test_both_sides_of_an_organisations_tie_write_down_what_was_done(yard: Yard) -> None:
    clinic = yard.works_at("teacher", CLINIC)
    yard.attach("qin", clinic)
    one = yard.agree(yard.tie(Kind.REHAB, clinic, acts=("home_rehab",)), "qin", "teacher")
    for name in ("teacher", "qin"):
        one = yard.do(
            report_pair,
            now=yard.now,
            actor=yard[name],
            pair_id=one.id,
            outcome=Outcome.DONE,
            acts=("home_rehab",),
        )
    with pytest.raises(NotAllowed):
        yard.do(say_yes, now=yard.now, actor=yard["tao"], pair_id=one.id)


@pytest.mark.parametrize(("made_by", "closes"), [("wang", "wang"), ("teacher", "teacher")])
def test_who_is_shown_a_problem_of_a_tie_may_close_it(
    yard: Yard, made_by: str, closes: str
) -> None:
    clinic = yard.works_at("teacher", CLINIC)
    yard.attach("qin", clinic)
    one = yard.tie(Kind.REHAB, clinic, by=made_by, acts=("home_rehab",))
    one = yard.agree(one, "qin", "teacher")
    yard.do(
        report_pair,
        now=yard.now,
        actor=yard["qin"],
        pair_id=one.id,
        outcome=Outcome.PROBLEM,
        words="好久没来了",
    )
    assert "pair_problem" in yard.heard(closes)
    (entry,) = yard.do(list_log, one, words=True)
    for name in ("wang", "sun", "teacher"):
        listed = yard.do(list_waiting_pairs, actor=yard[name], what="problems")
        waiting = yard.do(list_waiting, now=yard.now, actor=yard[name])
        assert ("pair_problems" in {line.key for line in waiting}) is bool(listed)
        close = partial(close_problem, now=yard.now, actor=yard[name], log_id=entry.id)
        if listed:
            # Of another version: who may not is refused before that is looked at.
            with pytest.raises(AlreadyDone):
                yard.do(close, version=9)
        else:
            with pytest.raises(NotAllowed):
                yard.do(close, version=1)
        assert bool(listed) is (name != "teacher" or made_by == "teacher")
    yard.do(close_problem, now=yard.now, actor=yard[closes], log_id=entry.id, version=1)
    assert yard.do(list_waiting_pairs, actor=yard[closes], what="problems") == []


def waits_for_another(yard: Yard, name: str) -> list[int]:
    """The residents whose ties are to be proposed anew, as the list and the office list agree."""
    listed = yard.do(list_waiting_pairs, actor=yard[name], what="ties_seeking")
    waiting = yard.do(list_waiting, now=yard.now, actor=yard[name])
    counts = {line.key: line.count for line in waiting}
    assert counts.get("ties_seeking", 0) == len(listed)
    assert "pairs_seeking" not in counts
    return [one.resident_id for one in listed]


@pytest.mark.parametrize("kind", [Kind.REHAB, Kind.STUDY])
def test_a_tie_that_an_organisation_ended_waits_for_another(yard: Yard, kind: Kind) -> None:
    rehab = kind is Kind.REHAB
    who, says, place = ("qin", "qin", CLINIC) if rehab else ("xiao", "mother", SCHOOL)
    acts, leader = (("home_rehab",), None) if rehab else (("tutoring",), "teacher")
    works = yard.works_at("teacher", place)
    yard.attach(who, works)
    yard.guard("mother", "xiao")

    def tie() -> Pair:
        one = yard.tie(kind, works, resident=who, leader=leader, acts=acts)
        return yard.agree(one, says, "teacher")

    one = tie()
    yard.do(end_pair, now=yard.now, actor=yard["teacher"], pair_id=one.id, version=one.version)
    assert waits_for_another(yard, "wang") == [yard.people[who]]
    assert waits_for_another(yard, "teacher") == []
    again = tie()
    assert waits_for_another(yard, "wang") == []
    # The family ended it: nobody looks for another against their will.
    yard.do(end_pair, now=yard.now, actor=yard[says], pair_id=again.id, version=again.version)
    assert waits_for_another(yard, "wang") == []


def test_staff_may_leave_an_ended_tie_as_it_is(yard: Yard) -> None:
    clinic = yard.works_at("teacher", CLINIC)
    yard.attach("qin", clinic)
    one = yard.agree(yard.tie(Kind.REHAB, clinic, acts=("home_rehab",)), "qin", "teacher")
    ended = yard.do(end_pair, now=yard.now, actor=yard["wang"], pair_id=one.id, version=one.version)
    assert waits_for_another(yard, "wang") == [yard.people["qin"]]
    yard.do(seek_no_more, now=yard.now, actor=yard["wang"], pair_id=one.id, version=ended.version)
    assert waits_for_another(yard, "wang") == []
