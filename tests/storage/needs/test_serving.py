"""An institution is served: counted by heads, called by its name, and nobody's home is shown."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from storage.communities import seed
from storage.needs import cancel_need, confirm_done, reopen_need, show_contact
from storage.needs.series import Recurring, make_series
from storage.needs.statements.serving import Visit, ask_visit
from storage.organisations import find_by_name
from storage.refusals import NotAllowed, TooLate
from storage.rules.areas import Category
from storage.rules.recurring import read_pattern
from storage.rules.visits import OutcomeReason
from storage.tables import need, person, role
from tests.storage.needs.village import Village

AT = datetime(2026, 12, 3, 6, 0, tzinfo=UTC)
VISIT = Visit(Category.COMPANIONSHIP, 30, "陪孩子们做手工", AT, "桂阳街道学府路 1 号")


@pytest.fixture
def school(village: Village) -> int:
    """The coordinator of the cast works at the special school."""
    with village.database.transaction() as session:
        seed(session, now=village.now)
        found = find_by_name(session, name="垫江县特殊教育学校")
        assert found is not None
        session.change(
            update(role)
            .where(role.c.person_id == village.coordinator)
            .values(organisation_id=found.id)
        )
        session.change(
            update(person)
            .where(person.c.id == village.coordinator)
            .values(community_id=village.home)
        )
    return found.id


def _ask(village: Village, school: int, visit: Visit = VISIT, by: int | None = None) -> Any:
    actor = by or village.coordinator
    return village.do(ask_visit, actor_id=actor, organisation_id=school, visit=visit)


def test_it_is_offered_by_the_institutions_name_and_headcount(
    village: Village, school: int
) -> None:
    need_id = _ask(village, school)
    card = village.need(need_id)
    assert (card.resident, card.headcount, card.served) == ("垫江县特殊教育学校", 30, card.resident)
    assert card.public_facts["headcount"] == 30
    assert village.offers(need_id)


def test_whoever_comes_sees_who_answers_for_it_and_no_home(village: Village, school: int) -> None:
    need_id = _ask(village, school)
    village.claim(need_id, village.volunteers[0])
    held = village.come(need_id).held
    contact, _ = village.do(show_contact, volunteer_id=held.volunteer_id, claim_id=held.id)
    assert contact is not None
    assert (contact.name, contact.address) == ("王主任", None)
    assert village.need(need_id).details.words == VISIT.where


def test_the_institutions_coordinator_says_that_it_was_done(village: Village, school: int) -> None:
    need_id = _ask(village, school)
    village.claim(need_id, village.volunteers[0])
    village.come(need_id)
    village.finish(need_id)
    version = village.need(need_id).version
    village.do(confirm_done, actor_id=village.coordinator, need_id=need_id, version=version)
    with village.database.transaction() as session:
        row = session.all(select(need.c.headcount, need.c.state))[0]
    assert (row.headcount, row.state) == (30, "closed")


def test_nobody_else_asks_for_it_and_nothing_impossible(village: Village, school: int) -> None:
    for other in (village.resident, village.volunteers[0]):
        with pytest.raises(NotAllowed):
            _ask(village, school, by=other)
    for visit in (
        Visit(Category.COMPANIONSHIP, 0, "做手工", AT, "学府路"),
        Visit(Category.COMPANIONSHIP, 5, "做手工", village.now, "学府路"),
        Visit(Category.TWO_SUBSIDIES, 5, "问补贴", AT, "学府路"),
    ):
        with pytest.raises(TooLate):
            _ask(village, school, visit)


def test_wanted_again_it_is_the_institutions_still_and_never_a_home(
    village: Village, school: int
) -> None:
    need_id = _ask(village, school)
    village.move(village.coordinator, village.far)
    by = {"actor_id": village.coordinator, "need_id": need_id}
    with pytest.raises(NotAllowed):
        village.do(make_series, **by, how=Recurring(read_pattern("weekly:5"), time(9)))
    village.do(cancel_need, **by, version=village.need(need_id).version)
    village.now += timedelta(days=30)
    version = village.need(need_id).version
    again = village.do(reopen_need, **by, version=version, reason=OutcomeReason.BROKE_AGAIN)
    assert again.id != need_id
    assert (again.served_id, again.headcount) == (school, 30)
    assert again.resident == "垫江县特殊教育学校"
    # Nor does it lie where whoever answers for it lives.
    assert (again.community_id, village.need(need_id).community_id) == (village.home, village.home)
