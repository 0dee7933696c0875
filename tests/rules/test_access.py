"""Everybody may do what their act needs, and nothing besides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.rules.access import GRANTS, NEVER, Act, Relation, Role, may

STAFF_ACTS = (
    Act.APPROVE_VOLUNTEER,
    Act.CHANGE_COMMUNITIES,
    Act.INVITE_STAFF,
    Act.MAKE_CALL_PLAN,
    Act.ASSIGN_NEED,
    Act.CLOSE_NEED_BY_STAFF,
    Act.HOLD_ALARM,
)


def test_every_act_stands_in_the_table() -> None:
    assert set(GRANTS) == set(Act)


@pytest.mark.parametrize("act", Act)
def test_a_stranger_may_do_nothing(act: Act) -> None:
    assert not may(act, ())
    assert not may(act, (Role.RESIDENT, Role.CAREGIVER, Role.VOLUNTEER))


@pytest.mark.parametrize("act", STAFF_ACTS)
def test_what_staff_do_is_for_coordinators_only_whatever_the_relation(act: Act) -> None:
    assert may(act, {Role.COORDINATOR}, Relation.IN_SCOPE, Relation.ON_DUTY)
    assert not may(act, set(Role) - {Role.COORDINATOR}, *Relation)


@pytest.mark.parametrize(
    "act", [one for one in STAFF_ACTS if one not in (Act.CHANGE_COMMUNITIES, Act.INVITE_STAFF)]
)
def test_a_coordinator_of_another_organisation_is_a_stranger(act: Act) -> None:
    assert not may(act, {Role.COORDINATOR})


def test_a_volunteer_sees_whom_and_where_only_while_holding_the_claim() -> None:
    assert may(Act.SEE_CONTACT, {Role.VOLUNTEER}, Relation.CLAIM_HOLDER)
    assert not may(Act.SEE_CONTACT, {Role.VOLUNTEER}, Relation.OFFERED)


def test_an_offer_is_claimed_by_a_volunteer_to_whom_it_was_made() -> None:
    assert may(Act.CLAIM_NEED, {Role.VOLUNTEER}, Relation.OFFERED)
    assert not may(Act.CLAIM_NEED, {Role.RESIDENT}, Relation.OFFERED)
    assert not may(Act.CLAIM_NEED, {Role.VOLUNTEER})
    assert not may(Act.CLAIM_NEED, {Role.VOLUNTEER}, Relation.OFFERED, Relation.OWN)


def test_the_resident_or_staff_confirm_a_caregiver_but_never_the_caregiver() -> None:
    assert may(Act.DECIDE_CAREGIVER, {Role.RESIDENT}, Relation.OWN)
    assert may(Act.DECIDE_CAREGIVER, {Role.COORDINATOR}, Relation.IN_SCOPE)
    assert not may(Act.DECIDE_CAREGIVER, {Role.COORDINATOR}, Relation.IN_SCOPE, Relation.CAREGIVER)


def test_a_caregiver_speaks_for_the_resident_but_cannot_say_that_they_are_well() -> None:
    assert may(Act.STATE_NEED, {Role.CAREGIVER}, Relation.CAREGIVER)
    assert not may(Act.SAY_I_AM_WELL, {Role.CAREGIVER}, Relation.CAREGIVER)


@given(st.sampled_from(Act), st.sets(st.sampled_from(Role)), st.sets(st.sampled_from(Relation)))
def test_one_role_more_never_takes_a_right_away(
    act: Act, roles: set[Role], relations: set[Relation]
) -> None:
    if may(act, roles, *relations):
        assert may(act, set(Role), *relations)
    assert not any(
        (act, relation) in NEVER and may(act, roles, *relations) for relation in relations
    )
