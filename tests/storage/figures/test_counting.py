"""Figures of needs for a period: what is counted, for whom, and what is not shown to whom."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from storage.communities import seed
from storage.database import Database, Session
from storage.figures import check_figures, count_needs, show_counts
from storage.people import Person, get_person
from storage.refusals import NotAllowed
from storage.rules.periods import Period, Stretch
from storage.tables import claim, community, need, organisation, role
from tests.storage.office.records import add_claim, add_need
from tests.storage.residents import register

DAY = timedelta(days=1)
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture
def wang(database: Database, now: datetime) -> Person:
    with database.transaction() as session:
        seed(session, now=now)
    return database.do(register, now=now, name="王珊", roles=("coordinator",), chat=1)


def lay(session: Session, now: datetime, *, at: datetime, place: int = 1, **values: Any) -> int:
    """A need that stands so, in a community."""
    who = session.value(select(need.c.resident_id).limit(1))
    if who is None:
        who = register(session, now=now, name="陈素芬", roles=("resident",)).id
    state = values.pop("state", "unclaimed")
    ended = at + DAY if state in ("closed", "cancelled") else None
    need_id = add_need(session, resident=who, at=at, state=state, ended=ended)
    session.change(update(need).where(need.c.id == need_id).values(community_id=place, **values))
    return need_id


def shown(database: Database, actor: Person, period: Period = NOVEMBER) -> Any:
    reader = database.do(check_figures, actor=actor, stretch=Stretch.MONTH)
    span = period.span(database.house.zone)
    return show_counts(
        database.read(count_needs, actor=reader, span=span), sees_people=actor.scope is not None
    )


def test_needs_count_by_category_community_action_and_how_they_stand(
    database: Database, now: datetime, wang: Person
) -> None:
    with database.transaction() as session:
        for state, category in (
            ("closed", "errand"),
            ("closed", "errand"),
            ("claimed", "errand"),
            ("unclaimed", "meal_help"),
            ("cancelled", "job_seek"),
        ):
            lay(session, now, at=now, state=state, category=category, action="home_help")
        lay(session, now, at=now, place=2, category="errand", action="anti_poverty")
    figures = shown(database, wang)
    assert figures.cell("all") == 6
    assert figures.cell("category", "errand") == 4
    assert figures.cell("category", "errand", "closed") == 2
    assert figures.cell("category", "errand", "under_way") == 1
    assert figures.cell("community", "2", "waiting") == 1
    assert figures.cell("action", "home_help") == 5
    assert figures.cell("unmet", "1", "meal_help") == 1
    assert (figures.cell("home"), figures.cell("home", "closed")) == (5, 2)
    assert figures.most("category") == ["errand", "job_seek", "meal_help"]


def test_the_first_and_the_last_minute_of_a_month_count_in_the_programmes_zone(
    database: Database, now: datetime, wang: Person
) -> None:
    zone = database.house.zone
    with database.transaction() as session:
        for moment in (
            datetime(2026, 10, 31, 23, 59, tzinfo=zone),
            datetime(2026, 11, 1, 0, 0, tzinfo=zone),
            datetime(2026, 11, 30, 23, 59, tzinfo=zone),
            datetime(2026, 12, 1, 0, 0, tzinfo=zone),
        ):
            lay(session, now, at=moment)
    assert shown(database, wang).cell("all") == 2


def test_half_were_answered_claimed_and_done_within_so_long(
    database: Database, now: datetime, wang: Person
) -> None:
    with database.transaction() as session:
        for hours in (1, 2, 9, 40):
            then = now + timedelta(hours=hours)
            lay(session, now, at=now, answered_at=then, claimed_at=then)
        for days in (1, 2, 3):
            lay(session, now, at=now, state="closed", done_at=now + days * DAY)
    figures = shown(database, wang)
    hour = 3600
    assert figures.counts.answer_seconds == (2 + 9) * hour // 2
    assert figures.counts.claim_seconds == (2 + 9) * hour // 2
    assert figures.counts.done_seconds == 48 * hour
    assert figures.share_claimed() == round(100 * 4 / 7)


def test_what_residents_say_of_visits_is_a_mean_and_nobodys_name(
    database: Database, now: datetime, wang: Person
) -> None:
    with database.transaction() as session:
        zhang = register(session, now=now, name="张强", roles=("volunteer",), chat=7).id
        for rating in (5, 4, None):
            need_id = lay(session, now, at=now, state="closed")
            add_claim(session, need_id=need_id, volunteer=zhang, at=now, minutes=30)
            session.change(
                update(claim)
                .where(claim.c.need_id == need_id)
                .values(rating=rating, outcome="solved", done_at=now)
            )
    figures = shown(database, wang)
    assert (figures.counts.rated, figures.counts.rating) == (2, 4.5)


def test_an_association_counts_its_own_community_and_no_other(
    database: Database, now: datetime, wang: Person
) -> None:
    with database.transaction() as session:
        for place in (1, 1, 2):
            lay(session, now, at=now, place=place)
        near = register(session, now=now, name="残协老周", roles=("coordinator",), chat=3).id
        theirs = select(organisation.c.id).where(organisation.c.community_id == 1)
        session.change(
            update(role)
            .where(role.c.person_id == near)
            .values(organisation_id=theirs.scalar_subquery())
        )
        zhou = get_person(session, person_id=near)
    assert shown(database, zhou).cell("all") == 2
    assert shown(database, wang).cell("all") == 3


def test_those_who_lead_see_sums_and_no_cell_that_points_to_somebody(
    database: Database, now: datetime, wang: Person
) -> None:
    with database.transaction() as session:
        for _ in range(9):
            lay(session, now, at=now, category="errand")
        for _ in range(2):
            lay(session, now, at=now, category="meal_help")
        for _ in range(12):
            lay(session, now, at=now, category="job_seek")
        leads = register(session, now=now, name="刘组长", roles=("leading_group",), chat=4)
    figures = shown(database, leads)
    assert figures.cell("all") == 23
    assert figures.cell("category", "job_seek") == 12
    # Neither the small one, nor the other by which it could be worked out.
    assert figures.cell("category", "meal_help") is None
    assert figures.cell("category", "errand") is None
    assert figures.cell("unmet", "1", "meal_help") is None


def test_those_who_lead_choose_whole_stretches_and_others_nothing(
    database: Database, now: datetime, wang: Person
) -> None:
    with database.transaction() as session:
        leads = register(session, now=now, name="刘组长", roles=("leading_group",), chat=4)
        lan = register(session, now=now, name="陈素芬", roles=("resident",), chat=5)
    with pytest.raises(NotAllowed):
        database.do(check_figures, actor=leads, stretch=Stretch.DATES)
    with pytest.raises(NotAllowed):
        database.do(check_figures, actor=lan, stretch=Stretch.YEAR)


def test_a_place_more_for_a_second_helper_is_no_need_more(
    database: Database, now: datetime, wang: Person
) -> None:
    with database.transaction() as session:
        first = lay(session, now, at=now)
        lay(session, now, at=now, parent_id=first, place_number=2)
    assert shown(database, wang).cell("all") == 1


def test_counting_holds_the_writer_up_nowhere(
    database: Database, now: datetime, wang: Person
) -> None:
    """Whoever counts sees one moment; somebody writes meanwhile."""

    def count_while_written(session: Session) -> tuple[int, int]:
        counting = select(community.c.id)
        before = len(session.all(counting))
        with database.transaction() as writer:
            writer.execute(insert(community).values(name="新村", position=99, active=True))
        return before, len(session.all(counting))

    before, after = database.read(count_while_written)
    assert before == after
